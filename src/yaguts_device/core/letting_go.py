"""Let go of modules that were needed for a moment: a small heap has no room for all at once."""

import sys


def let_go(*names: str) -> None:
    """Forget these modules, as far as they are loaded. Only MicroPython lacks the room."""
    if sys.implementation.name != "micropython":
        return
    for name in names:
        folder, _, module = name.rpartition(".")
        if sys.modules.pop(name, None):
            delattr(sys.modules[folder], module)
