"""The `ntptime` of an ESP32."""


def settime():
    pass
