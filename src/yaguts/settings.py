"""The YAGUTS_* environment as one frozen object."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

RegistrationPolicy = Literal["first", "open", "closed"]
DEFAULT_DATABASE_URL = "sqlite:///./yaguts.db"


class BadSetting(ValueError):
    """A YAGUTS_* variable has an invalid value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A field comes from the variable named in its comment; the defaults suit one kitchen.

    The last three have no variable. Processes that share a SQLite file don't wake each other, so
    a poll and a live page look for themselves.
    """

    database_url: str = DEFAULT_DATABASE_URL  # YAGUTS_DATABASE_URL
    secret_key: str = field(default="", repr=False)  # YAGUTS_SECRET_KEY
    registration: RegistrationPolicy = "first"  # YAGUTS_REGISTRATION
    allowed_origins: tuple[str, ...] = ()  # YAGUTS_ALLOWED_ORIGINS, separated by commas
    job_time_to_live: timedelta = timedelta(minutes=10)  # YAGUTS_JOB_TIME_TO_LIVE_S
    virtual_dispensers: int = 1  # YAGUTS_VIRTUAL_DISPENSERS
    security_contact: str = ""  # YAGUTS_SECURITY_CONTACT, a URI
    polls_look_again_s: float = 2.0
    followers_look_again_s: float = 5.0
    sweep_every_s: float = 5

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in the environment. Raises `BadSetting`, which names the variable."""
        return cls(
            database_url=_database_url(environment.get("YAGUTS_DATABASE_URL", "")),
            secret_key=environment.get("YAGUTS_SECRET_KEY", ""),
            registration=_registration(environment.get("YAGUTS_REGISTRATION", "first")),
            allowed_origins=_origins(environment.get("YAGUTS_ALLOWED_ORIGINS", "")),
            job_time_to_live=_seconds(environment, "YAGUTS_JOB_TIME_TO_LIVE_S", 600),
            virtual_dispensers=_whole(environment, "YAGUTS_VIRTUAL_DISPENSERS", 1, 0, 16),
            security_contact=_contact(environment.get("YAGUTS_SECURITY_CONTACT", "").strip()),
        )


def _database_url(url: str) -> str:
    url = url or DEFAULT_DATABASE_URL
    if not url.startswith(("sqlite:", "postgresql:", "postgres:")):
        raise BadSetting("YAGUTS_DATABASE_URL: sqlite:///… or postgresql://…")
    return url


def _registration(word: str) -> RegistrationPolicy:
    if word not in ("first", "open", "closed"):
        raise BadSetting("YAGUTS_REGISTRATION: first, open or closed")
    return word


def _origins(listed: str) -> tuple[str, ...]:
    origins = tuple(origin.strip().rstrip("/") for origin in listed.split(",") if origin.strip())
    if not all(re.fullmatch(r"https?://[^/*?#@\s]+", origin) for origin in origins):
        raise BadSetting("YAGUTS_ALLOWED_ORIGINS: origins such as https://cozinha.example, no *")
    return origins


def _contact(given: str) -> str:
    """A contact as `security.txt` writes it. A bare e-mail address gets its scheme."""
    contact = f"mailto:{given}" if "@" in given and ":" not in given else given
    if contact and not re.fullmatch(r"(mailto:|https://|tel:)[!-~]+", contact):
        raise BadSetting("YAGUTS_SECURITY_CONTACT: an e-mail address, or an https: or tel: URI")
    return contact


def _seconds(environment: Mapping[str, str], name: str, default: int) -> timedelta:
    return timedelta(seconds=_whole(environment, name, default, 1, 86_400))


def _whole(environment: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise BadSetting(f"{name}: a whole number, {least} to {most}")
    return int(text)
