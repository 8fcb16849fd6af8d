"""Rules that the ledger must follow, as queries that find every violation.

The schema and the services follow them too; this asks the database itself, whoever wrote there.
Each query returns a row for each violation, with the columns that its text names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, TextClause, text

from yaguts.domain.jobs.job import ACTIVE, FINAL, FOR_A_DISH
from yaguts.domain.stock.ledger import HELD, IN_THE_JAR


def _words(values: Iterable[str]) -> str:
    return ", ".join(f"'{value}'" for value in sorted(values))


_FINAL, _ACTIVE, _FOR_A_DISH = _words(FINAL), _words(ACTIVE), _words(FOR_A_DISH)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: its name, the text of one violation, and the query."""

    name: str
    says: str
    query: TextClause


@dataclass(frozen=True, slots=True)
class Finding:
    """One violation of a rule."""

    rule: str
    text: str


def _rule(name: str, says: str, query: str) -> Rule:
    return Rule(name, says, text(query))


def _total(name: str, column: str, kinds: Iterable[str]) -> Rule:
    """The rule that a jar's cached total is the sum of its movements of these kinds."""
    return _rule(
        name,
        f"dispenser {{dispenser}}, jar {{jar}}: {{kept}} mg are kept as {name},"
        " its movements say {said}",
        f"""SELECT jars.dispenser_id AS dispenser, number AS jar, {column} AS kept,
            COALESCE(SUM(amount_mg), 0) AS said FROM jars LEFT JOIN movements
            ON movements.dispenser_id = jars.dispenser_id AND jar = number
            AND kind IN ({_words(kinds)}) GROUP BY jars.dispenser_id, number, {column}
            HAVING {column} <> COALESCE(SUM(amount_mg), 0) ORDER BY 1, 2""",
    )


RULES = (
    _total("stock", "stock_mg", IN_THE_JAR),
    _total("held", "held_mg", HELD),
    _rule(
        "no jar",
        "movement {id} is about jar {jar} of dispenser {dispenser}, which does not exist",
        """SELECT id, jar, movements.dispenser_id AS dispenser FROM movements LEFT JOIN jars
            ON jars.dispenser_id = movements.dispenser_id AND number = jar
            WHERE number IS NULL ORDER BY id""",
    ),
    _rule(
        "no item",
        "movement {id} is about item {item} of job {job}, which does not exist",
        """SELECT movements.id, movements.item_order AS item, movements.job_id AS job FROM movements
            LEFT JOIN job_items ON job_items.job_id = movements.job_id
            AND job_items.item_order = movements.item_order
            WHERE movements.job_id IS NOT NULL AND job_items.id IS NULL ORDER BY 1""",
    ),
    _rule(
        "another jar",
        "movement {id} is about another jar than item {item} of job {job}",
        """SELECT movements.id, movements.item_order AS item, movements.job_id AS job FROM movements
            JOIN job_items ON job_items.job_id = movements.job_id
            AND job_items.item_order = movements.item_order JOIN jobs ON jobs.id = movements.job_id
            WHERE movements.jar <> job_items.jar OR movements.dispenser_id <> jobs.dispenser_id
            ORDER BY 1""",
    ),
    _rule(
        "booked twice",
        "job {job}, item {item}: {kind} is booked {times} times",
        """SELECT job_id AS job, item_order AS item, kind, COUNT(*) AS times FROM movements
            WHERE job_id IS NOT NULL GROUP BY job_id, item_order, kind HAVING COUNT(*) > 1
            ORDER BY 1, 2, 3""",
    ),
    _rule(
        "not held",
        "job {job}, item {item}: {quantity} mg were ordered, {held} held",
        """SELECT job_items.job_id AS job, job_items.item_order AS item, quantity_mg AS quantity,
            COALESCE(SUM(amount_mg), 0) AS held FROM job_items LEFT JOIN movements
            ON movements.job_id = job_items.job_id AND kind = 'hold'
            AND movements.item_order = job_items.item_order
            GROUP BY job_items.job_id, job_items.item_order, quantity_mg
            HAVING COALESCE(SUM(amount_mg), 0) <> quantity_mg ORDER BY 1, 2""",
    ),
    _rule(
        "released too early",
        "job {job}, item {item} is released, but the job is {state}",
        f"""SELECT jobs.id AS job, item_order AS item, state FROM movements
            JOIN jobs ON jobs.id = job_id
            WHERE movements.kind = 'release' AND state NOT IN ({_FINAL}) ORDER BY 1, 2""",
    ),
    _rule(
        "still held",
        "job {job}, item {item}: the job has ended, {released} of {quantity} mg are released",
        f"""SELECT jobs.id AS job, job_items.item_order AS item, quantity_mg AS quantity,
            -COALESCE(SUM(amount_mg), 0) AS released FROM jobs
            JOIN job_items ON job_items.job_id = jobs.id LEFT JOIN movements
            ON movements.job_id = jobs.id AND movements.kind = 'release'
            AND movements.item_order = job_items.item_order WHERE state IN ({_FINAL})
            GROUP BY jobs.id, job_items.item_order, quantity_mg
            HAVING -COALESCE(SUM(amount_mg), 0) <> quantity_mg ORDER BY 1, 2""",
    ),
    _rule(
        "charged otherwise",
        "job {job}, item {item}: {fell} mg are reported, {charged} charged",
        """SELECT jobs.id AS job, job_items.item_order AS item, -COALESCE(SUM(amount_mg), 0)
            AS charged, CASE WHEN reported THEN COALESCE(fell_mg, 0) ELSE 0 END AS fell FROM jobs
            JOIN job_items ON job_items.job_id = jobs.id LEFT JOIN movements
            ON movements.job_id = jobs.id AND movements.kind IN ('settle', 'waste')
            AND movements.item_order = job_items.item_order
            GROUP BY jobs.id, job_items.item_order, reported, fell_mg
            HAVING -COALESCE(SUM(amount_mg), 0)
            <> CASE WHEN reported THEN COALESCE(fell_mg, 0) ELSE 0 END ORDER BY 1, 2""",
    ),
    _rule(
        "no outcome",
        "job {job}, item {item}: the job is reported, the item is {status}",
        """SELECT jobs.id AS job, item_order AS item, status FROM jobs
            JOIN job_items ON job_id = jobs.id
            WHERE reported AND ((fell_mg IS NULL AND quantity_mg > 0)
            OR status NOT IN ('done', 'failed')) ORDER BY 1, 2""",
    ),
    _rule(
        "no amount",
        "job {job}, item {item}: a {kind} without an amount",
        f"""SELECT jobs.id AS job, item_order AS item, kind FROM jobs
            JOIN job_items ON job_id = jobs.id WHERE quantity_mg = 0 AND kind IN ({_FOR_A_DISH})
            ORDER BY 1, 2""",
    ),
    _rule(
        "used or wasted",
        "job {job}, item {item}: what fell of a {job_kind} is charged as {kind}",
        f"""SELECT jobs.id AS job, item_order AS item, jobs.kind AS job_kind, movements.kind AS kind
            FROM movements JOIN jobs ON jobs.id = job_id
            WHERE movements.kind IN ('settle', 'waste')
            AND (movements.kind = 'settle') <> (jobs.kind IN ({_FOR_A_DISH})) ORDER BY 1, 2""",
    ),
    _rule(
        "ended otherwise",
        "job {job} is {state}, and {done} of its {items} items are done",
        """SELECT jobs.id AS job, state, COUNT(*) AS items,
            SUM(CASE status WHEN 'done' THEN 1 ELSE 0 END) AS done FROM jobs
            JOIN job_items ON job_id = jobs.id GROUP BY jobs.id, state, reported, review
            HAVING (state = 'done' AND SUM(CASE status WHEN 'done' THEN 1 ELSE 0 END) <> COUNT(*))
            OR (state = 'failed' AND SUM(CASE status WHEN 'done' THEN 1 ELSE 0 END) > 0)
            OR (state IN ('done', 'done_partial') AND NOT reported) ORDER BY 1""",
    ),
    _rule(
        "no items",
        "job {job} has {items} items, the last of them numbered {last}",
        """SELECT jobs.id AS job, COUNT(job_items.id) AS items, COALESCE(MAX(item_order), 0) AS last
            FROM jobs LEFT JOIN job_items ON job_id = jobs.id GROUP BY jobs.id
            HAVING COUNT(job_items.id) = 0 OR COUNT(job_items.id) <> MAX(item_order) ORDER BY 1""",
    ),
    _rule(
        "somebody else's",
        "job {job} of person {person} is for dispenser {dispenser}, which is not theirs",
        """SELECT jobs.id AS job, jobs.owner_id AS person, dispenser_id AS dispenser FROM jobs
            LEFT JOIN dispensers ON dispensers.id = dispenser_id
            WHERE dispensers.id IS NULL OR dispensers.owner_id <> jobs.owner_id ORDER BY 1""",
    ),
    _rule(
        "of no job",
        "job {job} makes up for job {before}, which is not one of its owner's that has ended",
        f"""SELECT jobs.id AS job, jobs.retry_of AS before FROM jobs
            LEFT JOIN jobs AS earlier ON earlier.id = jobs.retry_of
            WHERE jobs.retry_of IS NOT NULL AND (earlier.id IS NULL
            OR earlier.owner_id <> jobs.owner_id OR earlier.state NOT IN ({_FINAL})) ORDER BY 1""",
    ),
    _rule(
        "not as kept",
        "kept report {report}, dose {item}: {fell} mg are to be charged, {charged} are",
        """SELECT unclaimed_reports.id AS report, unclaimed_doses.item_order AS item,
            -COALESCE(SUM(amount_mg), 0) AS charged,
            CASE WHEN outcome = 'booked' AND jobs.id IS NULL THEN fell_mg ELSE 0 END AS fell
            FROM unclaimed_reports JOIN unclaimed_doses
            ON unclaimed_doses.report_id = unclaimed_reports.id
            LEFT JOIN jobs ON jobs.id = unclaimed_reports.job_id AND jobs.key = job_key
            LEFT JOIN movements ON movements.report_id = unclaimed_reports.id
            AND movements.item_order = unclaimed_doses.item_order
            GROUP BY unclaimed_reports.id, unclaimed_doses.item_order, outcome, jobs.id, fell_mg
            HAVING -COALESCE(SUM(amount_mg), 0)
            <> CASE WHEN outcome = 'booked' AND jobs.id IS NULL THEN fell_mg ELSE 0 END
            ORDER BY 1, 2""",
    ),
    _rule(
        "no report",
        "movement {id} is about dose {item} of kept report {report}, which does not exist",
        """SELECT movements.id, movements.item_order AS item, movements.report_id AS report
            FROM movements LEFT JOIN unclaimed_doses
            ON unclaimed_doses.report_id = movements.report_id
            AND unclaimed_doses.item_order = movements.item_order
            WHERE movements.report_id IS NOT NULL AND unclaimed_doses.report_id IS NULL
            ORDER BY 1""",
    ),
    _rule(
        "two at once",
        "dispenser {dispenser} has {jobs} jobs that it was offered or runs",
        """SELECT dispenser_id AS dispenser, COUNT(*) AS jobs FROM jobs
            WHERE state IN ('offered', 'running') GROUP BY dispenser_id HAVING COUNT(*) > 1
            ORDER BY 1""",
    ),
    _rule(
        "out of turn",
        "job {job} has been called to dispenser {dispenser}, but job {before} is before it",
        f"""SELECT jobs.id AS job, jobs.dispenser_id AS dispenser, MIN(earlier.id) AS before
            FROM jobs JOIN jobs AS earlier ON earlier.dispenser_id = jobs.dispenser_id
            AND earlier.id < jobs.id WHERE jobs.state IN ({_ACTIVE})
            AND earlier.state IN ({_ACTIVE}) AND jobs.expires_at IS NOT NULL
            GROUP BY jobs.id, jobs.dispenser_id ORDER BY 1""",
    ),
)


def inconsistencies(connection: Connection) -> Iterator[Finding]:
    """Every violation, rule by rule."""
    for rule in RULES:
        for row in connection.execute(rule.query).mappings():
            yield Finding(rule.name, rule.says.format_map(row))
    if connection.dialect.name == "sqlite":
        yield from _damage(connection)


def _damage(connection: Connection) -> Iterator[Finding]:
    """What SQLite itself finds wrong with its file."""
    for (told,) in connection.exec_driver_sql("PRAGMA integrity_check"):
        if told != "ok":
            yield Finding("file", str(told))
    for table, row, parent, _ in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        yield Finding("file", f"row {row} of {table} refers to a row of {parent} that is not there")
