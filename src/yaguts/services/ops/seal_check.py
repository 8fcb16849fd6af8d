"""Whether the audit log is whole: entries as they were sealed, the chain as the mark knows it."""

from collections.abc import Iterator
from datetime import datetime

from yaguts.domain.audit_log import KEPT
from yaguts.domain.clock import may_be_gone
from yaguts.domain.seals import (
    Seal,
    StoredEntry,
    Tail,
    commitment,
    entry_hash,
    follows,
    is_whole,
)
from yaguts.services.ops.restore_detection import lost_its_tail
from yaguts.services.runtime.files.mark_file import HighWaterMark
from yaguts.storage import epochs, lived_through, seals
from yaguts.storage.db.database import Connection, Database
from yaguts.storage.ledger_check import Finding

_RULE = "audit log"
_CUT = (
    "its end is not the one that the mark beside the database knows (seal {number}): entries were"
    " removed or changed. If the database was restored from a copy, say `yaguts db restored`"
)


def check_seals(database: Database, mark: HighWaterMark) -> tuple[Finding, ...]:
    """Everything in the audit log that is not as it was sealed, at one moment."""
    with database.read() as connection:
        told = (
            *_chain(connection, lived_through.read(connection)),
            *_texts(connection),
            *(f"entry {each} is not sealed" for each in seals.left_out(connection)),
            *_end(connection, mark),
        )
    return tuple(Finding(_RULE, text) for text in told)


def _chain(connection: Connection, lived: datetime | None) -> Iterator[str]:
    tail: Tail | None = None
    for seal, entry in seals.chain(connection):
        if tail is None and (seal.number == 1 or may_be_gone(seal.at, KEPT, lived)):
            tail = Tail(seal.number - 1, seal.previous)  # The first of all, or the anchor.
        if not is_whole(seal) or not follows(seal, tail or Tail()):
            yield f"seal {seal.number} (entry {seal.entry_id}) does not follow from the one before"
        yield from _entry(seal, entry, lived)
        tail = Tail(seal.number, seal.seal)


def _entry(seal: Seal, entry: StoredEntry | None, lived: datetime | None) -> Iterator[str]:
    if entry is None:
        if not may_be_gone(seal.at, KEPT, lived):
            yield f"entry {seal.entry_id} is missing"
    elif entry_hash(entry) != seal.entry_hash:
        yield f"entry {seal.entry_id} was changed"


def _texts(connection: Connection) -> Iterator[str]:
    for text, commitments in seals.texts(connection):
        if commitments.get(text.field) != commitment(text.salt, text.text):
            yield f"the {text.field} of entry {text.entry_id} was changed"


def _end(connection: Connection, mark: HighWaterMark) -> Iterator[str]:
    kept = mark.read()
    if kept is not None and lost_its_tail(connection, kept, epochs.mark(connection)):
        yield _CUT.format(number=kept.sealed)
