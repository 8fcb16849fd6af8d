"""The tree for a board is the same at every build, whole, and says what is in it."""

import json
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner

import yaguts_device
from tests.support.components import mpy_cross
from yaguts.cli.device.build import build_command
from yaguts.services.firmware import compiling
from yaguts.services.firmware.board_tree import build
from yaguts.services.firmware.sources import DRIVERS


@pytest.fixture(autouse=True)
def compiler() -> None:
    mpy_cross()


def run(folder: Path) -> tuple[int, str]:
    result = CliRunner().invoke(build_command, [str(folder)])
    return result.exit_code, result.output


@pytest.mark.more
def test_two_builds_are_the_same_bytes() -> None:
    first, second = build(), build()

    assert first == second
    assert first.manifest() == second.manifest()


def test_the_manifest_names_every_file(tmp_path: Path) -> None:
    status, told = run(tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_bytes())
    suffixes = {".mpy", ".html"}  # modules, and the pages of the portal
    written = [path for path in tmp_path.rglob("*") if path.suffix in suffixes]
    files = {str(path.relative_to(tmp_path / "out")) for path in written}

    assert status == 0, told
    assert manifest["version"] == yaguts_device.VERSION
    assert {entry["path"] for entry in manifest["files"]} == files
    for entry in manifest["files"]:
        content = (tmp_path / "out" / entry["path"]).read_bytes()
        assert (entry["size"], entry["sha256"]) == (len(content), sha256(content).hexdigest())


def test_a_board_gets_every_driver_and_nothing_of_the_virtual_board() -> None:
    paths = build().files
    drivers = {p for p in paths if p.startswith(DRIVERS.replace(".", "/"))}

    assert len(drivers) == len(list(Path(yaguts_device.__file__).parent.glob("hal/drivers/*.py")))
    assert "yaguts_device/hal/esp32.mpy" in paths
    assert not {"yaguts_device/hal/virtual.mpy", "yaguts_device/__main__.mpy"} & paths.keys()


@pytest.mark.more
def test_a_build_takes_the_place_of_a_build_and_of_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("years of work")

    status, told = run(tmp_path)

    assert (status, (tmp_path / "thesis.txt").read_text()) == (1, "years of work")
    assert "name an empty folder" in told
    assert run(tmp_path / "out")[0] == run(tmp_path / "out")[0] == 0


def test_without_a_compiler_it_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling.shutil, "which", lambda _name: None)

    status, told = run(tmp_path / "out")

    assert (status, "install Yaguts with its extra, [board]" in told) == (1, True)
    assert not (tmp_path / "out").exists()
