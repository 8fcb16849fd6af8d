"""What can go wrong between the dispenser and its server.

LinkError           no usable answer: none came, or it was not the server's
├─ Unauthorised     the server does not know this dispenser's token
├─ RefusedByServer  the server refuses the request for good
└─ WrongDates       the server's certificate is not valid by the board's clock
ReleaseRefused      an update is not taken
"""


class LinkError(Exception):
    """There is no usable answer. The text says why."""


class Unauthorised(LinkError):
    """The server refuses the token."""


class RefusedByServer(LinkError):
    """The server refuses the request for good. The text is the HTTP status."""


class WrongDates(LinkError):
    """The server's certificate is not valid yet, or no longer, by the board's clock."""


class ReleaseRefused(Exception):
    """An update is not taken. The text is why: one of the codes in `yaguts_wire.update_words`.

    It is here because this module stays loaded: a class that is loaded anew is another class.
    """
