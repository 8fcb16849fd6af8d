"""Make MicroPython's unix port an ESP32 with its file system in a folder. Runs in MicroPython.

usage: micropython -i start.py FAKES HAL NVS CAUSE [main]
"""

import sys

import micropython

micropython.kbd_intr(-1)  # Ctrl-C ends it, and `UsbBoard` starts it again: no board hears it yet

fakes, hal, nvs, cause = sys.argv[1:5]
sys.path[:] = [fakes, hal, ".frozen"]

import board_socket  # noqa: E402
import board_sys  # noqa: E402
import board_time  # noqa: E402
import esp32  # noqa: E402
import machine  # noqa: E402
import network  # noqa: E402, F401
import ntptime  # noqa: E402, F401
import vfs  # noqa: E402
from board_files import BoardFiles  # noqa: E402

sys.modules["sys"] = board_sys
sys.modules["socket"] = board_socket
sys.modules["time"] = board_time
machine.CAUSE = int(cause)
esp32.FOLDER = "/.nvs"
vfs.umount("/")
vfs.mount(BoardFiles("."), "/")
vfs.mount(BoardFiles(nvs), "/.nvs")
sys.path[:] = ["", ".frozen", "/lib"]


micropython.kbd_intr(3)


def run(name):
    """Run a file of the root as the board does at its start."""
    try:
        with open(name) as file:
            text = file.read()
    except OSError:
        return
    try:
        exec(compile(text, name, "exec"), {"__name__": "__main__"})
    except Exception as error:
        sys.print_exception(error)
    except KeyboardInterrupt:
        print("KeyboardInterrupt")


run("boot.py")
if sys.argv[5:] == ["main"]:
    run("main.py")
