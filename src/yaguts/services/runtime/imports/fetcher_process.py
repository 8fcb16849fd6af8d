"""The process that fetches one page, and ends: a line of JSON in; a line of JSON and the page out.

In: `url`, `allowed` (private networks) and `ports`. Out: `fault`, or `address` and `charset` and
then the bytes. It is a process of its own because nothing can interrupt the resolving of a name,
and because whatever it connects to is checked for as long as it lives.
"""

import json
import sys

from yaguts.domain.recipe_files.faults import ImportRefused
from yaguts.services.runtime.imports.fetching import fetch
from yaguts.services.runtime.imports.limits import guarded, keep_within


def main() -> None:
    """Fetch what the input asks for."""
    asked = json.loads(sys.stdin.buffer.readline())
    keep_within(asked["memory_mb"], asked["cpu_s"])
    guard = guarded(allowed=tuple(asked["allowed"]))
    try:
        found = fetch(asked["url"], guard.insist, asked["ports"])
    except ImportRefused as error:
        _say({"fault": error.fault})
        return
    _say({"fault": None, "address": found.address, "charset": found.charset})
    sys.stdout.buffer.write(found.body)


def _say(told: dict[str, str | None]) -> None:
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n")


if __name__ == "__main__":
    main()
