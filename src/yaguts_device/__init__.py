"""The firmware: MicroPython on the ESP32, and the same files under CPython."""

import gc

VERSION = "0.2.0"

if hasattr(gc, "threshold"):
    # Compiling the modules that follow would fragment a small heap: collect often.
    gc.threshold(4096)
