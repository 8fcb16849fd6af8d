"""Notes which tokens are revoked, and what is handed to whom (I9)."""

from collections.abc import Iterator
from dataclasses import dataclass

from yaguts_sim.engine.clock import Microseconds
from yaguts_sim.server.asgi import Request
from yaguts_sim.setup.kitchen import SimKitchen

_REFUSED = 401


@dataclass(frozen=True, slots=True)
class Handed:
    """A job that was offered to whoever has the token, or that they were let start."""

    token: str
    key: str
    at: Microseconds


class TokenChecker:
    """When each token was revoked: by its owner, or by the first use of the one that follows."""

    def __init__(self, kitchen: SimKitchen) -> None:
        self.revoked_at: dict[str, Microseconds] = {}
        self._kitchen = kitchen
        self._asked_at: dict[str, Microseconds] = {}
        self._used: dict[int, str] = {}
        self._handed: list[Handed] = []

    def revoke(self, token: str, at: Microseconds | None = None) -> None:
        """Note that a token is revoked, now or since an earlier instant."""
        before = self.revoked_at.get(token)
        if before is None or self._kitchen.host.has_forgotten(before):
            self.revoked_at[token] = self._kitchen.world.now if at is None else at

    def is_revoked(self, token: str) -> bool:
        """Whether a token is revoked."""
        return token in self.revoked_at

    def asked(self, request: Request) -> None:
        """Note when a token is first used."""
        self._asked_at.setdefault(_token(request), self._kitchen.world.now)

    def answered(self, board: int, request: Request, status: int) -> None:
        """Note that a token is valid. One that the board used before is revoked since."""
        token = _token(request)
        if status == _REFUSED or not token or token in self.revoked_at:
            return
        before = self._used.get(board, token)
        self._used[board] = token
        if before != token:
            self.revoke(before, self._asked_at[token])

    def handed(self, request: Request, key: str) -> None:
        """Note that the job was handed out."""
        self._handed.append(Handed(_token(request), key, self._kitchen.world.now))

    def handed_to_nobody(self) -> Iterator[Handed]:
        """What was handed out after the token was revoked. A restore makes it valid again."""
        for handed in self._handed:
            revoked_at = self.revoked_at.get(handed.token, handed.at)
            if revoked_at < handed.at and not self._kitchen.host.has_forgotten(revoked_at):
                yield handed


def _token(request: Request) -> str:
    return dict(request.headers).get(b"authorization", b"").decode().removeprefix("Bearer ")
