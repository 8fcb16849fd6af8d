"""`yaguts simulate` as a person runs it."""

import json
import re
import shlex
from contextlib import nullcontext

import pytest
from click.testing import CliRunner, Result

from yaguts_sim.faults.kinds import FaultKind
from yaguts_sim.mutants.mutant import active
from yaguts_sim.mutants.table import MUTANTS
from yaguts_sim.runner import command
from yaguts_sim.runner.command import play_seeds, simulate
from yaguts_sim.runner.history import HistoryResult, play
from yaguts_sim.setup.script import Script, draw_script
from yaguts_sim.setup.shared import SharedSetup

LINE = re.compile(r"^yaguts (simulate --seeds 1 --start \d+ --faults .*)$", re.MULTILINE)


def run_with(*arguments: str) -> Result:
    return CliRunner().invoke(simulate, arguments)


@pytest.mark.more
def test_a_broken_promise_ends_in_a_line_that_plays_it_again_with_few_faults() -> None:
    mutant = MUTANTS["question not journaled"]
    more = [word for kind, rate in mutant.rates.items() for word in ("--rate", f"{kind}={rate}")]
    with active(mutant):
        broken = run_with("--seeds", "30", "--workers", "1", *more)
        line = LINE.search(broken.stdout)
        assert line is not None, broken.output
        again = run_with(*shlex.split(line[1])[1:])
    mended = run_with(*shlex.split(line[1])[1:])

    assert broken.exit_code == again.exit_code == 1
    promise = re.search(r"^I\d: .*", again.stdout, re.MULTILINE)
    assert promise is not None
    assert promise[0] in broken.stderr
    told = shlex.split(line[1])
    seed, kept = int(told[told.index("--start") + 1]), told[told.index("--faults") + 1].split(",")
    assert len(kept) < len(draw_script(seed, mutant.rates).faults)
    for who in ("dispenser 1", "line 1", "BROKEN", "FAULT"):
        assert who in broken.stderr
    assert (mended.exit_code, re.search(r"^I\d", mended.stdout, re.MULTILINE)) == (0, None)


def test_a_seed_that_breaks_only_once_is_told_of(monkeypatch: pytest.MonkeyPatch) -> None:
    mutants = [MUTANTS["promise not moved"]]

    def play_once_broken(setup: SharedSetup, script: Script) -> HistoryResult:
        with active(mutants.pop()) if mutants else nullcontext():
            return play(setup, script)

    monkeypatch.setattr(command, "play", play_once_broken)
    ended = run_with("--seeds", "1", "--workers", "1", "--json")

    assert ended.exit_code == 1
    assert "seed 0 is not broken when played again" in ended.stderr
    assert json.loads(ended.stdout.splitlines()[-1])["broken_seeds"] == [0]


def test_it_ends_with_one_line_of_json() -> None:
    ended = run_with("--seeds", "4", "--start", "7", "--workers", "1", "--json")

    told = json.loads(ended.stdout.splitlines()[-1])
    tally = play_seeds(range(7, 11))
    assert ended.exit_code == 0
    assert told.pop("histories_per_second") > 0
    assert told == {
        "seeds": 4,
        "virtual_hours": round(tally.virtual_s / 3600, 1),
        "faults": {kind: tally.faults[kind] for kind in FaultKind if tally.faults[kind]},
        "jobs_finished": tally.jobs,
        "violations": 0,
        "largest_shortfall_slices": tally.shortfall_slices,
        "broken_seeds": [],
    }


@pytest.mark.more
def test_several_processes_play_what_one_would(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "_CHUNK", 2)
    ended = run_with("--seeds", "4", "--workers", "2", "--json")

    told, tally = json.loads(ended.stdout.splitlines()[-1]), play_seeds(range(4))
    assert (told["seeds"], told["jobs_finished"]) == (4, tally.jobs)
    assert told["faults"] == {kind: tally.faults[kind] for kind in FaultKind if tally.faults[kind]}


def test_a_kind_of_fault_may_come_more_often_or_never() -> None:
    usual = ("--seeds", "3", "--workers", "1", "--json")
    more = run_with(*usual, "--rate", "nonsense request=2", "--rate", "person orders again=0")

    faults = json.loads(more.stdout.splitlines()[-1])["faults"]
    assert faults["nonsense request"] >= 3
    assert "person orders again" not in faults


@pytest.mark.parametrize("rate", ["power", "power cut", "power cut=", "power cut=-1", "x=1"])
def test_a_rate_that_is_none_is_refused(rate: str) -> None:
    refused = run_with("--rate", rate)

    assert refused.exit_code == 2
    assert "power cut" in refused.stderr


@pytest.mark.parametrize("option", ["--seeds=0", "--start=-1", "--workers=0", "--faults=three"])
def test_a_number_that_is_none_is_refused(option: str) -> None:
    assert run_with(option).exit_code == 2
