"""What is in a dispenser's jars, their rates, and how the motor vibrates."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from operator import itemgetter
from typing import Any, TypedDict

from yaguts.domain.audit_log import AuditEvent
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.errors import JarInUse, RepeatedJar, UnknownJar, UnknownSpice
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.domain.recipe import Jar, Motor
from yaguts.domain.units import MicrogramsPerSecond, Milligrams
from yaguts.services import audit_log
from yaguts.services.pantry.catalogue import as_listed, spices_of
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, jars, ledger
from yaguts.storage.db.database import Connection
from yaguts.storage.db.locks import lock


class JarChange(TypedDict, total=False):
    """The changes of a jar. What is left out stays as it is."""

    label: str | None
    rate: MicrogramsPerSecond | None
    capacity: Milligrams | None
    stock: Milligrams | None


def jars_of(site: Site, kitchen_id: KitchenId, dispenser_id: int | None = None) -> Sequence[Jar]:
    """The jars of a dispenser, or of the default one. Raises `NotFound`."""
    with site.database.read() as connection:
        dispenser = dispensers.named_or_default(connection, kitchen_id, dispenser_id)
        return dispensers.jars_of(connection, dispenser.id)


def set_jars(
    site: Site,
    kitchen_id: KitchenId,
    changes: Sequence[tuple[int, JarChange]],
    by: Actor,
    dispenser_id: int | None = None,
) -> Sequence[Jar]:
    """Change the jars with these numbers, all or none. Another stock is a correction.

    Raises `NotFound`, `UnknownJar`, `RepeatedJar`, `UnknownSpice`.
    """
    _insist_on_each_once([number for number, _ in changes])
    with site.database.write() as connection:
        dispenser = dispensers.named_or_default(connection, kitchen_id, dispenser_id)
        present = {jar.number: jar for jar in dispensers.jars_of(connection, dispenser.id)}
        catalogue = spices_of(connection, kitchen_id)
        for number, change in sorted(
            changes, key=itemgetter(0)
        ):  # Reports book by number too: the same order avoids a deadlock.
            if number not in present:
                raise UnknownJar(jar=number)
            own = present[number].label  # Perhaps no recipe uses it any more.
            listed = catalogue if own is None else (*catalogue, own)
            _set_jar(site, connection, dispenser, number, _spelled(change, listed), by)
        after = dispensers.jars_of(connection, dispenser.id)
        for jar in after:
            _note_change(site, connection, dispenser, present[jar.number], jar, by)
        return after


def set_jar_count(
    site: Site, kitchen_id: KitchenId, dispenser_id: int, count: int, by: Actor
) -> Sequence[Jar]:
    """Add empty jars, or remove the last ones. Raises `JarInUse` for a jar that was ever filled."""
    with site.database.write() as connection:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        lock(connection, f"dispenser {dispenser.id}")
        present = dispensers.jars_of(connection, dispenser.id)
        dispensers.add_jars(connection, dispenser.id, range(len(present) + 1, count + 1))
        for jar in present[count:]:
            if jar.label is not None or jars.was_ever_filled(connection, dispenser.id, jar.number):
                raise JarInUse(jar=jar.number)
            jars.remove(connection, dispenser.id, jar.number)
        audit_log.note(
            site, connection, AuditEvent.CONFIGURED, kitchen_id, by, dispenser=dispenser.id
        )
        return dispensers.jars_of(connection, dispenser.id)


def motor_of(site: Site, kitchen_id: KitchenId, dispenser_id: int | None = None) -> Motor:
    """The motor of a dispenser, or of the default one. Raises `NotFound`."""
    with site.database.read() as connection:
        return dispensers.named_or_default(connection, kitchen_id, dispenser_id).motor


def set_motor(
    site: Site,
    kitchen_id: KitchenId,
    changes: Mapping[str, Any],
    by: Actor,
    dispenser_id: int | None = None,
) -> Motor:
    """Change these settings of the motor. Raises `NotFound`."""
    with site.database.write() as connection:
        dispenser = dispensers.named_or_default(connection, kitchen_id, dispenser_id)
        lock(connection, f"dispenser {dispenser.id}")
        motor = replace(dispensers.motor_of(connection, dispenser.id), **changes)
        dispensers.set_motor(connection, dispenser.id, motor)
        audit_log.note(
            site, connection, AuditEvent.CONFIGURED, kitchen_id, by, dispenser=dispenser.id
        )
        return motor


def _insist_on_each_once(numbers: Sequence[int]) -> None:
    for number in numbers:
        if numbers.count(number) > 1:
            raise RepeatedJar(jar=number)


def _spelled(change: JarChange, catalogue: Sequence[str]) -> JarChange:
    label = change.get("label")
    if label is None:
        return change
    listed = as_listed(label, catalogue)
    if listed is None:
        raise UnknownSpice(spice=label)
    return {**change, "label": listed}


def _set_jar(
    site: Site,
    connection: Connection,
    dispenser: Dispenser,
    number: int,
    change: JarChange,
    by: Actor,
) -> None:
    now = site.clock()
    jars.change(connection, dispenser.id, number, _columns(change), now)
    if "stock" in change:
        stock = change["stock"]
        ledger.correct(connection, dispenser.id, number, stock, now, by.person_id)


def _note_change(
    site: Site,
    connection: Connection,
    dispenser: Dispenser,
    before: Jar,
    after: Jar,
    by: Actor,
) -> None:
    """An unchanged jar adds no entry to the audit log."""
    jar = {"dispenser": dispenser.id, "jar": after.number}
    if _settings(before) != _settings(after):
        audit_log.note(site, connection, AuditEvent.CONFIGURED, dispenser.kitchen_id, by, **jar)
    if before.stock != after.stock:
        audit_log.note(site, connection, AuditEvent.CORRECTED, dispenser.kitchen_id, by, **jar)


def _settings(jar: Jar) -> tuple[object, ...]:
    return jar.label, jar.rate, jar.capacity


def _columns(change: JarChange) -> dict[str, object]:
    columns: dict[str, object] = {}
    if "label" in change:
        columns["label"] = change["label"]
    if "rate" in change:
        columns["rate_ug_s"] = change["rate"]
    if "capacity" in change:
        columns["capacity_mg"] = change["capacity"]
    return columns
