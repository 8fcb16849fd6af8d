"""Dispensers, and the jars and motor that belong to each."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from yaguts.domain.dispenser import Dispenser, reaches
from yaguts.domain.dispenser_settings import SETTINGS, DispenserSettings
from yaguts.domain.errors import AccountDisabled, NotFound, NotSignedIn
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import Jar, Motor
from yaguts.storage.db.statements import Statement
from yaguts.storage.motor_columns import motor_columns, motor_in
from yaguts.storage.tables import dispensers, jars, people

WEAKEST_DBM = -120
"""No radio receives less."""
USUAL_JARS = 4
"""The number of jars of a new dispenser."""

# Built once: every call of a dispenser or every order runs them.
_BY_TOKEN = Statement(
    select(dispensers, people.c.disabled_at)
    .join(people, people.c.id == dispensers.c.owner_id)
    .where(dispensers.c.token_hash == bindparam("token_hash"))
)
_OFFERED = Statement(
    select(dispensers.c.id).where(dispensers.c.next_token_hash == bindparam("token_hash"))
)
_OF_OWNER = Statement(
    select(dispensers).where(
        dispensers.c.id == bindparam("of"), dispensers.c.owner_id == bindparam("owner_id")
    )
)
_DEFAULT = Statement(
    select(dispensers).where(
        dispensers.c.owner_id == bindparam("owner_id"), dispensers.c.is_default
    )
)
_JARS = Statement(
    select(jars, dispensers.c.firmware)
    .join(dispensers, jars.c.dispenser_id == dispensers.c.id)
    .where(jars.c.dispenser_id == bindparam("of"))
    .order_by(jars.c.number)
)
ASKED = select(dispensers.c.owner_id).where(dispensers.c.newcomer_since.is_not(None))
"""The kitchens that have a board which nobody has placed yet."""
_CHANGE = Statement(update(dispensers).where(dispensers.c.id == bindparam("of")))


def add(connection: Connection, kitchen_id: KitchenId, *, default: bool) -> Dispenser:
    """A new dispenser with empty jars, without a board."""
    row = {
        "owner_id": kitchen_id,
        "is_default": default,
        **asdict(DispenserSettings()),
        **motor_columns(Motor()),
    }
    added = insert(dispensers).values(row).returning(dispensers)
    dispenser = _dispenser(connection.execute(added).one())
    add_jars(connection, dispenser.id, range(1, USUAL_JARS + 1))
    return dispenser


def find(connection: Connection, kitchen_id: KitchenId, dispenser_id: int) -> Dispenser:
    """One of the kitchen's dispensers. Raises `NotFound`."""
    row = _OF_OWNER.row(connection, {"of": dispenser_id, "owner_id": kitchen_id})
    if row is None:
        raise NotFound(what="dispenser")
    return _dispenser(row)


def kitchen_of(connection: Connection, dispenser_id: int) -> KitchenId:
    """The kitchen that the dispenser belongs to."""
    found = select(dispensers.c.owner_id).where(dispensers.c.id == dispenser_id)
    return KitchenId(connection.execute(found).scalar_one())


def default_of(connection: Connection, kitchen_id: KitchenId) -> Dispenser:
    """The default dispenser: the one that calls of version 0.1 are about."""
    return _dispenser(_DEFAULT.row(connection, {"owner_id": kitchen_id}))


def named_or_default(
    connection: Connection, kitchen_id: KitchenId, dispenser_id: int | None
) -> Dispenser:
    """The dispenser with this id, or the default one for None. Raises `NotFound`."""
    if dispenser_id is None:
        return default_of(connection, kitchen_id)
    return find(connection, kitchen_id, dispenser_id)


def of(connection: Connection, kitchen_id: KitchenId) -> tuple[Dispenser, ...]:
    """All of the kitchen's dispensers, with and without a board."""
    found = select(dispensers).where(dispensers.c.owner_id == kitchen_id).order_by(dispensers.c.id)
    return tuple(_dispenser(row) for row in connection.execute(found))


def with_uid(connection: Connection, kitchen_id: KitchenId, uid: str) -> Dispenser | None:
    """The kitchen's dispenser whose board has this uid."""
    same = (dispensers.c.owner_id == kitchen_id) & (dispensers.c.uid == uid)
    row = connection.execute(select(dispensers).where(same)).one_or_none()
    return None if row is None else _dispenser(row)


def with_token(connection: Connection, token_hash: str) -> Dispenser | None:
    """The dispenser whose board holds this token.

    Raises `AccountDisabled` when its owner's account is. The board keeps its token.
    """
    row = _BY_TOKEN.row(connection, {"token_hash": token_hash})
    if row is not None and row.disabled_at is not None:
        raise AccountDisabled(what="dispenser")
    return None if row is None else _dispenser(row)


def insist_on_token(connection: Connection, caller: Dispenser) -> Dispenser:
    """The dispenser that holds the caller's token now: its board may have been exchanged since.

    Raises `NotSignedIn` when the token is no longer valid, or `AccountDisabled`.
    """
    holder = with_token(connection, caller.token_hash or "")
    if holder is None:
        raise NotSignedIn(what="dispenser")
    return holder


def is_offered(connection: Connection, token_hash: str) -> bool:
    """Whether this token was offered to a dispenser that has not used it yet."""
    return _OFFERED.row(connection, {"token_hash": token_hash}) is not None


def pair(
    connection: Connection, dispenser_id: int, uid: str, token_hash: str, now: datetime
) -> None:
    """Give the dispenser this board and its token. An earlier token is revoked."""
    tokens = {"token_hash": token_hash, "next_token_hash": None, "token_since": now}
    change(connection, dispenser_id, {"uid": uid, **tokens})


def offer_token(connection: Connection, dispenser_id: int, token_hash: str) -> None:
    """Offer a token that may replace the dispenser's own. An earlier offer is revoked."""
    change(connection, dispenser_id, {"next_token_hash": token_hash})


def take_over(connection: Connection, token_hash: str, now: datetime) -> Dispenser | None:
    """Replace the token by the offered one, on its first use. None when another call was first."""
    offered = dispensers.c.next_token_hash == token_hash
    used = {"token_hash": token_hash, "next_token_hash": None, "token_since": now}
    changed = update(dispensers).where(offered).values(used).returning(dispensers)
    row = connection.execute(changed).one_or_none()
    return None if row is None else _dispenser(row)


def want_token(connection: Connection, dispenser_id: int) -> None:
    """Have the dispenser's token renewed as soon as possible."""
    change(connection, dispenser_id, {"token_since": None})


def unpair(connection: Connection, dispenser_id: int) -> None:
    """Revoke the board's token. The uid stays, so that the board finds its jars again."""
    change(connection, dispenser_id, {"token_hash": None, "next_token_hash": None})


def make_default(connection: Connection, kitchen_id: KitchenId, dispenser_id: int) -> None:
    """Make this the dispenser that calls of version 0.1 are about."""
    mine = dispensers.c.owner_id == kitchen_id
    connection.execute(update(dispensers).where(mine).values(is_default=False))
    change(connection, dispenser_id, {"is_default": True})


def rename(connection: Connection, dispenser_id: int, name: str | None) -> None:
    """Give the dispenser a name, or its number again."""
    change(connection, dispenser_id, {"name": name})


def seen(
    connection: Connection,
    dispenser_id: int,
    now: datetime,
    told: Mapping[str, object] | None = None,
) -> None:
    """Store a sign of life. `told` holds firmware, mac, status and happenings, as far as they came,
    and `heard_since` when the board was away before.
    """
    change(connection, dispenser_id, {"last_seen_at": now, **(told or {})})


def last_seen(connection: Connection, dispenser_ids: Collection[int]) -> dict[int, datetime | None]:
    """When each of these dispensers was heard of last, as far as they are there. They are locked.

    Those of a kitchen with a board that nobody has placed yet are left out: when the others were
    heard of before it came must stay as it is.
    """
    found = (
        select(dispensers.c.id, dispensers.c.last_seen_at)
        .where(dispensers.c.id.in_(dispenser_ids), dispensers.c.owner_id.not_in(ASKED))
        .order_by(dispensers.c.id)  # Two processes that change the same ones must not deadlock.
        .with_for_update(key_share=True)  # Jobs of theirs may be added meanwhile.
    )
    return {row.id: row.last_seen_at for row in connection.execute(found)}


def seen_together(connection: Connection, seen: Mapping[int, Mapping[str, object]]) -> None:
    """Store signs of life of many dispensers: the columns that change, of each."""
    alike: dict[tuple[str, ...], list[dict[str, object]]] = {}
    for dispenser_id, columns in seen.items():
        alike.setdefault(tuple(columns), []).append({"of": dispenser_id, **columns})
    for rows in alike.values():
        _CHANGE.run_each(connection, rows)


def motor_of(connection: Connection, dispenser_id: int) -> Motor:
    """The settings of the dispenser's motor."""
    found = select(dispensers).where(dispensers.c.id == dispenser_id)
    return _dispenser(connection.execute(found).one()).motor


def set_motor(connection: Connection, dispenser_id: int, motor: Motor) -> None:
    """Set the dispenser's motor."""
    change(connection, dispenser_id, motor_columns(motor))


def configure(connection: Connection, dispenser_id: int, changes: Mapping[str, bool]) -> None:
    """Change these settings of the dispenser."""
    change(connection, dispenser_id, changes)


def jars_of(connection: Connection, dispenser_id: int) -> tuple[Jar, ...]:
    """The dispenser's jars, by number."""
    return tuple(_jar(row) for row in _JARS.rows(connection, {"of": dispenser_id}))


def add_jars(connection: Connection, dispenser_id: int, numbers: range) -> None:
    """Add empty jars with these numbers."""
    empty = {"dispenser_id": dispenser_id, "stock_known": False, "stock_mg": 0, "held_mg": 0}
    if numbers:
        connection.execute(insert(jars), [{**empty, "number": number} for number in numbers])


def change(connection: Connection, dispenser_id: int, values: Mapping[str, object]) -> None:
    """Set these columns of the dispenser."""
    _CHANGE.run(connection, {"of": dispenser_id, **values})


def _dispenser(row: Row[Any]) -> Dispenser:
    return Dispenser(
        id=row.id,
        kitchen_id=row.owner_id,
        is_default=row.is_default,
        uid=row.uid,
        token_hash=row.token_hash,
        token_since=row.token_since,
        firmware=row.firmware,
        last_seen_at=row.last_seen_at,
        motor=motor_in(row),
        name=row.name,
        signal_dbm=_signal(row.status),
        happenings=row.happenings or (),
        settings=_settings(row),
    )


def _settings(row: Row[Any]) -> DispenserSettings:
    return DispenserSettings(**{name: getattr(row, name) for name in SETTINGS})


def _signal(status: Mapping[str, object] | None) -> int | None:
    """A dispenser's status is stored as it came, so its content is checked here."""
    told = (status or {}).get("rssi")
    return told if type(told) is int and WEAKEST_DBM <= told <= 0 else None


def _jar(row: Row[Any]) -> Jar:
    return Jar(
        number=row.number,
        label=row.label,
        rate=row.rate_ug_s,
        stock=row.stock_mg if row.stock_known else None,
        held=row.held_mg,
        updated_at=row.updated_at,
        in_reach=reaches(row.firmware, row.number),
        capacity=row.capacity_mg,
    )
