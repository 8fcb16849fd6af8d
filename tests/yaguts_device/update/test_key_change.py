"""Keys come and go with confirmed releases; a board that takes updates never loses its last one."""

import pytest

from yaguts_device.update.key_change import change_keys
from yaguts_device.update.signature import key_id
from yaguts_sim.device.files import SimFiles

OLD, NEW, THIRD = (bytes([first]) * 384 for first in (0xC1, 0xC2, 0xC3))


def changed(*held: bytes, add: bytes = b"", retire: bytes = b"", twice: bool = False) -> set[bytes]:
    files = SimFiles()
    files.contents.update({f"/key_{place}": key for place, key in zip("ab", held, strict=False)})
    facts = {"add_key": add.hex(), "retire_key": key_id(retire) if retire else None}
    for _ in range(1 + twice):
        change_keys(files.opened(lambda: None), facts)
    assert set(files.contents) <= {"/key_a", "/key_b"}
    return set(files.contents.values())


@pytest.mark.parametrize("twice", [False, True])
def test_a_second_key_is_announced_and_the_first_retired(twice: bool) -> None:
    assert changed(OLD, add=NEW, twice=twice) == {OLD, NEW}
    assert changed(OLD, NEW, retire=OLD, twice=twice) == {NEW}
    assert changed(OLD, add=NEW, retire=OLD, twice=twice) == {NEW}
    assert changed(OLD, NEW, add=THIRD, retire=OLD, twice=twice) == {NEW, THIRD}


def test_what_makes_no_sense_changes_nothing() -> None:
    assert changed(OLD, retire=OLD) == {OLD}
    assert changed(OLD, NEW, add=THIRD) == {OLD, NEW}
    assert changed(OLD, add=OLD) == {OLD}
    assert changed(OLD, add=b"short") == {OLD}
    assert changed(OLD, NEW, retire=THIRD) == {OLD, NEW}
