"""The files beside a database that come along when its kitchen moves."""

import shutil
from pathlib import Path

from yaguts.domain.high_water_mark import Mark, went_back
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.services.runtime.files.server_files import beside, write_privately
from yaguts.settings import Settings


def bring_files(source: Settings, target: Settings, mark: Mark) -> None:
    """Bring the key, the virtual boards and the mark. An unnoticed restore stays to be noticed."""
    for suffix in (".key", ".virtual"):
        here, there = beside(source, suffix), beside(target, suffix)
        if here is not None and there is not None and here.exists() and here != there:
            _replace(here, there)
    kept = mark_of(source).read()
    mark_of(target).keep(kept if kept is not None and went_back(kept, mark) else mark)


def _replace(here: Path, there: Path) -> None:
    there.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if here.is_file():
        write_privately(there, here.read_bytes(), durably=True)
    else:
        shutil.rmtree(there, ignore_errors=True)
        shutil.copytree(here, there)
