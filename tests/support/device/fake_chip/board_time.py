"""The `time` of an ESP32: whole seconds since 2000."""

import time as _time

_EPOCH_2000_S = 946_684_800

sleep, sleep_ms, sleep_us = _time.sleep, _time.sleep_ms, _time.sleep_us
ticks_ms, ticks_us = _time.ticks_ms, _time.ticks_us
ticks_add, ticks_diff = _time.ticks_add, _time.ticks_diff


def time():
    return int(_time.time()) - _EPOCH_2000_S


def gmtime(seconds):
    return _time.gmtime(seconds + _EPOCH_2000_S)
