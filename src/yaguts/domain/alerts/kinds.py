"""The kinds of alerts, and what an alert says: a subject is in trouble, or well again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from yaguts.domain.ids import KitchenId, PersonId

AlertFacts = Mapping[str, int | str | None]
"""What an alert tells of its subject. A text is made of them in the reader's language."""


class AlertKind(StrEnum):
    """What an alert is about."""

    DISPENSER_SILENT = "dispenser_silent"
    JOB_FAILED = "job_failed"
    JOB_DONE = "job_done"
    """Only browsers are told: elsewhere an alert is about trouble."""
    JAR_LOW = "jar_low"
    BACKUP_OLD = "backup_old"
    DISK_FULL = "disk_full"
    RELEASE_HALTED = "release_halted"


class AlertEvent(StrEnum):
    """Why a message is sent."""

    TROUBLE = "trouble"
    WELL = "well"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Trouble:
    """A subject that is in trouble, for example `jar 3.2`.

    Whoever was told of it is told again only when `grade` is higher. `lingers`: it is no longer bad
    enough to be told, and not yet well.
    """

    kind: AlertKind
    subject: str
    facts: AlertFacts
    grade: int = 0
    lingers: bool = False


@dataclass(frozen=True, slots=True)
class ToldTrouble:
    """A trouble that a target was told of, and in which kitchen it was."""

    target_id: int
    kind: str
    subject: str
    kitchen_id: KitchenId
    grade: int
    facts: AlertFacts


@dataclass(frozen=True, slots=True)
class AlertMessage:
    """One message in the outbox. `uid` is the same at every attempt to deliver it."""

    id: int
    uid: str
    kind: str
    event: AlertEvent
    subject: str
    facts: AlertFacts
    at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class WrittenAlert:
    """An alert in words. `page` is the path of the page about it, or ""."""

    title: str
    sentence: str
    at: str
    page: str

    def text(self, server: str) -> str:
        """What stands under the title, with a link if the server's address is known."""
        link = (server + self.page,) if server and self.page else ()
        return "\n".join((self.sentence, self.at, *link))


@dataclass(frozen=True, slots=True)
class Changes:
    """What a target is to be told, and what it is no longer told about without a word."""

    raised: tuple[Trouble, ...]
    cleared: tuple[ToldTrouble, ...]
    dropped: tuple[ToldTrouble, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Watcher:
    """A person who has targets, and the kitchen in which they cook."""

    person_id: PersonId
    kitchen_id: KitchenId


def changes(
    kinds: frozenset[str],
    kitchen_id: KitchenId,
    found: tuple[Trouble, ...],
    told: tuple[ToldTrouble, ...],
) -> Changes:
    """Compare what is in trouble with what one target was told.

    `kinds` are those that were looked for. What was told of another kitchen, which the person has
    left, is dropped.
    """
    mine = [each for each in told if each.kitchen_id == kitchen_id and each.kind in kinds]
    grades = {(each.kind, each.subject): each.grade for each in mine}
    bad = {(trouble.kind, trouble.subject) for trouble in found}
    raised = (
        each
        for each in found
        if not each.lingers and each.grade > grades.get((each.kind, each.subject), -1)
    )
    cleared = (each for each in mine if (each.kind, each.subject) not in bad)
    dropped = (each for each in told if each.kitchen_id != kitchen_id)
    return Changes(tuple(raised), tuple(cleared), tuple(dropped))
