"""The drill: restore a backup into a temporary place, and check the books there."""

import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from yaguts.services.ops.backups.backup import Backup, Check, unpacked
from yaguts.services.ops.ledger_check import Finding, check_ledger
from yaguts.settings import Settings
from yaguts.storage.db.copying import copies
from yaguts.storage.db.copying.copies import CopyError
from yaguts.storage.db.copying.drill_database import drill_database
from yaguts.storage.db.database import Database
from yaguts.storage.db.migrate import upgrade


class Unbalanced(CopyError):
    """The books in a backup do not balance."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        said = "; ".join(f"{each.rule}: {each.text}" for each in findings[:3])
        super().__init__(f"the books in the backup do not balance ({len(findings)}: {said})")


def drill(backup: Backup, settings: Settings) -> tuple[Finding, ...]:
    """Restore a backup into a temporary place, upgrade it there, and check its ledger.

    For PostgreSQL that is a database beside that of the settings. Uses the backup up. Raises
    `CopyError`, `Unavailable`.
    """
    with _temporary_place(backup, settings) as url:
        copies.lay(backup.database, url)
        upgrade(url)
        database = Database(url)
        try:
            return check_ledger(database)
        finally:
            database.close()


def balanced(settings: Settings) -> Check:
    """A check for new backups: raises `Unbalanced` unless the drill finds nothing."""

    def check(backup: Backup) -> None:
        if findings := drill(backup, settings):
            raise Unbalanced(findings)

    return check


def verify(file: Path, settings: Settings) -> Backup:
    """Unpack a backup into the system's folder for temporary files and do the drill.

    Raises `CopyError`, `OSError`, `Unavailable`; `Unbalanced` if the books don't balance.
    """
    with tempfile.TemporaryDirectory(prefix="yaguts-") as folder:
        backup = unpacked(file, Path(folder) / "unpacked")
        balanced(settings)(backup)
        return backup


@contextmanager
def _temporary_place(backup: Backup, settings: Settings) -> Generator[str]:
    if backup.kind == "sqlite":
        yield f"sqlite:///{backup.folder / 'drill.db'}"
        return
    if settings.database_url.startswith("sqlite:"):
        raise CopyError(
            "this is a backup of a PostgreSQL database: name one in YAGUTS_DATABASE_URL, beside"
            " which a database can be made for a while"
        )
    with drill_database(settings.database_url) as url:
        yield url
