"""DNS in the portal: one question, one answer, and nothing to nonsense."""

import random

from yaguts_device.portal.serving.names import LONGEST, answer

ADDRESS = "192.168.4.1"
NAME = b"\x07captive\x05apple\x03com\0"


def query(kind: int, name: bytes = NAME, flags: bytes = b"\x01\x00", count: int = 1) -> bytes:
    return b"\xab\xcd" + flags + bytes([0, count]) + bytes(6) + name + bytes([0, kind, 0, 1])


def test_a_name_is_the_board() -> None:
    said = answer(query(1), ADDRESS)

    assert said[:12] == b"\xab\xcd\x85\x00\0\1\0\1\0\0\0\0"
    assert said[12:].startswith(NAME + b"\0\1\0\1")
    assert said.endswith(b"\xc0\x0c\0\1\0\1\0\0\0\0\0\4\xc0\xa8\x04\x01")


def test_an_ipv6_address_is_said_not_to_be_there() -> None:
    assert answer(query(28), ADDRESS) == b"\xab\xcd\x85\x00\0\1" + bytes(6) + NAME + b"\0\x1c\0\1"


def test_what_comes_after_the_question_is_not_sent_back() -> None:
    assert answer(query(1) + b"\0\0\x29\x04\xd0" + bytes(6), ADDRESS) == answer(query(1), ADDRESS)


def test_nonsense_is_not_answered() -> None:
    whole = query(1)
    cut = [whole[:length] for length in range(len(whole))]
    others = [
        query(1, flags=b"\x81\x00"),  # an answer: two boards would answer each other for ever
        query(1, flags=b"\x29\x00"),
        query(1, count=2),
        query(1, name=b"\xc0\x0c"),
        query(1, name=b"\x40" + b"a" * 64 + b"\0"),
        query(1, name=b"\x3f" + b"a" * 63),
        whole + bytes(LONGEST),
    ]

    assert {answer(each, ADDRESS) for each in [*cut, *others]} == {b""}


def test_random_bytes_raise_nothing_and_are_never_answered_at_length() -> None:
    chance = random.Random(1)
    for _ in range(20_000):
        asked = chance.randbytes(chance.randrange(0, 60))
        assert len(answer(asked, ADDRESS)) <= len(asked) + 16
