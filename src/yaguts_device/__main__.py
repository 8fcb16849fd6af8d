"""The virtual dispenser: this firmware in a process, under CPython or MicroPython.

    python -m yaguts_device --server http://127.0.0.1:8000 --uid virtual-1 --flash ./flash
        [--claim CODE] [--relay-log FILE] [--jars N] [--ca FILE.der] [--portal PORT] [--slots DIR]

`--claim` is the pairing code; `-` reads it from standard input, because everybody can read
arguments. `--flash` is the folder that stands for the flash. Each relay edge is appended to the
file `--relay-log`. `--ca` is the authority (DER) that signs an https server's certificate. With
`--portal` and no `--server` it is set up in its portal, at that port of this machine; the port
after it answers DNS. `--slots` is the folder that stands for the root of its file system, with two
slots: it then takes updates, and a reset ends the process with `RESET_STATUS`, for whoever restarts
it.
"""

import asyncio
import sys

from yaguts_device.hal.virtual import Reset, VirtualBoard
from yaguts_device.net.address import parse_url
from yaguts_device.starting import start

OPTIONS = ("server", "uid", "flash", "claim", "relay-log", "jars", "ca", "portal", "slots")
RESET_STATUS = 75


def read_options(arguments: "list[str]") -> "dict[str, str]":
    """{"server": …} of `--server …`. ValueError when an option is unknown or missing."""
    options = {"claim": "", "relay-log": "", "jars": "16", "ca": "", "portal": "0", "slots": ""}
    for place in range(0, len(arguments), 2):
        name = arguments[place][2:]
        if arguments[place][:2] != "--" or name not in OPTIONS or place + 1 == len(arguments):
            raise ValueError("not understood: " + arguments[place])
        options[name] = arguments[place + 1]
    for name in ("server", "uid", "flash"):
        if name not in options and (name != "server" or options["portal"] == "0"):
            raise ValueError("missing: --" + name)
    if "server" in options:
        parse_url(options["server"])
    return options


def main(arguments: "list[str]") -> None:
    """Run until killed. A reset of the board starts the firmware again in the same process."""
    options = read_options(arguments)
    code = options["claim"]
    if code == "-":
        code = sys.stdin.readline().strip()
    authority = b""
    if options["ca"]:
        with open(options["ca"], "rb") as file:
            authority = file.read()
    while True:
        board = VirtualBoard(
            options["uid"],
            options["flash"],
            options["relay-log"],
            int(options["jars"]),
            authority,
            options.get("server", ""),
            int(options["portal"]),
        )
        board.root = options["slots"]
        board.slot = _slot_in(board.root)
        try:
            asyncio.run(start(board, code))
        except Reset:
            if options["slots"]:
                sys.exit(RESET_STATUS)


def _slot_in(root: str) -> str:
    """The slot that the firmware runs from, as the loader put it."""
    for slot in "ab":
        if root and root + "/" + slot in sys.path:
            return slot
    return ""


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ValueError as error:
        print("yaguts_device: %s" % error)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
