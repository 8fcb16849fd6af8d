"""The commands as a newcomer types them."""

import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.end_to_end.kitchen import YAGUTS, Server, eventually, free_port

IDLE_MB = 130


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


def test_the_demo_leaves_no_process_behind(tmp_path: Path) -> None:
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

        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=30)

    assert not any(Path(f"/proc/{child}").exists() for child in server_and_dispenser)
    assert "Traceback" not in output.read_text()


def test_an_idle_server_is_small(tmp_path: Path) -> None:
    server = Server(tmp_path)
    server.start()

    assert server.resident_mb() < IDLE_MB
    server.kill()


def test_the_database_is_made_and_upgraded_by_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/kitchen.db"
    for _ in range(2):
        subprocess.run(
            [YAGUTS, "db", "upgrade"], env={"YAGUTS_DATABASE_URL": url}, check=True, timeout=30
        )

    assert (tmp_path / "kitchen.db").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("YAGUTS_REGISTRATION", "maybe"), ("YAGUTS_DATABASE_URL", "oracle://x")]
)
def test_a_setting_that_cannot_be_is_named(tmp_path: Path, name: str, value: str) -> None:
    finished = subprocess.run(
        [YAGUTS, "serve", "--port", str(free_port())],
        env={name: value},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert finished.returncode != 0
    assert name in finished.stderr
    assert "Traceback" not in finished.stderr
