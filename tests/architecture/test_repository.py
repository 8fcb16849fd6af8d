"""What may not stand in any file of the repository, and what must in the locks."""

import re
import subprocess
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from tests.architecture.sources import ROOT, SRC
from tests.support.components import component

LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
# Written in halves, so that this file is not its own first offender.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry.npm" + "js",
    "deb.debian" + ".org",
]
OUTSIDE = ["../" + "shared", "/" + "work/"]


def committed() -> list[Path]:
    """The files that git knows, leaving out pictures and the like."""
    component(ROOT / ".git", "this test reads the list of committed files from git")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
    )
    paths = [ROOT / name for name in listed.stdout.split("\0") if name]
    return [path for path in paths if path.is_file() and path.suffix != ".png"]


@pytest.mark.parametrize("forbidden", REGISTRIES + OUTSIDE)
def test_no_file_names(forbidden: str) -> None:
    offenders = [
        str(path.relative_to(ROOT))
        for path in committed()
        if forbidden.encode() in path.read_bytes()
    ]

    assert offenders == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda path: path.name)
def test_a_lock_pins_everything_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text()
    requirements = text.replace("\\\n", " ").splitlines()

    assert "://" not in text
    assert "--index" not in text
    assert all(
        re.fullmatch(r"[a-z0-9-]+==\S+( ; [^\\]+?)?(\s+--hash=sha256:[0-9a-f]{64})+\s*", line)
        for line in requirements
    )


def test_the_lock_of_the_tests_agrees_with_the_lock_that_is_run() -> None:
    pins = [set(re.findall(r"^\S+==\S+", (ROOT / "requirements" / name).read_text(), re.MULTILINE))
            for name in ("run.txt", "dev.txt")]  # fmt: skip

    assert pins[0] <= pins[1]


def test_what_is_installed_is_what_the_lock_pins() -> None:
    lock = (ROOT / "requirements/dev.txt").read_text().replace("\\\n", " ").splitlines()
    pinned = [Requirement(line.partition("--hash")[0]) for line in lock]

    assert [
        str(one)
        for one in pinned
        if one.marker is None or one.marker.evaluate()
        if version(one.name) not in one.specifier
    ] == []


def test_no_firmware_opens_a_console_over_the_network() -> None:
    sources = [file.read_text("utf-8") for file in (SRC / "yaguts_device").rglob("*.py")]

    assert len(sources) > 30
    assert [text for text in sources if re.search(r"webrepl|dupterm|telnet", text)] == []


def test_every_exemption_from_a_security_rule_says_why() -> None:
    """In the configuration by a comment; in a line by words behind it or a comment above."""
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for folder in ("src", "benchmarks", "tools", "tests")
        for path in (ROOT / folder).rglob("*.py")
        for before, number, line in _lines_with_the_one_before(path)
        if (found := re.search(r"# noqa: (?:\w+, )*S\d{3}(.*)", line))
        if not found[1].strip() and "#" not in before
    ]

    assert bare == []


def _lines_with_the_one_before(path: Path) -> list[tuple[str, int, str]]:
    """Each line with the two before it, as one text, and its number."""
    lines = path.read_text("utf-8").splitlines()
    return [("\n".join(lines[max(0, n - 3) : n - 1]), n, line) for n, line in enumerate(lines, 1)]
