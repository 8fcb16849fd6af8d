"""The settings from the environment: each variable, what is empty, and what is wrong."""

import pytest

from yaguts.settings import NAMES, BadSetting, Settings


def test_an_empty_value_means_the_default() -> None:
    assert Settings.from_environment(dict.fromkeys(NAMES, " ")) == Settings.from_environment({})


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:////srv/kitchen.db",
        "sqlite:///kitchen.db",
        "sqlite://",
        "postgresql:///kitchen?host=/run/postgresql",
        "postgresql://me@one,two/kitchen",
        "postgres://localhost",
    ],
)
def test_a_database_is_named_as_its_own_tools_do(url: str) -> None:
    assert Settings.from_environment({"YAGUTS_DATABASE_URL": url}).database_url == url


@pytest.mark.parametrize(
    ("given", "origin", "sub_path"),
    [
        ("https://yaguts.example.org", "https://yaguts.example.org", ""),
        ("https://yaguts.example.org/", "https://yaguts.example.org", ""),
        ("http://192.0.2.1:8000", "http://192.0.2.1:8000", ""),
        ("http://[2001:db8::1]:8000", "http://[2001:db8::1]:8000", ""),
        ("https://example.org/a/yaguts/", "https://example.org", "/a/yaguts"),
        ("", "", ""),
    ],
)
def test_a_public_address_has_an_origin_and_a_sub_path(
    given: str, origin: str, sub_path: str
) -> None:
    settings = Settings.from_environment({"YAGUTS_PUBLIC_URL": given})
    assert (settings.public_origin, settings.sub_path) == (origin, sub_path)


@pytest.mark.parametrize(
    ("given", "trusted"),
    [
        ("", ("127.0.0.1", "::1")),
        ("none", ()),
        ("192.0.2.1, 10.0.0.0/8", ("192.0.2.1/32", "10.0.0.0/8")),
    ],
)
def test_proxies_are_addresses_and_networks(given: str, trusted: tuple[str, ...]) -> None:
    assert Settings.from_environment({"YAGUTS_TRUSTED_PROXIES": given}).trusted_proxies == trusted


@pytest.mark.parametrize(
    ("given", "allowed"),
    [
        ("", ()),
        ("none", ()),
        ("192.168.1.20, fd00::/8", ("192.168.1.20/32", "fd00::/8")),
    ],
)
def test_alerts_go_to_private_addresses_that_are_named(
    given: str, allowed: tuple[str, ...]
) -> None:
    read = Settings.from_environment({"YAGUTS_ALERT_PRIVATE_TARGETS": given})
    assert read.alert_private_targets == allowed


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("YAGUTS_DATABASE_URL", "oracle://somewhere/else"),
        ("YAGUTS_DATABASE_URL", "postgresql://me:segredo@host:port/x"),
        ("YAGUTS_DATABASE_URL", "postgresql:nonsense"),
        ("YAGUTS_DATABASE_URL", "sqlite://nonsense"),
        ("YAGUTS_DATABASE_URL", "sqlite:///"),
        ("YAGUTS_REGISTRATION", "everybody"),
        ("YAGUTS_JOB_TIME_TO_LIVE_S", "0"),
        ("YAGUTS_JOB_TIME_TO_LIVE_S", "²"),
        ("YAGUTS_JOB_TIME_TO_LIVE_S", "9" * 5000),
        ("YAGUTS_VIRTUAL_DISPENSERS", "17"),
        ("YAGUTS_PUBLIC_URL", "yaguts.example.org"),
        ("YAGUTS_PUBLIC_URL", "https://me:segredo@example.org"),
        ("YAGUTS_PUBLIC_URL", "https://example.org/?a=b"),
        ("YAGUTS_PUBLIC_URL", "https://example.org//evil"),
        ("YAGUTS_TRUSTED_PROXIES", "*"),
        ("YAGUTS_TRUSTED_PROXIES", "proxy.example.org"),
        ("YAGUTS_TRUSTED_PROXIES", "10.0.0.1/8"),
        ("YAGUTS_ALERT_PRIVATE_TARGETS", "yes"),
        ("YAGUTS_ALERT_PRIVATE_TARGETS", "homeassistant.local"),
        ("YAGUTS_FETCH_LINKS", "yes"),
        ("YAGUTS_SECURITY_CONTACT", "nobody"),
        ("YAGUTS_REGISTRATON", "first"),
        ("YAGUTS_DATA_FOLDER", "/srv/kitchen"),
    ],
)
def test_what_is_wrong_is_named_and_no_secret_repeated(variable: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"^{variable}: ") as refused:
        Settings.from_environment({variable: value})
    assert "segredo" not in str(refused.value)
