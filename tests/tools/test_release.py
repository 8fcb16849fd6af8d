"""`make release`: what is in it, and that it is the same bytes wherever it is made."""

import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.processes.release import checkout, released
from tools.release import NoRelease, notes_of

CHANGELOG = """
## [Unreleased]

## [1.2.0] - 2026-01-02

### Added

- A jar.

## [1.1.0] - 2025-01-02

- Old.
"""


@pytest.mark.more
def test_two_releases_of_a_commit_are_the_same_bytes(tmp_path: Path) -> None:
    version = "0.2.0"
    first = released(checkout(tmp_path / "here"), 0o022, TZ="UTC")
    other = released(checkout(tmp_path / "elsewhere"), 0o077, TZ="America/Sao_Paulo", LANG="pt_BR")

    assert sorted(first) == [
        "SHA256SUMS",
        f"yaguts-{version}-notes.md",
        f"yaguts-{version}-py3-none-any.whl",
        f"yaguts-{version}-requirements.txt",
        f"yaguts-{version}-sbom.cdx.json",
        f"yaguts-{version}.tar.gz",
        f"yaguts-firmware-{version}.zip",
    ]
    assert [name for name in first if first[name] != other[name]] == []
    out = tmp_path / "here/out"
    subprocess.run(["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=out, check=True)
    with zipfile.ZipFile(out / f"yaguts-firmware-{version}.zip") as firmware:
        assert "manifest.json" in firmware.namelist()


@pytest.mark.more
def test_what_is_not_committed_is_not_released(tmp_path: Path) -> None:
    folder = checkout(tmp_path / "here")
    (folder / "forgotten.txt").write_text("new")

    with pytest.raises(AssertionError, match=r"(?s)not committed.*forgotten\.txt"):
        released(folder, 0o022)
    assert not (folder / "out").exists()


def test_the_notes_are_those_of_the_version() -> None:
    assert notes_of("1.2.0", CHANGELOG) == "# Yaguts 1.2.0\n\n### Added\n\n- A jar.\n"


@pytest.mark.parametrize("version", ["1.3.0", "Unreleased", "1.1"])
def test_a_version_without_notes_is_not_released(version: str) -> None:
    with pytest.raises(NoRelease, match=r"CHANGELOG\.md has no section"):
        notes_of(version, CHANGELOG)
