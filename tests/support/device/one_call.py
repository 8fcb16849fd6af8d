"""Ask an https server for the time and say whether that was an answer. Runs on both Pythons.

usage: one_call.py ADDRESS AUTHORITY.der FOLDER
"""

import asyncio
import sys

from yaguts_device.hal.virtual import VirtualBoard
from yaguts_device.net.errors import LinkError
from yaguts_device.net.link import Link, parse_url


async def main(address, authority, folder):
    """Print "answered" or "refused"."""
    with open(authority, "rb") as file:  # noqa: PTH123  (MicroPython has no pathlib)
        board = VirtualBoard("v-1", folder, authority=file.read())
    try:
        print("answered", await Link(board, parse_url(address)).call("GET", "/time"))
    except LinkError as error:
        print("refused", error)


asyncio.run(main(*sys.argv[1:]))
