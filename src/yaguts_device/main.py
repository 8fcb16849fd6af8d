"""Runs after `boot.py` and starts the firmware. Lies in the board's root."""

import asyncio

from yaguts_device.hal import configuration
from yaguts_device.hal.drivers import keep_dark_list
from yaguts_device.hal.esp32 import Esp32Board
from yaguts_device.starting import start


def main() -> None:
    """Work for the server that `yaguts.json` names, or let it be named in the portal."""
    config = configuration.read(configuration.FILE)
    keep_dark_list(config)  # before any output can be switched on
    if "server" not in config and configuration.ACCESS_POINT not in config:
        print("yaguts.json names no server: run yaguts device flash")
        return
    asyncio.run(start(Esp32Board(config), config.get("code", "")))


if __name__ == "__main__":
    main()
