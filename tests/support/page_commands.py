"""The commands of a page in docs/, run as they stand there.

A page's ```sh blocks are what its reader types, top to bottom, in one shell. What a test cannot
have, such as `sudo` or an address of the reader's, is named by the test and replaced.
"""

import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.architecture.sources import ROOT

BIN = Path(sys.executable).parent
STRICT = "set -euo pipefail\n"


def shell_blocks(page: str) -> list[str]:
    """The ```sh blocks of a page, such as "docs/operations/backup.md"."""
    return re.findall(
        r"^```sh\n(.*?)^```", (ROOT / page).read_text("utf-8"), re.DOTALL | re.MULTILINE
    )


def run_page(
    page: str,
    folder: Path,
    *,
    instead: Mapping[str, str] | None = None,
    environment: Mapping[str, str] | None = None,
) -> str:
    """All commands of a page, in `folder`, with `yaguts` on the path; what they print.

    Each word of `instead` must occur and is replaced. The first command that fails ends it, and the
    test fails with what the commands printed.
    """
    script = "".join(shell_blocks(page))
    for word, other in (instead or {}).items():
        assert word in script, f"{page} does not say {word!r}"
        script = script.replace(word, other)
    own = {"PATH": f"{BIN}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8"}
    done = subprocess.run(
        ["bash", "-c", STRICT + script],
        cwd=folder,
        env=own | dict(environment or {}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{script}\n{done.stdout}\n{done.stderr}"
    return done.stdout
