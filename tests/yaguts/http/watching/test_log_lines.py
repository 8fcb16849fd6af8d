"""One line a happening, as text or as JSON, with no secret and no control character in it."""

import json
import logging
import logging.config
import re
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from tests.support.kitchen.household import PASSWORD, Household
from tests.support.kitchen.log_capture import written_log
from yaguts.http.access import COOKIE
from yaguts.http.watching.log_lines import A_MINUTE_S, MOST_A_MINUTE, Seldom, log_configuration
from yaguts.settings import BadSetting, Settings

LOG = logging.getLogger("yaguts.tests")
LINE = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (DEBUG|INFO|WARNING|ERROR) (-|[0-9a-f]{16}) \S.*"
)
NASTY = ["a\nERROR forged", "a\r\x1b[2Jb", "a\x00b", "a\u202eb", "a\u2028b", "a\x7f\x9bb", "\ud800"]
FORMATS = ("text", "json")


def only_line(text: str) -> str:
    assert text.endswith("\n")
    assert text.count("\n") == 1, text
    return text.rstrip("\n")


def insist_on_harmless(text: str) -> None:
    """Nothing in it but what can be printed, and the ends of lines."""
    for line in text.split("\n"):
        assert not [c for c in line if unicodedata.category(c).startswith(("C", "Zl", "Zp"))], line


# One line


def test_a_line_as_text() -> None:
    with written_log() as log:
        LOG.info("the jar is %s", "empty", extra={"about": {"jar": 3, "spice": "Pimenta do reino"}})

    line = only_line(log.getvalue())
    assert LINE.fullmatch(line)
    assert line.endswith(' INFO - the jar is empty jar=3 spice="Pimenta do reino"')


def test_a_line_as_json() -> None:
    with written_log(log_format="json") as log:
        LOG.info("the jar is %s", "empty", extra={"about": {"jar": 3, "text": "no room for it"}})

    told = json.loads(only_line(log.getvalue()))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert told == {"level": "INFO", "request": "", "text": "the jar is empty", "jar": 3}


@pytest.mark.parametrize("kind", FORMATS)
@pytest.mark.parametrize("nasty", NASTY, ids=ascii)
def test_nothing_that_a_terminal_obeys(kind: str, nasty: str) -> None:
    with written_log(log_format=kind) as log:
        LOG.info(nasty, extra={"about": {"uid": nasty}})
        LOG.info("%s", nasty)

    lines = log.getvalue().rstrip("\n").split("\n")
    assert len(lines) == 2
    insist_on_harmless(log.getvalue())
    if kind == "json":
        assert json.loads(lines[0])["uid"] == nasty


@pytest.mark.parametrize("kind", FORMATS)
def test_an_error_is_its_kind_and_its_places_in_one_line(kind: str) -> None:
    def deep(secret: str) -> None:
        try:
            {}[secret]
        except KeyError as error:
            raise ValueError(f"{secret}\nis wrong") from error

    with written_log(log_format=kind) as log:
        try:
            deep("noz-moscada")
        except ValueError:
            LOG.exception("It failed")

    line = only_line(log.getvalue())
    assert "noz-moscada" not in line
    assert re.search(r"ValueError at watching/test_log_lines\.py:\d+ < watching/", line)
    assert "because of KeyError at" in line


def test_a_value_cannot_look_like_another() -> None:
    with written_log() as log:
        LOG.info("refused", extra={"about": {"address": 'a" level=INFO person=1', "who": "a b=c"}})

    assert (
        log.getvalue()
        .rstrip("\n")
        .endswith(r'refused address="a\" level=INFO person=1" who="a b=c"')
    )


def test_what_is_not_known_is_left_out() -> None:
    with written_log() as log:
        LOG.info("refused", extra={"about": {"address": None, "jar": 0}})

    assert log.getvalue().rstrip("\n").endswith("refused jar=0")


def test_of_a_library_warnings_only() -> None:
    """Below that, one of them writes the fields of a form."""
    with written_log(log_level="DEBUG") as log:
        LOG.debug("ours")
        logging.getLogger("python_multipart").info("senha=noz-moscada")
        logging.getLogger("python_multipart").warning("theirs")

    assert [line.split(" ", 3)[3] for line in log.getvalue().splitlines()] == ["ours", "theirs"]


@pytest.mark.parametrize("kind", FORMATS)
def test_the_configuration_is_one(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    root, ours = logging.getLogger(), logging.getLogger("yaguts")
    before = root.handlers[:], root.level, ours.level
    try:
        logging.config.dictConfig(log_configuration(Settings(log_format=kind, log_level="ERROR")))
        LOG.warning("left out")
        LOG.error("told")
        logging.getLogger("uvicorn.error").warning("told too")
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        ours.setLevel(before[2])

    told = capsys.readouterr().err
    assert len(told.splitlines()) == 2
    assert (told[0] == "{") == (kind == "json")


# Seldom


def record(text: str, at: float, **known: Any) -> logging.LogRecord:
    made = logging.makeLogRecord({"name": "yaguts", "msg": text, **known})
    made.created = at
    return made


def test_alike_lines_come_once_a_minute_and_are_counted() -> None:
    seldom = Seldom()
    said = [
        made
        for second in range(150)
        if seldom.filter(made := record("refused", 1000 + second, seldom=("/jobs", 401)))
    ]

    assert [made.created for made in said] == [1000, 1060, 1120]
    assert [vars(made)["left_out"] for made in said] == [0, 59, 59]


def test_a_flood_of_different_lines_ends_too() -> None:
    seldom = Seldom()
    said = [seldom.filter(record("refused", 1000, seldom=number)) for number in range(10_000)]

    assert sum(said) == MOST_A_MINUTE
    later = record("refused", 1000 + A_MINUTE_S, seldom="x")
    assert seldom.filter(later)
    assert vars(later)["left_out"] == 10_000 - MOST_A_MINUTE


def test_other_lines_always_come() -> None:
    seldom = Seldom()

    assert all(seldom.filter(record("signed_in", 1000)) for _ in range(100))


def test_a_clock_that_goes_back_silences_nothing_for_long() -> None:
    seldom = Seldom()
    assert seldom.filter(record("refused", 9000, seldom=1))

    assert seldom.filter(record("refused", 1000, seldom=1))


def test_what_strangers_make_uvicorn_say_comes_seldom_and_different_errors_all_come() -> None:
    seldom, invalid = Seldom(), "Invalid HTTP request received."
    assert [seldom.filter(record(invalid, 1000, name="uvicorn.error")) for _ in range(3)] == [
        True,
        False,
        False,
    ]
    for error in (ValueError(), KeyError()):
        try:
            raise error
        except Exception as raised:
            info = (type(raised), raised, raised.__traceback__)
        assert seldom.filter(record("Exception", 1000, name="uvicorn.error", exc_info=info))


# What people do, and what they must not find there


def test_sign_ins_and_refusals_are_there(home: Household) -> None:
    browser = home.browser(address="198.51.100.7")
    ana = {"nome": "Ana", "senha": PASSWORD}
    with written_log() as log:
        browser.post("/auth/register", json=ana)
        browser.post("/auth/login", json=ana)
        browser.cookies.clear()
        browser.post("/auth/login", json=ana | {"senha": "outra coisa 77"})
        elsewhere = home.browser(address="198.51.100.8")
        elsewhere.post("/app/sign-in", data={"nome": "Ana", "senha": "outra coisa 77"},
                       headers={"Origin": str(browser.base_url).rstrip("/")})  # fmt: skip
        browser.post("/devices/claim", json={"uid": "board-1", "claim_code": "123456"})
        browser.get("/devices/me/next_job", headers={"Authorization": "Bearer nothing"})
        browser.post("/auth/logout", headers={"Origin": "https://elsewhere.example"})

    told = [line.split(" ", 3)[1::2] for line in log.getvalue().splitlines()]
    where = "address=198.51.100.7"
    assert told == [
        ["INFO", f"registered kitchen=1 person=1 {where}"],
        ["INFO", f"signed_in kitchen=1 person=1 {where}"],
        ["WARNING", f"sign_in_refused kitchen=1 {where}"],
        ["WARNING", f"refused POST /auth/login status=401 {where}"],
        ["WARNING", "sign_in_refused kitchen=1 address=198.51.100.8"],
        ["WARNING", "refused POST /app/sign-in status=401 address=198.51.100.8"],
        ["WARNING", f"claim_refused {where}"],
        ["WARNING", f"refused GET /devices/me/next_job status=401 {where}"],
        ["WARNING", f"refused POST other status=403 {where}"],
    ]


def test_a_board_that_is_refused_again_and_again_is_one_line(home: Household) -> None:
    board = home.browser()
    with written_log() as log:
        for _ in range(200):
            board.get("/devices/me/next_job", headers={"Authorization": "Bearer nothing"})

    assert len(log.getvalue().splitlines()) == 1


def test_guesses_at_a_password_are_a_few_lines(home: Household) -> None:
    home.newcomer("Ana")
    with written_log() as log:
        for number in range(30):
            stranger = home.browser(address=f"198.51.100.{number}")
            stranger.post("/auth/login", json={"nome": "Ana", "senha": f"colher de pau {number}"})

    assert len(log.getvalue().splitlines()) == MOST_A_MINUTE


@pytest.mark.parametrize("kind", FORMATS)
def test_no_secret_and_no_control_character(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    key, metrics_token = "the key of this server", "token-of-the-metrics"
    home = Household(tmp_path, secret_key=key, metrics=metrics_token, access_log=True)
    wrong = "wrong\x1b[31m\npassword 8"
    with written_log(log_format=kind, log_level="DEBUG") as log:
        owner = home.newcomer("Ana Maria")
        session = owner.cookies[COOKIE]
        invitation = owner.post("/casa/convites").json()["code"]
        code = owner.post("/devices/claims", json={"formato": "longo"}).json()["code"]
        board = home.claimed(code, "board-1")
        device_token = board.headers["Authorization"].removeprefix("Bearer ")
        board.get("/devices/me/next_job")
        stranger = home.browser(address="1.2.3.4\nERROR forged \x1b[2J")
        stranger.post("/auth/login", json={"nome": "Ana\u202e Maria", "senha": wrong})
        stranger.get(f"/app/register?convite={invitation}")
        stranger.get(f"/nix/{invitation}%0aERROR%20forged%1b[2J", headers={"User-Agent": "\x1b[2J"})
        stranger.get("/metrics", headers={"Authorization": f"Bearer {metrics_token}"})
        stranger.get("/metrics", headers={"Authorization": f"Bearer {wrong!r}"})
        stranger.post(
            "/auth/register",
            json={"nome": "Bia", "senha": PASSWORD, "convite": invitation + "x"},
        )

        def broken(*_: object) -> None:
            raise RuntimeError(f"{PASSWORD}\n{session}")

        monkeypatch.setattr("yaguts.api.server.insist_on_database", broken)
        assert stranger.get("/health").status_code == 500
    home.close()

    told = log.getvalue()
    assert len(told.splitlines()) > 10
    insist_on_harmless(told)
    assert not re.search(r"^(ERROR )?forged", told, re.MULTILINE)
    secrets = (
        key, metrics_token, PASSWORD, wrong, "password 8", session, invitation, code, device_token,
    )  # fmt: skip
    assert [secret for secret in secrets if secret in told] == []
    assert "Maria" not in told


# Settings


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("YAGUTS_LOG_FORMAT", "xml"),
        ("YAGUTS_LOG_LEVEL", "loud"),
        ("YAGUTS_ACCESS_LOG", "perhaps"),
    ],
)
def test_a_setting_that_is_none(name: str, given: str) -> None:
    with pytest.raises(BadSetting, match=name):
        Settings.from_environment({name: given})


def test_settings_in_any_case() -> None:
    given = {"YAGUTS_LOG_FORMAT": "JSON", "YAGUTS_LOG_LEVEL": "Debug", "YAGUTS_ACCESS_LOG": "ON"}
    settings = Settings.from_environment(given)

    assert (settings.log_format, settings.log_level, settings.access_log) == ("json", "DEBUG", True)
