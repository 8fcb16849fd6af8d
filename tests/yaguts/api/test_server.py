"""The server's security contact and end of support."""

from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.support.kitchen.household import Household
from yaguts.settings import BadSetting, Settings


def test_whom_to_tell_of_a_hole(tmp_path: Path) -> None:
    home = Household(tmp_path, security_contact="mailto:ana@example.com")

    answer = home.browser().get("/.well-known/security.txt")
    home.close()

    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    assert answer.text == (
        "Contact: mailto:ana@example.com\n"
        "Expires: 2026-05-01T18:00:00Z\n"
        "Preferred-Languages: pt, en\n"
    )


def test_nobody_is_named_who_was_not_asked(home: Household) -> None:
    assert home.browser().get("/.well-known/security.txt").status_code == 404


@pytest.mark.parametrize(
    ("given", "published"),
    [
        ("ana@example.com", "mailto:ana@example.com"),
        ("https://example.com/security", "https://example.com/security"),
        ("tel:+55-11-5555-0100", "tel:+55-11-5555-0100"),
        ("", ""),
    ],
)
def test_a_contact_is_a_uri(given: str, published: str) -> None:
    settings = Settings.from_environment({"YAGUTS_SECURITY_CONTACT": given})

    assert settings.security_contact == published


@pytest.mark.parametrize("given", ["Ana", "http://example.com", "ana@example.com\nContact: x"])
def test_a_contact_that_is_none(given: str) -> None:
    with pytest.raises(BadSetting):
        Settings.from_environment({"YAGUTS_SECURITY_CONTACT": given})


@pytest.mark.parametrize(
    "given", ["*", "https://*.example", "null", "cozinha.example", "https://a/b", "https://a b"]
)
def test_origins_that_are_none(given: str) -> None:
    with pytest.raises(BadSetting, match="YAGUTS_ALLOWED_ORIGINS"):
        Settings.from_environment({"YAGUTS_ALLOWED_ORIGINS": f"https://casa.example,{given}"})


def test_the_end_of_support_is_stated(home: Household) -> None:
    until = home.browser().get("/").json()["supported_until"]

    for page in ("SECURITY.md", "docs/security.md"):
        assert f"until {until}" in (ROOT / page).read_text("utf-8")
