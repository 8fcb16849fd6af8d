"""A past for a kitchen: orders and reports of earlier weeks, made by the server's services."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.builders import a_report
from tests.support.kitchen.callers import caller
from tests.support.processes.kitchen import JARS
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.domain.units import micrograms_per_second, milligrams
from yaguts.services.delivery import handover, reports
from yaguts.services.jobs import orders
from yaguts.services.pantry import configuration
from yaguts.services.pantry.configuration import JarChange
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.hub import Hub
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.settings import Settings
from yaguts.storage import dispensers
from yaguts.storage.db.database import Database

COOKED = [(7, 0, 4), (6, 2, 4), (6, 3, 2), (5, 0, 6), (4, 2, 8), (3, 3, 4), (2, 0, 8), (1, 2, 4)]
"""Weeks ago, the index of the recipe, and the number of people."""


def cook_for_weeks(database_url: str, owner_id: int, recipes: Sequence[int]) -> None:
    """Fill the jars, then order and report each job at its time. The server may be running.

    The board that reports them is unpaired at the end.
    """
    database, now = Database(database_url), datetime.now(UTC)

    def weeks_ago(weeks: int) -> Site:
        then = now - timedelta(weeks=weeks)
        return Site(database, lambda: then, secrets.token_bytes, Hub(), Settings())

    with database.write() as connection:
        one = dispensers.default_of(connection, KitchenId(owner_id)).id
        token = token_hash(new_token(secrets.token_bytes))
        dispensers.pair(connection, one, "a former board", token, weeks_ago(8).clock())
    configuration.set_jars(weeks_ago(8), owner_id, [_full(jar) for jar in JARS], by=Actor(owner_id))
    for weeks, recipe, people in COOKED:
        site = weeks_ago(weeks)
        job = orders.order(
            site, owner_id, orders.Order(recipes[recipe], people), by=Actor(owner_id)
        )
        fetched = handover.fetch(site, caller(site, job.dispenser_id))
        assert fetched is not None
        received = reports.Received(a_report(fetched), fetched.key, "", {})
        reports.complete(site, caller(site, job.dispenser_id), job.id, received)
    with database.write() as connection:
        dispensers.unpair(connection, one)
    database.close()


def _full(jar: Mapping[str, Any]) -> tuple[int, JarChange]:
    rate, stock = micrograms_per_second(jar["g_por_seg"]), milligrams(jar["estoque_g"])
    return jar["frasco"], {"label": jar["rotulo"], "rate": rate, "stock": stock}
