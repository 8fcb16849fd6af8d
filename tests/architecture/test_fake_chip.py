"""The chip on which tests run the firmware has everything of a chip that the firmware asks for."""

import ast
import subprocess
from collections.abc import Iterator
from pathlib import Path

from tests.architecture.sources import ROOT
from tests.support.components import micropython
from tests.support.device.usb_board import FAKES, HAL

FIRMWARE = ROOT / "src/yaguts_device"
MODULES = {"esp32", "machine", "network", "ntptime"}


def asked_for(folder: Path) -> Iterator[tuple[str, str]]:
    """Module and attribute of each use of a module of the chip."""
    for file in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if (
                isinstance(node, ast.Attribute)
                and isinstance(node.value, ast.Name)
                and node.value.id in MODULES
            ):
                yield node.value.id, node.attr


def asked_of_the_radio() -> Iterator[tuple[str, str]]:
    """What the firmware asks of the objects that `network.WLAN` makes."""
    radio = ast.parse((FIRMWARE / "hal/radio/esp32_wifi.py").read_text("utf-8"))
    for node in ast.walk(radio):
        if isinstance(node, ast.Attribute) and ast.unparse(node.value) in (
            "self._station",
            "point",
            "network.WLAN(network.AP_IF)",
        ):
            yield "network.WLAN", node.attr


def missing(asked: set[tuple[str, str]]) -> str:
    """What of it the fake chip lacks, as MicroPython finds."""
    looks = [
        f"import {module.partition('.')[0]}\n"
        f"if not hasattr({module}, {name!r}): print('{module}.{name}')"
        for module, name in sorted(asked)
    ]
    script = "\n".join(
        [f"import sys\nsys.path[:] = [{str(FAKES)!r}, {str(HAL)!r}, '.frozen']", *looks]
    )
    done = subprocess.run([micropython(), "-c", script], capture_output=True, check=True, text=True)
    return done.stdout


def test_the_fake_chip_has_what_the_firmware_asks_for() -> None:
    asked = {*asked_for(FIRMWARE), *asked_of_the_radio()}

    assert {("ntptime", "time"), ("network.WLAN", "scan")} <= asked
    assert missing(asked) == ""


def test_what_it_lacks_is_found() -> None:
    assert missing({("ntptime", "settime")}) == "ntptime.settime\n"
    assert missing({("network.WLAN", "dpp_start")}) == "network.WLAN.dpp_start\n"
