"""A manifest is read in pieces of any length, and judged."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yaguts.services.firmware.release.manifest import PATH
from yaguts_device.net.errors import ReleaseRefused
from yaguts_device.update.judging import judge
from yaguts_device.update.manifest import is_inside, read_entries, read_facts
from yaguts_wire import update_words as u

BOARD = {u.HARDWARE: "esp32", u.BYTECODE: "6.3", u.MICROPYTHON: "1.28", "server": "0.3.1"}
FILES = [
    {"path": f"yaguts_device/{name}.mpy", "sha256": "0" * 64, "size": 10 + place}
    for place, name in enumerate(("app", "core/tick", "net/link"))
]
FACTS = {
    "bytecode": "6.3",
    "expires": 2_000,
    "hardware": "esp32",
    "micropython": "1.28",
    "release": 7,
    "server": {"from": "0.2.0", "to": None},
    "version": "0.2.0",
}


def manifest(**changed: Any) -> bytes:
    told = {**FACTS, "files": FILES, **changed}
    return json.dumps(told, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def in_pieces(data: bytes, size: int) -> Iterator[bytes]:
    return (data[place : place + size] for place in range(0, len(data), size))


def reason(**changed: Any) -> str:
    with pytest.raises(ReleaseRefused) as refused:
        judge({**FACTS, **changed}, BOARD, 1_000, 6)
    return str(refused.value)


def reason_of_files(files: Any) -> str:
    with pytest.raises(ReleaseRefused) as refused:
        list(read_entries(in_pieces(manifest(files=files), 512)))
    return str(refused.value)


@pytest.mark.parametrize("size", [1, 2, 7, 64, 511, 512, 4096])
@pytest.mark.parametrize("indent", [None, 1])
def test_it_is_read_whatever_the_pieces_are(size: int, indent: int | None) -> None:
    data = json.dumps({**FACTS, "files": FILES}, sort_keys=True, indent=indent).encode()

    assert read_facts(in_pieces(data, size)) == {**FACTS, "files": []}
    entries = [
        {"path": p, "size": s, "sha256": d} for p, s, d in read_entries(in_pieces(data, size))
    ]
    assert entries == FILES


@pytest.mark.parametrize("length", range(0, len(manifest()) - 2, 7))
def test_the_beginning_of_one_is_malformed(length: int) -> None:
    with pytest.raises(ReleaseRefused):
        read_facts([manifest()[:length]])


def test_a_release_for_this_board_is_taken() -> None:
    judge(FACTS, BOARD, 1_000, 6)
    judge({**FACTS, "micropython": None}, {**BOARD, "server": None}, 1_999, 0)
    judge({**FACTS, "server": {"from": "0.3", "to": "0.3"}}, BOARD, 1_000, 6)


def test_each_reason_has_its_edge() -> None:
    assert reason(release=6) == u.DOWNGRADE
    assert reason(release=0) == reason(release="8") == reason(release=1 << 31) == u.MALFORMED
    assert reason(hardware="esp32-s3") == u.WRONG_HARDWARE
    assert reason(bytecode="6.2") == u.WRONG_BYTECODE
    assert reason(micropython="1.29") == reason(micropython="2.0") == u.OLD_MICROPYTHON
    assert reason(micropython="new") == reason(server=None) == reason(expires="x") == u.MALFORMED
    assert reason(server={"from": "0.3.2", "to": None}) == u.WRONG_SERVER
    assert reason(server={"from": "0.1", "to": "0.2"}) == u.WRONG_SERVER
    assert reason(expires=1_000) == u.EXPIRED
    with pytest.raises(ReleaseRefused, match=u.NO_TIME):
        judge(FACTS, BOARD, None, 6)


def test_what_must_not_be_on_a_board_is_refused() -> None:
    many = [{**FILES[0], "path": f"yaguts_wire/{n:03}.mpy"} for n in range(u.MAX_FILES)]
    assert len(list(read_entries([manifest(files=many)]))) == u.MAX_FILES
    assert reason_of_files([*many, FILES[0] | {"path": "yaguts_wire/x.mpy"}]) == u.TOO_MANY
    assert reason_of_files([FILES[0] | {"size": u.MAX_RELEASE_BYTES + 1}]) == u.TOO_LARGE
    assert reason_of_files([FILES[0], FILES[0]]) == u.MALFORMED
    assert reason_of_files([FILES[1], FILES[0]]) == u.MALFORMED
    assert reason_of_files([FILES[0] | {"size": 0}]) == u.MALFORMED
    assert reason_of_files([FILES[0] | {"size": True}]) == u.MALFORMED
    assert reason_of_files([FILES[0] | {"sha256": "0"}]) == u.MALFORMED
    assert reason_of_files(None) == u.MALFORMED
    assert reason_of_files([7]) == u.MALFORMED
    assert reason_of_files([FILES[0] | {"path": "../main.mpy"}]) == u.BAD_PATH


@pytest.mark.parametrize(
    "path",
    [
        "yaguts_device/app.mpy",
        "yaguts_wire/__init__.mpy",
        "yaguts_device/hal/drivers/pca9685.mpy",
        "yaguts_device/portal/serving/form.html",
    ],
)
def test_a_module_and_a_page_are_inside(path: str) -> None:
    assert is_inside(path)


_NAMES = st.text("aZ0_/.-\\á\n", max_size=8)


@given(st.sampled_from(["yaguts_device", "yaguts_wire", "yaguts", ""]), _NAMES, _NAMES)
def test_board_and_server_let_the_same_paths_in(package: str, name: str, more: str) -> None:
    for end in ("mpy", "html", "py", ""):
        for path in (f"{package}/{name}.{end}", f"{package}{name}{more}{end}"):
            assert is_inside(path) == bool(PATH.fullmatch(path))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "main.mpy",
        "/yaguts_device/app.mpy",
        "yaguts_device/../app.mpy",
        "yaguts_device//app.mpy",
        "yaguts_device/.mpy",
        "yaguts_device/app.py",
        "yaguts_device/.html",
        "yaguts_devicehtml",
        "yaguts_device/app.mpy\n",
        "yaguts_device/ápp.mpy",
        "yaguts_device\\app.mpy",
        "yaguts_devices/app.mpy",
    ],
)
def test_anything_else_is_not(path: str) -> None:
    assert not is_inside(path)
