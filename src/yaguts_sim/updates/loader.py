"""The real loader's choice of a slot, on a simulated board."""

import sys
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, SimpleNamespace
from typing import Any
from unittest.mock import patch

from yaguts_sim.device.board import SimBoard
from yaguts_sim.device.machine import Machine

POWER_ON, HARD, WATCHDOG = 1, 2, 3
_NAME = "yaguts_device.loader"


def chosen_slot(machine: Machine, board: SimBoard) -> str:
    """The slot that the loader starts, "a" or "b"; nothing when none is whole.

    `Halted` when the power fails over it.
    """
    names = _loader(machine)
    slot: str = names["_slot"](board.flash("slot"))
    return slot.lstrip("/")


def _loader(machine: Machine) -> dict[str, Any]:
    """The loader's names, on a machine: its modules `esp32`, `machine` and `os` are replaced."""
    cause = POWER_ON if machine.began_cold else WATCHDOG if machine.bitten else HARD
    chip = SimpleNamespace(PWRON_RESET=POWER_ON, reset_cause=lambda: cause, WDT=_no_watchdog)
    names: dict[str, Any] = {"__name__": _NAME}
    with patch.dict(sys.modules, {"esp32": SimpleNamespace(NVS=object), "machine": chip}):
        exec(_code(), names)
    names["os"] = SimpleNamespace(stat=_stat(machine))
    return names


@cache
def _code() -> CodeType:
    spec = find_spec(_NAME)
    assert spec is not None
    assert spec.origin is not None
    return compile(Path(spec.origin).read_text("utf-8"), spec.origin, "exec")


def _stat(machine: Machine) -> Callable[[str], None]:
    def stat(path: str) -> None:
        if path not in machine.files.contents:
            raise OSError(2, "ENOENT")

    return stat


def _no_watchdog(timeout: int) -> None:
    """Its bite is played by the machine."""
