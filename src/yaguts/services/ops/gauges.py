"""What is looked up when the metrics are asked for: database, disk, backup."""

import shutil
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version

from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from yaguts.domain.clock import lately
from yaguts.domain.dispenser import ONLINE_WITHIN
from yaguts.domain.errors import Unavailable
from yaguts.services.ops.health import is_ready
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.files.last_backup import last_backup
from yaguts.services.runtime.files.server_files import folder_of
from yaguts.storage.figures import Figures, figures


class LookedUp(Collector):
    """The gauges of one server. The database is asked at most every ten seconds."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def describe(self) -> Iterable[Metric]:
        """Nothing is looked up when the gauges are registered."""
        return ()

    def collect(self) -> Iterable[Metric]:
        """The gauges now. Without a database those that come from it are missing."""
        site = self._site
        build = GaugeMetricFamily("yaguts_build_info", "The version.", labels=["version"])
        build.add_metric([version("yaguts")], 1)
        yield build
        yield _gauge("ready", "Whether an order could be stored, tried by a write.", is_ready(site))
        yield from _of_database(site.observer.figures.get(lambda: _ask(site)))
        yield from _of_disk(site)
        yield from _of_backup(site)


def _gauge(name: str, text: str, value: float) -> Metric:
    return GaugeMetricFamily(f"yaguts_{name}", text, value=value)


def _ask(site: Site) -> Figures | None:
    with suppress(Unavailable), site.database.read() as connection:
        return figures(connection, lately(site.clock(), ONLINE_WITHIN))
    return None


def _of_database(found: Figures | None) -> Iterable[Metric]:
    if found is None:
        return
    jobs = GaugeMetricFamily("yaguts_jobs_open", "Jobs that are not over.", labels=["state"])
    for state, count in found.open_jobs.items():
        jobs.add_metric([state], count)
    yield jobs
    yield _gauge("dispensers", "Dispensers with a board.", found.dispensers)
    yield _gauge("dispensers_online", "Those heard of in the last 90 s.", found.online)
    text = "Reports that wait for their owner's decision."
    yield _gauge("orphan_reports", text, found.orphan_reports)
    yield _gauge("releases_halted", "Firmware releases that are halted.", found.halted)
    boards = GaugeMetricFamily(
        "yaguts_release_boards", "Boards on their way to a release.", labels=["release", "state"]
    )
    for (release, state), count in found.updates.items():
        boards.add_metric([str(release), state], count)
    yield boards


def _of_disk(site: Site) -> Iterable[Metric]:
    folder = folder_of(site.settings)
    if folder is not None:
        disk = shutil.disk_usage(folder)
        yield _gauge("disk_free_bytes", "Room left on the data folder's disk.", disk.free)
        yield _gauge("disk_size_bytes", "The size of that disk.", disk.total)


def _of_backup(site: Site) -> Iterable[Metric]:
    last = last_backup(site.settings)
    at = last.at.timestamp() if last else 0
    yield _gauge("last_backup_timestamp_seconds", "When; 0 if there is none that is known.", at)
    yield _gauge("last_backup_bytes", "Its size.", last.bytes if last else 0)
