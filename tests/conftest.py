"""Hypothesis draws the same examples every time: what is red here is red everywhere."""

import gc
import os
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.support.databases import Databases
from tests.support.postgresql import PostgreSQL

IN_MEMORY = Path("/dev/shm")
"""No test pulls the plug of this machine: what they write need not reach a disk."""
if IN_MEMORY.is_dir():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(IN_MEMORY))

# Servers are started by the dozen: what Python compiles for the first is kept for the others.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

settings.register_profile("yaguts", deadline=None, derandomize=True, database=None)
settings.load_profile("yaguts")


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage again and again takes long."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql() -> Generator[PostgreSQL]:
    """The one server, started by the first test that asks for it."""
    server = PostgreSQL()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> Databases:
    """Databases of both kinds."""
    return Databases(lambda: request.getfixturevalue("postgresql"))
