"""Which boards have nothing to do: one look for all of them."""

from sqlalchemy import Connection, literal, select

from yaguts.domain.jobs.job import WAITING
from yaguts.storage.db.statements import Statement
from yaguts.storage.dispensers import ASKED
from yaguts.storage.tables import dispensers, jobs, people

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


def idle_boards(connection: Connection) -> dict[str, int]:
    """The dispensers for whose boards no job waits, by the hash of the board's token.

    Those whose owner's account is disabled are left out, and those of a kitchen with a board that
    nobody has placed yet: it takes the place of another one by when that one was heard of.
    """
    return {row[0]: row[1] for row in _IDLE.rows(connection)}
