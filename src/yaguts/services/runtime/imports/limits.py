"""What a process that reads something from elsewhere may take. It sets the limits for itself."""

import resource
import sys
from collections.abc import Iterable
from contextlib import suppress

from yaguts.services.runtime.alerting.guard import Guard

_MB = 1024 * 1024
_FILES = 64


def keep_within(memory_mb: int, cpu_s: int) -> None:
    """Limit this process: memory, time of the processor, files. It is killed where it exceeds one.

    Not every system knows each of them.
    """
    sys.dont_write_bytecode = True
    limits: Iterable[tuple[int, int]] = (
        (resource.RLIMIT_AS, memory_mb * _MB),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_NOFILE, _FILES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )
    for what, most in limits:
        with suppress(OSError, ValueError):
            resource.setrlimit(what, (most, most))


def guarded(*, alone: bool = False, allowed: tuple[str, ...] = ()) -> Guard:
    """A guard that stands. `alone`: nothing is reached at all."""
    guard = Guard(alone=alone)
    guard.allowed = allowed
    guard.stand()
    return guard
