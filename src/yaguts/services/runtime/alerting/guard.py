"""What a child process may reach: public addresses, and those that the operator has allowed.

Python reports every connection before it is made, by whichever library, also after a redirect or
when a name has changed its address. So the address that is really connected to is checked.
"""

import os
import sys
from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Any

_TRANSLATED = ip_network("64:ff9b::/96")
_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
_PROGRAMS = ("os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.system", "subprocess.Popen")

AnyAddress = IPv4Address | IPv6Address


class PrivateAddress(OSError):
    """An address that is not public was about to be reached, or it was none."""


class Guard:
    """Refuses connections, programs and written files to this process, for as long as it lives."""

    def __init__(self, *, alone: bool = False) -> None:
        """`alone`: nothing at all may be reached."""
        self.allowed: tuple[str, ...] = ()
        self.refused = False
        self._alone = alone

    def stand(self) -> None:
        """Begin. There is no way to end it."""
        sys.addaudithook(self._look)

    def insist(self, host: object) -> None:
        """Raises `PrivateAddress` when this address may not be reached."""
        if self._alone or not is_allowed(host, self.allowed):
            self.refused = True
            raise PrivateAddress("this address is not public")

    def _look(self, event: str, given: Sequence[Any]) -> None:
        if event in ("socket.connect", "socket.sendto"):
            where = given[1]  # a tuple that begins with the host, or the path of a socket file
            self.insist(None if isinstance(where, str | bytes) else where[0])
        elif event in _PROGRAMS:
            raise PermissionError(f"{event} is not for this process")
        elif event == "open" and isinstance(given[2], int) and given[2] & _WRITING:
            raise PermissionError("this process writes no files")


def is_allowed(host: object, allowed: Iterable[str]) -> bool:
    """Whether an IP address may be reached. A name is none."""
    try:
        address = _real(ip_address(str(host).partition("%")[0]))
    except ValueError:
        return False
    return is_public(address) or any(address in ip_network(network) for network in allowed)


def is_public(address: AnyAddress) -> bool:
    """Whether everybody reaches the same computer there."""
    return address.is_global and not (address.is_multicast or address.is_reserved)


def _real(address: AnyAddress) -> AnyAddress:
    """The IPv4 address that an address of IPv6 stands for, or else itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in _TRANSLATED:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (address,))[-1]
