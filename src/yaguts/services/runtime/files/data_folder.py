"""The data folder: the database, unless another one was named, and what belongs to it.

Whoever updates, moves or mounts something must never find a new empty kitchen in the place of
theirs. So a database is only made where none can have been.
"""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from yaguts.domain.high_water_mark import Mark, went_back
from yaguts.services.runtime.files.mark_file import mark_of
from yaguts.services.runtime.files.signposts import insist_on_none
from yaguts.settings import BadSetting, Settings
from yaguts.storage.db.copying.copies import sqlite_file
from yaguts.storage.db.database import place_of_postgresql
from yaguts.storage.db.ours import contents

DATABASE = "yaguts.db"
_OF_POSTGRESQL = ("yaguts.key", "yaguts.virtual", "yaguts.mark", "yaguts.????????.mark")
OF_THE_SYSTEM = Path("/var/lib/yaguts")


def with_data_folder(
    settings: Settings, environment: Mapping[str, str], here: Path = Path()
) -> Settings:
    """The settings with a data folder, and the database in it unless another one is named.

    What lies beside a SQLite database that is named stays there. `here` is the working folder,
    where earlier versions kept everything. Makes nothing. Raises `BadSetting`.
    """
    if settings.database_url.startswith("sqlite:"):
        return replace(settings, data_folder=None)
    if settings.data_folder is None:
        folder = _default(settings, environment, here)
    else:
        folder = settings.data_folder.absolute()
        if not folder.is_dir():
            raise BadSetting(
                f"YAGUTS_DATA: there is no folder {folder}. If a disk belongs there, mount it; if"
                " this is to be a new kitchen, make the folder"
            )
    if "?" in str(folder):
        raise BadSetting(f"YAGUTS_DATA: {folder} has a question mark in its name")
    url = settings.database_url or f"sqlite:///{folder / DATABASE}"
    return replace(settings, database_url=url, data_folder=folder)


def default_folder(environment: Mapping[str, str]) -> Path:
    """The data folder of whoever names none: a person's own, or that of the system."""
    own = Path(environment.get("XDG_DATA_HOME", ""))
    if own.is_absolute():
        return own / "yaguts"
    home = Path(environment.get("HOME", ""))
    if os.geteuid() == 0 or not home.is_absolute() or not home.is_dir():
        return OF_THE_SYSTEM
    return home / ".local/share/yaguts"


def prepare_folder(settings: Settings, here: Path = Path()) -> None:
    """Make the folder of a database that is to be made or upgraded, if it is missing.

    Raises `BadSetting`, before anything is made, when the database is gone or would be lost there.
    """
    seen = contents(settings.database_url)
    if seen is None:
        return  # Whoever opens it says why it can't be read.
    insist_on_none(settings)
    _insist_on_its_mark(settings)
    if seen.tables and not seen.has_people:
        _insist_on_no_later_state(settings)
    if not seen.tables:
        _insist_on_a_new_place(settings, here)
    make_folder(settings)


def make_folder(settings: Settings) -> None:
    """Make the data folder. One that was named for the database is there, or `BadSetting` is
    raised.
    """
    file = sqlite_file(settings.database_url)
    if settings.data_folder is not None:
        settings.data_folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    elif file is not None and not file.parent.is_dir():
        raise BadSetting(f"YAGUTS_DATABASE_URL: there is no folder {file.parent.absolute()}")


def whereabouts(settings: Settings) -> str:
    """Where the database is, and what belongs to it, in a line for an operator."""
    if settings.database_url.startswith("sqlite:"):
        file = sqlite_file(settings.database_url)
        return f"Data: {'in memory' if file is None else file.absolute()}"
    place = place_of_postgresql(settings.database_url)
    return f"Data: PostgreSQL at {place}; key and mark in {settings.data_folder}"


def is_former(settings: Settings, environment: Mapping[str, str], here: Path = Path()) -> bool:
    """Whether the data folder is the working folder only because an earlier version used it."""
    unnamed = (
        not environment.get("YAGUTS_DATA", "").strip() and settings.data_folder == here.absolute()
    )
    return unnamed and settings.data_folder != default_folder(environment)


def work_tree_around(folder: Path) -> Path | None:
    """The git work tree that the folder lies in: `git clean` removes what it does not know."""
    real = folder.resolve()
    return next((each for each in (real, *real.parents) if (each / ".git").exists()), None)


def _default(settings: Settings, environment: Mapping[str, str], here: Path) -> Path:
    default, former = default_folder(environment), here.absolute()
    found, also = _kept_in(former, settings), _kept_in(default, settings)
    if former == default or found is None:
        return default
    if also is not None:
        raise BadSetting(
            f"YAGUTS_DATA: there is {found}, from an earlier version, and {also}. Say which folder"
            f" is meant: --data {former} or --data {default}"
        )
    return former


def _kept_in(folder: Path, settings: Settings) -> Path | None:
    """Something of this database, or of its server, that lies in the folder."""
    names = _OF_POSTGRESQL if settings.database_url else (DATABASE,)
    return next((path for name in names for path in folder.glob(name)), None)


def _insist_on_its_mark(settings: Settings) -> None:
    mark = mark_of(settings)
    if other := mark.of_another():
        raise BadSetting(
            f"YAGUTS_DATA: {mark.file} is the mark of another database, {other}. Name another"
            f" folder for this one. If {other} has moved here, say `yaguts db restored`"
        )


def _insist_on_no_later_state(settings: Settings) -> None:
    mark = mark_of(settings)
    if went_back(mark.read(), Mark()):
        raise BadSetting(
            f"Nobody has an account in this database, but {mark.file} is of"
            f" a later state. {_remedy(mark.file)}"
        )


def _insist_on_a_new_place(settings: Settings, here: Path) -> None:
    mark = mark_of(settings)
    file = sqlite_file(settings.database_url)
    place = "The database" if file is None else str(file.absolute())
    if mark.read() is not None:
        raise BadSetting(
            f"{place} is gone or empty, but {mark.file} says that there was"
            f" one. {_remedy(mark.file)}"
        )
    if file is None:
        return
    former = here.absolute() / DATABASE
    if settings.data_folder is not None and former.exists() and former != file:
        raise BadSetting(
            f"YAGUTS_DATA: there is no database in {settings.data_folder}, but {former} from an"
            f" earlier version. To move it: mv {former}* {settings.data_folder}/"
        )
    if tree := work_tree_around(file.parent):
        raise BadSetting(
            f"YAGUTS_DATA: {file.parent.absolute()} lies in the git work tree {tree}, where `git"
            " clean` would remove the database. Name a folder outside of it"
        )


def _remedy(mark: Path | None) -> str:
    return (
        "Is its disk mounted? Else put a backup there with `yaguts db restore FILE`; for a new"
        f" kitchen remove {mark}"
    )
