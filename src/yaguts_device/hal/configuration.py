"""`yaguts.json` of a board: read, and changed whole or not at all.

`wifi` and `password` are the network that was set last. `networks` holds those before it, the
latest first, each as [name, password].
"""

import json
import os
from collections import namedtuple

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    Configuration = dict[str, Any]
    Network = list[str]

Told = namedtuple("Told", ("wifi", "server", "trusts", "has_portal"))
"""See `Configured` in `hal/board.py`."""

FILE = "yaguts.json"
ACCESS_POINT = "access_point"
"""The key of the password of the board's own access point."""
MOST_NETWORKS = 5


def read(path: str) -> "Configuration":
    """What the owner wrote; nothing when there is none."""
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write(path: str, config: "Configuration") -> None:
    """Put the configuration in the place of the one before. OSError when there is no room."""
    with open(path + "~", "w") as file:
        json.dump(config, file)
    os.rename(path + "~", path)


def networks(config: "Configuration") -> "list[Network]":
    """The networks that are known, the one set last first."""
    if not config.get("wifi"):
        return []
    return [[config["wifi"], config.get("password", "")]] + config.get("networks", [])  # noqa: RUF005


def password_of(config: "Configuration", name: str) -> str:
    """The password of a network that is known; nothing for another one."""
    found = [password for known, password in networks(config) if known == name]
    return found[0] if found else ""


def with_network(config: "Configuration", name: str, password: str) -> "Configuration":
    """The configuration with this network as the one set last."""
    others = [network for network in networks(config) if network[0] != name]
    after = dict(config)
    after["wifi"], after["password"] = name, password
    after["networks"] = others[: MOST_NETWORKS - 1]
    return after


def with_server(config: "Configuration", server: str) -> "Configuration":
    """The configuration with this server, and without a pairing code for another one."""
    after = dict(config)
    after["server"] = server
    after.pop("code", None)
    return after


def told(config: "Configuration", trusts: bool) -> Told:
    """What may be told of it."""
    return Told(
        config.get("wifi", ""), config.get("server", ""), trusts, bool(config.get(ACCESS_POINT))
    )
