"""What tests of whole kitchens share."""

from collections.abc import Generator

import pytest

from tests.yaguts_sim.story import Begin, Story
from yaguts_sim.faults.kinds import Fault
from yaguts_sim.server.harness import one_thread
from yaguts_sim.setup.shared import setup_of_this_process


@pytest.fixture
def begin() -> Generator[Begin]:
    """Begin a story. No promise may be broken at its end."""
    begun: list[Story] = []

    def begin(*faults: Fault, boards: int = 1) -> Story:
        begun.append(Story(setup_of_this_process(), faults, boards))
        return begun[-1]

    with one_thread():
        yield begin
        assert [story.end() for story in begun] == [[] for _ in begun]
