"""Statements that are compiled once and then executed by the driver.

SQLAlchemy looks a statement up, binds its parameters and wraps its rows anew at each execution,
which takes several times as long as SQLite needs. What runs in every call of a dispenser is a
`Statement`; everything else stays SQLAlchemy's.
"""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Dialect, Executable
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.compiler import SQLCompiler

Given = Mapping[str, Any]
"""The parameters by their names, as SQLAlchemy takes them."""
Convert = Callable[[Any], Any]
_NOTHING: Given = {}


class Statement:
    """A statement of SQLAlchemy's, for both databases.

    `core`: one that both databases understand, or one for each: `db.dialects`.

    Rows are named tuples, and values are converted as the types of their columns say. What the
    driver raises comes as SQLAlchemy would raise it. A list for `IN` is spelled as literals:
    SQLAlchemy would expand any other anew at every run.

    What cannot be executed raises `TypeError`, or what SQLAlchemy raises when it compiles.
    """

    def __init__(self, core: Executable | Mapping[str, Executable]) -> None:
        self._core: Any = core
        self._compiled: dict[tuple[str, ...], _Compiled] = {}

    def rows(self, connection: Connection, given: Given = _NOTHING) -> list[Any]:
        """All rows."""
        compiled = self._for(connection, given)
        return compiled.read_all(compiled.execute(connection, given))

    def row(self, connection: Connection, given: Given = _NOTHING) -> Any:
        """The first row, or None."""
        compiled = self._for(connection, given)
        return compiled.read(compiled.execute(connection, given).fetchone())

    def value(self, connection: Connection, given: Given = _NOTHING) -> Any:
        """The first value of the first row, or None."""
        row = self.row(connection, given)
        return None if row is None else row[0]

    def run(self, connection: Connection, given: Given = _NOTHING) -> int:
        """Change rows, and return how many."""
        return self._for(connection, given).execute(connection, given).rowcount

    def run_each(self, connection: Connection, given: Sequence[Given]) -> None:
        """Change rows with each of these parameters, which all have the same names."""
        if given:
            self._for(connection, given[0]).execute_each(connection, given)

    def rows_of_each(self, connection: Connection, given: Sequence[Given]) -> list[Any]:
        """The same, and all rows that are returned."""
        return self._for(connection, given[0]).rows_of_each(connection, given) if given else []

    def _for(self, connection: Connection, given: Given) -> "_Compiled":
        key = (connection.dialect.name, *given)
        compiled = self._compiled.get(key)
        if compiled is None:
            core = self._core if isinstance(self._core, Executable) else self._core[key[0]]
            compiled = self._compiled[key] = _Compiled(core, connection.dialect, given)
        return compiled


class _Compiled:
    """A statement in the words of one database, with parameters of these names."""

    def __init__(self, core: Any, dialect: Dialect, given: Given) -> None:
        compiled: SQLCompiler = core.compile(dialect=dialect, column_keys=list(given))
        if compiled.insert_prefetch or compiled.update_prefetch or compiled.post_compile_params:
            raise TypeError("SQLAlchemy gives defaults and spells lists anew at each execution")
        self._text = str(compiled)
        self._constants = compiled.construct_params(dict.fromkeys(given))
        self._converted = _converted(compiled, dialect, given)
        self._order = compiled.positiontup
        self._make, self._read = _row_of(core, dialect)

    def execute(self, connection: Connection, given: Given) -> Any:
        """Execute it. The cursor has the rows."""
        return self._told_to("execute", connection, self._bound(given))

    def execute_each(self, connection: Connection, given: Sequence[Given], **how: bool) -> Any:
        """Execute it with each of these parameters."""
        bound = [self._bound(each) for each in given]
        return self._told_to("executemany", connection, bound, **how)

    def rows_of_each(self, connection: Connection, given: Sequence[Given]) -> list[Any]:
        """All rows. PostgreSQL is sent everything at once."""
        if connection.dialect.name != "postgresql":
            each = (self.execute(connection, one) for one in given)
            return [row for cursor in each for row in self.read_all(cursor)]
        cursor = self.execute_each(connection, given, returning=True)
        rows = self.read_all(cursor)
        while cursor.nextset():
            rows += self.read_all(cursor)
        return rows

    def read(self, row: Sequence[Any] | None) -> Any:
        """A row that the driver gave."""
        if row is None:
            return None
        if not self._read:
            return self._make(row)
        values = list(row)
        for position, convert in self._read:
            values[position] = convert(values[position])
        return self._make(values)

    def read_all(self, cursor: Any) -> list[Any]:
        """The rows that the driver has."""
        if not self._read:
            return list(map(self._make, cursor.fetchall()))
        return list(map(self.read, cursor.fetchall()))

    def _told_to(self, verb: str, connection: Connection, bound: Any, **how: bool) -> Any:
        cursor = _cursor(connection)
        for hear in connection.engine.dispatch.before_cursor_execute:  # Whoever counts these.
            hear(connection, cursor, self._text, bound, None, verb == "executemany")
        try:
            getattr(cursor, verb)(self._text, bound, **how)
        except connection.dialect.loaded_dbapi.Error as error:
            raise _as_sqlalchemy_says(connection, self._text, error) from error
        return cursor

    def _bound(self, given: Given) -> Any:
        values = {**self._constants, **given}
        for name, convert in self._converted:
            values[name] = convert(values[name])
        return values if self._order is None else [values[name] for name in self._order]


def _converted(compiled: SQLCompiler, dialect: Dialect, given: Given) -> list[tuple[str, Convert]]:
    """How parameters are given to the driver, as far as that is not as they are."""
    binds = {name: bind.type.dialect_impl(dialect) for bind, name in compiled.bind_names.items()}
    if unknown := {*given} - {*binds}:
        raise TypeError(f"the statement has no parameters {sorted(unknown)}")
    converts = ((name, type_.bind_processor(dialect)) for name, type_ in binds.items())
    return [(name, convert) for name, convert in converts if convert is not None]


def _row_of(core: Any, dialect: Dialect) -> tuple[Convert, list[tuple[int, Convert]]]:
    """What makes a row, and which of its values are converted before."""
    columns: list[tuple[str, Any]] = list(getattr(core, "exported_columns", {}).items())
    names = [str(name) for name, _ in columns]
    make: Convert = namedtuple("Row", names, rename=True)._make  # pyright: ignore[reportUntypedNamedTuple]
    types = [column.type.dialect_impl(dialect) for _, column in columns]
    converts = ((at, type_.result_processor(dialect, None)) for at, type_ in enumerate(types))
    return make, [(at, convert) for at, convert in converts if convert is not None]


def _cursor(connection: Connection) -> Any:
    if not connection.in_transaction():
        connection.begin()  # Or SQLAlchemy would find nothing to commit.
    return connection.connection.cursor()


def _as_sqlalchemy_says(connection: Connection, text: str, error: Exception) -> BaseException:
    """What SQLAlchemy would raise. A connection that is lost is not used again."""
    dialect, driver = connection.dialect, connection.connection.driver_connection
    lost = dialect.is_disconnect(error, driver, None)  # type: ignore[arg-type]
    if lost:
        connection.invalidate(error)
        connection.engine.dispose()  # What lies in the pool is as old, and lost, too.
    return DBAPIError.instance(
        text,
        None,
        error,
        dialect.loaded_dbapi.Error,
        hide_parameters=True,
        connection_invalidated=lost,
        dialect=dialect,
    )
