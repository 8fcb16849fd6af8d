"""The text of pairing codes: six digits, or three groups of four characters."""

from yaguts.services.runtime.context import Randomness

# Crockford's base 32 has no letter that looks like a digit. 32 divides 256: all are equally likely.
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_LOOKALIKES = str.maketrans("ILO", "110")
_SHORT, _SELECTOR, _LONG = 6, 4, 12


def new_short_code(randomness: Randomness) -> str:
    """Six digits, which is all that the portal of firmware 0.1 takes."""
    # With 64 bits no digit is noticeably likelier than another.
    return f"{int.from_bytes(randomness(8), 'big') % 10**_SHORT:0{_SHORT}}"


def new_long_code(randomness: Randomness) -> str:
    """60 bits. The first 20 select the code, the last 40 are the secret."""
    return "".join(_ALPHABET[byte % 32] for byte in randomness(_LONG))


def selector(code: str) -> str | None:
    """The part of a long code that selects it; None for a short code."""
    return code[:_SELECTOR] if len(code) > _SHORT else None


def for_people(code: str) -> str:
    """A long code in groups, a short one as it is."""
    if len(code) <= _SHORT:
        return code
    return "-".join(code[at : at + 4] for at in range(0, _LONG, 4))


def as_typed(text: str) -> str | None:
    """The code that somebody typed, in any case and grouping. None when it cannot be one."""
    code = "".join(c for c in text.upper() if c not in " -").translate(_LOOKALIKES)
    if len(code) == _SHORT and code.isascii() and code.isdecimal():
        return code
    return code if len(code) == _LONG and all(c in _ALPHABET for c in code) else None
