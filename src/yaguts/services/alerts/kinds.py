"""The kinds of alerts that are looked for, and how. One more is a record here.

It needs a member of `AlertKind`, its texts in both catalogues, and a function that decides in
`domain.alerts.trouble`.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from shutil import disk_usage

from yaguts.domain.alerts.choices import AlertChoices
from yaguts.domain.alerts.kinds import AlertKind, Trouble
from yaguts.domain.alerts.trouble import full_disk, halted, low, old_backup, silent
from yaguts.domain.clock import lately
from yaguts.domain.ids import KitchenId
from yaguts.domain.stock.levels import LOOKED_BACK, level
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.files.last_backup import last_backup
from yaguts.services.runtime.files.server_files import folder_of
from yaguts.storage import dispensers, ledger, releases
from yaguts.storage.db.database import Connection

Look = Callable[[Site, Connection, KitchenId, AlertChoices], Iterable[Trouble | None]]


@dataclass(frozen=True, slots=True)
class LookedFor:
    """How a kind is looked for. `operators`: it is about the server, not about a kitchen."""

    look: Look
    operators: bool = False


def _silent(
    site: Site, connection: Connection, kitchen_id: KitchenId, choices: AlertChoices
) -> Iterable[Trouble | None]:
    now = site.clock()
    awake_since = site.alerting.awake_since(now)
    for dispenser in dispensers.of(connection, kitchen_id):
        yield silent(dispenser, awake_since, choices.patience, now)


def _low(
    site: Site, connection: Connection, kitchen_id: KitchenId, _choices: AlertChoices
) -> Iterable[Trouble | None]:
    now = site.clock()
    for dispenser in dispensers.of(connection, kitchen_id):
        usage = ledger.usage(connection, dispenser.id, lately(now, LOOKED_BACK))
        for jar in dispensers.jars_of(connection, dispenser.id):
            yield low(dispenser, level(jar, usage.get(jar.number), now))


def _old_backup(
    site: Site, _connection: Connection, _kitchen_id: KitchenId, _choices: AlertChoices
) -> Iterable[Trouble | None]:
    if folder_of(site.settings) is not None:
        last = last_backup(site.settings)
        yield old_backup(None if last is None else last.at, site.clock())


def _full_disk(
    site: Site, _connection: Connection, _kitchen_id: KitchenId, _choices: AlertChoices
) -> Iterable[Trouble | None]:
    if (folder := folder_of(site.settings)) is not None:
        usage = disk_usage(folder)
        yield full_disk(usage.free, usage.total)


def _halted(
    _site: Site, connection: Connection, _kitchen_id: KitchenId, _choices: AlertChoices
) -> Iterable[Trouble | None]:
    for published in releases.halted(connection):
        yield halted(published.release, published.rollout.halted)


LOOKED_FOR: Mapping[AlertKind, LookedFor] = {
    AlertKind.DISPENSER_SILENT: LookedFor(_silent),
    AlertKind.JAR_LOW: LookedFor(_low),
    AlertKind.BACKUP_OLD: LookedFor(_old_backup, operators=True),
    AlertKind.DISK_FULL: LookedFor(_full_disk, operators=True),
    AlertKind.RELEASE_HALTED: LookedFor(_halted, operators=True),
}


def kinds_for(*, operator: bool) -> tuple[AlertKind, ...]:
    """The kinds that somebody can be told of. Those about the server are for its operator."""
    return tuple(
        kind
        for kind in AlertKind
        if kind not in LOOKED_FOR or operator or not LOOKED_FOR[kind].operators
    )


def found(
    site: Site,
    connection: Connection,
    kinds: Iterable[AlertKind],
    kitchen_id: KitchenId,
    choices: AlertChoices,
) -> tuple[Trouble, ...]:
    """What is in trouble, of these kinds."""
    looks = (LOOKED_FOR[kind].look for kind in kinds if kind in LOOKED_FOR)
    seen = chain.from_iterable(look(site, connection, kitchen_id, choices) for look in looks)
    return tuple(trouble for trouble in seen if trouble is not None)
