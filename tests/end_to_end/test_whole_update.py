"""From the maker's key to the board that runs the release: every program is the real one.

`yaguts firmware` and `yaguts serve` are processes. The board runs boot.py, loader and firmware as
built, in MicroPython, on a fake ESP32.
"""

import json
import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.components import mpy_cross
from tests.support.device.usb_board import HARD, POWER_ON, UsbBoard
from tests.support.processes.kitchen import YAGUTS, Person, Server, eventually, running_server
from yaguts.services.firmware.board_tree import build, write
from yaguts.services.firmware.release.keys import read_public
from yaguts.services.firmware.root_files import root_files

MAKERS_PASSWORD = "uma senha comprida"
RELAYS = [26, 27, 32, 33]
TO_FETCH = ("yaguts_device/app.mpy", "yaguts_device/portal/serving/form.html")
STRANGER = "yaguts_device/of_another_release.mpy"


class Maker:
    """Who makes releases, in a folder, and publishes them on the server's computer."""

    def __init__(self, folder: Path, server: Server) -> None:
        self._folder, self._server = folder, server
        self.run("keygen", "key", typed=f"{MAKERS_PASSWORD}\n{MAKERS_PASSWORD}\n")
        self.modulus = read_public(folder / "key.pub").modulus

    def publish(self, number: int) -> None:
        self.run("build", "new.yaguts", "--release", str(number), "--expires", "2099-01-01")
        self.run("sign", "new.yaguts", "--key", "key", typed=f"{MAKERS_PASSWORD}\n")
        assert "Whole, and signed" in self.run("verify", "new.yaguts", "--key", "key.pub")
        self.run("publish", "new.yaguts", "--key", "key.pub", "--stages", "100")

    def status(self) -> str:
        return self.run("status")

    def run(self, *arguments: str, typed: str = "") -> str:
        """What `yaguts firmware …` says."""
        place = {"YAGUTS_DATA": str(self._server.folder)}
        done = subprocess.run(
            [YAGUTS, "firmware", *arguments],
            input=typed,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env={**os.environ, **place, "YAGUTS_DATABASE_URL": self._server.database_url},
            cwd=self._folder,
            check=False,
            text=True,
        )
        assert done.returncode == 0, done.stdout
        return done.stdout


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """A server that has published nothing yet."""
    folder = tmp_path / "server"
    folder.mkdir()
    with running_server(folder) as server:
        yield server


@pytest.fixture
def maker(tmp_path: Path, server: Server) -> Maker:
    return Maker(tmp_path, server)


@pytest.fixture
def board(tmp_path: Path, maker: Maker, person: Person) -> UsbBoard:
    """A board that was flashed by cable. Its other slot lacks two files of what runs."""
    mpy_cross()
    board = UsbBoard(tmp_path / "board")
    tree = build()
    for slot in "ab":
        write(tree, board.root / slot)
    for path in TO_FETCH:
        (board.root / "b" / path).unlink()
    (board.root / "b" / STRANGER).write_bytes(b"x")
    for path, content in root_files().items():
        (board.root / path.lstrip("/")).write_bytes(content)
    (board.root / "key_a").write_bytes(maker.modulus)
    told = {"wifi": "Cozinha", "password": "", "server": person.server.address, "relays": RELAYS}
    told["code"] = person.code()
    (board.root / "yaguts.json").write_text(json.dumps(told))
    return board


def plugged_in_again(board: UsbBoard) -> UsbBoard:
    """The same board after its plug was pulled."""
    return UsbBoard(board.root.parent, POWER_ON)


def cell(board: UsbBoard, key: str) -> int:
    """A cell of the loader's."""
    file = board.nvs / f"slot.{key}"
    return int(file.read_text()[1:]) if file.exists() else 0


def pair(board: UsbBoard) -> None:
    """Start it for the first time, until the server knows what it is."""
    with board:
        eventually(lambda: b"claimed by your server" in board.said)


@pytest.mark.more
def test_a_release_goes_all_the_way_through_kills(
    board: UsbBoard, maker: Maker, person: Person
) -> None:
    pair(board)
    maker.publish(1)
    eventually(lambda: "1 chosen" in maker.status(), 100)

    fetched = board.root / "update.part"
    with plugged_in_again(board) as board:
        eventually(fetched.exists, 60)
        person.server.kill()
    person.server.start()
    with plugged_in_again(board) as board:
        eventually(lambda: "1 untried" in maker.status(), 100)

        assert board.starts == [POWER_ON, HARD], board.said.decode()
        assert (cell(board, "active"), cell(board, "untried"), cell(board, "trial")) == (1, 1, 1)
        for path in TO_FETCH:
            assert (board.root / "b" / path).read_bytes() == (board.root / "a" / path).read_bytes()
        assert not (board.root / "b" / STRANGER).exists()
        job = person.finished(person.order(person.recipe(Sal=1.0))["id"])

    assert job["status"] == "done"


@pytest.mark.more
def test_a_bit_that_is_flipped_at_the_server_reaches_no_board(
    board: UsbBoard, maker: Maker, person: Person
) -> None:
    pair(board)
    maker.publish(1)
    eventually(lambda: "1 chosen" in maker.status(), 100)
    flip_a_bit(person.server, sorted(build().files).index(TO_FETCH[0]))

    with plugged_in_again(board) as board:
        eventually(lambda: "1 refused" in maker.status(), 100)

        assert board.starts == [POWER_ON]
        assert cell(board, "active") == 0


def flip_a_bit(server: Server, position: int) -> None:
    """Damage a file of the newest release in the server's database."""
    found = "FROM release_files WHERE position = ? ORDER BY release DESC LIMIT 1"
    with closing(sqlite3.connect(server.database_url.removeprefix("sqlite:///"))) as database:
        number, content = database.execute(
            f"SELECT release, content {found}", (position,)
        ).fetchone()
        content = bytes([content[0] ^ 1]) + content[1:]
        at = (content, number, position)
        database.execute("UPDATE release_files SET content=? WHERE release=? AND position=?", at)
        database.commit()
