"""A command in a process of its own, forked from one that has loaded the libraries.

Loading them takes a second, ten times as long as most commands. `python -m yaguts.cli` itself is
run by the tests of servers.
"""

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

from yaguts.cli import main

_LOADED = (
    "yaguts.app",
    "yaguts.cli",
    "yaguts.cli.db.command",
    "yaguts.cli.device.command",
    "yaguts.cli.firmware.command",
    "yaguts.cli.import_v01",
    "yaguts.cli.serve",
    "yaguts.cli.users",
    "yaguts.storage.db.migrate",
    __name__,
)
_forks = get_context("forkserver")
_forks.set_forkserver_preload([*_LOADED])


def command(
    *words: str, folder: Path, environment: Mapping[str, str] | None = None
) -> tuple[int, str, str]:
    """The command as it is run in a folder that holds its data, with no settings but these."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("YAGUTS_")}
    return forked(words, {**ours, "YAGUTS_DATA": str(folder), **(environment or {})}, folder)


def forked(
    words: Sequence[str], environment: Mapping[str, str], folder: Path | None = None
) -> tuple[int, str, str]:
    """The command's exit status, what it printed, and what it printed as errors."""
    with TemporaryDirectory() as made:
        printed, errors = Path(made, "printed"), Path(made, "errors")
        given = (tuple(words), dict(environment), folder, printed, errors)
        process = _forks.Process(target=_run, args=given)
        process.start()
        process.join()
        assert process.exitcode is not None
        return process.exitcode, printed.read_text("utf-8"), errors.read_text("utf-8")


def _run(
    words: Sequence[str], environment: Mapping[str, str], folder: Path | None, *files: Path
) -> None:
    for number, file in zip((1, 2), files, strict=True):
        opened = os.open(file, os.O_WRONLY | os.O_CREAT)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder or Path.cwd())
    sys.argv = ["yaguts", *words]
    main(prog_name="yaguts")
