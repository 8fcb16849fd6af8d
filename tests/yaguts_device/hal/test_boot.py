"""`boot.py` and the list that it plays: every output off, whatever lies on the board."""

import ast
import json
import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import yaguts_device
from tests.support.device.vms import VMS, command, environment
from tests.yaguts_device.hal.chip import MACHINE, Chip, Clock
from yaguts_device.hal import drivers

BOOT = Path(yaguts_device.__file__).parent / "boot.py"
KNOWN_PINS = [26, 27, 32, 33, 25, 14, 13, 12]
FAKE_MACHINE = """
class Pin:
    OUT = 3
    def __init__(self, number, mode=0, value=0):
        if mode:
            print(number, value)
class I2C:
    def __init__(self, number, sda, scl):
        pass
    def writeto_mem(self, address, register, data):
        print(address, register, list(data))
        raise OSError(19)
    def writeto(self, address, data):
        print(address, list(data))
"""


def boot(chip: Chip, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run the board's `boot.py` on the chip, in the working directory."""
    monkeypatch.setitem(sys.modules, "machine", chip.machine())
    runpy.run_path(str(BOOT))


@pytest.fixture
def chip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Chip:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys.implementation, "_machine", MACHINE, raising=False)
    return Chip(Clock())


def all_high(chip: Chip) -> None:
    for pin in KNOWN_PINS:
        chip.output(pin, 1)


def high(chip: Chip) -> list[int]:
    return [pin for pin in range(40) if chip.is_high(pin)]


def test_without_a_list_the_usual_outputs_go_off(
    chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_high(chip)
    boot(chip, monkeypatch)

    assert high(chip) == []
    assert drivers.dark_list({}) == [[pin, 0] for pin in KNOWN_PINS]


@pytest.mark.parametrize("name", ["Generic ESP32S3 module with ESP32S3", "ESP32C3", None])
def test_without_a_list_the_pins_of_another_chip_are_left_alone(
    name: str | None, chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name is None:
        monkeypatch.delattr(sys.implementation, "_machine")
    else:
        monkeypatch.setattr(sys.implementation, "_machine", name)
    boot(chip, monkeypatch)

    assert not any(chip.is_driven(pin) for pin in range(40))


@pytest.mark.parametrize("kept", [None, b"[", b"[[4, 0], [5, 0], [25, 0]]"])
def test_relays_that_are_on_when_low_are_made_high_whatever_list_was_kept(
    kept: bytes | None, chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("yaguts.json").write_text('{"relays": [4, 5, 26], "active_low": true}')
    if kept:
        Path(drivers.DARK_LIST).write_bytes(kept)
    chip.output(25, 1)
    chip.done.clear()
    boot(chip, monkeypatch)

    assert high(chip) == [4, 5, 26]
    assert chip.done[:3] == ["4 high", "5 high", "26 high"]
    assert not {"4 low", "5 low", "26 low"} & set(chip.done)


@pytest.mark.parametrize(
    "damaged", [b"", b"[]", b"7", b'{"relays": 7}', b'{"relays": [99, "x", [4]]}', b"\xff"]
)
def test_a_damaged_configuration_hinders_no_step(
    damaged: bytes, chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("yaguts.json").write_bytes(damaged)
    all_high(chip)
    boot(chip, monkeypatch)

    assert high(chip) == []


@pytest.mark.parametrize(
    "damaged",
    [
        b"",
        b"[[26, 0], [27",
        b"null",
        b"7",
        b"[]",
        b"{}",
        b'{"26": 0}',
        b"[7]",
        b"[[26]]",
        b"[[99, 0]]",
        b'[["26", 0]]',
        b"[[21, 22, 64, 0, [999]]]",
        b"[[21, 22, 64, 0, 7, 8]]",
        b"[[21, 22, 64, 0, 7]]",
        b"[[21, 22, 32, 300]]",
        b"[[21, 22, 32, [300]]]",
        b"\xff\xff",
        b"[" * 100_000,
    ],
    ids=lambda damaged: damaged[:21],
)
def test_a_damaged_list_gives_way_to_the_usual_outputs(
    damaged: bytes, chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path(drivers.DARK_LIST).write_bytes(damaged)
    all_high(chip)
    boot(chip, monkeypatch)

    assert high(chip) == []


def test_a_chip_that_is_not_there_hinders_no_other_step(
    chip: Chip, monkeypatch: pytest.MonkeyPatch
) -> None:
    chip.bus.gone = True
    drivers.keep_dark_list({"servos": 2, "relays": [4, 5]})
    for pin in (4, 5, 25, 26):
        chip.output(pin, 1)
    boot(chip, monkeypatch)

    assert high(chip) == [26]


def test_the_list_follows_the_wiring_and_is_written_only_when_it_differs(chip: Chip) -> None:
    kept = Path(drivers.DARK_LIST)
    drivers.keep_dark_list({"relays": [4], "motor": {"ena": 2}})
    assert json.loads(kept.read_text()) == [[4, 0], [2, 0]]
    written_at = kept.stat().st_ino, kept.stat().st_mtime_ns
    drivers.keep_dark_list({"relays": [4], "motor": {"ena": 2}})
    assert (kept.stat().st_ino, kept.stat().st_mtime_ns) == written_at
    drivers.keep_dark_list({"relays": [5], "motor": {"ena": 2}})
    assert json.loads(kept.read_text()) == [[5, 0], [2, 0]]
    kept.write_text("[")
    drivers.keep_dark_list({"servos": 1, "i2c": {"sda": 18, "scl": 19}, "motor": {}})

    assert json.loads(kept.read_text()) == [
        [18, 19, 64, 0, [16]],
        [18, 19, 64, 254, [121]],
        [18, 19, 64, 0, [32]],
        [18, 19, 64, 6, [0, 0, 205, 0]],
    ]
    assert chip.watched == []


def test_it_loads_nothing_but_what_it_needs() -> None:
    tree = ast.parse(BOOT.read_text("utf-8"))
    imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]

    assert [ast.unparse(node) for node in imports] == [
        "import json",
        "import sys",
        "import machine",
    ]
    assert drivers.DARK_LIST in BOOT.read_text("utf-8")


@pytest.mark.parametrize("vm", VMS)
def test_it_runs_on_both_pythons(vm: str, tmp_path: Path) -> None:
    (tmp_path / "machine.py").write_text(FAKE_MACHINE)
    (tmp_path / "dark.json").write_text(
        "[[26, 0], [21, 22, 64, 6, [0, 0, 205, 0]], [21, 22, 32, [255]], [27, 1]]"
    )
    paths = {"PYTHONPATH": str(tmp_path), "MICROPYPATH": f"{tmp_path}:.frozen"}
    played = subprocess.run(
        [*command(vm), str(BOOT)],
        env=environment() | paths,
        cwd=tmp_path,
        capture_output=True,
        check=True,
        text=True,
    )

    assert played.stdout.splitlines() == ["26 0", "64 6 [0, 0, 205, 0]", "32 [255]", "27 1"]


PUMPS = """
WIRING = {"pumps": [4, 5], "speed": 3}

def make(wiring, parts):
    return wiring, parts

def dark_steps(wiring):
    return [[pin, 1] for pin in wiring["pumps"]]
"""


def test_a_driver_is_one_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = Path(drivers.__path__[0])
    for name in ("motor", "relays"):
        (tmp_path / f"{name}.py").write_text((folder / f"{name}.py").read_text("utf-8"))
    (tmp_path / "pumps.py").write_text(PUMPS)
    monkeypatch.setattr(drivers, "__path__", [str(tmp_path)])
    monkeypatch.delitem(sys.modules, drivers.__name__ + ".pumps", raising=False)
    config = {"pumps": [8, 9], "motor": {"ena": 2}, "wifi": "Cozinha"}
    parts = Chip(Clock())
    made: object = drivers.make_outputs(config, parts)

    assert drivers.names() == ["motor", "pumps", "relays"]
    assert drivers.jar_drivers(config) == ["pumps"]
    assert made == ({"pumps": [8, 9], "speed": 3}, parts)
    assert drivers.dark_list(config) == [[8, 1], [9, 1], [2, 0]]
    assert drivers.wiring_keys(config) == ["pumps", "speed", "motor"]
    del sys.modules[drivers.__name__ + ".pumps"]


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({}, ["relays"]),
        ({"relays": [4]}, ["relays"]),
        ({"servos": 4, "i2c": {}}, ["servos"]),
        ({"servos": 4, "relays": [4]}, ["servos", "relays"]),
    ],
)
def test_the_configuration_names_the_driver(config: dict[str, object], expected: list[str]) -> None:
    assert drivers.jar_drivers(config) == expected
