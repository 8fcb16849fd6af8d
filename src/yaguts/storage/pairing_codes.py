"""Pairing codes: their hashes, whose they are, and the number of wrong guesses."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, insert, select, update

from yaguts.domain.clock import Window
from yaguts.domain.ids import KitchenId
from yaguts.storage.db.statements import Statement
from yaguts.storage.tables import claim_codes
from yaguts.storage.windows import before, bounds, inside

MOST_GUESSES = 5
"""This many wrong guesses end a long code. Its selector says which one they are aimed at."""

# Built once: every sign of life runs it.
_REMOVE_USED = Statement(
    delete(claim_codes).where(
        claim_codes.c.person_id == bindparam("owner_id"), claim_codes.c.used_by == bindparam("uid")
    )
)


def add(
    connection: Connection,
    code_hash: str,
    selector: str | None,
    kitchen_id: KitchenId,
    expires_at: datetime,
    home: str | None,
) -> None:
    """Store a new code. A long code has a selector: its first characters.

    `home`: where its owner was.
    """
    row = {"code_hash": code_hash, "selector": selector, "person_id": kitchen_id}
    row |= {"expires_at": expires_at, "wrong_guesses": 0, "home": home}
    connection.execute(insert(claim_codes).values(row))


def exists(connection: Connection, code_hash: str, selector: str | None) -> bool:
    """Whether this code, or its selector, is in use."""
    same = claim_codes.c.code_hash == code_hash
    if selector is not None:
        same |= claim_codes.c.selector == selector
    return connection.execute(select(claim_codes.c.person_id).where(same)).first() is not None


def use(connection: Connection, code_hash: str, uid: str, alive: Window) -> KitchenId | None:
    """Use the code for this board and return its kitchen, or None when the code is not valid.

    The same board may use it again, because the answer may have been lost.
    """
    valid = (claim_codes.c.code_hash == code_hash) & inside(claim_codes.c.expires_at)
    free = claim_codes.c.used_by.is_(None) | (claim_codes.c.used_by == uid)
    used = update(claim_codes).where(valid & free).values(used_by=uid)
    whose = connection.execute(used.returning(claim_codes.c.person_id), bounds(alive))
    return whose.scalar_one_or_none()


def was_used(connection: Connection, code_hash: str, uid: str) -> bool:
    """Whether this board has used the code before."""
    same = (claim_codes.c.code_hash == code_hash) & (claim_codes.c.used_by == uid)
    return connection.execute(select(claim_codes.c.person_id).where(same)).first() is not None


def remove_used(connection: Connection, kitchen_id: KitchenId, uid: str) -> None:
    """Remove the used code: the owner's board has shown that it has its token."""
    _REMOVE_USED.run(connection, {"owner_id": kitchen_id, "uid": uid})


def is_home(connection: Connection, home: str, alive: Window) -> bool:
    """Whether a valid short code was made there."""
    there = claim_codes.c.selector.is_(None) & (claim_codes.c.home == home)
    made = select(claim_codes.c.person_id).where(there & inside(claim_codes.c.expires_at))
    return connection.execute(made, bounds(alive)).first() is not None


def count_wrong_guess(connection: Connection, selector: str) -> None:
    """Count a wrong guess against the long code with this selector."""
    counted = update(claim_codes).where(claim_codes.c.selector == selector)
    connection.execute(counted.values(wrong_guesses=claim_codes.c.wrong_guesses + 1))
    connection.execute(delete(claim_codes).where(claim_codes.c.wrong_guesses >= MOST_GUESSES))


def remove_of(connection: Connection, kitchen_id: KitchenId) -> None:
    """Remove all of the kitchen's codes."""
    connection.execute(delete(claim_codes).where(claim_codes.c.person_id == kitchen_id))


def remove_stale(connection: Connection, moment: datetime) -> None:
    """Remove the codes that expired before a moment."""
    connection.execute(delete(claim_codes).where(before(claim_codes.c.expires_at, moment)))


def remove_surplus(connection: Connection, kitchen_id: KitchenId, keep: int, alive: Window) -> None:
    """Remove all but the kitchen's `keep` newest codes. A code that is not valid goes first."""
    mine = select(claim_codes.c.code_hash).where(claim_codes.c.person_id == kitchen_id)
    valid_first = case((inside(claim_codes.c.expires_at), 0), else_=1)
    newest_first = mine.order_by(valid_first, claim_codes.c.expires_at.desc())
    surplus = connection.execute(newest_first.offset(keep), bounds(alive)).scalars().all()
    connection.execute(delete(claim_codes).where(claim_codes.c.code_hash.in_(surplus)))
