"""The label of a board: its own password, and a code that a phone joins its Wi-Fi with."""

import random
from pathlib import Path

import segno
from segno import helpers

from yaguts.services.firmware.label import ALPHABET, LENGTH, label_of, new_password
from yaguts.services.firmware.usb.configuration import ACCESS_POINT, changed


def test_a_password_fits_wpa2_and_is_the_boards_own() -> None:
    chance = random.Random(3)
    passwords = {new_password(chance.choice) for _ in range(1000)}

    assert len(passwords) == 1000
    assert all(len(one) == LENGTH and set(one) <= set(ALPHABET) for one in passwords)
    assert set("il1o0") & set(ALPHABET) == set()
    assert changed("esp32", {}, {ACCESS_POINT: passwords.pop(), "server": "http://x"})


def test_a_phone_reads_the_wifi_and_its_password_from_it(tmp_path: Path) -> None:
    label = label_of("240ac4010203", "abcd2345efgh")
    joined = helpers.make_wifi("Yaguts-0203", "abcd2345efgh", security="WPA")
    label.write(tmp_path / "label.svg")
    drawn = (tmp_path / "label.svg").read_text("utf-8")

    assert joined == segno.make("WIFI:T:WPA;S:Yaguts-0203;P:abcd2345efgh;;")
    assert joined.svg_inline(border=2, dark="#000", light="#fff", omitsize=True) in drawn
    assert ">Yaguts-0203</text>" in drawn
    assert ">abcd2345efgh</text>" in drawn
    assert label.in_terminal().count("\n") >= joined.symbol_size()[1] // 2
