"""A virtual board's process: the firmware, for as long as standard input stays open.

    python -m yaguts.services.runtime.virtual.board_process --server … --uid … --flash DIR …

The first line of standard input is the pairing code, which arguments would show to everybody on
this computer. After it standard input stands for the plug: it closes when the server ends, however
it ends, and the firmware survives that as on a board. One process at a time uses a flash; a second
one ends at once.
"""

import os
import runpy
import sys
import threading
from pathlib import Path

from yaguts.services.runtime.virtual.flash_lock import used


def main() -> None:
    """Run until standard input closes."""
    flash = Path(sys.argv[sys.argv.index("--flash") + 1])
    flash.mkdir(parents=True, exist_ok=True)
    with used(flash) as is_free:
        if not is_free:
            return
        sys.argv += ["--claim", sys.stdin.buffer.readline().decode("ascii").strip()]
        threading.Thread(target=_exit_with_stdin, daemon=True).start()
        runpy.run_module("yaguts_device", run_name="__main__", alter_sys=True)


def _exit_with_stdin() -> None:
    sys.stdin.buffer.read()
    os._exit(0)


if __name__ == "__main__":
    main()
