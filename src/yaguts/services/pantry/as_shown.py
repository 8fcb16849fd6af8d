"""A change of a jar that holds only while the jar is as a page showed it."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Literal

from yaguts.domain.errors import NotAsShown
from yaguts.domain.ids import KitchenId
from yaguts.domain.recipe import same_spice
from yaguts.domain.units import MicrogramsPerSecond, Milligrams
from yaguts.services.runtime.context import Site
from yaguts.storage import dispensers, ledger
from yaguts.storage.db.database import Connection

Aspect = Literal["label", "stock", "rate"]


@dataclass(frozen=True, slots=True)
class ShownJar:
    """What a page showed of a jar."""

    label: str | None
    stock: Milligrams | None
    rate: MicrogramsPerSecond | None


def while_as_shown(
    site: Site,
    kitchen_id: KitchenId,
    dispenser_id: int,
    number: int,
    shown: ShownJar,
    aspects: Collection[Aspect],
) -> Site:
    """The site for a service that changes the jar. Its transaction raises `NotAsShown` when one of
    these aspects is not as it was shown.
    """

    def check(connection: Connection) -> None:
        dispenser = dispensers.find(connection, kitchen_id, dispenser_id)
        if "stock" in aspects:
            ledger.stock(connection, dispenser.id, number)  # Nobody refills the jar meanwhile.
        for jar in dispensers.jars_of(connection, dispenser.id):
            if jar.number == number:
                _insist(shown, ShownJar(jar.label, jar.stock, jar.rate), aspects)

    return replace(site, database=site.database.beginning_with(check))


def _insist(shown: ShownJar, now: ShownJar, aspects: Collection[Aspect]) -> None:
    if not same_spice(shown.label or "", now.label or ""):
        raise NotAsShown(what="label", before=shown.label, now=now.label)
    if "stock" in aspects and shown.stock != now.stock:
        raise NotAsShown(what="stock", before=shown.stock, now=now.stock)
    if "rate" in aspects and shown.rate != now.rate:
        raise NotAsShown(what="rate", before=shown.rate, now=now.rate)
