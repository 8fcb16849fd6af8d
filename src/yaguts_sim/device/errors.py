"""What the hardware says when it fails, as MicroPython on an ESP32 says it."""


class NvsNotFound(OSError):
    """There is no such key."""

    def __init__(self) -> None:
        super().__init__(-4354, "ESP_ERR_NVS_NOT_FOUND")


class NvsFull(OSError):
    """No entry is left to write to."""

    def __init__(self) -> None:
        super().__init__(-4357, "ESP_ERR_NVS_NOT_ENOUGH_SPACE")


class NvsTooSmall(OSError):
    """The buffer handed in is shorter than the blob."""

    def __init__(self) -> None:
        super().__init__(-4364, "ESP_ERR_NVS_INVALID_LENGTH")
