"""What a dispenser hears of the time: by NTP, in `Date` headers, in a certificate's dates."""

from datetime import timedelta
from email.utils import formatdate

from yaguts_sim.engine.clock import US_PER_S, World
from yaguts_sim.server.harness import EPOCH

_CERTIFICATE_S = timedelta(days=90).total_seconds()
"""How long before and after the history began the server's certificate is valid."""
_UNSET_S = 946_684_800
"""A clock that was never set begins here, in 2000."""


class TimeSources:
    """The time as one dispenser hears it. `secure`: it reaches its server over TLS.

    `ntp_ahead_s`: how wrong NTP is; None when nobody answers. `date_ahead_s`: how wrong `Date` is.
    Whoever ends the TLS writes the `Date`, so the server's own clock has no part in it.
    """

    def __init__(self, world: World) -> None:
        self.secure = False
        self.began_s = int(EPOCH.timestamp())
        self.ntp_ahead_s: int | None = 0
        self.date_ahead_s = 0
        self._world = world

    @property
    def now_s(self) -> int:
        """The true time, in unix seconds."""
        return self.began_s + self._world.now // US_PER_S

    def ntp(self) -> int:
        """What NTP says, in unix seconds. OSError when nobody answers."""
        if self.ntp_ahead_s is None:
            raise OSError(116, "ETIMEDOUT")
        return self.now_s + self.ntp_ahead_s

    def dated(self, answer: bytes) -> bytes:
        """A whole HTTP answer with a `Date`."""
        status, end, rest = answer.partition(b"\r\n")
        date = formatdate(self.now_s + self.date_ahead_s, usegmt=True).encode()
        return status + end + b"date: " + date + end + rest

    def check_dates(self, unix_s: int | None) -> None:
        """ValueError if the certificate is not valid by a clock, as mbedTLS says it."""
        ahead_s = (_UNSET_S if unix_s is None else unix_s) - self.began_s
        if ahead_s < -_CERTIFICATE_S:
            raise ValueError("The certificate validity starts in the future")
        if ahead_s > _CERTIFICATE_S:
            raise ValueError("The certificate validity has expired")
