"""The commands of the pages in docs/operations, as they stand there, in both languages."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.components import ROOT, from_debian
from tests.support.page_commands import run_page, shell_blocks
from tests.support.postgresql import PostgreSQL, postgresql_programs
from tests.support.processes.kitchen import YAGUTS, Person, Server, eventually
from tests.support.processes.release import checkout, released

PAIRS = {
    "docs/operations/install.md": "docs/pt/operacao/instalar.md",
    "docs/operations/postgresql.md": "docs/pt/operacao/postgresql.md",
    "docs/operations/upgrade.md": "docs/pt/operacao/atualizar.md",
    "docs/operations/backup.md": "docs/pt/operacao/copia.md",
    "docs/operations/move.md": "docs/pt/operacao/mudar.md",
    "docs/operations/watch.md": "docs/pt/operacao/observar.md",
    "docs/operations/alerts.md": "docs/pt/operacao/avisos.md",
    "docs/operations/people.md": "docs/pt/operacao/pessoas.md",
    "docs/operations/from-v01.md": "docs/pt/operacao/vindo-da-v01.md",
    "docs/updates.md": "docs/pt/atualizacoes.md",
}
NO_ROOT = {"sudo ": ""}
NO_SYSTEMD = {"systemctl ": "echo systemctl "}
"""Nobody starts services inside of a test; tests/end_to_end/test_service.py runs the service."""


@pytest.mark.parametrize(("english", "portuguese"), PAIRS.items())
def test_both_languages_give_the_same_commands(english: str, portuguese: str) -> None:
    assert shell_blocks(english) == shell_blocks(portuguese) != []


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a release."""
    folder = checkout(tmp_path_factory.mktemp("checkout"))
    released(folder)
    return folder / "out"


@pytest.mark.more
@pytest.mark.timeout(600)
def test_from_a_release_to_a_service_and_back(tmp_path: Path, release: Path) -> None:
    from_debian("pipx")
    shutil.copytree(release, tmp_path, dirs_exist_ok=True)
    (tmp_path / "etc").mkdir()
    here = {
        "/opt/": f"{tmp_path}/opt/",
        "/usr/": f"{tmp_path}/usr/",
        "/etc/": f"{tmp_path}/etc/",
        "systemd-sysusers ": f"systemd-sysusers --root={tmp_path} ",
        **NO_ROOT,
        **NO_SYSTEMD,
    }
    path = {"PATH": f"{tmp_path}/usr/local/bin{os.pathsep}{os.environ['PATH']}"}
    said = run_page("docs/operations/install.md", tmp_path, instead=here, environment=path)
    assert not (tmp_path / "usr/local/bin/yaguts").exists()

    assert "version 0.2.0" in said
    upgrade = {name: here[name] for name in ("/opt/", "/usr/", *NO_ROOT, *NO_SYSTEMD)}
    run_page("docs/operations/upgrade.md", tmp_path, instead=upgrade, environment=path)
    assert (tmp_path / "usr/local/bin/yaguts").exists()
    assert list(tmp_path.glob("etc/*.env")) == []


@pytest.mark.more
@pytest.mark.timeout(600)
def test_a_wheel_is_a_whole_server(tmp_path: Path, release: Path) -> None:
    began = time.monotonic()
    [wheel] = release.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", tmp_path / "own"], check=True)
    subprocess.run([tmp_path / "own/bin/pip", "install", "-qq", wheel], check=True)
    server = Server(tmp_path, program=tmp_path / "own/bin/yaguts")
    server.start()
    ana = Person(server, "Ana")
    try:
        ana.http.post("/app/dispensers/virtual")
        eventually(ana.online)
        recipe = ana.http.get("/receitas/").json()[2]["id"]
        assert ana.finished(ana.order(recipe, 1)["id"])["status"] == "done"
    finally:
        ana.http.close()
        server.kill()
    print(f"from the wheel to the first dose: {time.monotonic() - began:.0f} s")


def test_postgresql_and_two_servers(tmp_path: Path, postgresql: PostgreSQL) -> None:
    (tmp_path / "two-servers.conf").write_bytes(
        (ROOT / "deploy/nginx/two-servers.conf").read_bytes()
    )
    (tmp_path / "etc/nginx/sites-enabled").mkdir(parents=True)
    here = {
        "/etc/": f"{tmp_path}/etc/",
        "sudo -u postgres ": "",
        **NO_ROOT,
        **NO_SYSTEMD,
        "nginx -t": "echo nginx -t",
        "--owner yaguts": "--owner page",
        " yaguts\n": " page\n",  # the superuser of the tests has the name already
    }
    programs = f"{postgresql_programs()}{os.pathsep}{os.environ['PATH']}"
    run_page(
        "docs/operations/postgresql.md",
        tmp_path,
        instead=here,
        environment={"PATH": programs, "PGHOST": str(postgresql.folder), "PGUSER": "yaguts"},
    )

    own = postgresql.url("page").replace("yaguts@", "page@")
    data = {"YAGUTS_DATABASE_URL": own, "YAGUTS_DATA": str(tmp_path)}
    subprocess.run([YAGUTS, "db", "upgrade"], env={**os.environ, **data}, check=True)
