"""Who uses Yaguts."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody with an account."""

    id: int
    name: str


def name_key(name: str) -> str:
    """What two names must differ in: case and surrounding space do not count."""
    return name.strip().casefold()
