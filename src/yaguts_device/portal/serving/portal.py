"""The access point, and what it answers: every name, and the pages of the portal.

A connection that waits to be accepted costs nothing. So few are served at a time, and the others
wait, however many there are.
"""

import asyncio
import gc
import json

from yaguts_device import VERSION
from yaguts_device.core import set_up
from yaguts_device.phases import forgotten
from yaguts_device.portal.serving import form
from yaguts_device.portal.serving.conversation import BadRequest, Conversation
from yaguts_device.portal.serving.names import LONGEST, answer
from yaguts_device.portal.serving.pages import escaped, page, sentence

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from typing import Any

    from yaguts_device.hal.board import Board
    from yaguts_device.portal.serving.conversation import Asked

NAME = "Yaguts-"
MOST_AT_ONCE = 4
MOST_NETWORKS = 12
LOOK_MS = 20
LAST_WORDS_MS = 1_500
"""So long the answer may take that tells of a success."""
_NAMES_AT_ONCE = 8


class Portal:
    """One opening of the access point. `state` is what came of the try before."""

    def __init__(self, board: "Board", state: int) -> None:
        self._board = board
        self._radio = board.radio()
        self._state = state
        self._told = board.configured()
        self._name = NAME + board.uid[-4:]
        self._networks: "list[str]" = []
        self._chosen: str = self._told.wifi
        self._address = ""
        self._origin = ""
        self._serving: "list[tuple[Any, Any]]" = []  # connections and their tasks
        self._joining: "Any" = None
        self._wish: "form.Wish | None" = None
        self._joined = False
        self._told_at: "int | None" = None
        self._wiping = False

    async def run(self, for_ms: int) -> "form.Wish | None":
        """What is wished for, once the board is on that network; or `WIPE`.

        None: nobody came in time, or a success was seen.
        """
        try:
            self._networks = (await self._radio.scan())[:MOST_NETWORKS]
        except OSError as error:
            self._board.log("portal: no scan: %r" % (error,))
        self._address, port, names = self._radio.open_access_point(self._name)
        self._origin = "http://" + self._address + (":%d" % port if port != 80 else "")
        sockets: "list[Any]" = []
        try:
            sockets.append(self._radio.listen(self._address, port, False))
            sockets.append(self._radio.listen(self._address, names, True))
            self._board.log("portal: %s is open at %s" % (self._name, self._origin))
            await self._serve_until_over(sockets, for_ms)
        finally:
            for each in sockets + [connection for connection, _ in self._serving]:
                each.close()
            self._radio.close_access_point()
        if self._wiping:
            return form.WIPE
        return self._wish if self._joined else None

    async def _serve_until_over(self, sockets: "list[Any]", for_ms: int) -> None:
        began = self._board.ticks_ms()
        while not self._is_over(self._board.ticks_diff(self._board.ticks_ms(), began) >= for_ms):
            self._answer_names(sockets[1])
            self._accept(sockets[0])
            await self._board.sleep_ms(LOOK_MS)

    def _is_over(self, is_late: bool) -> bool:
        if self._joined or (is_late and self._state != set_up.TRYING):
            return True
        if self._told_at is None:
            return False
        return self._board.ticks_diff(self._board.ticks_ms(), self._told_at) >= LAST_WORDS_MS

    def _answer_names(self, names: "Any") -> None:
        for _ in range(_NAMES_AT_ONCE):
            try:
                query, asker = names.recvfrom(LONGEST)
                said = answer(query, self._address)
                if said:
                    names.sendto(said, asker)
            except (OSError, MemoryError):  # nobody asks, or there is no room for it
                return

    def _accept(self, listener: "Any") -> None:
        self._serving = [each for each in self._serving if not each[1].done()]
        while len(self._serving) < MOST_AT_ONCE:
            try:
                connection = listener.accept()[0]
            except (OSError, MemoryError):  # nobody waits, or there is no room for it
                return
            self._serving.append(
                (connection, asyncio.create_task(forgotten([self._serve(connection)])))
            )

    async def _serve(self, connection: "Any") -> None:
        try:
            conversation = Conversation(self._board, connection)
            try:
                await self._answer(conversation, await conversation.request())
            except BadRequest as error:
                await conversation.say(_head(error.args[0], "text/plain", ""))
        except (OSError, MemoryError):  # it broke off, was too slow, or there is no room for it
            pass
        finally:
            connection.close()
            gc.collect()

    # Answers

    async def _answer(self, conversation: Conversation, request: "Asked") -> None:
        call = request.method + " " + request.path
        language = _language(request)
        if request.method == "POST" and request.headers.get("origin", self._origin) != self._origin:
            raise BadRequest(403)
        if call == "POST /save":
            await self._save(conversation, request, language)
        elif call == "POST /wipe":
            await self._send(conversation, 200, "told.html", language, sentence("erased", language))
            self._wiping, self._told_at = True, self._board.ticks_ms()
        elif call == "GET /state":
            self._see_result()
            told = {"state": self._state, "text": self._outcome(language)}
            await _send_message(conversation, told)
        elif call == "GET /info":
            await _send_message(conversation, self._info())
        elif request.method != "GET":
            raise BadRequest(405)
        elif "http://" + request.headers.get("host", "") != self._origin:
            await self._send_home(conversation)
        elif call == "GET /wipe":
            await self._send(conversation, 200, "wipe.html", language, "")
        elif call == "GET /":
            await self._show(conversation, language)
        else:
            await self._send_home(conversation)

    async def _send_home(self, conversation: Conversation) -> None:
        """What a phone asks for to see whether there is an Internet leads it to the portal."""
        await conversation.say(_head(302, "text/plain", "Location: %s/\r\n" % self._origin))

    async def _show(self, conversation: Conversation, language: str) -> None:
        under_way = self._state in (set_up.TRYING, set_up.DONE)
        self._see_result()
        file = "waiting.html" if under_way else "form.html"
        await self._send(conversation, 200, file, language, self._outcome(language))

    async def _save(self, conversation: Conversation, request: "Asked", language: str) -> None:
        try:
            wish = form.wish_of(form.fields_of(request.body), self._told)
        except form.BadForm as error:
            problem = sentence("f%d" % error.args[0], language)
            await self._send(conversation, 400, "form.html", language, problem)
            return
        if self._state in (set_up.TRYING, set_up.DONE):
            await self._send(conversation, 409, "told.html", language, sentence("busy", language))
            return
        self._wish, self._chosen, self._state = wish, wish.ssid, set_up.TRYING
        self._joining = asyncio.create_task(forgotten([self._join(wish)]))
        await self._send(conversation, 200, "waiting.html", language, self._outcome(language))

    async def _send(
        self, conversation: Conversation, status: int, file: str, language: str, message: str
    ) -> None:
        is_listed = self._chosen in self._networks
        values = {
            "name": escaped(self._name),
            "message": message,
            "chosen": self._chosen,
            "another": "" if is_listed else " checked",
            "typed": "" if is_listed else escaped(self._chosen),
            "server": escaped(self._wish.server if self._wish else self._told.server),
            "waits": "" if self._state == set_up.TRYING else " hidden",
            "fails": " hidden" if self._state in (set_up.TRYING, set_up.DONE) else "",
        }
        await conversation.say(_head(status, "text/html; charset=utf-8", ""))
        for line in page(file, language, values, self._networks):
            await conversation.say(line.encode())

    def _outcome(self, language: str) -> str:
        return sentence("s%d" % self._state, language)

    def _see_result(self) -> None:
        if self._state == set_up.DONE and self._told_at is None:
            self._told_at = self._board.ticks_ms()

    def _info(self) -> "dict[str, Any]":
        digits = self._board.uid[-12:]
        mac = ":".join([digits[place : place + 2] for place in range(0, len(digits), 2)])
        return {
            "uid": self._board.uid,
            "mac": mac,
            "fw": VERSION,
            "rssi": 0,
            "ip": self._address,
        }

    # What follows

    async def _join(self, wish: "form.Wish") -> None:
        """Connect to the network, while the portal goes on as well as it can."""
        await self._board.sleep_ms(LAST_WORDS_MS)  # the phone may be gone as soon as it begins
        try:
            trouble = await self._radio.join(wish.ssid, wish.password)
            if not trouble:
                self._radio.keep_network(wish.ssid, wish.password)
        except (OSError, MemoryError) as error:
            self._board.log("portal: %r" % (error,))
            trouble = set_up.NO_NETWORK
        if trouble:
            self._board.log("portal: state %d" % trouble)
            self._state = trouble
        else:
            self._joined = True


def _language(request: "Asked") -> str:
    """The language that the page asked for, or else the browser: Portuguese or English."""
    wanted = request.query or request.headers.get("accept-language", "")
    if b"l=en" in request.body.split(b"&"):
        wanted = "l=en"
    english, portuguese = wanted.find("en"), wanted.find("pt")
    return "en" if english >= 0 and not 0 <= portuguese < english else "pt"


async def _send_message(conversation: Conversation, message: "dict[str, Any]") -> None:
    await conversation.say(_head(200, "application/json", ""))
    await conversation.say(json.dumps(message).encode())


def _head(status: int, kind: str, more: str) -> bytes:
    """It ends with the connection, so no length is told."""
    return (
        "HTTP/1.1 %d Yaguts\r\nContent-Type: %s\r\n%sCache-Control: no-store\r\n"
        "X-Frame-Options: DENY\r\nConnection: close\r\n\r\n" % (status, kind, more)
    ).encode()
