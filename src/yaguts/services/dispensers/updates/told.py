"""What a board tells of itself and of its updates, in the status of a heartbeat."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser, is_first_firmware
from yaguts.domain.firmware.release import (
    LEFT_IT,
    STARTED_IT,
    BoardTold,
    Update,
    UpdateReason,
    UpdateState,
)
from yaguts.domain.people import Actor
from yaguts.services import audit_log
from yaguts.services.runtime.context import Site
from yaguts.storage import updates
from yaguts.storage.db.database import Connection
from yaguts_wire import update_words as w
from yaguts_wire.values import MAX_ID

MOST_KEYS = 2
_LONGEST = {"slot": 1, "hardware": 20, "bytecode": 8, "micropython": 12}
_EVENTS = {
    UpdateState.REFUSED: AuditEvent.UPDATE_REFUSED,
    UpdateState.UNTRIED: AuditEvent.UPDATE_TRIED,
    UpdateState.CONFIRMED: AuditEvent.UPDATE_CONFIRMED,
    **dict.fromkeys(LEFT_IT, AuditEvent.UPDATE_LEFT),
}
_UNKNOWN = "unknown"
_OF_THE_BOARD = Actor(None, None)


def hear(site: Site, dispenser: Dispenser, status: Mapping[str, object]) -> None:
    """Store what a heartbeat's status says, if it says anything new. Nonsense in it is ignored.

    Firmware 0.1 says nothing, so there what a newer one told does not hold any more.
    """
    with site.database.read() as connection:
        before = updates.told_of(connection, dispenser.id)
        news = _news(connection, dispenser, status)
    told = BoardTold() if is_first_firmware(dispenser.firmware) else _told(status, before)
    if told != before or news is not None:
        with site.database.write() as connection:
            if told != before:
                updates.tell(connection, dispenser.id, told)
            _store(site, connection, dispenser, _news(connection, dispenser, status))


def begin(site: Site, dispenser: Dispenser, number: int) -> None:
    """Note that the board fetches the release. It is not asked to say so: what it says next is
    often how that ended.
    """
    with site.database.write() as connection:
        before = updates.of_dispenser(connection, dispenser.id).get(number)
        if before is not None and before.state == UpdateState.CHOSEN:
            begun = replace(before, state=UpdateState.FETCHING, changed_at=site.clock())
            updates.put(connection, begun)


def _told(status: Mapping[str, object], before: BoardTold) -> BoardTold:
    """What is left out is as it was."""
    facts: dict[str, Any] = {
        name: value
        for name, longest in _LONGEST.items()
        if (value := _word(status.get(name), longest)) is not None
    }
    release = _number(status.get(w.RELEASE))
    if release is not None:
        facts["release"] = release
    key_ids = _key_ids(status.get(w.KEYS))
    if key_ids is not None:
        facts["key_ids"] = key_ids
    return replace(before, **facts)


def _news(
    connection: Connection, dispenser: Dispenser, status: Mapping[str, object]
) -> Update | None:
    """The update after what the board says of it; None: nothing new, or not one of ours."""
    told = status.get(w.UPDATE)
    if not isinstance(told, dict):
        return None
    said = cast("dict[str, object]", told)
    before = updates.of_dispenser(connection, dispenser.id).get(_number(said.get(w.RELEASE)) or 0)
    state = _one_of(UpdateState, said.get(w.STATE))
    if before is None or state in (None, UpdateState.CHOSEN):
        return None
    after = replace(before, state=state, reason=_one_of(UpdateReason, said.get(w.REASON)))
    return None if after == before else after


def _store(site: Site, connection: Connection, dispenser: Dispenser, after: Update | None) -> None:
    if after is None:
        return
    now = site.clock()
    runs_since = (after.runs_since or now) if after.state in STARTED_IT else None
    updates.put(connection, replace(after, changed_at=now, runs_since=runs_since))
    if after.state in _EVENTS:
        about: dict[str, int | str] = {"dispenser": dispenser.id, "release": after.release}
        if after.state not in STARTED_IT:
            about["reason"] = after.reason or _UNKNOWN
        event = _EVENTS[after.state]
        audit_log.note(site, connection, event, dispenser.kitchen_id, _OF_THE_BOARD, **about)


def _number(value: object) -> int | None:
    return value if type(value) is int and 0 <= value <= MAX_ID else None


def _word(value: object, longest: int) -> str | None:
    if not isinstance(value, str) or not value.isascii() or not value.isprintable():
        return None
    return value if 0 < len(value) <= longest else None


def _key_ids(value: object) -> tuple[str, ...] | None:
    if not isinstance(value, list):
        return None
    words = [_word(each, 16) for each in cast("list[object]", value)[:MOST_KEYS]]
    return tuple(word for word in words if word is not None)


def _one_of(kind: Any, value: object) -> Any:
    return kind(value) if isinstance(value, str) and value in set(kind) else None
