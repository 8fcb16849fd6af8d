"""Which names of people look alike: two accounts may not have the same key."""

from precis_i18n import get_profile

_LONGEST = 180
"""As `people.look_key` holds."""
_NICKNAME = get_profile("NicknameCaseMapped:CaseFold")
"""RFC 8266: neither case, width nor further spaces count; what nobody sees is refused."""


def look_key(name: str) -> str | None:
    """The key of a name, or None for a name that no account may have any more."""
    try:
        key = _NICKNAME.enforce(name)
    except UnicodeEncodeError:
        return None
    return key if len(key) <= _LONGEST else None
