"""What is typed into the portal, and what a board makes of it."""

import random

import pytest

from yaguts_device.hal.configuration import Told
from yaguts_device.portal.serving.form import (
    NO_NETWORK_NAMED,
    NOT_A_CODE,
    NOT_A_SERVER,
    TOO_LONG,
    BadForm,
    Wish,
    fields_of,
    wish_of,
)

NEW = Told("", "", trusts=False, has_portal=True)
KNOWN = Told("Cozinha", "https://yaguts.example", trusts=True, has_portal=True)


def wish(body: str, told: Told = NEW) -> Wish:
    return wish_of(fields_of(body.encode()), told)


def test_the_fields_of_firmware_0_1() -> None:
    sent = "ssid=Casa+da+Jo%C3%A3o%26Ana&pass=a%2Bb%20c%25&claim=012345&api=http%3A%2F%2Fa%3A8000"

    assert wish(sent) == ("Casa da João&Ana", "a+b c%", "012345", "http://a:8000")


@pytest.mark.parametrize("typed", ["abcd-efgh-jkmn", "ABCDEFGHJKMN", "abcd efgh jkmn"])
def test_a_long_code_in_any_grouping(typed: str) -> None:
    assert wish(f"ssid=a&api=http://b&claim={typed}").code == "ABCDEFGHJKMN"


def test_a_host_alone_is_asked_over_https_where_it_can_be_checked() -> None:
    assert wish("ssid=a&api=yaguts.example", KNOWN).server == "https://yaguts.example"
    assert wish("ssid=a&api=192.168.0.10:8000").server == "http://192.168.0.10:8000"
    assert wish("ssid=a&api=", KNOWN).server == "https://yaguts.example"


def test_a_network_is_chosen_or_typed() -> None:
    assert wish("ssid=Sala&other=Quintal&api=http://b").ssid == "Sala"
    assert wish("ssid=&other=Quintal&api=http://b").ssid == "Quintal"
    assert wish("ssid=Sala&ssid=&api=http://b").ssid == "Sala"


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ("", NO_NETWORK_NAMED),
        ("ssid=&other=&api=http://a", NO_NETWORK_NAMED),
        ("ssid=a&claim=12345&api=http://a", NOT_A_CODE),
        ("ssid=a&claim=12345a&api=http://a", NOT_A_CODE),
        ("ssid=a&claim=1234567&api=http://a", NOT_A_CODE),
        ("ssid=a&claim=ABCDEFGHJKM_&api=http://a", NOT_A_CODE),
        ("ssid=a", NOT_A_SERVER),
        ("ssid=a&api=http://a:0", NOT_A_SERVER),
        ("ssid=a&api=http://a:x", NOT_A_SERVER),
        ("ssid=a&api=http://:80", NOT_A_SERVER),
        ("ssid=a&api=http://a%0d%0aX:1", NOT_A_SERVER),
        ("ssid=a&api=http://%C3%A3", NOT_A_SERVER),
        ("ssid=" + "%C3%A3" * 17 + "&api=http://a", TOO_LONG),
        ("ssid=a&pass=%00&api=http://a", TOO_LONG),
        ("ssid=%C3&api=http://a", TOO_LONG),
    ],
)
def test_what_cannot_be_used_is_refused(sent: str, problem: int) -> None:
    with pytest.raises(BadForm) as refused:
        wish(sent)
    assert refused.value.args == (problem,)


def test_any_body_is_a_wish_or_refused() -> None:
    chance = random.Random(5)
    words = [b"ssid=", b"pass=", b"claim=", b"api=", b"&", b"%", b"=", b"+", b"http://", b"123456"]
    for _ in range(20_000):
        parts = [
            chance.choice(words) if chance.random() < 0.7 else chance.randbytes(2)
            for _ in range(chance.randrange(12))
        ]
        try:
            wish_of(fields_of(b"".join(parts)), NEW)
        except BadForm:
            continue
