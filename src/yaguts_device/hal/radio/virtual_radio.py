"""The radio of the virtual board: networks in a file, an access point at ports of this machine."""

from yaguts_device.core import set_up
from yaguts_device.hal import configuration
from yaguts_device.hal.radio.sockets import listening

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Callable

HOST = "127.0.0.1"


class VirtualRadio:
    """As `Radio` in `hal/board.py` describes it. `fail` raises OSError for a planted call."""

    def __init__(self, folder: str, portal: int, fail: "Callable[[str], None]") -> None:
        self._folder = folder
        self._portal = portal
        self._fail = fail

    def keep_network(self, name: str, password: str) -> None:
        password = password or configuration.password_of(self._config(), name)
        self._keep(configuration.with_network(self._config(), name, password))

    def keep_server(self, server: str) -> None:
        self._keep(configuration.with_server(self._config(), server))

    async def scan(self) -> "list[str]":
        self._fail("scan")
        return list(self._file("air.json"))

    async def join(self, name: str, password: str) -> int:
        self._fail("join")
        air = self._file("air.json")
        if name not in air:
            return set_up.NO_NETWORK
        known = password or configuration.password_of(self._config(), name)
        return set_up.NOTHING if air[name] == known else set_up.WRONG_PASSWORD

    def open_access_point(self, name: str) -> "tuple[str, int, int]":  # noqa: ARG002
        self._fail("open_access_point")
        return HOST, self._portal, self._portal + 1

    def close_access_point(self) -> None:
        self._fail("close_access_point")

    def listen(self, host: str, port: int, datagrams: bool) -> "Any":
        self._fail("listen")
        return listening(host, port, datagrams)

    def _config(self) -> "dict[str, Any]":
        return self._file(configuration.FILE)

    def _keep(self, config: "dict[str, Any]") -> None:
        self._fail("keep")
        configuration.write(self._folder + "/" + configuration.FILE, config)

    def _file(self, name: str) -> "dict[str, Any]":
        return configuration.read(self._folder + "/" + name)
