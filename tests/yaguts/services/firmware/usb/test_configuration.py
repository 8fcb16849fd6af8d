"""The configuration of a board: changed in part, checked as a whole, shown without secrets."""

import json

import pytest

from yaguts.services.firmware.chips import CHIPS
from yaguts.services.firmware.usb.configuration import as_bytes, changed, parsed, shown, wiring_of
from yaguts.services.firmware.usb.errors import UsbError
from yaguts.services.firmware.wiring import NEW_BOARDS

WIFI = {"wifi": "Cozinha", "password": "canela", "server": "https://yaguts.example"}


@pytest.mark.parametrize("chip", CHIPS)
def test_a_new_board_gets_the_wiring_of_its_chip(chip: str) -> None:
    assert changed(chip, {}, WIFI) == {**WIFI, **NEW_BOARDS[chip]}


def test_a_board_without_a_wiring_gets_one_where_that_of_firmware_0_1_does_not_fit() -> None:
    assert wiring_of(changed("esp32-c3", WIFI, {})) == NEW_BOARDS["esp32-c3"]
    assert changed("esp32", WIFI, {}) == WIFI


def test_what_is_not_named_stays() -> None:
    before = {**WIFI, "relays": [26], "button": 5, "code": "ABC-DEF"}

    after = changed("esp32", before, {"wifi": "Sala", "password": None, "server": None})

    assert after == {**before, "wifi": "Sala", "networks": [["Cozinha", "canela"]]}


def test_the_networks_before_are_remembered_and_none_twice() -> None:
    board: dict[str, object] = {}
    for name in ("A", "B", "C", "D", "E", "F", "B"):
        values = {"wifi": name, "password": name.lower()}
        board = changed("esp32", {**board, "server": "http://x"}, values)

    assert (board["wifi"], board["password"]) == ("B", "b")
    assert board["networks"] == [["F", "f"], ["E", "e"], ["D", "d"], ["C", "c"]]


def test_another_wiring_takes_the_place_of_the_whole_one() -> None:
    before = {**WIFI, "relays": [26, 27], "active_low": True, "button": 5}

    after = changed("esp32", before, {}, {"servos": 3})

    assert after == {**WIFI, "servos": 3}


def test_an_led_comes_and_goes_with_the_wiring() -> None:
    lit = changed("esp32", {**WIFI, "relays": [26]}, {}, {"relays": [27], "led": {"pin": 2}})
    assert lit == {**WIFI, "relays": [27], "led": {"pin": 2}}

    assert changed("esp32", lit, {}, {"relays": [27]}) == {**WIFI, "relays": [27]}
    assert changed("esp32-c3", {**WIFI, "led": {"pin": 8, "active_low": True}}, {}) == {
        **WIFI,
        "led": {"pin": 8, "active_low": True},
        **NEW_BOARDS["esp32-c3"],
    }


@pytest.mark.parametrize(
    ("before", "values", "wiring", "told"),
    [
        (WIFI, {}, {"relays": [6]}, "flash memory"),
        (WIFI, {}, {"relais": [26]}, '"?relais'),
        (WIFI, {"server": "yaguts.example"}, None, "begins neither"),
        (WIFI, {"server": "http://yaguts.example:port"}, None, "is no address"),
        ({**WIFI, "wifi": 5}, {}, None, "wifi: 5 is not a text"),
        ({**WIFI, "access_point": "curta"}, {}, None, "8 to 63 characters"),
    ],
)
def test_what_would_not_work_is_refused(
    before: dict[str, object],
    values: dict[str, str],
    wiring: dict[str, object] | None,
    told: str,
) -> None:
    with pytest.raises(UsbError, match=told):
        changed("esp32", before, values, wiring)


def test_secrets_are_not_shown() -> None:
    secrets = {"code": "ABC-DEF", "networks": [["Sala", "noz"]], "access_point": "da placa"}
    text = "\n".join(shown({**WIFI, **secrets, "relays": [26]}))

    assert "noz" not in text
    assert "da placa" not in text
    assert "networks: Sala" in text
    assert "canela" not in text
    assert "ABC-DEF" not in text
    assert "wifi: Cozinha" in text
    assert "relays: [26]" in text


def test_a_damaged_file_is_told_and_an_empty_one_is_nothing() -> None:
    assert parsed(" \n", "it") == {}
    for text in ("{", "[1]", '"a"'):
        with pytest.raises(UsbError, match=r"^it is"):
            parsed(text, "it")


def test_what_lies_on_the_board_reads_back() -> None:
    assert json.loads(as_bytes({"wifi": "São João"})) == {"wifi": "São João"}
