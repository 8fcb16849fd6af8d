"""Where a person's alerts go and what they chose: for their settings."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from yaguts.domain.alerts.addresses import parsed
from yaguts.domain.alerts.choices import AlertChoices
from yaguts.domain.alerts.delivery import MOST_TARGETS, AlertTarget
from yaguts.domain.errors import TooManyTargets
from yaguts.domain.people import Person
from yaguts.services.alerts.job_ended import new_uid
from yaguts.services.alerts.kinds import kinds_for
from yaguts.services.alerts.sealing import TargetSecret, sealed
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import new_token
from yaguts.storage import alert_outbox, alert_targets, people
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock


@dataclass(frozen=True, slots=True)
class AlertSettings:
    """All that a person has set. `kinds`: what they can be told of, and whether they want it."""

    targets: tuple[AlertTarget, ...]
    kinds: Mapping[str, bool]
    choices: AlertChoices


@dataclass(frozen=True, slots=True)
class NewTarget:
    """A target as its owner sees it once. `key` signs what is sent to a webhook, or is ""."""

    target: AlertTarget
    key: str


def settings_of(site: Site, person: Person) -> AlertSettings:
    """Where the person's alerts go, and what they chose."""
    with site.database.read() as connection:
        choices = alert_targets.choices_of(connection, person.id)
        kinds = kinds_for(operator=_operates(connection, person))
        wanted = {kind.value: choices.wants(kind) for kind in kinds}
        return AlertSettings(alert_targets.of(connection, person.id), wanted, choices)


def choose(site: Site, person: Person, choices: AlertChoices) -> AlertSettings:
    """Replace what the person chose. A kind that they can't be told of is left out.

    What they were told of kinds that they do not want any more is forgotten.
    """
    with site.database.write() as connection:
        mine = kinds_for(operator=_operates(connection, person))
        wanted = {kind.value: choices.wants(kind) for kind in mine}
        alert_targets.choose(connection, person.id, replace(choices, wanted=wanted))
        for target in alert_targets.of(connection, person.id):
            for told in alert_outbox.told_of(connection, target.id):
                if not wanted.get(told.kind, False):
                    alert_outbox.forget(connection, told)
    return settings_of(site, person)


def add(site: Site, person: Person, address: str, language: str) -> NewTarget:
    """Add a target. Raises `BadTarget`, `TooManyTargets`."""
    wanted, now = parsed(address), site.clock()
    key = new_token(site.randomness) if wanted.signed else ""
    target = AlertTarget(0, wanted.shown, language, wanted.signed, now)
    secret = sealed(site, TargetSecret(wanted.url, key))
    with site.database.write() as connection:
        lock(connection, f"alerts of {person.id}")
        if len(alert_targets.of(connection, person.id)) >= MOST_TARGETS:
            raise TooManyTargets(most=MOST_TARGETS)
        return NewTarget(alert_targets.add(connection, person.id, target, secret), key)


def remove(site: Site, person: Person, target_id: int) -> None:
    """Remove a target. Raises `NotFound`."""
    with site.database.write() as connection:
        alert_targets.remove(connection, person.id, target_id)


def test(site: Site, person: Person, target_id: int) -> None:
    """Have a test sent by the next sweep, unless one is waiting. Raises `NotFound`."""
    with site.database.write() as connection:
        target = alert_targets.find(connection, person.id, target_id)
        if not target.testing:
            alert_outbox.add_test(connection, target.id, site.clock(), new_uid(site))


def _operates(connection: Connection, person: Person) -> bool:
    """Whether the person looks after the server: theirs is the first account."""
    return people.first(connection) == person.id
