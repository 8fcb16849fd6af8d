"""Backups on a timer: a server looks once a minute whether one is due.

A process of its own makes it, so that nobody waits for it, and so that it ends with the server. Of
all servers that share a backup folder, one makes it.
"""

import logging
import subprocess
import sys
from collections.abc import Callable
from threading import Event

from yaguts.services.ops.backups.kept_backups import due
from yaguts.services.runtime.context import Site
from yaguts.settings import Settings
from yaguts.storage.db.copying.copies import CopyError, sqlite_file

LOOK_EVERY_S = 60.0
AGAIN_AFTER_S = 900.0
"""After a failure."""
_STOP_WITHIN_S = 0.25
_log = logging.getLogger(__name__)


class BackupTimer:
    """Makes the backups of one server. What fails is said once, and again when it is another.

    `is_ours` says whether this process is the one that makes them.
    """

    def __init__(self, site: Site, is_ours: Callable[[], bool] = lambda: True) -> None:
        self._site, self._is_ours = site, is_ours
        self._said = ""

    def run(self, stop: Event) -> None:
        """Make backups until `stop` is set. For a thread of its own."""
        while not stop.is_set():
            trouble = self._trouble(stop)
            if trouble not in ("", self._said):
                _log.error("No backup was made: %s", trouble)
            self._said = trouble
            stop.wait(AGAIN_AFTER_S if trouble else LOOK_EVERY_S)

    def _trouble(self, stop: Event) -> str:
        """Make a backup if one is due; why that failed, or ""."""
        try:
            if not self._is_ours() or not due(self._site.settings, self._site.clock()):
                return ""
        except (CopyError, OSError) as error:
            return str(error)
        return _back_up(self._site.settings, stop)


def is_wanted(settings: Settings) -> bool:
    """Whether servers are to make backups."""
    return settings.backup_folder is not None and bool(settings.backup_every)


def _back_up(settings: Settings, stop: Event) -> str:
    """Run the command; what it says when it fails."""
    words = ["db", "backup", "--keep", "--if-due"]
    if sqlite_file(settings.database_url) is not None:
        words.append("--verify")
    command = subprocess.Popen(
        [sys.executable, "-m", "yaguts.cli", *words],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    while command.poll() is None and not stop.wait(_STOP_WITHIN_S):
        pass
    if stop.is_set():
        command.terminate()
    errors = command.communicate()[1].strip()
    return "" if stop.is_set() or not command.returncode else errors.removeprefix("Error: ")
