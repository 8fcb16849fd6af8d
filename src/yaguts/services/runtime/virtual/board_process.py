"""A virtual board's process: the firmware, for as long as standard input stays open.

    python -m yaguts.services.runtime.virtual.board_process LOCK --server … --uid … --flash DIR …

LOCK is the open file of the flash's lock. One process at a time uses a flash; a second one waits
for the first, which is being ended.

The first line of standard input is the pairing code, which arguments would show to everybody on
this computer. After it standard input stands for the plug: it closes when the server ends, however
it ends, and the firmware survives that as on a board.
"""

import os
import runpy
import sys
import threading

from yaguts.services.runtime.virtual.flash_lock import wait_for


def main() -> None:
    """Run until standard input closes."""
    wait_for(int(sys.argv.pop(1)))
    sys.argv += ["--claim", sys.stdin.buffer.readline().decode("ascii").strip()]
    threading.Thread(target=_exit_with_stdin, daemon=True).start()
    runpy.run_module("yaguts_device", run_name="__main__", alter_sys=True)


def _exit_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
