"""Runs after `boot.py`: the firmware, for ever. Lies in the board's root."""

import asyncio

from yaguts_device.app import supervise
from yaguts_device.hal.esp32 import Esp32Board, configuration
from yaguts_device.net.link import parse_url


def main() -> None:
    """Serve the server that `yaguts.json` names."""
    config = configuration()
    if "server" not in config:
        print("yaguts.json names no server: see docs/device.md")
        return
    board = Esp32Board(config)
    asyncio.run(supervise(board, parse_url(config["server"]), config.get("code", "")))


if __name__ == "__main__":
    main()
