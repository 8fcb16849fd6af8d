"""The pace of whoever watches: a change that comes alone is told at once, many come together."""

import asyncio

MERGED_S = 0.5
"""What happens within this time is told together."""
AT_ONCE = 2
"""So many changes may follow each other before the pace is kept."""


class Pace:
    """The pace of one watcher. It belongs to the event loop in which it was made."""

    def __init__(self) -> None:
        self._spare, self._at = float(AT_ONCE), asyncio.get_running_loop().time()

    async def keep(self) -> None:
        """Wait when there were too many changes lately."""
        before, self._at = self._at, asyncio.get_running_loop().time()
        self._spare = min(AT_ONCE, self._spare + (self._at - before) / MERGED_S) - 1
        if self._spare < 0:
            await asyncio.sleep(-self._spare * MERGED_S)
