"""The firmware: MicroPython on the ESP32, and the same files under CPython."""

import gc

VERSION = "0.2.0"
RELEASED_S = 1_795_478_400
"""When this version was made (2026-11-24), in unix seconds. No earlier time is believed."""

if hasattr(gc, "threshold"):
    # What lives long would lie between what does not, and leave no room in one piece. What is
    # loaded first lives longest: `phases` has the heap collected less often afterwards.
    gc.threshold(1024)
