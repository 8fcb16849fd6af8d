"""What the portal needs of the ESP32."""

from yaguts_device.hal import configuration
from yaguts_device.hal.radio.sockets import listening

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any, Callable

    from yaguts_device.hal.configuration import Configuration
    from yaguts_device.hal.radio.esp32_wifi import Wifi

HTTP_PORT, DNS_PORT = 80, 53


class Esp32Radio:
    """As `Radio` in `hal/board.py` describes it. `keep` stores a configuration."""

    def __init__(
        self, config: "Configuration", wifi: "Wifi", keep: "Callable[[Configuration], None]"
    ) -> None:
        self._config = config
        self._wifi = wifi
        self._keep = keep
        self.scan = wifi.scan
        self.close_access_point = wifi.close_access_point

    def keep_network(self, name: str, password: str) -> None:
        password = password or configuration.password_of(self._config, name)
        self._keep(configuration.with_network(self._config, name, password))

    def keep_server(self, server: str) -> None:
        self._keep(configuration.with_server(self._config, server))

    async def join(self, name: str, password: str) -> int:
        known = password or configuration.password_of(self._config, name)
        return await self._wifi.join(name, known)

    def open_access_point(self, name: str) -> "tuple[str, int, int]":
        password = self._config[configuration.ACCESS_POINT]
        return self._wifi.open_access_point(name, password), HTTP_PORT, DNS_PORT

    def listen(self, host: str, port: int, datagrams: bool) -> "Any":
        return listening(host, port, datagrams)
