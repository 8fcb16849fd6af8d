"""The hash of a history's facts: equal for equal histories, another for any other fact."""

import pytest

from yaguts_sim.runner.facts import Facts, facts_of
from yaguts_sim.runner.history import play
from yaguts_sim.server.harness import one_thread
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_sim.setup.script import draw_script
from yaguts_sim.setup.shared import setup_of_this_process

SEED = 7


def digest_of(seed: int, kind: type[Facts] = Facts) -> str:
    with one_thread():
        recorded = kind()
        play(setup_of_this_process(), draw_script(seed, {}), facts=recorded)
    return recorded.digest()


def test_the_same_seed_has_the_same_facts() -> None:
    assert facts_of(range(SEED, SEED + 2)) == facts_of(range(SEED, SEED + 2))
    assert digest_of(SEED) == digest_of(SEED)


def test_another_seed_has_other_facts() -> None:
    assert digest_of(SEED) != digest_of(SEED + 1)


class WithAnotherRow(Facts):
    def finish(self, kitchen: SimKitchen) -> None:
        kitchen.host.server.kill()
        connection = kitchen.host.harness.database.connection
        connection.execute("UPDATE jars SET rate_ug_s = rate_ug_s + 1 WHERE number = 1")
        connection.commit()
        super().finish(kitchen)


class WithALongerPour(Facts):
    def finish(self, kitchen: SimKitchen) -> None:
        scales = kitchen.machines[0].scales
        scales.open(1, kitchen.world.now, None)
        scales.close(1, kitchen.world.now + 1)
        super().finish(kitchen)


@pytest.mark.parametrize("kind", [WithAnotherRow, WithALongerPour])
def test_one_other_fact_is_another_hash(kind: type[Facts]) -> None:
    assert digest_of(SEED, kind) != digest_of(SEED)


def test_wording_is_no_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    expected = digest_of(SEED)
    monkeypatch.setattr("yaguts_sim.engine.timeline.Timeline.note", lambda *_: None)
    assert digest_of(SEED) == expected
