"""Runs first after every reset, soft ones included: every output off. Lies in the board's root."""

from yaguts_device.hal import esp32

esp32.dark(esp32.configuration())
