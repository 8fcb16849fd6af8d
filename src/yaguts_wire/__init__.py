"""The contract that the server and the dispensers both speak. Runs on CPython and MicroPython."""
