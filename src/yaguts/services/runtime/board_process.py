"""The firmware in this process, for as long as somebody holds the other end of standard input.

    python -m yaguts.services.runtime.board_process --server … --uid … --flash DIR …

That end is the plug: when the server that started this ends, however it ends, it is pulled. The
firmware survives that as a board does. One process at a time has a flash; another ends at once.
"""

import fcntl
import os
import runpy
import sys
import threading
from pathlib import Path


def main() -> None:
    """Run until the plug is pulled."""
    flash = Path(sys.argv[sys.argv.index("--flash") + 1])
    flash.mkdir(parents=True, exist_ok=True)
    with (flash / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return
        threading.Thread(target=_await_plug, daemon=True).start()
        runpy.run_module("yaguts_device", run_name="__main__", alter_sys=True)


def _await_plug() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
