"""The errors of NVS, with the numbers that MicroPython on an ESP32 gives them."""


class NvsNotFound(OSError):
    """The key does not exist."""

    def __init__(self) -> None:
        super().__init__(-4354, "ESP_ERR_NVS_NOT_FOUND")


class NvsFull(OSError):
    """The partition has no free entry."""

    def __init__(self) -> None:
        super().__init__(-4357, "ESP_ERR_NVS_NOT_ENOUGH_SPACE")


class NvsTooSmall(OSError):
    """The buffer is shorter than the blob."""

    def __init__(self) -> None:
        super().__init__(-4364, "ESP_ERR_NVS_INVALID_LENGTH")
