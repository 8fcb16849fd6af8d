"""Of several processes one does the chores, and another takes them over when it ends."""

import signal
import subprocess
import sys
from pathlib import Path

from yaguts.services.runtime.chores import Chores

_HOLDS_THEM = """
import sys
from pathlib import Path
from yaguts.services.runtime.chores import Chores
chores = Chores(Path(sys.argv[1]))
print(chores.are_ours(), flush=True)
sys.stdin.read()
"""


def test_they_are_those_of_a_process_alone() -> None:
    assert Chores(None).are_ours()


def test_one_has_them_until_it_ends(tmp_path: Path) -> None:
    one, other = (Chores(tmp_path / "lock") for _ in range(2))

    assert [one.are_ours(), other.are_ours(), one.are_ours()] == [True, False, True]
    one.close()
    assert other.are_ours()
    assert not one.are_ours()
    other.close()


def test_a_killed_process_leaves_them(tmp_path: Path) -> None:
    file, piped = tmp_path / "lock", subprocess.PIPE
    words = [sys.executable, "-c", _HOLDS_THEM, str(file)]
    with subprocess.Popen(words, stdin=piped, stdout=piped, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "True\n"
        ours = Chores(file)
        assert not ours.are_ours()

        process.send_signal(signal.SIGKILL)
        process.wait()
        assert ours.are_ours()
        ours.close()
