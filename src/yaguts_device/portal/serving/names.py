"""DNS in the portal: every name is the board."""

SHORTEST, LONGEST = 17, 512
_HEAD = 12
_ADDRESS, _ANY = 1, 255


def answer(query: bytes, address: str) -> bytes:
    """The answer to a query of one name; nothing to anything else.

    Only IPv4 addresses are told. That there is no other one is told, too: phones wait for it.
    """
    if not SHORTEST <= len(query) <= LONGEST or query[2] & 0xF8 or query[4:6] != b"\0\1":
        return b""
    end = _end_of_name(query)
    if not end or end + 4 > len(query):
        return b""
    kind = query[end] << 8 | query[end + 1]
    told = kind in (_ADDRESS, _ANY)
    head = query[:2] + bytes([0x84 | query[2] & 1, 0, 0, 1, 0, told, 0, 0, 0, 0])
    said = head + query[_HEAD : end + 4]
    if told:
        numbers = bytes([int(part) for part in address.split(".")])
        said += b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4" + numbers
    return said


def _end_of_name(query: bytes) -> int:
    """Where the name ends; 0 when it does not end."""
    at = _HEAD
    while at < len(query):
        length = query[at]
        if not length:
            return at + 1
        if length > 63:  # a pointer: no query has one
            return 0
        at += length + 1
    return 0
