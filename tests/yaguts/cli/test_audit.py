"""`yaguts audit` and `yaguts db restored` in a process of their own."""

from pathlib import Path

import pytest
from sqlalchemy import text

from tests.support.databases import BOTH, Databases
from tests.support.kitchen.furnished import Furnished
from tests.support.kitchen.household import Household
from tests.support.processes.forked import command
from yaguts.services.ops.restore_detection import notice
from yaguts.storage.db.in_use import serving


def audited(folder: Path, url: str) -> tuple[int, str, str]:
    return command("audit", folder=folder, environment={"YAGUTS_DATABASE_URL": url})


@pytest.mark.parametrize("kind", BOTH)
def test_audit_says_whether_the_books_balance(
    tmp_path: Path, databases: Databases, kind: str
) -> None:
    url = databases.migrated(kind, tmp_path)
    home = Household(tmp_path, database_url=url)
    kitchen = Furnished(home)
    kitchen.report(kitchen.started(Sal=4.5))
    assert audited(tmp_path, url) == (0, "The books balance. The audit log is whole.\n", "")

    with home.site.database.write() as connection:
        connection.execute(text("UPDATE jars SET stock_mg = 7 WHERE number = 2"))
    home.close()

    wrong = "dispenser 1, jar 2: 7 mg are kept as stock, its movements say 100000"
    assert audited(tmp_path, url) == (1, f"stock: {wrong}\n", "")


def test_audit_names_a_database_that_it_cannot_read(tmp_path: Path) -> None:
    code, told, errors = audited(tmp_path, f"sqlite:///{tmp_path}/new.db")

    assert (code, told) == (1, "")
    assert "yaguts db upgrade" in errors


@pytest.mark.parametrize("kind", BOTH)
def test_restored_is_heard_by_the_server(
    tmp_path: Path, databases: Databases, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    url = databases.migrated(kind, tmp_path)
    home = Household(tmp_path, database_url=url)
    Furnished(home).order()

    with serving(url):
        code, told, errors = command(
            "db", "restored", folder=tmp_path, environment={"YAGUTS_DATABASE_URL": url}
        )

    assert (code, errors) == (0, "")
    assert "gives up what is open" in told
    assert notice(home.site) == 1
    home.close()
