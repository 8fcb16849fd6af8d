"""The release that a dispenser is offered, and its bytes, piece by piece."""

from dataclasses import dataclass
from importlib.metadata import version

from yaguts.domain.dispenser import Dispenser, is_first_firmware
from yaguts.domain.errors import BeyondTheEnd, NotFound
from yaguts.domain.firmware.offer import Candidate, WhyNot, concerns, why_not
from yaguts.domain.firmware.release import VIRTUAL, BoardTold, Update, UpdateChoice
from yaguts.services.dispensers.updates import told
from yaguts.services.runtime.context import Site
from yaguts.storage import releases, updates
from yaguts.storage.db.database import Connection
from yaguts_wire.update_words import PIECE_BYTES

SERVER = version("yaguts")


@dataclass(frozen=True, slots=True)
class UpdateView:
    """What runs on a dispenser, and of the releases for it: the one that is offered, or else the
    newest one and why it is not offered.

    `candidate` is None without a release that is newer than the board's. `why_not` may be known
    without one: a board that can take none.
    """

    told: BoardTold
    choice: UpdateChoice
    candidate: Candidate | None
    why_not: WhyNot | None
    latest: Update | None
    """The update that was last heard of, offered or not."""


def view(site: Site, dispenser: Dispenser) -> UpdateView:
    """How a dispenser stands now."""
    with site.database.read() as connection:
        return look(site, connection, dispenser)


def look(site: Site, connection: Connection, dispenser: Dispenser) -> UpdateView:
    """The same, in a transaction that has begun."""
    board = updates.told_of(connection, dispenser.id)
    choice = updates.choice_of(connection, dispenser.id)
    mine = updates.of_dispenser(connection, dispenser.id)
    latest = max(mine.values(), key=lambda one: one.changed_at, default=None)
    seen: list[tuple[Candidate, WhyNot | None]] = []
    for published in releases.of_hardware(connection, board.hardware or ""):
        release = published.release
        if concerns(release, published.channel, board, choice):
            candidate = Candidate(release, published.rollout, mine.get(release.number))
            seen.append((candidate, why_not(candidate, board, choice, SERVER, site.clock())))
    offered = next((pair for pair in seen if pair[1] is None), None)
    newest: tuple[Candidate | None, WhyNot | None] = (
        seen[0] if seen else (None, _for_none(dispenser, board))
    )
    candidate, reason = offered or newest
    return UpdateView(board, choice, candidate, reason, latest)


def offered_to(site: Site, dispenser: Dispenser) -> int | None:
    """The number of the release that the dispenser is offered now."""
    with site.database.read() as connection:
        return _offered(site, connection, dispenser)


def manifest_size(site: Site, dispenser: Dispenser) -> tuple[int, int] | None:
    """The number of the release that is offered, and the bytes of its manifest; None: none is."""
    with site.database.read() as connection:
        number = _offered(site, connection, dispenser)
        return None if number is None else (number, len(releases.manifest_of(connection, number)))


def manifest(site: Site, dispenser: Dispenser, number: int) -> bytes:
    """The manifest of the release, with which a board begins to fetch it.

    Raises `NotFound` when it is not offered (any more).
    """
    with site.database.read() as connection:
        _insist(site, connection, dispenser, number)
        content = releases.manifest_of(connection, number)
    told.begin(site, dispenser, number)
    return content


def signature(site: Site, dispenser: Dispenser, number: int) -> bytes:
    """The manifest's signature. Raises `NotFound` when the release is not offered (any more)."""
    with site.database.read() as connection:
        _insist(site, connection, dispenser, number)
        return releases.signature_of(connection, number)


def piece(site: Site, dispenser: Dispenser, number: int, position: int, offset: int) -> bytes:
    """At most `PIECE_BYTES` of a file, from an offset on.

    Raises `NotFound` when the release is not offered (any more) or has no such file, and
    `BeyondTheEnd` when there is nothing from the offset on.
    """
    with site.database.read() as connection:
        _insist(site, connection, dispenser, number)
        found = releases.piece_of(connection, number, position, offset, PIECE_BYTES)
    if found is None:
        raise NotFound(what="release")
    size, content = found
    if offset >= max(size, 1):
        raise BeyondTheEnd
    return content


def _for_none(dispenser: Dispenser, board: BoardTold) -> WhyNot | None:
    if is_first_firmware(dispenser.firmware):
        return WhyNot.FIRST_FIRMWARE
    if board.hardware == VIRTUAL:
        return WhyNot.VIRTUAL
    if board.hardware is None:
        return WhyNot.NOT_TOLD
    return None if board.key_ids else WhyNot.NO_KEY


def _offered(site: Site, connection: Connection, dispenser: Dispenser) -> int | None:
    if not updates.of_dispenser(connection, dispenser.id):
        return None  # None was chosen for it, as for nearly every heartbeat.
    seen = look(site, connection, dispenser)
    if seen.candidate is None or seen.why_not is not None:
        return None
    return seen.candidate.release.number


def _insist(site: Site, connection: Connection, dispenser: Dispenser, number: int) -> None:
    if _offered(site, connection, dispenser) != number:
        raise NotFound(what="release")
