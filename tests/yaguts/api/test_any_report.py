"""A report is answered 200 whatever it says, books the plan at most, and keeps none of its text.

What becomes of each is a table in docs/reports.md, which must be what this test sees. When it is
not, the test shows the table as it should be.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from tests.support.databases import BOTH_IN_TIME, Databases
from tests.support.kitchen.any_report import (
    END,
    FIELDS,
    KINDS,
    PLAN,
    START,
    TOKEN,
    WHOLE,
    Whole,
    bodies,
    outcome,
    table,
)
from tests.support.kitchen.belongings import everything
from tests.support.kitchen.furnished import FULL, Furnished
from tests.support.kitchen.household import Household
from yaguts.services.delivery import orphan_reports
from yaguts.storage import ledger

PAGE = Path(__file__).parents[3] / "docs/reports.md"


@pytest.fixture(params=BOTH_IN_TIME)
def database_url(request: pytest.FixtureRequest, databases: Databases, tmp_path: Path) -> str:
    return databases.migrated(request.param, tmp_path)


def test_the_page_tells_what_becomes_of_every_report(home: Household, kitchen: Furnished) -> None:
    board = kitchen.board()
    fields = [
        (f"`{name}`" if name.isidentifier() else name, *_cells(kitchen, board, name))
        for name in FIELDS
    ]
    wholes = [(whole.what, _outcome(kitchen, board, whole)) for whole in WHOLE]
    expected = "\n\n".join(
        [table(fields, ("field", *KINDS)), table(wholes, ("body", "booked and kept"))]
    )

    print(expected)
    assert TOKEN not in repr(everything(home))
    assert PAGE.read_text("utf-8").partition(START)[2].partition(END)[0].strip() == expected


def _cells(kitchen: Furnished, board: TestClient, name: str) -> Iterator[str]:
    for kind in KINDS:
        found = {_outcome(kitchen, board, Whole(name, body)) for body in bodies(name, kind)}
        (cell,) = found
        yield cell


def _outcome(kitchen: Furnished, board: TestClient, whole: Whole) -> str:
    """What becomes of a report to a job that was fetched."""
    _refill(kitchen)
    job = kitchen.fetched(**PLAN)
    headers = {} if whole.content_type is None else {"Content-Type": whole.content_type}
    path = whole.path.format(job=job.id)

    answer = board.post(path, content=whole.body, headers=headers)
    again = board.post(path, content=whole.body, headers=headers)

    assert (answer.status_code, again.status_code) == (200, 200), (whole, answer.text)
    assert again.text == answer.text
    assert answer.json()["ok"] is True
    after, kept = kitchen.job(job.id), _take_kept(kitchen)
    _insist_on_plan(kitchen, [dose.fell_at_most_mg or 0 for dose in after.doses])
    if not after.reported:  # it comes to its end by its silence, or by its real report
        kitchen.report(job)
    return outcome(after, kept)


def _refill(kitchen: Furnished) -> None:
    with kitchen.site.database.write() as connection:
        for jar in (1, 2):
            ledger.correct(connection, kitchen.dispenser_id, jar, FULL, kitchen.clock())


def _insist_on_plan(kitchen: Furnished, charged: list[int]) -> None:
    """Only the job's own jars are charged, with what was planned at most."""
    stocks = [FULL if stock is None else stock for stock, _ in kitchen.stocks()]
    assert stocks == [FULL - charged[0], FULL - charged[1], FULL, FULL]
    assert charged[0] <= 1000
    assert charged[1] <= 500


def _take_kept(kitchen: Furnished) -> list[object]:
    kept = orphan_reports.undecided(kitchen.site, kitchen.person.id)
    assert len(kept) <= 1
    for orphan in kept:
        orphan_reports.dismiss(kitchen.site, kitchen.person.id, orphan.id, kitchen.actor)
    return list(kept)
