"""Take a new key from a confirmed release, and put an old one away.

A signed manifest may have `add_key`, a modulus in hex, and `retire_key`, the name of a key.
"""

from binascii import unhexlify

from yaguts_device.update.manifest import read_facts
from yaguts_device.update.signature import key_id
from yaguts_device.update.slots import KEYS, MANIFEST
from yaguts_wire.update_words import SIGNATURE_BYTES

TYPE_CHECKING = False  # the board has no typing module; type checkers take this for true
if TYPE_CHECKING:
    from yaguts_device.hal.board import Board, BoardFiles
    from yaguts_wire.shapes import Message

ADD_KEY, RETIRE_KEY = "add_key", "retire_key"
_ASIDE = "/key~"


def take_keys(board: "Board") -> None:
    """Do what the release that runs says about keys."""
    files = board.files()
    change_keys(files, read_facts(files.pieces("/" + board.slot + MANIFEST)))


def change_keys(files: "BoardFiles", facts: "Message") -> None:
    """Do what the manifest says about keys. Twice is once; the last key is never put away."""
    added, retired = facts.get(ADD_KEY), facts.get(RETIRE_KEY)
    if added:
        _add(files, unhexlify(added), retired)
    held = _held(files)
    for path in KEYS:
        if len(held) > 1 and path in held and key_id(held[path]) == retired:
            files.remove(path)


def _add(files: "BoardFiles", key: bytes, retired: "str | None") -> None:
    held = _held(files)
    if len(key) != SIGNATURE_BYTES or key in held.values():
        return
    for path in KEYS:
        if path not in held or key_id(held[path]) == retired:
            files.remove(_ASIDE)
            files.append(_ASIDE, key)
            files.rename(_ASIDE, path)  # whole or not at all
            return


def _held(files: "BoardFiles") -> "dict[str, bytes]":
    held = {path: b"".join(files.pieces(path)) for path in KEYS}
    return {path: key for path, key in held.items() if len(key) == SIGNATURE_BYTES}
