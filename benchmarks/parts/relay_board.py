"""A dispenser that says when it calls, when it is answered and when a relay goes on.

Arguments: the server's address, the board's uid, the flash folder, the pairing code. It prints a
line of JSON each: {"what": "asks", "for": "next_job"}, {"what": "next_job", "began": …, "ended": …}
and {"what": "relay", "at": …}, in microseconds of unix time.
The firmware is what a board runs, in MicroPython. Only its board and its client are watched, and it
takes more than thirty new jobs in an hour.
"""

import asyncio
import json
import sys
import time

from yaguts_device.flow.offer_limit import OfferLimit
from yaguts_device.hal.virtual import VirtualBoard
from yaguts_device.net.server import ServerClient
from yaguts_device.starting import start

_call = ServerClient.call


def now_us() -> int:
    """Unix time in microseconds."""
    return time.time_ns() // 1000


async def watched_call(self, method, path, *rest):  # type: ignore[no-untyped-def]
    """Call, and say when it began and ended."""
    what = path.split("?")[0].split("/")[-1]
    began = now_us()
    print(json.dumps({"what": "asks", "for": what}))
    answer = await _call(self, method, path, *rest)
    print(json.dumps({"what": what, "began": began, "ended": now_us()}))
    return answer


class WatchedBoard(VirtualBoard):
    """A board that says when a relay goes on."""

    def open(self, jar: int, for_ms: int) -> None:
        at = now_us()
        super().open(jar, for_ms)
        print(json.dumps({"what": "relay", "at": at}))


OfferLimit.is_left = lambda _self: True  # type: ignore[method-assign]
ServerClient.call = watched_call  # type: ignore[method-assign]
server, uid, folder, code = sys.argv[1:]
asyncio.run(start(WatchedBoard(uid, folder, server=server), code))
