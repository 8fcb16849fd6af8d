"""Which boards have nothing to do: one look for all of them."""

from sqlalchemy import Connection, func, literal, select, union_all

from yaguts.domain.firmware.release import BY_CABLE, LEFT_IT
from yaguts.domain.jobs.job import WAITING
from yaguts.storage.db.statements import Statement
from yaguts.storage.dispensers import ASKED
from yaguts.storage.release_tables import board_told, updates
from yaguts.storage.tables import claim_codes, dispensers, jobs, people

_WAITS = jobs.c.state.in_([literal(state) for state in sorted(WAITING)])
_IDLE = Statement(
    select(dispensers.c.token_hash, dispensers.c.id)
    .join(people, people.c.id == dispensers.c.owner_id)
    .where(
        dispensers.c.token_hash.is_not(None),
        people.c.disabled_at.is_(None),
        dispensers.c.owner_id.not_in(ASKED),
        dispensers.c.id.not_in(select(jobs.c.dispenser_id).where(_WAITS)),
    )
)

# Whatever `domain.firmware.offer` may offer: all that is newer than what the board told, if the
# board has not left it.
_LEFT = [literal(state) for state in sorted(LEFT_IT)]
_NEWER = updates.c.release > func.coalesce(board_told.c.release, literal(BY_CABLE))
_TO_TELL = Statement(
    union_all(
        select(dispensers.c.id).where(
            dispensers.c.token_hash.is_not(None), dispensers.c.token_since.is_(None)
        ),
        select(updates.c.dispenser_id)
        .outerjoin(board_told, board_told.c.dispenser_id == updates.c.dispenser_id)
        .where(updates.c.state.not_in(_LEFT), _NEWER),
        select(dispensers.c.id).join(
            claim_codes,
            (claim_codes.c.person_id == dispensers.c.owner_id)
            & (claim_codes.c.used_by == dispensers.c.uid),
        ),
    )
)


def idle_boards(connection: Connection) -> dict[str, int]:
    """The dispensers for whose boards no job waits, by the hash of the board's token.

    Left out are those of a disabled account, and of a kitchen with a board that nobody has placed
    yet: there the last sign of life decides whose place that board takes.
    """
    return {row[0]: row[1] for row in _IDLE.rows(connection)}


def boards_to_tell(connection: Connection) -> frozenset[int]:
    """The dispensers whose heartbeats need the database: the token is to be renewed, a newer
    release is on its way, or a pairing code was used that is to be removed.
    """
    return frozenset(row[0] for row in _TO_TELL.rows(connection))
