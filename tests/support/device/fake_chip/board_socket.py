"""The `socket` of an ESP32. What its access point serves is at ports of this machine.

The file `port` in the NVS folder names that of HTTP; that of DNS is the one after it.
"""

import socket as _socket

AF_INET, SOCK_STREAM, SOCK_DGRAM = _socket.AF_INET, _socket.SOCK_STREAM, _socket.SOCK_DGRAM
SOL_SOCKET, SO_REUSEADDR = _socket.SOL_SOCKET, _socket.SO_REUSEADDR
socket = _socket.socket
_ACCESS_POINT = "192.168.4.1"


def getaddrinfo(host, port, *more):
    if host == _ACCESS_POINT:
        with open("/.nvs/port") as file:
            first = int(file.read())
        host, port = "127.0.0.1", first + {80: 0, 53: 1}[port]
    return _socket.getaddrinfo(host, port, *more)
