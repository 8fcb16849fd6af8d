"""Whether a dispenser is offered a release, and why not."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.support.builders import NOW
from yaguts.domain.firmware import release as domain
from yaguts.domain.firmware.offer import Candidate, WhyNot, concerns, why_not
from yaguts.domain.firmware.release import (
    BoardTold,
    Channel,
    Release,
    Update,
    UpdateChoice,
    UpdateReason,
    UpdateState,
    serves,
)
from yaguts.domain.firmware.rollout import STAGES, HaltReason, Rollout
from yaguts_wire import update_words as w

KEY = "0123456789abcdef"
RELEASE = Release(7, "0.3.0", "esp32", "6.3", "1.28", "0.2.0", "0.9", NOW + timedelta(days=90), KEY)
ROLLOUT = Rollout(STAGES, 0, NOW, NOW)
BOARD = BoardTold(6, "a", "esp32", "6.3", "1.28", (KEY,))
SERVER = "0.2.0"


def update(state: UpdateState, reason: UpdateReason | None = None, hours: float = 0) -> Update:
    return Update(1, 7, state, reason, NOW, NOW - timedelta(hours=hours))


CHOSEN = update(UpdateState.CHOSEN)


def reason(
    one: Update | None = CHOSEN, choice: UpdateChoice | None = None, **changes: Any
) -> WhyNot | None:
    """What is wrong when these facts of release, rollout or board are others."""
    parts: list[Any] = []
    for part in (RELEASE, ROLLOUT, BOARD):
        mine = {name: value for name, value in changes.items() if hasattr(part, name)}
        parts.append(replace(part, **mine))
    a_release, rollout, board = parts
    wanted = choice or UpdateChoice()
    return why_not(Candidate(a_release, rollout, one), board, wanted, SERVER, NOW)


def test_a_board_that_was_chosen_is_offered_the_release() -> None:
    assert reason() is None


def test_a_board_that_was_not_chosen_waits() -> None:
    assert reason(None) == WhyNot.NOT_YET


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"key_ids": None}, WhyNot.NO_KEY),
        ({"key_ids": ()}, WhyNot.NO_KEY),
        ({"key_ids": ("f" * 16,)}, WhyNot.OTHER_KEY),
        ({"server_from": "0.2.1"}, WhyNot.SERVER),
        ({"server_to": "0.1"}, WhyNot.SERVER),
        ({"micropython": "1.29"}, None),
        ({"expires_at": NOW}, WhyNot.EXPIRED),
        ({"halted": HaltReason.LEFT}, WhyNot.HALTED),
    ],
)
def test_what_keeps_a_release_from_a_board(changes: Any, expected: WhyNot | None) -> None:
    assert reason(**changes) == expected


def test_a_release_for_another_bytecode_or_a_newer_micropython_is_not_offered() -> None:
    candidate = Candidate(RELEASE, ROLLOUT, CHOSEN)

    def answer(board: BoardTold) -> WhyNot | None:
        return why_not(candidate, board, UpdateChoice(), SERVER, NOW)

    assert answer(replace(BOARD, bytecode="5.1")) == WhyNot.BYTECODE
    assert answer(replace(BOARD, bytecode="6.2")) == WhyNot.BYTECODE
    assert answer(replace(BOARD, bytecode=None)) is None
    assert answer(replace(BOARD, micropython="1.27")) == WhyNot.MICROPYTHON
    assert answer(replace(BOARD, micropython="1.100")) is None
    assert answer(replace(BOARD, micropython=None)) is None


@pytest.mark.parametrize(
    ("state", "why", "hours", "expected"),
    [
        (UpdateState.FETCHING, None, 0, None),
        (UpdateState.UNTRIED, None, 0, None),
        (UpdateState.FELL_BACK, UpdateReason.SILENCE, 500, WhyNot.LEFT),
        (UpdateState.BAD, UpdateReason.CRASH, 500, WhyNot.LEFT),
        (UpdateState.REFUSED, UpdateReason.HARDWARE, 500, WhyNot.REFUSED),
        (UpdateState.REFUSED, UpdateReason.NO_ROOM, 0.9, WhyNot.REFUSED),
        (UpdateState.REFUSED, UpdateReason.NO_ROOM, 1.1, None),
        (UpdateState.REFUSED, UpdateReason.HASH, 1.1, None),
        (UpdateState.REFUSED, UpdateReason.NO_KEY, 1.1, None),
        (UpdateState.REFUSED, UpdateReason.DOWNGRADE, 500, WhyNot.REFUSED),
    ],
)
def test_what_the_board_said_before_counts(
    state: UpdateState, why: UpdateReason | None, hours: float, expected: WhyNot | None
) -> None:
    assert reason(update(state, why, hours)) == expected


def test_who_stays_gets_only_the_release_to_stay_at() -> None:
    assert reason(choice=UpdateChoice(pinned=6)) == WhyNot.STAYS
    assert reason(choice=UpdateChoice(pinned=7)) is None


def test_a_release_concerns_boards_of_its_hardware_and_channel_that_have_an_older_one() -> None:
    stable, beta = UpdateChoice(), UpdateChoice(Channel.BETA)

    assert concerns(RELEASE, Channel.STABLE, BOARD, stable)
    assert concerns(RELEASE, Channel.STABLE, BOARD, beta)
    assert concerns(RELEASE, Channel.BETA, BOARD, beta)
    assert not concerns(RELEASE, Channel.BETA, BOARD, stable)
    assert not concerns(RELEASE, Channel.STABLE, replace(BOARD, release=7), stable)
    assert not concerns(RELEASE, Channel.STABLE, replace(BOARD, hardware="esp32-s3"), stable)
    assert concerns(RELEASE, Channel.STABLE, replace(BOARD, release=None), stable)


@pytest.mark.parametrize(
    ("server", "expected"),
    [("0.1.9", False), ("0.2.0", True), ("0.9.5", True), ("0.10.0", False), ("1.0.0", False)],
)
def test_the_largest_server_may_leave_numbers_out(server: str, expected: bool) -> None:
    assert serves(server, RELEASE) is expected
    assert serves("99.0", replace(RELEASE, server_to=None))


def test_the_wire_and_the_domain_name_the_same_states_and_reasons() -> None:
    named = {value for name, value in vars(w).items() if name.isupper() and isinstance(value, str)}
    told = set(domain.UpdateState) - {UpdateState.CHOSEN} | set(UpdateReason)

    assert told <= named
