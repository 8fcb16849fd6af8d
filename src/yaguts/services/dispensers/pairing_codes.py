"""Claim codes as people read and type them: six digits, or three groups of four characters."""

from yaguts.services.runtime.context import Randomness

# Crockford's base 32: no letter is taken for a digit. 32 divides 256, so each is equally likely.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")
_SHORT, _SELECTOR, _LONG = 6, 4, 12


def new_short_code(randomness: Randomness) -> str:
    """Six digits, all that the portal of firmware 0.1 takes."""
    # 64 bits leave no digit noticeably likelier than another.
    return f"{int.from_bytes(randomness(8), 'big') % 10**_SHORT:0{_SHORT}}"


def new_long_code(randomness: Randomness) -> str:
    """60 bits, of which the first 20 select the code and the last 40 are the secret."""
    return "".join(_ALPHABET[byte % 32] for byte in randomness(_LONG))


def selector(code: str) -> str | None:
    """The part of a long code that says which one is meant; None for a short code."""
    return code[:_SELECTOR] if len(code) > _SHORT else None


def for_people(code: str) -> str:
    """A long code in groups, a short one as it is."""
    if len(code) <= _SHORT:
        return code
    return "-".join(code[at : at + 4] for at in range(0, _LONG, 4))


def as_typed(text: str) -> str | None:
    """The code somebody typed, whatever its case and grouping, or None if it can't be one."""
    code = "".join(c for c in text.upper() if c not in " -").translate(_LOOKALIKES)
    if len(code) == _SHORT and code.isascii() and code.isdecimal():
        return code
    return code if len(code) == _LONG and all(c in _ALPHABET for c in code) else None
