"""The `ntptime` of an ESP32: its server tells the time of this machine."""

from time import time as now

_EPOCH_2000_S = 946_684_800

host = "pool.ntp.org"


def time():
    """Return the seconds since 2000, which is where this chip begins to count."""
    return int(now()) - _EPOCH_2000_S
