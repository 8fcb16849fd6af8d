"""The `machine` of an ESP32, as far as the firmware uses it. Its watchdog runs in real time."""

import time

PWRON_RESET, HARD_RESET, WDT_RESET, DEEPSLEEP_RESET, SOFT_RESET = 1, 2, 3, 4, 5
CAUSE = PWRON_RESET


def reset():
    """Waits to be killed: the note tells the harness to do it, and to start the next process."""
    with open("/.nvs/reset", "w"):
        pass
    while True:
        time.sleep(1)


def reset_cause():
    return CAUSE


def unique_id():
    return b"\x24\x0a\xc4\x01\x02\x03"


class Pin:
    IN, OUT, PULL_UP = 0, 1, 2
    IRQ_FALLING = 2

    def __init__(self, number, mode=-1, pull=-1, value=None):
        self.number = number
        self._value = value

    def value(self, *new):
        if new:
            self._value = new[0]
        return 1 if self._value is None else self._value

    def irq(self, handler, trigger):
        pass


class WDT:
    """Kept outside of the process, as its hardware is: it outlives a soft reset."""

    def __init__(self, timeout=5000):
        self._timeout = timeout
        self.feed()

    def feed(self):
        with open("/.nvs/watchdog", "w") as file:
            file.write(str(self._timeout))


class PWM:
    def __init__(self, pin, freq=0, duty_u16=0):
        pass

    def init(self, freq=0, duty_u16=0):
        pass

    def duty_u16(self, *value):
        return 0

    def deinit(self):
        pass


class I2C:
    def __init__(self, number, sda=None, scl=None):
        pass

    def writeto(self, *arguments):
        raise OSError(19)

    def writeto_mem(self, *arguments):
        raise OSError(19)


class Timer:
    ONE_SHOT = 0

    def __init__(self, number):
        pass

    def init(self, **arguments):
        pass

    def deinit(self):
        pass


class RTC:
    _memory = b""

    def memory(self, *new):
        if new:
            RTC._memory = bytes(new[0])
        return RTC._memory

    def datetime(self, *new):
        return (2026, 1, 1, 0, 0, 0, 0, 0)
