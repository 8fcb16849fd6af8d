"""The ESP32. What the firmware asks of it goes through here.

What it is wired to stands in `yaguts.json` on the board; docs/device.md shows one. It was checked
against the type stubs and compiled; nothing here ever ran on a physical ESP32.
"""

import asyncio
import gc
import os
import random
import sys
import time
from binascii import hexlify

import esp32
import machine
import ntptime

from yaguts_device import RELEASED_S
from yaguts_device.hal import configuration, drivers
from yaguts_device.hal.configuration import Told
from yaguts_device.hal.nvs_pages import HEAD_BYTES, PAGE_BYTES, free_entries
from yaguts_device.hal.radio.esp32_wifi import Wifi
from yaguts_device.hal.tls import client_context, unchecked_context

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Awaitable, Callable

    from yaguts_device.hal.board import BoardFiles, Radio, Reader, Writer
    from yaguts_wire.shapes import Message

BUTTON_PIN = 4
NTP_HOST = "pool.ntp.org"
WATCH_MS = 60_000
"""Longer than name look-ups and TLS handshakes, which block, may take together."""
FEED_MS = 1_000
_EPOCH_2000_S = 946_684_800
_BUTTON_MS = 50
_KEPT = ("button", "led", "authority", configuration.ACCESS_POINT)
"""What a board keeps when it forgets its network, beside its wiring."""


class Nvs:
    """A namespace of NVS that also knows how full the partition is."""

    def __init__(self, namespace: str) -> None:
        nvs = esp32.NVS(namespace)
        self.get_i32, self.set_i32 = nvs.get_i32, nvs.set_i32
        self.get_blob, self.set_blob = nvs.get_blob, nvs.set_blob
        self.erase_key, self.commit = nvs.erase_key, nvs.commit

    def free_entries(self) -> int:
        """How many entries of 32 bytes can still be written."""
        partition = esp32.Partition.find(esp32.Partition.TYPE_DATA, label="nvs")[0]
        heads = []
        for page in range(partition.info()[3] // PAGE_BYTES):
            head = bytearray(HEAD_BYTES)
            partition.readblocks(page, head, 0)
            heads.append(bytes(head))
        return free_entries(heads)


class ChipParts:
    """The chip's pins, pulses, buses and timer, as `hal/board.py` describes them for drivers."""

    def __init__(self, watch: "Callable[[int], None]") -> None:
        self.watch = watch
        self._timer: "machine.Timer | None" = None

    def output(self, pin: int, value: int = 0) -> machine.Pin:
        return machine.Pin(pin, machine.Pin.OUT, value=value)

    def pulses(
        self, pin: int, clock_div: int, idle: int, carrier: "tuple[int, int, bool] | None"
    ) -> esp32.RMT:
        wired = machine.Pin(pin)
        return esp32.RMT(
            0, pin=wired, clock_div=clock_div, idle_level=bool(idle), tx_carrier=carrier
        )

    def pwm(self, pin: int, hz: int) -> machine.PWM:
        return machine.PWM(machine.Pin(pin), freq=hz, duty_u16=0)

    def pixel(self, pin: int) -> "Any":
        from neopixel import NeoPixel

        esp32.RMT.bitstream_rmt(False)  # the transmitters are the jars'
        return NeoPixel(machine.Pin(pin), 1)

    def i2c(self, sda: int, scl: int) -> machine.I2C:
        return machine.I2C(0, sda=machine.Pin(sda), scl=machine.Pin(scl))

    def once(self, ms: int, work: "Callable[[Any], None]") -> None:
        timer = self._timer = self._timer or machine.Timer(0)
        timer.deinit()
        if ms:
            timer.init(mode=machine.Timer.ONE_SHOT, period=ms, callback=work)


class Esp32Board:
    """The board as `hal/board.py` describes it."""

    feed_every_ms = FEED_MS

    def __init__(self, config: "dict[str, Any]") -> None:
        self._config = config
        self._watchdog = machine.WDT(timeout=WATCH_MS)
        parts = ChipParts(self._watch)
        self._outputs = drivers.make_outputs(config, parts)
        self._motor = drivers.make_motor(config, parts)
        pin = config.get("button", BUTTON_PIN)
        self._button = machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP)
        self._went_down = False
        try:
            self._button.irq(self._note_down, machine.Pin.IRQ_FALLING)
        except (OSError, ValueError) as error:  # this pin has none: it can only reset at start
            self.log("button: %r" % (error,))
        self.light = self._make_light(config, parts)
        self._wifi = Wifi()
        self.reset_cause = machine.reset_cause()
        self.start_number = random.getrandbits(30)
        self.uid = "esp32-" + hexlify(machine.unique_id()).decode()
        self.hardware = "esp32-" + drivers.jar_drivers(config)[0]
        self.slot = sys.path[0][1:] if sys.path[0] in ("/a", "/b") else ""  # as the loader put it
        self.jars = self._outputs.jars
        self.bound_ms = self._outputs.bound_ms
        self.open = self._outputs.open
        self.extend = self._outputs.extend
        self.remaining_ms = self._outputs.remaining_ms
        self.close = self._outputs.close
        self.fault = self._outputs.fault
        self.motor = self._motor.run

    # Time and chance

    def ticks_ms(self) -> "Any":
        return time.ticks_ms()

    def ticks_diff(self, later: "Any", earlier: "Any") -> int:
        return time.ticks_diff(later, earlier)

    async def sleep_ms(self, ms: int) -> None:
        await asyncio.sleep_ms(ms)

    async def within(self, ms: int, work: "Awaitable[Any]") -> "Any":
        return await asyncio.wait_for(work, ms / 1000)

    def unix_s(self) -> "int | None":
        unix_s = time.time() + _EPOCH_2000_S
        return unix_s if unix_s >= RELEASED_S else None

    def set_clock(self, unix_s: int) -> None:
        t = time.gmtime(unix_s - _EPOCH_2000_S)
        machine.RTC().datetime((t[0], t[1], t[2], t[6], t[3], t[4], t[5], 0))

    def random_bits(self, bits: int) -> int:
        return random.getrandbits(bits)

    # What lasts

    def flash(self, namespace: str) -> Nvs:
        return Nvs(namespace)

    def remembered(self) -> bytes:
        return machine.RTC().memory()

    def remember(self, data: bytearray) -> None:
        machine.RTC().memory(data)

    def files(self) -> "BoardFiles":
        from yaguts_device.hal.slot_files import SlotFiles, chip

        return SlotFiles("", chip())

    def forget_network(self) -> None:
        # Without its wiring a board would switch the wrong pins off.
        names = drivers.wiring_keys(self._config) + list(_KEPT)
        self.keep({name: self._config[name] for name in names if name in self._config})

    def configured(self) -> Told:
        return configuration.told(self._config, self._has_authority())

    # The panel

    def button(self) -> bool:
        return not self._button.value()

    async def button_down(self) -> None:
        while not self._went_down:
            await asyncio.sleep_ms(_BUTTON_MS)
        self._went_down = False

    def _note_down(self, _pin: machine.Pin) -> None:
        """Called between two steps of the interpreter, however long the one before took."""
        self._went_down = True

    def _make_light(self, config: "dict[str, Any]", parts: ChipParts) -> "Callable[[int], None]":
        """Without an LED, or with one that cannot be driven, there is nothing to show."""
        try:
            if config.get("led"):
                from yaguts_device.hal import led

                return led.make(config["led"], parts)
        except (OSError, ValueError, KeyError, TypeError, ImportError) as error:
            self.log("LED: %r" % (error,))
        return lambda _state: None

    # Outputs and the watchdog

    def dark(self) -> None:
        self._outputs.dark()
        self._motor.run(0)

    def feed(self) -> None:
        self._watchdog.feed()

    def reset(self) -> None:
        machine.reset()

    def _watch(self, within_ms: int) -> None:
        self._watchdog = machine.WDT(timeout=within_ms or WATCH_MS)

    # The world outside

    async def up(self) -> None:
        if not self._wifi.is_up():
            await self._wifi.up(configuration.networks(self._config))
            self.log("Wi-Fi ok, " + self._wifi.address())

    def radio(self) -> "Radio":
        from yaguts_device.hal.radio.esp32_radio import Esp32Radio

        return Esp32Radio(self._config, self._wifi, self.keep)

    async def network_time(self) -> int:
        ntptime.host = self._config.get("ntp", NTP_HOST)
        return ntptime.time() + _EPOCH_2000_S

    async def connect(
        self, host: str, port: int, tls: bool, checked: bool
    ) -> "tuple[Reader, Writer]":
        if not tls:
            return await asyncio.open_connection(host, port)
        context = self._context() if checked else unchecked_context()
        return await asyncio.open_connection(host, port, ssl=context, server_hostname=host)

    def status(self) -> "Message":
        return {"rssi": self._wifi.rssi(), "heap": gc.mem_free()}

    def log(self, text: str) -> None:
        try:
            print(text)
        except OSError:  # nobody reads the console
            pass

    def keep(self, config: "dict[str, Any]") -> None:
        """Put this in the place of what the board was told. OSError when there is no room."""
        configuration.write(configuration.FILE, config)
        self._config.clear()
        self._config.update(config)

    def _has_authority(self) -> bool:
        try:
            os.stat(self._authority())
        except OSError:
            return False
        return True

    def _authority(self) -> str:
        return self._config.get("authority", "ca.der")

    def _context(self) -> "Any":
        try:
            with open(self._authority(), "rb") as file:
                authority = file.read()
        except OSError:  # not there
            authority = b""
        return client_context(authority)
