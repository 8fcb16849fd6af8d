"""Fetch a release into the slot that does not run, verify it, make that slot active.

Each step is short, so that a waiting job comes first. Nothing of the slot is touched before the
manifest is verified. Its own manifest goes first and comes last, when each file was read back: a
power cut at any moment leaves the slot that runs, and what was fetched is not fetched again.

What only one of the steps needs is loaded in that step.
"""

from binascii import crc32, hexlify

from yaguts_device.net.errors import ReleaseRefused
from yaguts_device.update.cells import get, put, tell
from yaguts_device.update.manifest import read_entries, read_facts
from yaguts_device.update.slots import (
    COMING,
    COMING_SIGNATURE,
    MANIFEST,
    PART,
    SIGNATURE,
    SLOTS,
    digest_of,
    is_signed_by_owner,
    keys,
    release_in,
)
from yaguts_wire import update_words as u

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from collections.abc import Iterator

    from yaguts_device.hal.board import Board, Flash
    from yaguts_device.net.server import ServerClient
    from yaguts_wire.shapes import Message

TRIES = 3
"""So often a file is fetched whose hash is wrong."""
_BLOCK_BYTES = 4096
SPARE_BYTES = 65_536
"""So much of the flash stays free."""
_SMALL = (1 << 30) - 1
"""What a number may be that needs no place on the heap."""


class _NotOffered(Exception):
    """The server does not offer the release any more."""


class Fetching:
    """A release on its way to the board. `now_s`: None without a time that can be trusted."""

    def __init__(
        self,
        board: "Board",
        server: "ServerClient",
        cells: "Flash",
        offer: "Message",
        now_s: "int | None",
    ) -> None:
        self.release: int = offer[u.RELEASE]
        self._board = board
        self._server = server
        self._cells = cells
        self._server_version = offer.get("server")
        self._now_s = now_s
        self._files = board.files()
        self._slot = SLOTS.index(board.slot) ^ 1
        self._folder = "/" + SLOTS[self._slot]
        self._listed: "Iterator[tuple[str, int, str]]" = iter(())
        self._entry: "tuple[str, int, str] | None" = None
        self._place = 0
        self._failures = 0
        self._step = self._begin

    async def step(self) -> bool:
        """Take the next step. True when there is none any more: then the server is told why.

        Does not return once the release is active: the board restarts. LinkError when the server
        does not answer.
        """
        try:
            await self._step()
        except _NotOffered:
            pass
        except ReleaseRefused as error:
            self._refuse(str(error))
        except OSError as error:
            self._board.log("update: %r" % (error,))
            self._refuse(u.NO_ROOM)
        else:
            return False
        return True

    def _refuse(self, reason: str) -> None:
        self._say("is refused: " + reason)
        tell(self._cells, u.REFUSED, self.release, reason)

    def _say(self, what: str) -> None:
        self._board.log("update: release %d %s" % (self.release, what))

    # The manifest

    async def _begin(self) -> None:
        if not keys(self._files):
            raise ReleaseRefused(u.NO_KEY)
        self._say("is fetched")
        tell(self._cells, u.FETCHING, self.release)
        if not self._is_here(COMING, COMING_SIGNATURE):
            finished = self._folder + MANIFEST, self._folder + SIGNATURE
            if self._is_here(*finished):  # it was to become active when the power failed
                self._files.rename(finished[1], COMING_SIGNATURE)
                self._files.rename(finished[0], COMING)
        if self._is_here(COMING, COMING_SIGNATURE):
            self._step = self._judge
        else:
            self._files.remove(PART)
            self._step = self._fetch_manifest

    def _is_here(self, manifest: str, signature: str) -> bool:
        files = self._files
        return (
            files.size(manifest) > 0
            and is_signed_by_owner(files, manifest, signature)
            and release_in(files, manifest) == self.release
        )

    async def _fetch_manifest(self) -> None:
        await self._fetch("manifest", COMING, u.MAX_MANIFEST_BYTES, u.TOO_LARGE)
        self._step = self._fetch_signature

    async def _fetch_signature(self) -> None:
        await self._fetch("signature", COMING_SIGNATURE, u.SIGNATURE_BYTES, u.BAD_SIGNATURE)
        self._step = self._judge

    async def _judge(self) -> None:
        files = self._files
        if not is_signed_by_owner(files, COMING, COMING_SIGNATURE):
            raise ReleaseRefused(u.BAD_SIGNATURE)
        from yaguts_device.update.judging import judge

        facts = read_facts(files.pieces(COMING))
        board = files.platform()
        board["server"] = self._server_version
        newest = max(
            get(self._cells, "release"), release_in(files, "/" + self._board.slot + MANIFEST)
        )
        judge(facts, board, self._now_s, newest)
        if facts[u.RELEASE] != self.release:
            raise ReleaseRefused(u.MALFORMED)
        self._insist_on_room()
        files.remove(self._folder + MANIFEST)
        self._listed = self._entries()
        self._entry = next(self._listed, None)
        self._step = self._go_on

    def _insist_on_room(self) -> None:
        needed = SPARE_BYTES
        for path, size, _ in self._entries():
            if self._files.size(self._folder + "/" + path) != size:
                needed += size + _BLOCK_BYTES
        if self._files.free_bytes() < needed:
            raise ReleaseRefused(u.NO_ROOM)

    # The files, one after the other. The list is read once: to find each place anew takes minutes.

    async def _go_on(self) -> None:
        """Whole files stay. The next one that is not is fetched, a piece at a time."""
        while self._entry and self._is_whole(self._folder + "/" + self._entry[0], *self._entry[1:]):
            self._next_file()
            await self._board.sleep_ms(0)  # the watchdog is fed
        if self._entry:
            await self._look_at(self._folder + "/" + self._entry[0], *self._entry[1:])
        else:
            self._finish()

    async def _look_at(self, path: str, size: int, digest: str) -> None:
        if self._files.size(PART) < size:
            await self._fetch_piece(max(0, self._files.size(PART)), size)
        elif self._is_whole(PART, size, digest):
            self._files.rename(PART, path)
            self._next_file()
        else:
            self._files.remove(PART)
            self._failures += 1
            if self._failures == TRIES:
                raise ReleaseRefused(u.WRONG_HASH)

    def _next_file(self) -> None:
        self._place += 1
        self._failures = 0
        self._entry = next(self._listed, None)

    def _is_whole(self, path: str, size: int, digest: str) -> bool:
        files = self._files
        return files.size(path) == size and hexlify(digest_of(files, path)).decode() == digest

    async def _fetch_piece(self, offset: int, size: int) -> None:
        what = "files/%d?offset=%d" % (self._place, offset)
        await self._fetch(what, PART, min(u.PIECE_BYTES, size - offset), u.WRONG_SIZE)
        if self._files.size(PART) <= offset:
            raise ReleaseRefused(u.WRONG_SIZE)

    async def _fetch(self, what: str, path: str, room: int, reason: str) -> None:
        if path != PART:
            self._files.remove(path)
        from yaguts_device.update.download import download

        status = await download(
            self._server,
            "/devices/me/firmware/%d/%s" % (self.release, what),
            room,
            reason,
            lambda piece: self._files.append(path, piece),
        )
        if status == 416:
            raise ReleaseRefused(reason)
        if status != 200:
            raise _NotOffered

    # The end

    def _finish(self) -> None:
        """Every file is whole. The manifest says so last, and only then the slot is active."""
        files = self._files
        self._leave_out_strangers()
        files.rename(COMING_SIGNATURE, self._folder + SIGNATURE)
        files.rename(COMING, self._folder + MANIFEST)
        make_active(self._cells, self._slot, self.release)
        self._say("is whole and starts")
        self._board.reset()

    def _leave_out_strangers(self) -> None:
        """Remove what another release left in the slot. Hashes stand for the paths: they fit."""
        known = {crc32(path.encode()) & _SMALL for path, _, _ in self._entries()}
        for path in self._files.below(self._folder):
            if crc32(path[len(self._folder) + 1 :].encode()) & _SMALL not in known:
                self._files.remove(path)

    def _entries(self) -> "Iterator[tuple[str, int, str]]":
        return read_entries(self._files.pieces(COMING))


def make_active(cells: "Flash", slot: int, release: int) -> None:
    """Let the loader try the slot. In this order: a power cut in between leaves the slot before."""
    put(cells, "tries", 0)
    put(cells, "silent", 0)
    put(cells, "judged", 0)
    put(cells, "untried", 1)
    put(cells, "trial", release)
    put(cells, "active", slot)
