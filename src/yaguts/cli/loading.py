"""Load code without looking for garbage meanwhile: there is none, and the looking takes long."""

import gc
from collections.abc import Generator
from contextlib import contextmanager


@contextmanager
def nothing_collected() -> Generator[None]:
    """For as long as code is loaded. It stays, so that nobody looks through it later either."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()
