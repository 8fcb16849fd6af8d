"""Every driver in MicroPython, from the files that go onto a board."""

import json
import os
import subprocess
from pathlib import Path

from tests.support.device.vms import SCRIPTS, command
from tests.yaguts_device.hal.wirings import WIRINGS
from yaguts.services.firmware.board_tree import build, write


def test_each_driver_opens_and_closes_a_jar(tmp_path: Path) -> None:
    write(build(), tmp_path / "board")
    done = subprocess.run(
        [*command("micropython"), SCRIPTS / "every_driver.py"],
        env={**os.environ, "MICROPYPATH": ".frozen:board"},
        cwd=tmp_path,
        input=json.dumps(WIRINGS) + "\n",
        capture_output=True,
        check=False,
        text=True,
    )

    assert done.returncode == 0, done.stdout + done.stderr
    told = [line.split() for line in done.stdout.splitlines()]
    assert [line[0] for line in told] == sorted(WIRINGS)
    for name, runs, _fault, unused, left in told:
        assert (runs, unused, left) == ("True", "True", "0"), name
