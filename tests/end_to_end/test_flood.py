"""Thousands of requests that schemathesis generates from the OpenAPI document, with all checks.

The caller has the credentials of a person or of a dispenser. The document must list every answer
of a call, and the answer must fit its schema. Requests that fit their schema are accepted, others
are refused (but for reports), calls without credentials too, and there is no server error.
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
"""The answers to a request that fits its schema: all but 422 and server errors.

400: errors that no schema describes, such as a wrong code or a taken name; also numbers beyond 64
bits and deep nesting in unknown fields. 429: the rate limit of guesses.
"""
FORM = "recipes_add_from_form"
"""A call with a form, whose fields are all texts. 422 if a used row has no number as its amount."""
REPORTS = "^/devices/me/jobs/.*/(complete|status)$"
"""The calls that answer 200 to whatever a dispenser says."""
ALERTS = "^/avisos$"
"""The call that takes a time zone: the document does not list their six hundred names."""
HELD_S = 0.05
"""The `wait` of a long poll, in seconds, so that the test is fast."""


ALL = "all"
OF_ANSWERS = "not_a_server_error,status_code_conformance,response_schema_conformance"
"""The checks that hold however a request is encoded."""


def configuration(hooks: str) -> str:
    """Return the configuration file of schemathesis."""
    return f"""
        hooks = "{ROOT}/tests/support/processes/{hooks}.py"
        request-timeout = 30.0

        [checks.positive_data_acceptance]
        expected-statuses = {json.dumps(ACCEPTED)}

        [[operations]]
        include-operation-id = "{FORM}"
        checks.positive_data_acceptance.expected-statuses = {json.dumps([*ACCEPTED, "422"])}

        [[operations]]
        include-path-regex = "{ALERTS}"
        checks.positive_data_acceptance.expected-statuses = {json.dumps([*ACCEPTED, "422"])}

        [[operations]]
        include-path-regex = "{REPORTS}"
        checks.negative_data_rejection.expected-statuses = ["200", "401", "403", "404", "413"]

        [[operations]]
        include-operation-id = "device_next_job"
        parameters.wait = {HELD_S}
    """


def flood(folder: Path, *options: str, hooks: str = "flood_hooks", checks: str = ALL) -> None:
    """Run schemathesis against a new server, and assert that the ledger balances after it."""
    server = Server(folder)
    server.start()
    person = Person(server, "Cozinheira")
    person.furnish()
    person.order(person.recipe(Sal=4.5))
    (folder / "schemathesis.toml").write_text(configuration(hooks))
    options = (
        "--seed=1",
        "--generation-deterministic",
        f"--checks={checks}",
        "--no-color",
        *options,
    )
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


@pytest.mark.more
@pytest.mark.timeout(600)
def test_a_short_flood(tmp_path: Path) -> None:
    flood(tmp_path, "--phases=examples,fuzzing", "--max-examples=3")


@pytest.mark.more
@pytest.mark.timeout(1200)
def test_a_flood_in_odd_encodings(tmp_path: Path) -> None:
    hooks, phases = "odd_encodings", "--phases=examples,fuzzing"
    flood(tmp_path, phases, "--max-examples=20", hooks=hooks, checks=OF_ANSWERS)


@pytest.mark.more
@pytest.mark.timeout(1200)
def test_a_flood_in_all_phases(tmp_path: Path) -> None:
    flood(tmp_path, "--max-examples=10")


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_long_flood(tmp_path: Path) -> None:
    flood(tmp_path, "--max-examples=300")
