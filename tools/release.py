"""Make a release of the commit that is checked out: the same bytes wherever it is made.

usage: python -m tools.release FOLDER     (make release gives it a folder)

FOLDER gets the wheel, the source distribution, the firmware for a board, the lock of what the
server runs on, the bill of materials, the changelog of this version as notes, and SHA256SUMS.
"""

import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from yaguts.services.firmware.board_tree import build as board_tree

ROOT = Path(__file__).resolve().parent.parent
SUMS = "SHA256SUMS"
_READABLE = 0o644 << 16


class NoRelease(Exception):
    """The checkout can't be released; the text says why."""


def main(arguments: list[str]) -> int:
    """The exit status."""
    try:
        release(Path(arguments[0]))
    except NoRelease as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def release(folder: Path) -> None:
    """Write a release into `folder`, in the place of what is there. Raises `NoRelease`."""
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    notes = notes_of(version, (ROOT / "CHANGELOG.md").read_text("utf-8"))
    _insist_on_a_commit()
    made = datetime.fromtimestamp(int(_git("log", "-1", "--format=%ct")), UTC)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _packages(folder, made)
    _firmware(folder / f"yaguts-firmware-{version}.zip", made)
    shutil.copyfile(ROOT / "requirements/run.txt", folder / f"yaguts-{version}-requirements.txt")
    subprocess.run([ROOT / "tools/sbom", folder / f"yaguts-{version}-sbom.cdx.json"], check=True)
    (folder / f"yaguts-{version}-notes.md").write_text(notes, "utf-8")
    (folder / SUMS).write_text(sums(folder), "utf-8")


def notes_of(version: str, changelog: str) -> str:
    """What the changelog says of a version. Raises `NoRelease` when it says nothing."""
    heading = rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d\n"
    found = re.search(heading + r"(.*?)(?=^## |\Z)", changelog, re.DOTALL | re.MULTILINE)
    if not found or not found[1].strip():
        raise NoRelease(f"CHANGELOG.md has no section '## [{version}] - YYYY-MM-DD'")
    return f"# Yaguts {version}\n\n{found[1].strip()}\n"


def sums(folder: Path) -> str:
    """The SHA-256 of each file, as `sha256sum --check` reads it."""
    files = sorted(path for path in folder.iterdir() if path.name != SUMS)
    return "".join(f"{sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in files)


def _insist_on_a_commit() -> None:
    if changed := _git("status", "--porcelain"):
        raise NoRelease(f"A release is of a commit, and these files are not committed:\n{changed}")


def _packages(folder: Path, made: datetime) -> None:
    same_everywhere = {**os.environ, "SOURCE_DATE_EPOCH": str(int(made.timestamp()))}
    hatchling = [sys.executable, "-m", "hatchling", "build", "--directory", str(folder.absolute())]
    subprocess.run(hatchling, cwd=ROOT, env=same_everywhere, check=True, capture_output=True)


def _firmware(file: Path, made: datetime) -> None:
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in board_tree().with_manifest().items():
            entry = zipfile.ZipInfo(name, made.timetuple()[:6])
            entry.external_attr = _READABLE
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout.rstrip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
