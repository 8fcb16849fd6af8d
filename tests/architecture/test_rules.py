"""The rules hold in every file, each bites on a planted offence, and no exemption is left over."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from tests.architecture import rules
from tests.architecture.sources import Offence, Source, sources

EVERYWHERE = ("yaguts", "yaguts_device", "yaguts_sim", "yaguts_wire")


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule, the packages it holds in, what breaks it, and who may break it for which reason.

    An exemption names a file, a folder (ending in a slash), or one function (`file.py::name`).
    """

    finds: Callable[[ast.Module], Iterator[Offence]]
    packages: tuple[str, ...]
    planted: tuple[str, ...]
    exempt: dict[str, str] = field(default_factory=dict[str, str])

    def offences(self) -> Iterator[tuple[Source, Offence]]:
        for source in sources(*self.packages):
            yield from ((source, offence) for offence in self.finds(source.tree))


RULES = [
    Rule(
        rules.what_the_board_lacks,
        ("yaguts_device", "yaguts_wire"),
        (
            "import typing",
            "from dataclasses import dataclass",
            "from __future__ import annotations",
            "def pour():\n    from contextlib import suppress",
            "match jar:\n    case 1: pass",
            "def pour(jar, /): pass",
        ),
        {"yaguts_wire/shapes.py": "for type checkers only: see test_shapes_are_never_imported"},
    ),
    Rule(
        rules.hardware,
        EVERYWHERE,
        ("import machine", "from esp32 import NVS", "def up():\n    import network"),
        {
            "yaguts_device/boot.py": "every output off before any other file is loaded",
            "yaguts_device/loader.py": "no other file is loaded before a slot is chosen",
            "yaguts_device/hal/esp32.py": "drivers are handed their pins from here",
            "yaguts_device/hal/radio/esp32_wifi.py": "the radio, which the board hands out",
        },
    ),
    Rule(
        rules.outside_the_standard_library,
        ("yaguts/domain",),
        ("import attrs", "from yaguts.storage import tables", "from yaguts_wire import words"),
    ),
    Rule(
        rules.clock_or_chance,
        EVERYWHERE,
        (
            "now = datetime.now(UTC)",
            "def later():\n    return datetime.datetime.utcnow()",
            "time.monotonic()",
            "from time import time",
            "import random\nrandom.random()",
            "from random import choice",
            "import secrets\nkey = secrets.token_hex",
            "os.urandom(16)",
        ),
        {
            "yaguts/app.py": "the server's composition root hands out clock and randomness",
            "yaguts/cli/": "the terminal is a composition root too",
            "yaguts_device/hal/": "the board's clock and randomness",
            "yaguts_sim/runner/command.py": "the simulator's own speed, not the kitchen's time",
        },
    ),
    Rule(
        rules.bare_time,
        ("yaguts",),
        (
            "over = now >= job.expires_at",
            "online = clock() - dispenser.last_seen_at <= ONLINE_WITHIN",
            "def alive(now):\n    return invitations.c.expires_at > bindparam('now')",
            "since = site.clock() - timedelta(days=30)",
            "age = now - (job.finished_at or now)",
            "rule = 'DELETE FROM trail WHERE at < :moment'",
            "rule = 'jobs.state = 1 AND :now >= jobs.expires_at'",
        ),
        {
            "yaguts/domain/clock.py": "what a time in the future means is said here",
            "yaguts/storage/windows.py": "the same in queries",
            "yaguts/storage/migrations/versions/": "triggers that guard the audit log",
            "yaguts/http/lean/idle_polls.py::_held_until_busy": "the event loop's time",
            "yaguts/services/delivery/long_poll.py::wait_for_job": "the event loop's time",
        },
    ),
    Rule(
        rules.broad_except,
        EVERYWHERE,
        (
            "try: pass\nexcept: pass",
            "try: pass\nexcept Exception: pass",
            "def pour():\n    try: pass\n    except (OSError, BaseException): raise",
        ),
        {
            "yaguts_device/loader.py::main": "a release that does not start must not stay",
            "yaguts_device/boot.py::darken": "dark, whatever the list holds",
            "yaguts_device/boot.py::_play": "one step that fails must not stop the others",
            "yaguts_device/boot.py::_relays": "dark, whatever the configuration holds",
            "yaguts_device/app.py::supervise": "everything off, then the journal decides",
            "yaguts/services/runtime/chores.py::make": "a chore is attempted again, whatever fails",
            "yaguts/storage/db/shared_commits.py": "undone, and raised again",
            "yaguts/storage/db/waits.py": "raised again where the outcome is awaited",
            "yaguts_sim/server/process.py::_run": "a handler that fails is a finding, not the end",
        },
    ),
    Rule(
        rules.portuguese,
        ("yaguts",),
        ('key = "frasco"', 'word = f"{jar} itens"\nkey = "itens"', 'say("não cabe")'),
        {
            "yaguts/translations/": "the catalogue of what people read",
            "yaguts/api/openapi/examples.py": "the bodies that the OpenAPI document shows",
            "yaguts/services/ops/v01/": "the columns and words of version 0.1",
            "yaguts/storage/v01.py": "its tables",
            "yaguts/domain/ingredients/": "what people write, to be read",
            "yaguts/domain/recipe_files/programs.py": "the keys of the file of a recipe",
        },
    ),
    Rule(
        rules.long_function,
        EVERYWHERE,
        ("def pour():\n" + "    pass\n" * rules.MAX_FUNCTION_LINES,),
        {"yaguts/storage/migrations/versions/": "a list of tables and columns, written once"},
    ),
]


def covers(exemption: str, source: Source, offence: Offence) -> bool:
    if exemption.endswith("/"):
        return source.path.startswith(exemption)
    return exemption in (source.path, f"{source.path}::{offence.where}")


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.finds.__name__)
def test_the_rule_holds(rule: Rule) -> None:
    offences = [
        f"src/{source.path}:{offence.line}: {offence.what}"
        for source, offence in rule.offences()
        if not any(covers(exemption, source, offence) for exemption in rule.exempt)
    ]

    assert offences == []


@pytest.mark.parametrize(
    ("rule", "planted"),
    [(rule, planted) for rule in RULES for planted in rule.planted],
    ids=lambda value: value if isinstance(value, str) else value.finds.__name__,
)
def test_the_rule_bites(rule: Rule, planted: str) -> None:
    assert list(rule.finds(ast.parse(planted)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.finds.__name__)
def test_no_exemption_is_left_over(rule: Rule) -> None:
    used = {
        exemption
        for source, offence in rule.offences()
        for exemption in rule.exempt
        if covers(exemption, source, offence)
    }

    assert used == set(rule.exempt)


def test_what_type_checkers_read_is_no_import() -> None:
    guarded = "TYPE_CHECKING = False\nif TYPE_CHECKING:\n    from typing import Any"

    assert list(rules.what_the_board_lacks(ast.parse(guarded))) == []


def test_shapes_are_never_imported() -> None:
    importers = [
        source.path
        for source in sources("yaguts_device", "yaguts_wire")
        for _, module in rules.imported_modules(source.tree)
        if module == "yaguts_wire.shapes"
    ]

    assert importers == []
