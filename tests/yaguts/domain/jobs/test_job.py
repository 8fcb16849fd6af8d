"""The job machine, every pair of it; and what no order of events can bring about."""

from datetime import timedelta
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import NOW, a_job
from yaguts.domain.errors import NotPossibleNow
from yaguts.domain.jobs.job import (
    ACTIVE,
    FINAL,
    TABLE,
    UNDER_WAY,
    WAITING,
    DoseStatus,
    Effect,
    Failure,
    Job,
    JobEvent,
    JobState,
    advance,
    transition,
)

# One row a state, one column an event; "-" is refused, "." leaves everything as it is.
# The letters: q o r c are queued, offered, running, cancelling; D P F X are done, done_partial,
# failed, canceled; "here" is stopped at the dispenser; a + releases what is held, a ! settles it.
COLUMNS = (
    "offered fetched accepted cancelled expired silent restored done partly failed stopped again"
)
WALK = {
    JobState.QUEUED: "o  r  r  X+ F+ .  X+ D! P! F! X! .",
    JobState.OFFERED: "o  r  r  X+ F+ .  X+ D! P! F! X! .",
    JobState.RUNNING: "-  -  r  c  .  F+ F+ D! P! F! X! .",
    JobState.CANCELLING: "-  -  -  .  .  X+ X+ X! X! X! X! .",
    JobState.DONE: "-  -  -  .  .  .  .  .  .  .  .  .",
    JobState.DONE_PARTIAL: "-  -  -  .  .  .  .  .  .  .  .  .",
    JobState.FAILED: "-  -  -  .  .  .  .  D! P! F! X! .",
    JobState.CANCELED: "-  -  -  .  .  .  .  X! X! X! X! .",
}
LETTERS = dict(zip("qorcDPFX", JobState, strict=True))
EFFECTS = {"": Effect.NONE, "+": Effect.RELEASE, "!": Effect.SETTLE}


@pytest.mark.parametrize(("state", "event"), list(product(JobState, JobEvent)))
def test_every_pair(state: JobState, event: JobEvent) -> None:
    expected = WALK[state].split()[list(JobEvent).index(event)]

    if expected == "-":
        with pytest.raises(NotPossibleNow):
            transition(state, event)
    elif expected == ".":
        assert transition(state, event) == (state, Effect.NONE)
    else:
        assert transition(state, event) == (LETTERS[expected[0]], EFFECTS[expected[1:]])


def test_the_table_has_a_row_for_every_state() -> None:
    assert TABLE.keys() == set(JobState)
    assert set(JobState) == WAITING | UNDER_WAY | FINAL
    assert ACTIVE.isdisjoint(FINAL)


def test_an_event_that_changes_nothing_keeps_the_version() -> None:
    job = a_job(state=JobState.RUNNING)

    assert advance(job, JobEvent.ACCEPTED, NOW + timedelta(minutes=1)) == (job, Effect.NONE)


def test_a_started_job_remembers_when_it_began() -> None:
    later = NOW + timedelta(minutes=1)
    running, _ = advance(a_job(), JobEvent.FETCHED, NOW)
    cancelling, _ = advance(running, JobEvent.CANCELLED, later)

    assert (running.version, running.started_at, running.heard_at) == (2, NOW, NOW)
    assert (cancelling.version, cancelling.started_at, cancelling.heard_at) == (3, NOW, later)


@pytest.mark.parametrize(
    ("state", "event", "failure"),
    [
        (JobState.QUEUED, JobEvent.EXPIRED, Failure.EXPIRED),
        (JobState.OFFERED, JobEvent.CANCELLED, Failure.CANCELLED),
        (JobState.RUNNING, JobEvent.FELL_SILENT, Failure.UNCONFIRMED),
        (JobState.CANCELLING, JobEvent.FELL_SILENT, Failure.UNCONFIRMED),
    ],
)
def test_a_job_that_is_given_up_says_why_item_by_item(
    state: JobState, event: JobEvent, failure: Failure
) -> None:
    job, effect = advance(a_job(doses=2, state=state), event, NOW)

    assert effect == Effect.RELEASE
    assert (job.failure, job.finished_at, job.reported) == (failure, NOW, False)
    assert [(i.status, i.failure, i.fell_at_most_mg) for i in job.doses] == [
        (DoseStatus.FAILED, failure, None)
    ] * 2


def test_a_late_report_is_the_truth_after_all() -> None:
    lost, _ = advance(a_job(state=JobState.RUNNING), JobEvent.FELL_SILENT, NOW)
    late, effect = advance(lost, JobEvent.REPORTED_DONE, NOW + timedelta(hours=3))

    assert (late.state, late.failure, effect) == (JobState.DONE, None, Effect.SETTLE)
    assert late.finished_at == NOW


def test_the_longest_run_counts_the_motors_pauses() -> None:
    assert a_job(doses=3).longest_run == timedelta(milliseconds=1000 + 2000 + 3000 + 3 * 800)


@given(st.lists(st.sampled_from(list(JobEvent)), max_size=12))
def test_whatever_happens_a_job_is_settled_once_and_then_stays_as_it_is(
    events: list[JobEvent],
) -> None:
    job, effects, settled = a_job(), [], None
    for event in events:
        try:
            job, effect = advance(job, event, NOW)
        except NotPossibleNow:
            continue
        effects.append(effect)
        if effect == Effect.SETTLE:
            settled = job
        _insist_on_sense(job)
    assert effects.count(Effect.SETTLE) <= 1
    assert effects.count(Effect.RELEASE) <= 1
    assert settled is None or job == settled


def _insist_on_sense(job: Job) -> None:
    assert (job.finished_at is not None) == (job.state in FINAL)
    assert job.state not in UNDER_WAY or (job.started_at and job.heard_at)
    assert not job.reported or job.state in FINAL
