"""An outage of the database is two lines in the log, however many calls were refused meanwhile."""

import logging
from pathlib import Path

import pytest
from sqlalchemy import text

from yaguts.domain.errors import Damaged, Unavailable
from yaguts.storage.db.database import Database, after_commit
from yaguts.storage.db.outages import CALM_S, Outages


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def outages(time: Time) -> Outages:
    return Outages(time)


def lines(caplog: pytest.LogCaptureFixture) -> list[tuple[str, dict[str, object]]]:
    return [(record.getMessage(), vars(record)["about"]) for record in caplog.records]


def test_ten_thousand_refusals_are_two_lines(
    outages: Outages, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(10_000):
        outages.refused("no room left", wrote=True)
        outages.answered(wrote=False)
        time.now += 0.01
    time.now += CALM_S
    for _ in range(10):
        outages.answered(wrote=True)

    assert lines(caplog) == [
        ("The database refuses", {"cause": "no room left"}),
        ("The database answers again", {"seconds": 105, "refused": 10_000}),
    ]


def test_reading_does_not_end_an_outage_of_writing(
    outages: Outages, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    outages.refused("no room left", wrote=True)
    time.now += CALM_S
    outages.answered(wrote=False)

    assert len(lines(caplog)) == 1


def test_the_next_outage_is_told_again(
    outages: Outages, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    for _ in range(2):
        outages.refused("away", wrote=False)
        time.now += CALM_S
        outages.answered(wrote=False)

    assert len(lines(caplog)) == 4


def test_a_database_tells_of_its_outage_without_its_statements(
    tmp_path: Path, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    database = Database(f"sqlite:///{tmp_path / 'gone' / 'yaguts.db'}", time)
    for _ in range(50):
        with pytest.raises(Unavailable), database.read():
            pass
    (tmp_path / "gone").mkdir()
    time.now += CALM_S
    with database.read():
        pass
    database.close()

    assert lines(caplog) == [
        ("The database refuses", {"cause": "unable to open database file"}),
        ("The database answers again", {"seconds": CALM_S, "refused": 50}),
    ]
    assert all(record.exc_info is None for record in caplog.records)


def test_a_damaged_database_is_one_line(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "yaguts.db").write_bytes(b"no database" * 1000)
    database = Database(f"sqlite:///{tmp_path / 'yaguts.db'}")
    for _ in range(3):
        with pytest.raises(Damaged), database.read():
            pass
    database.close()

    assert [record.getMessage() for record in caplog.records] == ["The database is damaged"]
    assert caplog.records[0].levelno == logging.ERROR


# After the commit, and how long it took


def test_what_is_to_come_after_the_commit_comes_after_it(tmp_path: Path) -> None:
    database, told = Database(f"sqlite:///{tmp_path / 'yaguts.db'}"), list[str]()
    with pytest.raises(ZeroDivisionError), database.write() as connection:
        after_commit(connection, lambda: told.append("undone"))
        raise ZeroDivisionError
    with database.write() as connection:
        connection.execute(text("CREATE TABLE notes (text TEXT)"))
        after_commit(connection, lambda: told.append("done"))
        assert told == []
    with database.write():
        pass
    database.close()

    assert told == ["done"]


def test_each_transaction_is_timed_also_one_that_fails(tmp_path: Path, time: Time) -> None:
    timed = list[tuple[str, float]]()
    url = f"sqlite:///{tmp_path / 'yaguts.db'}"
    database = Database(url, time, lambda way, seconds: timed.append((way, seconds)))

    with database.read():
        time.now += 2
    with pytest.raises(ZeroDivisionError), database.write():
        time.now += 3
        raise ZeroDivisionError
    database.close()

    assert timed == [("read", 2), ("write", 3)]


def test_an_error_tells_no_parameter(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path / 'yaguts.db'}")
    with pytest.raises(Unavailable) as error, database.read() as connection:
        connection.execute(text("SELECT * FROM nowhere WHERE a = :a"), {"a": "a secret"})
    database.close()

    assert "a secret" not in str(error.value.__cause__)
