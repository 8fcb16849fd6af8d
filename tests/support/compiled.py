"""Compile each statement once for all the databases of a test run, not once for each of them."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from sqlalchemy import create_engine

from yaguts.storage.db import database

Key = tuple[Any, ...]


class ByKind(dict[Key, Any]):
    """SQLAlchemy's cache, whose keys begin with a dialect. Each engine has one of its own."""

    def get(self, key: Key, default: Any = None) -> Any:
        return super().get(_of_its_kind(key), default)

    def __setitem__(self, key: Key, compiled: Any) -> None:
        super().__setitem__(_of_its_kind(key), compiled)


@contextmanager
def compiled_once() -> Generator[None]:
    """Compiling a statement takes longer than to run it, and most tests run each but once."""
    together = partial(create_engine, execution_options={"compiled_cache": ByKind()})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "create_engine", together)
        yield


def _of_its_kind(key: Key) -> Key:
    return (key[0].name, *key[1:])
