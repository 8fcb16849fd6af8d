"""Move a kitchen into another database: from SQLite to PostgreSQL, and back.

The new database is whole or empty, whenever the command is killed: its rows become visible at once,
by a commit or by a rename. Before that a signpost is put up beside the old database, so that never
two servers serve one kitchen, and key, mark and virtual boards are brought.
"""

from collections.abc import Generator, Iterable, Mapping
from contextlib import closing, contextmanager

from yaguts.domain.high_water_mark import Mark, went_back
from yaguts.services.ops.backups.moving_files import bring_files
from yaguts.services.ops.backups.working_folder import working_folder
from yaguts.services.runtime.files.data_folder import make_folder
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.services.runtime.files.signposts import insist_on_none, moved, place
from yaguts.settings import Settings
from yaguts.storage import epochs
from yaguts.storage.db.copying.copies import CopyError, lay_file, settle_log, sqlite_file, verify
from yaguts.storage.db.copying.row_copy import TABLES, Total, copy_rows, occupied, totals
from yaguts.storage.db.database import Connection, Database, place_of_postgresql
from yaguts.storage.db.in_use import alone_with, insist_still_alone, keep_writers_out
from yaguts.storage.db.migrate import upgrade
from yaguts.storage.db.ours import contents, insist_on_ours, newest_version
from yaguts.storage.ledger_check import Finding, inconsistencies

_VERSIONS = "alembic_version"
_IN_THE_FILE = "file"
"""The ledger check's rule about SQLite's own file."""


def move(source: Settings, target: Settings) -> Mapping[str, Total]:
    """Copy everything into an empty database, compare, and keep servers from the old one.

    The rows of the old one stay as they are. Repeating it after it was killed is harmless. Raises
    `CopyError`, `BadSetting`, `NotOurs`, `InUse`, `Unavailable`, `OSError`: then nothing has moved.
    """
    _insist_on_sense(source, target)
    url = source.database_url
    with alone_with(url), _opened(url) as database, database.read() as reading:
        keep_writers_out(reading, (*TABLES, _VERSIONS))
        with alone_with(target.database_url):
            said = totals(reading)
            if _is_there_already(source, target, said):
                _clear_away(target)
            else:
                _bring(source, target, reading, said)
            moved(source).put(to=place(target), whole=True)
            moved(target).take_away()
    return said


def _insist_on_sense(source: Settings, target: Settings) -> None:
    insist_on_ours(source.database_url)
    if place(source) == place(target):
        raise CopyError("that is the database itself: name another one")
    file = sqlite_file(target.database_url)
    if file is not None and not file.absolute().parent.is_dir():
        raise CopyError(f"there is no folder {file.absolute().parent}")
    _tables_of(target)
    begun = moved(source).read()
    if begun is None or begun.get("whole", True) or begun.get("to") != place(target):
        insist_on_none(source)
    seen = contents(source.database_url)
    if seen is None:
        raise CopyError(f"{place(source)}: no database answers there, or it is damaged")
    if seen.version != newest_version():
        raise CopyError("the database is of an earlier version: say `yaguts db upgrade` first")


def _is_there_already(source: Settings, target: Settings, said: Mapping[str, Total]) -> bool:
    """Whether an earlier command was killed when everything had arrived."""
    if moved(source).read() is None or not _tables_of(target):
        return False
    with _opened(target.database_url) as database, database.read() as connection:
        return totals(connection) == said


def _clear_away(target: Settings) -> None:
    """Remove what a command left that was killed while it removed it itself."""
    file = sqlite_file(target.database_url)
    if file is not None:
        with working_folder(file.absolute().parent):
            pass


def _bring(
    source: Settings, target: Settings, reading: Connection, said: Mapping[str, Total]
) -> None:
    mark = epochs.mark(reading)
    _insist_on_room(source, target, mark)
    make_folder(target)
    with _arriving(target.database_url) as writing:
        copy_rows(reading, writing)
        _insist_on_same(said, totals(writing))
        _insist_on_same_books(_books(reading), _books(writing))
        insist_still_alone(reading, source.database_url)
        moved(source).put(to=place(target), whole=False)
        try:
            bring_files(source, target, mark)
        except OSError:
            moved(source).take_away()
            raise


def _insist_on_room(source: Settings, target: Settings, source_mark: Mark) -> None:
    with _opened(target.database_url) as database, database.read() as connection:
        _insist_on_no_row(connection, _tables_of(target), place(target))
    mark = mark_of(target)
    if (other := mark.of_another()) not in ("", place(source)):
        raise CopyError(
            f"{mark.file} is the mark of another database, {other}: name another --data"
        )
    if went_back(mark.read(), source_mark):
        raise CopyError(f"{mark.file} is of a kitchen that was there: remove it if it has gone")


def _insist_on_no_row(connection: Connection, tables: Iterable[str], where: str) -> None:
    if filled := occupied(connection, tables):
        raise CopyError(f"{where} is not empty: there are rows in {filled}")


def _tables_of(target: Settings) -> frozenset[str]:
    """The tables of the new database, which is made if it is missing. Raises `CopyError`."""
    insist_on_ours(target.database_url)
    seen = contents(target.database_url)
    if seen is None:
        raise CopyError(f"{place(target)}: no database answers there")
    return seen.tables & frozenset(TABLES)


@contextmanager
def _arriving(url: str) -> Generator[Connection]:
    """A transaction on the new database, of this version. Nobody sees a part of it."""
    file = sqlite_file(url)
    if file is None:
        upgrade(url)
        with _opened(url) as database, database.write() as connection:
            keep_writers_out(connection, TABLES)
            _insist_on_no_row(connection, TABLES, place_of_postgresql(url))
            yield connection
        return
    with working_folder(file.absolute().parent) as folder:
        made = folder / "database"
        upgrade(f"sqlite:///{made}")
        with _opened(f"sqlite:///{made}") as database, database.write() as connection:
            yield connection
        settle_log(made)
        verify(made)
        lay_file(made, file)


def _insist_on_same(source: Mapping[str, Total], target: Mapping[str, Total]) -> None:
    others = [name for name, total in source.items() if target[name] != total]
    if others:
        raise CopyError(f"what has arrived is not what was there: {', '.join(others)}")


def _books(connection: Connection) -> list[Finding]:
    return list(inconsistencies(connection))


def _insist_on_same_books(source: list[Finding], target: list[Finding]) -> None:
    if any(each.rule == _IN_THE_FILE for each in source):
        raise CopyError(f"the database is damaged: {source[-1].text}")
    if source != target:
        raise CopyError("the ledger check says otherwise of what has arrived")


def _opened(url: str) -> closing[Database]:
    return closing(Database(url))
