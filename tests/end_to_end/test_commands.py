"""The commands, as a new user types them."""

import re
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.processes.kitchen import YAGUTS, eventually, free_port


def test_the_demo_dispenses_one_job_and_ends(tmp_path: Path) -> None:
    finished = subprocess.run(
        [YAGUTS, "demo", "--once", "--port", str(free_port())],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )

    assert finished.returncode == 0, finished.stdout + finished.stderr
    assert "done" in finished.stdout
    assert all(spice in finished.stdout for spice in ("Sal", "Pimenta", "Alho em pó", "Orégano"))
    assert re.search(r"6\.00 g .* 250\.00 g .* 244\.00 g", finished.stdout)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def _signals_are_heard() -> Iterator[None]:
    """Who runs in the background may ignore SIGINT, or SIGHUP, and its children inherit that."""
    before = {
        signal.SIGINT: signal.signal(signal.SIGINT, signal.default_int_handler),
        signal.SIGHUP: signal.signal(signal.SIGHUP, signal.SIG_DFL),
    }
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.usefixtures("_signals_are_heard")
@pytest.mark.parametrize(
    "how",
    [
        signal.SIGTERM,
        *(pytest.param(each, marks=pytest.mark.more) for each in (signal.SIGINT, signal.SIGHUP)),
    ],
)
def test_the_demo_leaves_no_process_behind(tmp_path: Path, how: signal.Signals) -> None:
    output = tmp_path / "output"
    with (
        output.open("wb") as file,
        subprocess.Popen(
            [YAGUTS, "demo", "--port", str(free_port())], stdout=file, stderr=file
        ) as demo,
    ):
        children = Path(f"/proc/{demo.pid}/task/{demo.pid}/children")
        eventually(lambda: len(children.read_text().split()) == 2)
        server_and_dispenser = children.read_text().split()
        # Until it runs its own command, a child has the command line of the demo.
        serves, dispenses = (Path(f"/proc/{child}/cmdline") for child in server_and_dispenser)
        eventually(lambda: "serve" in serves.read_text())
        eventually(lambda: "device" in dispenses.read_text())
        lines = [serves.read_text(), dispenses.read_text()]

        demo.send_signal(how)
        demo.wait(timeout=30)

    assert not any(Path(f"/proc/{child}").exists() for child in server_and_dispenser)
    assert "Traceback" not in output.read_text()
    # Everybody on the computer can read it: the pairing code is not there.
    assert [re.findall(r"--claim\0([^\0]*)", line) for line in lines] == [[], ["-"]]
