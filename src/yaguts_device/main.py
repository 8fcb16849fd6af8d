"""Runs after `boot.py` and starts the firmware. Lies in the board's root."""

import asyncio

from yaguts_device.app import supervise
from yaguts_device.hal.drivers import keep_dark_list
from yaguts_device.hal.esp32 import Esp32Board, configuration
from yaguts_device.net.link import parse_url


def main() -> None:
    """Work for the server that `yaguts.json` names."""
    config = configuration()
    keep_dark_list(config)  # before any output can be switched on
    if "server" not in config:
        print("yaguts.json names no server: see docs/device.md")
        return
    board = Esp32Board(config)
    asyncio.run(supervise(board, parse_url(config["server"]), config.get("code", "")))


if __name__ == "__main__":
    main()
