"""What somebody typed into the portal."""

from collections import namedtuple

from yaguts_device.net.address import parse_url

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Configured

Wish = namedtuple("Wish", ("ssid", "password", "code", "server"))
"""A network and its password, a pairing code or nothing, a server's address."""

WIPE = Wish("", "", "", "")
"""Everything is to be forgotten."""

NO_NETWORK_NAMED, NOT_A_CODE, NOT_A_SERVER, TOO_LONG = 1, 2, 3, 4
_LONGEST_SSID, _LONGEST_PASSWORD, _LONGEST_SERVER = 32, 64, 120
_HEX = b"0123456789abcdefABCDEF"
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZILO"


class BadForm(Exception):
    """What was typed cannot be used. Its argument says what of it."""


def fields_of(body: bytes) -> "dict[str, str]":
    """The fields of a form, the first of each name. BadForm when they are not UTF-8."""
    fields: "dict[str, str]" = {}
    for part in body.split(b"&"):
        name, _, value = part.partition(b"=")
        fields.setdefault(_decoded(name), _decoded(value))
    return fields


def wish_of(fields: "dict[str, str]", told: "Configured") -> Wish:
    """What is wished for. BadForm when a field cannot be used.

    `other` is a network that is typed, where none was chosen. Without a server it is the one that
    is configured.
    """
    ssid = fields.get("ssid", "") or fields.get("other", "")
    password = fields.get("pass", "")
    if not ssid:
        raise BadForm(NO_NETWORK_NAMED)
    if len(ssid.encode()) > _LONGEST_SSID or len(password.encode()) > _LONGEST_PASSWORD:
        raise BadForm(TOO_LONG)
    server = _server(fields.get("api", "").strip(), told)
    return Wish(ssid, password, _code(fields.get("claim", "")), server)


def _code(typed: str) -> str:
    """Six digits, or the twelve characters of a long code, in any grouping."""
    code = typed.upper().replace("-", "").replace(" ", "")
    digits = len(code) == 6 and all([c in "0123456789" for c in code])
    long = len(code) == 12 and all([c in _LETTERS for c in code])
    if code and not digits and not long:
        raise BadForm(NOT_A_CODE)
    return code


def _server(typed: str, told: "Configured") -> str:
    """A host alone is asked over https, if the board has an authority to check it by."""
    server = typed or told.server
    if "://" not in server:
        server = ("https://" if told.trusts else "http://") + server
    host = server.partition("://")[2]
    if not host or len(server) > _LONGEST_SERVER or any([not "!" <= c <= "~" for c in server]):
        raise BadForm(NOT_A_SERVER)
    try:
        address = parse_url(server)
    except ValueError:
        raise BadForm(NOT_A_SERVER) from None
    if not address.host or not 0 < address.port < 65536:
        raise BadForm(NOT_A_SERVER)
    return server


def _decoded(text: bytes) -> str:
    decoded = bytearray()
    at = 0
    while at < len(text):
        byte = text[at]
        pair = text[at + 1 : at + 3]
        if byte == 0x25 and len(pair) == 2 and pair[0] in _HEX and pair[1] in _HEX:
            byte = int(pair.decode(), 16)
            at += 2
        elif byte == 0x2B:
            byte = 0x20
        decoded.append(byte)
        at += 1
    try:
        found = decoded.decode()
    except ValueError:
        raise BadForm(TOO_LONG) from None
    if "\0" in found:
        raise BadForm(TOO_LONG)
    return found
