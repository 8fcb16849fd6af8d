"""The `sys` of an ESP32: as the unix port has it, with another machine."""

import sys as _sys
from collections import namedtuple

Implementation = namedtuple("Implementation", ("name", "version", "_machine", "_mpy"))
implementation = Implementation(
    "micropython", (1, 29, 0, ""), "Generic ESP32 module with ESP32", _sys.implementation._mpy
)
path = _sys.path
modules = _sys.modules
print_exception = _sys.print_exception
exit = _sys.exit
platform = "esp32"
stdin, stdout = _sys.stdin, _sys.stdout
