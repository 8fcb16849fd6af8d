"""`yaguts firmware`, from the key to the halted rollout, and what each step refuses."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from tests.support.components import mpy_cross
from tests.support.kitchen.household import Household
from tests.support.kitchen.releases import beat, says
from yaguts.cli.device.flash import flash_command
from yaguts.cli.firmware.command import firmware
from yaguts.services.dispensers.updates.watching import watch
from yaguts.services.firmware import board_tree
from yaguts.services.firmware.board_tree import BoardTree
from yaguts.services.firmware.release.keys import new_key, read_public, write_pair

PASSWORD = "uma senha comprida"
TREE = BoardTree("6.3", {"yaguts_device/main.mpy": b"m" * 3000})
Run = Callable[..., Result]


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the key `ours`, and that of a `stranger`."""
    folder = tmp_path_factory.mktemp("keys")
    for name in ("ours", "stranger"):
        write_pair(folder / name, new_key(), PASSWORD)
    return folder


@pytest.fixture
def run(tmp_path: Path, home: Household, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a command in a folder of the test's own, on the server's database."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YAGUTS_DATABASE_URL", home.site.settings.database_url)
    monkeypatch.setattr("yaguts.cli.firmware.build.build", lambda: TREE)

    def run(command: str, *arguments: Any, typed: str = "") -> Result:
        return CliRunner().invoke(firmware, [command, *map(str, arguments)], input=typed)

    return run


def built(run: Run, number: int = 2, expires: str = "2099-01-01") -> Path:
    result = run("build", "new.yaguts", "--release", number, "--expires", expires)
    assert result.exit_code == 0, result.output
    return Path("new.yaguts")


def signed(run: Run, keys: Path, by: str = "ours", **options: Any) -> Path:
    file = built(run, **options)
    result = run("sign", file, "--key", keys / by, typed=f"{PASSWORD}\n")
    assert result.exit_code == 0, result.output
    return file


def test_from_the_key_to_the_board_and_to_the_halt(run: Run, home: Household) -> None:
    made = run("keygen", "key", typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert made.exit_code == 0, made.output
    assert f"Key {read_public(Path('key.pub')).id}" in made.output
    assert "PRIVATE" not in Path("key.pub").read_text()
    assert run("keygen", "key").exit_code == 1, "a key is never overwritten"

    file = built(run)
    run("sign", file, "--key", "key", typed=f"{PASSWORD}\n")
    assert "Whole, and signed" in run("verify", file, "--key", "key.pub").output
    published = run("publish", file, "--key", "key.pub", "--stages", "100")
    assert published.exit_code == 0, published.output
    home.clock.passes(days=3650)  # the command reads the real clock
    board = home.board(home.person())
    beat(board, keys=[read_public(Path("key.pub")).id])
    watch(home.site)
    offered = beat(board, keys=[read_public(Path("key.pub")).id])

    assert offered == 2
    assert board.get("/devices/me/firmware/2/files/0").content == b"m" * 2048
    told = run("status").output
    assert "Release 2 (0.2.0, esp32, stable): 100 % (stage 1 of 1)" in told
    assert "1 chosen" in told
    beat(board, says("bad", "crash"))
    assert "1 bad: it crashed." in run("status").output
    assert run("halt", 2).exit_code == 0
    assert "HALTED" in run("status").output
    assert "somebody halted it." in run("status").output
    assert run("resume", 2).exit_code == 0
    assert "HALTED" not in run("status").output


def test_two_builds_are_the_same_bytes(run: Run) -> None:
    first = built(run).read_bytes()

    assert built(run).read_bytes() == first


def test_what_is_not_signed_by_the_key_is_not_published(run: Run, keys: Path) -> None:
    for file in (built(run), signed(run, keys, "stranger")):
        for command in ("verify", "publish"):
            result = run(command, file, "--key", keys / "ours.pub")
            assert result.exit_code == 1
            assert "(bad_signature)" in result.output
    assert run("status").output == "No release is published.\n"


def test_what_has_expired_or_is_older_is_not_published(run: Run, keys: Path) -> None:
    publish = ("publish", "new.yaguts", "--key", keys / "ours.pub")
    signed(run, keys, expires="2020-01-01")
    assert "(expired)" in run(*publish).output
    signed(run, keys, number=5)
    assert run(*publish).exit_code == 0
    signed(run, keys, number=4)
    assert "only rises" in run(*publish).output


def test_a_wrong_password_and_a_wrong_file_are_named(run: Run, keys: Path) -> None:
    file = built(run)
    wrong = run("sign", file, "--key", keys / "ours", typed="no\n")
    assert (wrong.exit_code, "the password is wrong" in wrong.output) == (1, True)
    swapped = run("verify", file, "--key", keys / "ours")
    assert (swapped.exit_code, "not a public key" in swapped.output) == (1, True)
    nothing = run("verify", keys / "ours.pub", "--key", keys / "ours.pub")
    assert (nothing.exit_code, "(malformed)" in nothing.output) == (1, True)
    short = run("keygen", "new", typed="short\nshort\n")
    assert (short.exit_code, Path("new").exists()) == (1, False)


def test_a_file_without_an_end_is_too_large(run: Run, keys: Path) -> None:
    for command in ("verify", "publish"):
        result = run(command, "/dev/zero", "--key", keys / "ours.pub")
        assert (result.exit_code, "(too_large)" in result.output) == (1, True), result.output


def test_another_key_is_announced(run: Run, keys: Path) -> None:
    file = built(run)
    keys_told = ("--announce", keys / "stranger.pub", "--retire", keys / "ours.pub")
    result = run("sign", file, "--key", keys / "ours", *keys_told, typed=f"{PASSWORD}\n")

    assert "announces another key" in result.output
    assert f"retires the key {read_public(keys / 'ours.pub').id}" in result.output


@pytest.mark.parametrize("stages", ["", "0,100", "10", "50,10,100", "1,1,100", "x", "1,200"])
def test_stages_rise_to_100(run: Run, keys: Path, stages: str) -> None:
    file = built(run)
    result = run("publish", file, "--key", keys / "ours.pub", "--stages", stages)

    assert result.exit_code == 2
    assert "percentages" in result.output


def test_a_release_that_is_not_there_is_named(run: Run) -> None:
    for command in ("halt", "resume"):
        result = run(command, 9)
        assert (result.exit_code, "no release 9" in result.output) == (1, True)


def test_a_board_holds_two_keys_at_most(keys: Path) -> None:
    thrice = ["--key", str(keys / "ours.pub")] * 3

    assert "2 keys at most" in CliRunner().invoke(flash_command, thrice).output


@pytest.mark.more
def test_the_real_firmware_is_a_release(tmp_path: Path) -> None:
    mpy_cross()
    arguments = ["build", "new.yaguts", "--release", "1", "--expires", "2099-01-01"]
    command = [sys.executable, "-m", "yaguts.cli", "firmware", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, text=True)

    assert done.returncode == 0, done.stderr
    assert f"{len(board_tree.build().files)} files" in done.stdout
