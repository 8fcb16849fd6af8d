"""deploy/systemd: the unit is sound, and its server works with what the unit leaves it.

There is no systemd in charge of a test. The command of the unit runs with the unit's environment,
umask, account and read-only file system, without new privileges, and with no memory that is both
writable and executable. The filter of system calls is read by `systemd-analyze` alone.
"""

import os
import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.components import ROOT, from_debian, missing
from tests.support.processes.kitchen import YAGUTS, Person, Server, eventually

UNIT = ROOT / "deploy/systemd/yaguts.service"
INSTALLED = "/usr/local/bin/yaguts"
STATE = "/var/lib/yaguts"
MOST_EXPOSED = "20"
"""Of 100; the unit has 14, as docs/operations/install.md says."""
ACCOUNT = "65534"
LIMITED = """
import ctypes, os, sys
PR_SET_MDWE, REFUSE_EXEC_GAIN = 65, 1
if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0):
    print("no MDWE:", os.strerror(ctypes.get_errno()), file=sys.stderr)
os.execvp(sys.argv[1], sys.argv[1:])
"""
SANDBOX = """
set -eu
mount --bind "$STATE" /var/lib/yaguts
mount -t tmpfs -o mode=1777 none /var/tmp
mount --bind / /
mount -o remount,bind,ro /
mount -o remount,bind,rw /var/lib/yaguts
umask "$UMASK"
exec setpriv --reuid "$ACCOUNT" --regid "$ACCOUNT" --clear-groups --no-new-privs \
    --bounding-set=-all --inh-caps=-all "$@"
"""


def settings(name: str) -> list[str]:
    """The values of a setting of the unit, in order."""
    return re.findall(rf"^{name}=(.*)$", UNIT.read_text("utf-8"), re.MULTILINE)


@pytest.fixture
def unit(tmp_path: Path) -> Path:
    """The unit with the `yaguts` of this checkout."""
    text = UNIT.read_text("utf-8")
    assert INSTALLED in text
    unit = tmp_path / "yaguts.service"
    unit.write_text(text.replace(INSTALLED, YAGUTS), "utf-8")
    return unit


def test_systemd_understands_the_unit(unit: Path) -> None:
    analyze = from_debian("systemd-analyze")
    done = subprocess.run([analyze, "verify", unit], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_unit_exposes_little(unit: Path) -> None:
    words = ["security", "--offline=true", f"--threshold={MOST_EXPOSED}", "--no-pager", str(unit)]
    done = subprocess.run(
        [from_debian("systemd-analyze"), *words], check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stdout
    exposure = re.search(r"Overall exposure level for yaguts.service: (\S+)", done.stdout)
    assert exposure
    for page in ("docs/operations/install.md", "docs/pt/operacao/instalar.md"):
        told = (ROOT / page).read_text("utf-8").replace(",", ".")
        assert f"`systemd-analyze security`: {exposure[1]}" in told


def test_the_account_has_no_password_shell_or_home(tmp_path: Path) -> None:
    file = ROOT / "deploy/systemd/yaguts.sysusers"
    (tmp_path / "etc").mkdir()
    with file.open("rb") as lines:
        subprocess.run(
            [from_debian("systemd-sysusers"), f"--root={tmp_path}", "-"], stdin=lines, check=True
        )
    name, _, _, _, _, home, shell = (tmp_path / "etc/passwd").read_text().strip().split(":")
    assert [name] == settings("User")
    assert (home, shell) == ("/nonexistent", "/usr/sbin/nologin")


class Service(Server):
    """`yaguts serve` as the unit starts it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._database(folder)
        [command] = settings("ExecStart")
        command = command.replace(INSTALLED, YAGUTS).replace("0.0.0.0", "127.0.0.1")
        inside = ["python3", "-c", LIMITED, *command.split(), "--port", str(self.port)]
        [umask] = settings("UMask")
        self._arguments = ["unshare", "--mount", "sh", "-c", SANDBOX, "sh", *inside]
        own = dict(line.split("=", 1) for line in settings("Environment"))
        assert own["YAGUTS_DATA"] == STATE
        outside = {"STATE": str(folder), "UMASK": umask, "ACCOUNT": ACCOUNT}
        path = f"{Path(YAGUTS).parent}:{os.environ['PATH']}"
        kept = {"PATH": path, "HOME": "/nonexistent", "TMPDIR": "/var/tmp"}
        self._environment = {**kept, **own, **outside}

    def _database(self, folder: Path) -> None:
        (folder / "yaguts.db").unlink()  # the service makes its own
        os.chown(folder, int(ACCOUNT), int(ACCOUNT))

    def start(self) -> None:
        with self._log.open("ab") as output:
            self._child = subprocess.Popen(
                self._arguments,
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        eventually(self.answers)

    def stop(self) -> int:
        assert self._child is not None
        self._child.terminate()
        status = self._child.wait(20)
        self._child = None
        return status


@pytest.fixture
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    if os.geteuid() != 0:
        missing("root", "only root may lay a read-only file system over this one: run as root")
    from_debian("unshare")
    made = not Path(STATE).exists()
    Path(STATE).mkdir(exist_ok=True)
    service = Service(tmp_path_factory.mktemp("state"))
    service.start()
    yield service
    service.kill()
    if made:
        Path(STATE).rmdir()


def test_a_service_serves_a_first_dose_and_writes_into_its_folder_alone(service: Service) -> None:
    ana = Person(service, "Ana")
    with closing(ana.http):
        ana.http.post("/app/dispensers/virtual")
        eventually(ana.online)
        ana.http.put("/config/motor", json={"pre_start_delay_ms": 0, "post_stop_delay_ms": 0})
        recipe = ana.http.get("/receitas/").json()[2]["id"]
        assert ana.finished(ana.order(recipe, 1)["id"])["status"] == "done"

    assert service.stop() in (0, -signal.SIGTERM)  # to systemd both are a clean end
    log = service.folder / "server.log"
    files = [
        path for path in service.folder.rglob("*") if path.is_file() and path.name != "server.log"
    ]
    assert {path.name for path in files} >= {"yaguts.db", "yaguts.db.key", "yaguts.db.mark"}
    assert {oct(path.stat().st_mode & 0o077) for path in files} == {"0o0"}
    assert {path.stat().st_uid for path in files} == {int(ACCOUNT)}
    assert "no MDWE" not in log.read_text()
