"""Why a recipe could not be had from elsewhere."""

from enum import StrEnum


class ImportFault(StrEnum):
    """What was in the way. Nothing is changed then.

    `UNREADABLE`: reading it took too much, or broke the reader. `BUSY`: others are being read.
    The rest is about a link.
    """

    UNREADABLE = "unreadable"
    BUSY = "busy"
    NOT_ALLOWED = "not_allowed"
    BAD_LINK = "bad_link"
    PRIVATE = "private"
    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    REFUSED = "refused"
    REDIRECTS = "redirects"
    TOO_LARGE = "too_large"


class ImportRefused(Exception):
    """What was asked for cannot be read, or cannot be fetched."""

    def __init__(self, fault: ImportFault) -> None:
        super().__init__(fault)
        self.fault = fault
