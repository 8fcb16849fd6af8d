"""Two releases on a few dozen played boards: one halts within its share, one reaches all."""

from xml.etree import ElementTree as ET

import pytest

from benchmarks.rollout import Play
from benchmarks.rollout_drawing import draw
from yaguts.domain.firmware.release import LEFT_IT
from yaguts.domain.firmware.rollout import HaltReason
from yaguts.services.dispensers.updates import publishing

BOARDS = 40


@pytest.mark.more
def test_a_bad_release_halts_and_outages_halt_no_good_one() -> None:
    played = Play(BOARDS)
    played.play()

    mended, bad = publishing.states(played.site)
    assert bad.published.rollout.halted == HaltReason.LEFT
    assert (
        len(bad.updates) <= BOARDS * bad.published.rollout.percent // 100 or len(bad.updates) == 1
    )
    assert any(one.state in LEFT_IT for one in bad.updates)
    assert mended.published.rollout.halted is None
    assert played.samples[-1].runs[3] >= 0.95 * BOARDS
    assert "server off" in [mark.text for mark in played.marks]
    ET.fromstring(draw(played.samples, played.marks, BOARDS))
