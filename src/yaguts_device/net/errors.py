"""What can go wrong between the dispenser and its server.

LinkError          no usable answer: nothing was there, or it was not the server who spoke
├─ Unauthorised    the server does not know this dispenser's token (any more)
└─ Refused         the server understood and says no, for good
"""


class LinkError(Exception):
    """No usable answer came. The text says why."""


class Unauthorised(LinkError):
    """The server does not take the token."""


class RefusedByServer(LinkError):
    """The server says no: asking the same again is no use. The text is its status."""
