"""The ESP32. The only file that knows `machine`, `network` and `esp32`.

What it is wired to stands in `yaguts.json` on the board; docs/device.md shows one. It was checked
against the type stubs and compiled; nothing here ever ran on a physical ESP32.
"""

import asyncio
import gc
import json
import os
import random
import time
from binascii import hexlify

import esp32
import machine
import network
import ntptime

from yaguts_device.hal.drivers import servos
from yaguts_device.hal.drivers.relays import CLOCK_DIV, PulsedRelays
from yaguts_device.hal.drivers.vibration import FREQUENCY_HZ, Vibration
from yaguts_device.hal.nvs_pages import HEAD_BYTES, PAGE_BYTES, free_entries
from yaguts_device.hal.tls import client_context

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Awaitable

    from yaguts_device.hal.board import Reader, Writer
    from yaguts_wire.shapes import Message

CONFIGURATION = "yaguts.json"
RELAY_PINS = [26, 27, 32, 33]
MOTOR_PINS = {"ena": 25, "in1": 14, "in2": 12}
BUTTON_PIN = 4
WIRING = ("relays", "servos", "motor", "i2c", "button", "authority")
"""What a factory reset leaves in `yaguts.json`: without it the wrong pins would be switched off."""
I2C_PINS = {"sda": 21, "scl": 22}
WATCH_MS = 60_000
"""Longer than name look-ups and TLS handshakes, which block, may take together."""
FEED_MS = 1_000
_EPOCH_2000_S = 946_684_800
_WIFI_TRIES = 60
_WIFI_TRY_MS = 250


def configuration() -> "dict[str, Any]":
    """What the owner wrote into `yaguts.json`; nothing when there is none."""
    try:
        with open(CONFIGURATION) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def dark(config: "dict[str, Any]") -> None:
    """Every output off, before anything else. A soft reset leaves them as they were."""
    for number in config.get("relays", RELAY_PINS):
        _off(number)
    for number in config.get("motor", MOTOR_PINS).values():
        _off(number)
    if "servos" in config:
        _servos(config, lambda _tight: None).dark()


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


class Esp32Board:
    """The board as `hal/board.py` describes it."""

    feed_every_ms = FEED_MS

    def __init__(self, config: "dict[str, Any]") -> None:
        self._config = config
        self._watchdog = machine.WDT(timeout=WATCH_MS)
        self._outputs = _servos(config, self._watch) if "servos" in config else _relays(config)
        self._motor = _vibration(config.get("motor", MOTOR_PINS))
        pin = config.get("button", BUTTON_PIN)
        self._button = machine.Pin(pin, machine.Pin.IN, machine.Pin.PULL_UP)
        self._wifi = network.WLAN(network.STA_IF)
        self.uid = "esp32-" + hexlify(machine.unique_id()).decode()
        self.hardware = "esp32-servos" if "servos" in config else "esp32-relays"
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
        return time.time() + _EPOCH_2000_S if time.gmtime()[0] >= 2024 else None

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

    def forget_network(self) -> None:
        kept = {name: self._config[name] for name in WIRING if name in self._config}
        with open(CONFIGURATION + "~", "w") as file:
            json.dump(kept, file)
        os.rename(CONFIGURATION + "~", CONFIGURATION)
        self._config = kept

    def button(self) -> bool:
        return not self._button.value()

    # Outputs beside the jars' own

    def dark(self) -> None:
        self._outputs.dark()
        self._motor.run(0)

    def feed(self) -> None:
        self._watchdog.feed()

    def reset(self) -> None:
        machine.reset()

    def _watch(self, tight: bool) -> None:
        """Servos close by themselves only through a reset: while one is open, look often."""
        self._watchdog = machine.WDT(timeout=servos.WATCH_MS if tight else WATCH_MS)

    # The world outside

    async def up(self) -> None:
        if self._wifi.isconnected():
            return
        self._wifi.active(True)
        self._wifi.connect(self._config.get("wifi", ""), self._config.get("password", ""))
        for _ in range(_WIFI_TRIES):
            if self._wifi.isconnected():
                self._ask_time()
                return
            await asyncio.sleep_ms(_WIFI_TRY_MS)
        self._wifi.disconnect()
        raise OSError("no Wi-Fi")

    async def connect(self, host: str, port: int, tls: bool) -> "tuple[Reader, Writer]":
        if not tls:
            return await asyncio.open_connection(host, port)
        with open(self._config.get("authority", "ca.der"), "rb") as file:
            context = client_context(file.read())
        return await asyncio.open_connection(host, port, ssl=context, server_hostname=host)

    def status(self) -> "Message":
        return {"rssi": self._wifi.status("rssi"), "heap": gc.mem_free()}

    def log(self, text: str) -> None:
        print(text)

    def _ask_time(self) -> None:
        """Certificates have dates: over TLS the server's own clock comes too late."""
        if self.unix_s() is None:
            try:
                ntptime.settime()
            except OSError:
                self.log("no time from the network yet")


def _off(number: int) -> None:
    """A plain output, low: this also cuts the pin off from an RMT channel or PWM that drives it."""
    machine.Pin(number, machine.Pin.OUT, value=0)


def _relays(config: "dict[str, Any]") -> "Any":
    def channel(number: int) -> esp32.RMT:
        return esp32.RMT(0, pin=machine.Pin(number), clock_div=CLOCK_DIV, idle_level=False)

    return PulsedRelays(config.get("relays", RELAY_PINS), _off, channel)


def _servos(config: "dict[str, Any]", watch: "Any") -> "Any":
    pins = config.get("i2c", I2C_PINS)
    i2c = machine.I2C(0, sda=machine.Pin(pins["sda"]), scl=machine.Pin(pins["scl"]))
    timer = machine.Timer(0)

    def once(ms: int, work: "Any") -> None:
        timer.deinit()
        if ms:
            timer.init(mode=machine.Timer.ONE_SHOT, period=ms, callback=work)

    return servos.Servos(config["servos"], i2c, once, watch)


def _vibration(pins: "dict[str, int]") -> "Any":
    return Vibration(
        machine.PWM(machine.Pin(pins["ena"]), freq=FREQUENCY_HZ, duty_u16=0),
        machine.Pin(pins["in1"], machine.Pin.OUT, value=0),
        machine.Pin(pins["in2"], machine.Pin.OUT, value=0),
    )
