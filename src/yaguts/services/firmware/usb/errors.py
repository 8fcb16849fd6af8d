"""What goes wrong on the cable."""


class UsbError(Exception):
    """The text is a sentence for the maker: what is wrong, and what helps."""


class BrokenOff(UsbError):
    """The board did not answer, or no longer. It may have been restarted by its watchdog."""
