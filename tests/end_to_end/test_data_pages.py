"""The pages about backups and moves: their commands, typed one after the other."""

import os
import re
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.databases import empty_tables
from tests.support.page_commands import BIN, run_page, shell_blocks
from tests.support.postgresql import PostgreSQL, postgresql_programs
from tests.support.processes.kitchen import Person, Server, eventually
from yaguts.storage.db.ours import contents

PAGES = {
    "docs/operations/backup.md": "docs/pt/operacao/copia.md",
    "docs/operations/move.md": "docs/pt/operacao/mudar.md",
}
START = """#!/bin/bash -e
[ ! -e {etc}/yaguts.env ] || {{ set -a; . {etc}/yaguts.env; set +a; }}
setsid {bin}/yaguts serve --port {port} >>{folder}/log 2>&1 </dev/null &
echo $! >{folder}/pid
until (: </dev/tcp/127.0.0.1/{port}) 2>/dev/null; do sleep 0.05; kill -0 $!; done
"""
STOP = """#!/bin/bash
kill "$(cat {folder}/pid)"
while kill -0 "$(cat {folder}/pid)" 2>/dev/null; do sleep 0.05; done
"""


class Installed:
    """A server as the installation page leaves it, below a folder of the test's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.data, self.etc = folder, folder / "data", folder / "etc"
        for made in (self.data, self.etc, folder / "backup"):
            made.mkdir()
        (self.data / "yaguts.db").write_bytes(empty_tables())
        self.server = Server(folder)  # Its port and address; the scripts below start it.
        for name, script in (("start", START), ("stop", STOP)):
            text = script.format(etc=self.etc, folder=folder, bin=BIN, port=self.server.port)
            (folder / name).write_text(text)
            (folder / name).chmod(0o700)

    def run(self, page: str, first: Mapping[str, str]) -> str:
        """The page's commands, without `sudo`, and with the places of the test."""
        places = {
            "sudo systemctl stop yaguts": "./stop",
            "sudo systemctl start yaguts": "./start",
            "sudo ": "",
            "/var/lib/yaguts": str(self.data),
            "/etc/": f"{self.etc}/",
        }
        return run_page(
            page, self.folder, instead={**first, **places}, environment=self.environment()
        )

    def environment(self) -> dict[str, str]:
        path = f"{BIN}:{postgresql_programs()}:{os.environ['PATH']}"
        return {"YAGUTS_DATA": str(self.data), "PATH": path, "YAGUTS_REGISTRATION": "open"}


@contextmanager
def installed(folder: Path) -> Generator[Installed]:
    yaguts = Installed(folder)
    environment = {**os.environ, **yaguts.environment()}
    run = lambda name: os.spawnve(os.P_WAIT, folder / name, [name], environment)  # noqa: E731
    assert run("start") == 0
    try:
        yield yaguts
    finally:
        run("stop")


@pytest.mark.parametrize("page", PAGES)
def test_both_languages_say_the_same_commands(page: str) -> None:
    assert shell_blocks(page) == shell_blocks(PAGES[page])


@pytest.mark.more
def test_the_page_about_backups(tmp_path: Path) -> None:
    with installed(tmp_path) as yaguts:
        person = Person(yaguts.server, "Ana")
        wait = f"until ls {tmp_path}/backup/*.backup; do sleep 0.05; done"
        told = yaguts.run(
            "docs/operations/backup.md",
            {
                "sudo chown yaguts: /mnt/backup": "true",
                "sudo systemctl daemon-reload": "true",
                "sudo systemctl restart yaguts": f"./stop; ./start; {wait}",
                "sudo journalctl -u yaguts": "echo",
                "sudo -u yaguts ": "",
                "/mnt/backup": f"{tmp_path}/backup",
            },
        )
        assert person.http.get("/receitas/").status_code == 200  # Still signed in.
        person.http.close()
    assert told.count("The books balance.") == 1
    assert '"verified": true' in told
    assert "can be restored" in told
    assert "No backup was made" not in (tmp_path / "log").read_text()


@pytest.mark.more
def test_the_page_about_moving(tmp_path: Path, postgresql: PostgreSQL) -> None:
    address = f"postgresql:///page?host={postgresql.folder}&user=page"
    with installed(tmp_path) as yaguts:
        person = Person(yaguts.server, "Ana")
        person.furnish()
        job = person.order(person.recipe(Sal=4.0))
        as_superuser = f"env PGHOST={postgresql.folder} PGUSER=yaguts "
        told = yaguts.run(
            "docs/operations/move.md",
            {
                "sudo -u postgres createuser yaguts": f"{as_superuser}createuser page",
                "sudo -u postgres createdb --owner yaguts yaguts": (
                    f"{as_superuser}createdb --owner page page"
                ),
                "postgresql:///yaguts?host=/run/postgresql": address,
                'echo "YAGUTS_DATABASE_URL=$new"': "echo \"YAGUTS_DATABASE_URL='$new'\"",
                "sudo -u yaguts ": "",
            },
        )
        assert eventually(lambda: person.job(job["id"]))["status"] == "queued"  # Not given up.
        person.http.close()
    assert told.count("The books balance.") == 2
    assert len(re.findall(r"rows of \d+ tables are in", told)) == 2
    assert (yaguts.data / "former/yaguts.db").exists()
    seen = contents(address)
    assert seen is not None
    assert seen.has_people
