"""Books kept by the services balance; each thing that can be wrong with books is named."""

from collections.abc import Generator
from dataclasses import replace

import pytest
from sqlalchemy import text

from tests.support.builders import a_report
from tests.support.databases import BOTH, Databases
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from yaguts.services.delivery import expiry, orphan_reports
from yaguts.services.jobs import orders
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.storage.db.database import Database
from yaguts.storage.ledger_check import RULES, inconsistencies

PLANTED = {
    "stock": "UPDATE jars SET stock_mg = stock_mg + 1 WHERE number = 1",
    "held": "UPDATE jars SET held_mg = held_mg + 1 WHERE number = 1",
    "no jar": "UPDATE movements SET jar = 9 WHERE kind = 'correction' AND jar = 4",
    "no item": "UPDATE movements SET item_order = 9 WHERE job_id = 1 AND item_order = 1",
    "another jar": "UPDATE movements SET jar = 4 WHERE job_id = 1 AND item_order = 1",
    "booked twice": "INSERT INTO movements SELECT * FROM movements WHERE kind = 'settle'",
    "not held": "DELETE FROM movements WHERE kind = 'hold' AND job_id = 3",
    "released too early": "UPDATE jobs SET state = 'running' WHERE id = 2",
    "still held": "DELETE FROM movements WHERE kind = 'release' AND job_id = 2",
    "charged otherwise": "UPDATE job_items SET fell_mg = 4000 WHERE job_id = 1 AND item_order = 1",
    "no outcome": "UPDATE job_items SET fell_mg = NULL WHERE job_id = 1 AND item_order = 1",
    "ended otherwise": "UPDATE jobs SET state = 'done' WHERE id = 1",
    "no items": "DELETE FROM job_items WHERE job_id = 3 AND item_order = 1",
    "somebody else's": "UPDATE jobs SET owner_id = 9 WHERE id = 1",
    "of no job": "UPDATE jobs SET retry_of = 9 WHERE retry_of = 1",
    "no amount": "UPDATE job_items SET quantity_mg = 0 WHERE job_id = 1 AND item_order = 1",
    "used or wasted": "UPDATE jobs SET kind = 'purge' WHERE id = 1",
    "not as kept": "UPDATE unclaimed_doses SET fell_mg = fell_mg + 1 WHERE done",
    "no report": "UPDATE movements SET item_order = 9 WHERE report_id IS NOT NULL",
    "two at once": "UPDATE jobs SET state = 'offered'",
    "out of turn": "UPDATE jobs SET state = 'queued'",
}


def cook(kitchen: Furnished) -> None:
    """Job 1 fell half, job 2 expired, job 3 makes up for the first and is waiting.

    A report of a job that is not there is booked.
    """
    job = kitchen.started(Sal=4.5, Pimenta=1.5)
    kitchen.report(job, a_report(job, failed=(2,)))
    kitchen.order(Sal=1)
    kitchen.clock.passes(hours=1)
    expiry.sweep(kitchen.site)
    orders.order_missing(kitchen.site, kitchen.person.id, job.id, by=kitchen.actor)
    kitchen.report(replace(job, id=99), key="0" * 32)
    (kept,) = orphan_reports.undecided(kitchen.site, kitchen.person.id)
    orphan_reports.book(kitchen.site, kitchen.person.id, kept.id, kitchen.actor)


@pytest.fixture(params=BOTH, scope="module")
def lawless(
    request: pytest.FixtureRequest,
    databases: Databases,
    tmp_path_factory: pytest.TempPathFactory,
) -> Generator[Database]:
    """Somebody's books, in a database that has lost all its rules."""
    folder = tmp_path_factory.mktemp("lawless")
    home = Household(folder, database_url=databases.bare(request.param, folder))
    cook(Furnished(home))
    database = home.site.database
    with database.engine.connect() as connection:
        if request.param == "sqlite":
            connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        for table in ("movements", "calibration_runs", "by_hand", "job_items", "jobs", "jars"):
            connection.execute(text(f"CREATE TABLE copied AS SELECT * FROM {table}"))
            cascade = "" if request.param == "sqlite" else " CASCADE"
            connection.execute(text(f"DROP TABLE {table}{cascade}"))
            connection.execute(text(f"ALTER TABLE copied RENAME TO {table}"))
        connection.commit()
    yield database
    home.close()


def test_every_rule_is_broken_by_one_of_these_tests() -> None:
    assert set(PLANTED) == {rule.name for rule in RULES}


@pytest.mark.parametrize("rule", PLANTED)
def test_what_is_wrong_is_named(lawless: Database, rule: str) -> None:
    with lawless.engine.connect() as connection:
        transaction = None if connection.in_transaction() else connection.begin()
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("BEGIN")
        connection.execute(text(PLANTED[rule]))
        found = list(inconsistencies(connection))
        assert transaction is not None
        transaction.rollback()

    assert rule in {finding.rule for finding in found}
    assert "{" not in " ".join(finding.text for finding in found)


def test_books_in_order_are_in_order(lawless: Database, kitchen: Furnished) -> None:
    cook(kitchen)

    assert check_ledger(kitchen.site.database) == ()
    assert check_ledger(lawless) == ()
