"""Run `yaguts` and kill it, as a pulled plug would, at its n-th step. `0` counts them.

A step is a file that is opened to be written, renamed or removed, a folder that is made or removed,
a database of SQLite's that is opened, a program that is started: whatever Python tells its audit
hooks. It counts from the first lock on.
"""

import os
import signal
import sys

STEPS = {"os.rename", "os.remove", "os.mkdir", "os.rmdir", "sqlite3.connect", "subprocess.Popen"}
WRITTEN = os.O_WRONLY | os.O_RDWR | os.O_CREAT


class Kill:
    """Counts steps, and kills at one of them."""

    def __init__(self, at: int) -> None:
        self.at, self.count, self.begun = at, 0, False

    def hear(self, event: str, arguments: tuple[object, ...]) -> None:
        self.begun = self.begun or event == "fcntl.flock"
        if not self.begun:
            return
        flags = arguments[2] if event == "open" else 0
        if event in STEPS or (isinstance(flags, int) and flags & WRITTEN):
            self.count += 1
            if self.count == self.at:
                os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    kill = Kill(int(sys.argv.pop(1)))
    sys.addaudithook(kill.hear)
    from yaguts.cli import main

    try:
        main()
    finally:
        print(f"steps: {kill.count}")
