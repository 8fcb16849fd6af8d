"""Ask an https server for the time and say whether that was an answer. Runs on both Pythons.

usage: one_call.py ADDRESS AUTHORITY.der FOLDER call|date|"unchecked date"
"""

import asyncio
import sys

from yaguts_device.hal.virtual import VirtualBoard
from yaguts_device.net.address import parse_url
from yaguts_device.net.date import server_date
from yaguts_device.net.errors import LinkError, WrongDates
from yaguts_device.net.link import Link


async def main(address, authority, folder, what):
    """Print "answered", "wrong dates" or "refused"."""
    with open(authority, "rb") as file:  # noqa: PTH123  (MicroPython has no pathlib)
        board = VirtualBoard("v-1", folder, authority=file.read())
    link = Link(board, parse_url(address))
    try:
        asked = (
            link.call("GET", "/time")
            if what == "call"
            else server_date(board, link, what == "date")
        )
        print("answered", await asked)
    except WrongDates as error:
        print("wrong dates", error)
    except LinkError as error:
        print("refused", error)


asyncio.run(main(*sys.argv[1:]))
