"""A board on a USB cable: its files, its configuration, its log, and MicroPython itself."""
