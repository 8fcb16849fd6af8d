"""The firmware: MicroPython on the ESP32, and the same files under CPython."""
