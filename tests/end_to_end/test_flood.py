"""Requests by the thousand, made up by schemathesis from the OpenAPI document, all checks on.

Whoever calls has valid credentials, a person's or a dispenser's. Every answer must be one that the
document lists for the call, fit its schema, and be right: what fits is accepted, what does not is
refused, nobody gets in without credentials, and nothing is a server error.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.support.processes.kitchen import Person, Server
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.storage.db.database import Database

SCHEMATHESIS = str(Path(sys.executable).parent / "schemathesis")
ACCEPTED = ["2xx", "3xx", "400", "401", "403", "404", "409", "429"]
"""How a request that fits its schema may be answered: with anything but 422 and a server error.

400: what no schema can know, such as a code that is wrong or a name that is taken, and in fields
that nobody asked for numbers beyond 64 bits and lists without end. 429: guesses are limited.
"""
FORM = "recipes_add_from_form"
"""Its fields are texts, as an HTML form sends them: which have to hold a number depends on which of
its rows are used, and is answered 422.
"""
HELD_S = 0.05
"""A poll is held for up to 25 s. That it is, and what else `wait` may be, others test."""


def configuration() -> str:
    """As schemathesis reads it."""
    return f"""
        hooks = "{ROOT}/tests/support/processes/flood_hooks.py"
        request-timeout = 30.0

        [checks.positive_data_acceptance]
        expected-statuses = {json.dumps(ACCEPTED)}

        [[operations]]
        include-operation-id = "{FORM}"
        checks.positive_data_acceptance.expected-statuses = {json.dumps([*ACCEPTED, "422"])}

        [[operations]]
        include-operation-id = "device_next_job"
        parameters.wait = {HELD_S}
    """


def flood(folder: Path, *options: str) -> None:
    """Against a server of its own; afterwards the books balance."""
    server = Server(folder)
    server.start()
    person = Person(server, "Cozinheira")
    person.furnish()
    person.order(person.recipe(Sal=4.5))
    (folder / "schemathesis.toml").write_text(configuration())
    options = ("--seed=1", "--generation-deterministic", "--checks=all", "--no-color", *options)
    done = subprocess.run(
        [SCHEMATHESIS, "run", f"{server.address}/openapi.json", *options],
        check=False,
        cwd=folder,
        env={**os.environ, "YAGUTS_DATABASE_URL": server.database_url, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    person.http.close()
    server.kill()
    assert done.returncode == 0, done.stdout + done.stderr
    database = Database(server.database_url)
    assert check_ledger(database) == ()
    database.close()


@pytest.mark.timeout(600)
def test_a_short_flood(tmp_path: Path) -> None:
    flood(tmp_path, "--phases=examples,fuzzing", "--max-examples=3")


@pytest.mark.more
@pytest.mark.timeout(1200)
def test_a_flood_in_all_phases(tmp_path: Path) -> None:
    flood(tmp_path, "--max-examples=10")


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_long_flood(tmp_path: Path) -> None:
    flood(tmp_path, "--max-examples=300")
