"""The files in the board's root that start a slot: `boot.py`, and the loader as `main.py`."""

import ast
from collections.abc import Mapping

from yaguts.services.firmware.folding import folded
from yaguts.services.firmware.sources import all_modules

BOOT, LOADER = "/boot.py", "/main.py"
_MODULES = {BOOT: "yaguts_device.boot", LOADER: "yaguts_device.loader"}


def root_files() -> Mapping[str, bytes]:
    """Both by their paths, as text without what a board ignores: MicroPython compiles neither."""
    modules = folded(all_modules())
    return {path: f"{ast.unparse(modules[name])}\n".encode() for path, name in _MODULES.items()}
