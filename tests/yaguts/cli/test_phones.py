"""What `serve` and `demo` say to whoever holds a phone: addresses, and a code to read them from."""

import io
import sys
from collections.abc import Generator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest
import segno
from click.testing import CliRunner

from yaguts.cli import phones
from yaguts.cli.demo import command
from yaguts.cli.phones import say_for_phones

LAN = ("192.168.1.20", "fd00::20")
DARK = {"\N{FULL BLOCK}": (0, 0), "\N{UPPER HALF BLOCK}": (0, 1), "\N{LOWER HALF BLOCK}": (1, 0),
        " ": (1, 1)}  # fmt: skip
"""What a terminal leaves dark of the two modules that a character stands for."""


class Terminal(io.StringIO):
    """A terminal that keeps what is printed."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine with these addresses."""
    monkeypatch.setattr(phones, "addresses_of", lambda host: LAN if host == "::" else ())


def modules(drawn: list[str]) -> list[list[int]]:
    """The dark modules of a code in a terminal, without the quiet zone around it."""
    rows: list[list[int]] = []
    for line in drawn:
        upper, lower = zip(*(DARK[each] for each in line), strict=True)
        rows += [list(upper), list(lower)]
    rows = [row for row in rows if 0 in row and 1 in row]
    left = min(row.index(1) for row in rows)
    return [row[left : left + len(rows)] for row in rows]


@pytest.mark.parametrize(
    ("host", "public", "first"),
    [
        ("::", "", "http://192.168.1.20:8000/app/"),
        ("127.0.0.1", "https://kitchen.example", "https://kitchen.example/app/"),
    ],
)
def test_a_terminal_shows_the_address_and_its_code(
    monkeypatch: pytest.MonkeyPatch, host: str, public: str, first: str
) -> None:
    monkeypatch.setattr(sys, "stdout", terminal := Terminal())
    say_for_phones(host, 8000, public)
    lines = terminal.getvalue().splitlines()
    said = [line for line in lines if line.startswith("On a phone: ")]

    assert said[0] == f"On a phone: {first}"
    expected = segno.make(first, error="l", micro=False)
    assert modules(lines[len(said) :]) == [list(row) for row in expected.matrix]


def test_without_a_terminal_there_is_no_code(capsys: pytest.CaptureFixture[str]) -> None:
    say_for_phones("::", 8000, "")

    assert capsys.readouterr().out.splitlines() == [
        "On a phone: http://192.168.1.20:8000/app/",
        "On a phone: http://[fd00::20]:8000/app/",
    ]


@pytest.mark.parametrize(
    ("arguments", "said", "unsaid"),
    [
        (["--host", "::"], "On a phone: http://192.168.1.20:8123/app/", "Only this computer"),
        ([], "Only this computer reaches it.", "On a phone: http"),
    ],
)
def test_the_demo_says_how_a_phone_opens_it(
    monkeypatch: pytest.MonkeyPatch, arguments: list[str], said: str, unsaid: str
) -> None:
    client = SimpleNamespace(address="http://127.0.0.1:8123")

    @contextmanager
    def kitchen(*_: Any) -> Generator[SimpleNamespace]:
        yield SimpleNamespace(client=client, name="demo", password="a secret")

    def ended(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "_kitchen", kitchen)
    monkeypatch.setattr(command, "_dispense", lambda *_: None)
    monkeypatch.setattr(command, "_follow", ended)

    shown = CliRunner().invoke(command.demo, ["--port", "8123", *arguments])

    assert shown.exit_code == 0, shown.output
    assert said in shown.output
    assert unsaid not in shown.output
