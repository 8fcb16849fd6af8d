"""The `network` of an ESP32: its Wi-Fi is the network of this machine.

With a file `air.json` in the NVS folder there are the networks that it names, with their passwords.
"""

import json

STA_IF, AP_IF = 0, 1
AUTH_WPA2_PSK = 3
CONNECTING, GOT_IP, NO_AP_FOUND, WRONG_PASSWORD = 1001, 1010, 201, 202
AIR = "/.nvs/air.json"
ACCESS_POINT = "/.nvs/access_point.json"

_wanted = [None]


def _air():
    try:
        with open(AIR) as file:
            return json.load(file)
    except OSError:
        return None


class WLAN:
    def __init__(self, interface):
        self._interface = interface
        self._active = False

    def active(self, *new):
        if new:
            self._active = new[0]
        return self._active

    def config(self, *what, **named):
        """What an access point is called lies in the NVS folder, where a test reads it."""
        if self._interface == AP_IF:
            if not self._active:
                raise OSError("Wifi Invalid Mode")
            with open(ACCESS_POINT, "w") as file:
                json.dump(named, file)

    def isconnected(self):
        air = _air()
        return air is None or (_wanted[0] and air.get(_wanted[0][0]) == _wanted[0][1])

    def connect(self, name, password):
        if _wanted[0] and not self.isconnected():
            raise OSError("Wifi Internal Error")
        _wanted[0] = (name, password)

    def disconnect(self):
        _wanted[0] = None

    def scan(self):
        if _wanted[0] and not self.isconnected():
            raise OSError("Wifi Internal Error")
        return [(name.encode(), b"", 1, -50, 3, False) for name in _air() or ()]

    def status(self, *what):
        if what:
            if not self.isconnected():
                raise OSError("Wifi Not Connected")
            return -50
        if self.isconnected():
            return GOT_IP
        if not _wanted[0]:
            return CONNECTING
        return WRONG_PASSWORD if _wanted[0][0] in _air() else NO_AP_FOUND

    def ifconfig(self):
        address = "192.168.4.1" if self._interface == AP_IF else "127.0.0.1"
        return (address, "", "", "")
