"""Which names a new account may have: none that looks like another one by a trick."""

from typing import cast
from unicodedata import normalize

from unicodedataplus import script_extensions  # pyright: ignore[reportUnknownVariableType]

from yaguts.domain.errors import UnclearName
from yaguts.domain.people import name_key
from yaguts.storage.look_keys import look_key

_ANY = frozenset(("Zyyy", "Zinh"))
"""Of characters that every script uses, such as digits."""
_WRITTEN_TOGETHER = {
    "Hani": ("Jpan", "Kore", "Hanb"),
    "Hira": ("Jpan",),
    "Kana": ("Jpan",),
    "Hang": ("Kore",),
    "Bopo": ("Hanb",),
}
"""Japanese, Korean and Chinese mix scripts (UTS 39, 5.1)."""
_LOOKS_EMPTY = "\N{BRAILLE PATTERN BLANK}"


def insist_on_clear(name: str) -> None:
    """Each word is of one script, and nothing in it is invisible. Raises `UnclearName`."""
    if look_key(name) is None or _LOOKS_EMPTY in name:
        raise UnclearName
    if not all(map(_is_of_one_script, normalize("NFKC", name).split())):
        raise UnclearName


def counted_name(name: str) -> str:
    """What guesses at a name count for, however it is written."""
    return look_key(name) or name_key(name)


def _is_of_one_script(word: str) -> bool:
    of_all = [scripts for letter in word if not (scripts := _scripts(letter)) & _ANY]
    return not of_all or bool(of_all[0].intersection(*of_all))


def _scripts(letter: str) -> frozenset[str]:
    found = cast("list[str]", script_extensions(letter))
    together = [each for script in found for each in _WRITTEN_TOGETHER.get(script, ())]
    return frozenset((*found, *together))
