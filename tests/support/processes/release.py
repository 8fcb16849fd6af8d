"""A release of the work tree as it is, whether or not it is committed."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from tests.support.components import ROOT

COMMITTED = {
    **os.environ,
    "GIT_AUTHOR_DATE": "2026-01-02T03:04:05Z",
    "GIT_COMMITTER_DATE": "2026-01-02T03:04:05Z",
}
AS = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "core.autocrlf=false"]


def checkout(folder: Path) -> Path:
    """The work tree as a commit of its own in `folder`, with the programs of this one."""
    listed = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    files = subprocess.run(listed, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    for name in filter(None, files.split("\0")):
        if (ROOT / name).exists():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    (folder / ".git/info").mkdir(parents=True)
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "All"]):
        subprocess.run([*AS, *words], cwd=folder, env=COMMITTED, check=True)
        (folder / ".git/info/exclude").write_text("/.venv\n")
    return folder


def released(folder: Path, umask: int = 0o022, **environment: str) -> dict[str, bytes]:
    """The files of a release that is made of a checkout, into its folder `out`."""
    made = subprocess.run(
        [sys.executable, "-m", "tools.release", "out"],
        cwd=folder,
        env={**os.environ, **environment, "PYTHONPATH": str(folder / "src")},
        check=False,
        capture_output=True,
        text=True,
        umask=umask,
    )
    assert made.returncode == 0, made.stderr
    return {path.name: path.read_bytes() for path in (folder / "out").iterdir()}
