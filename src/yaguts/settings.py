"""The YAGUTS_* environment as one frozen object."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from difflib import get_close_matches
from ipaddress import ip_network
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from yaguts.domain.retention import Retention

RegistrationPolicy = Literal["first", "open", "closed"]
LogFormat = Literal["text", "json"]
PREFIX = "YAGUTS_"
NAMES = (
    "YAGUTS_DATA",
    "YAGUTS_DATABASE_URL",
    "YAGUTS_SECRET_KEY",
    "YAGUTS_BACKUP_FOLDER",
    "YAGUTS_BACKUP_EVERY_H",
    "YAGUTS_BACKUPS_KEPT",
    "YAGUTS_UPGRADE_COPIES",
    "YAGUTS_REGISTRATION",
    "YAGUTS_ALLOWED_ORIGINS",
    "YAGUTS_PUBLIC_URL",
    "YAGUTS_TRUSTED_PROXIES",
    "YAGUTS_ALERT_PRIVATE_TARGETS",
    "YAGUTS_FETCH_LINKS",
    "YAGUTS_JOB_TIME_TO_LIVE_S",
    "YAGUTS_VIRTUAL_DISPENSERS",
    "YAGUTS_SECURITY_CONTACT",
    "YAGUTS_METRICS",
    "YAGUTS_LOG_FORMAT",
    "YAGUTS_LOG_LEVEL",
    "YAGUTS_ACCESS_LOG",
)
KEPT = Retention()
_POSTGRESQL = ("postgresql://", "postgres://")
THIS_COMPUTER = ("127.0.0.1", "::1")
LOCAL, OPEN, OFF = "local", "open", "off"
"""Who may read the metrics: this computer, everybody, nobody. Any other text is a token."""
SHORTEST_TOKEN = 16
_ALIKE = 0.75
"""How much alike a name must be to one of ours to be taken for a misspelt one."""


class BadSetting(ValueError):
    """A YAGUTS_* variable has an invalid value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """A field comes from the variable named in its comment; the defaults suit one kitchen.

    Without `database_url` the database lies in `data_folder`, as
    `services.runtime.files.data_folder` says. The last four have no variable. Processes that share
    a SQLite file don't wake each other, so a poll and a live page look for themselves.
    """

    database_url: str = ""  # YAGUTS_DATABASE_URL
    secret_key: str = field(default="", repr=False)  # YAGUTS_SECRET_KEY
    backup_folder: Path | None = None  # YAGUTS_BACKUP_FOLDER
    backup_every: timedelta = timedelta(hours=24)  # YAGUTS_BACKUP_EVERY_H; nothing: not by servers
    backups_kept: Retention = KEPT  # YAGUTS_BACKUPS_KEPT: days, weeks, months
    upgrade_copies: int = 3  # YAGUTS_UPGRADE_COPIES
    registration: RegistrationPolicy = "first"  # YAGUTS_REGISTRATION
    allowed_origins: tuple[str, ...] = ()  # YAGUTS_ALLOWED_ORIGINS, separated by commas
    job_time_to_live: timedelta = timedelta(minutes=10)  # YAGUTS_JOB_TIME_TO_LIVE_S
    virtual_dispensers: int = 1  # YAGUTS_VIRTUAL_DISPENSERS
    security_contact: str = ""  # YAGUTS_SECURITY_CONTACT, a URI
    data_folder: Path | None = None  # YAGUTS_DATA
    public_url: str = ""  # YAGUTS_PUBLIC_URL, without a slash at its end
    trusted_proxies: tuple[str, ...] = THIS_COMPUTER  # YAGUTS_TRUSTED_PROXIES
    alert_private_targets: tuple[str, ...] = ()  # YAGUTS_ALERT_PRIVATE_TARGETS
    fetch_links: bool = False  # YAGUTS_FETCH_LINKS: to recipes on the web
    metrics: str = field(default=LOCAL, repr=False)  # YAGUTS_METRICS, a word or a token
    log_format: LogFormat = "text"  # YAGUTS_LOG_FORMAT
    log_level: str = "INFO"  # YAGUTS_LOG_LEVEL
    access_log: bool = False  # YAGUTS_ACCESS_LOG
    polls_look_again_s: float = 2.0
    followers_look_again_s: float = 5.0
    sweep_every_s: float = 5
    search_garbage_every_s: float = 600
    refusals_late_s: float = 1.0

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> "Settings":
        """The settings in the environment; what is empty has its default.

        Raises `BadSetting`, which names the variable, also for one that is misspelt.
        """
        _insist_on_spelling(environment)
        given = {name: environment.get(name, "").strip() for name in NAMES}
        return cls(
            database_url=_database_url(given["YAGUTS_DATABASE_URL"]),
            secret_key=given["YAGUTS_SECRET_KEY"],
            backup_folder=_path(given["YAGUTS_BACKUP_FOLDER"]),
            backup_every=timedelta(hours=_whole(given, "YAGUTS_BACKUP_EVERY_H", 24, 0, 8760)),
            backups_kept=_retention(given["YAGUTS_BACKUPS_KEPT"]),
            upgrade_copies=_whole(given, "YAGUTS_UPGRADE_COPIES", 3, 0, 100),
            registration=_registration(given["YAGUTS_REGISTRATION"] or "first"),
            allowed_origins=_origins(given["YAGUTS_ALLOWED_ORIGINS"]),
            job_time_to_live=_seconds(given, "YAGUTS_JOB_TIME_TO_LIVE_S", 600),
            virtual_dispensers=_whole(given, "YAGUTS_VIRTUAL_DISPENSERS", 1, 0, 16),
            security_contact=_contact(given["YAGUTS_SECURITY_CONTACT"]),
            data_folder=_path(given["YAGUTS_DATA"]),
            public_url=_public_url(given["YAGUTS_PUBLIC_URL"]),
            trusted_proxies=_networks(given, "YAGUTS_TRUSTED_PROXIES", THIS_COMPUTER),
            alert_private_targets=_networks(given, "YAGUTS_ALERT_PRIVATE_TARGETS", ()),
            fetch_links=_switch(given, "YAGUTS_FETCH_LINKS"),
            metrics=_readers(given["YAGUTS_METRICS"] or LOCAL),
            log_format=_log_format(given["YAGUTS_LOG_FORMAT"].lower() or "text"),
            log_level=_log_level(given["YAGUTS_LOG_LEVEL"].upper() or "INFO"),
            access_log=_switch(given, "YAGUTS_ACCESS_LOG"),
        )

    @property
    def public_origin(self) -> str:
        """Scheme, host and port of the public address; "" without one."""
        parts = urlsplit(self.public_url)
        return f"{parts.scheme}://{parts.netloc}" if self.public_url else ""

    @property
    def sub_path(self) -> str:
        """The path of the public address, such as "/yaguts"; "" for the root of its host."""
        return urlsplit(self.public_url).path


def unknown(environment: Iterable[str]) -> list[str]:
    """The variables that begin like ours and are none of ours."""
    return sorted(name for name in environment if name.startswith(PREFIX) and name not in NAMES)


def _insist_on_spelling(environment: Iterable[str]) -> None:
    for name in unknown(environment):
        if meant := get_close_matches(name, NAMES, 1, _ALIKE):
            raise BadSetting(f"{name}: there is no such setting. Is {meant[0]} meant?")


def _database_url(url: str) -> str:
    """The address; "" when none is given. Its text is never repeated: it may hold a password."""
    if not url or url in ("sqlite://", "sqlite:///:memory:"):
        return url
    try:
        _ = urlsplit(url).port  # raises ValueError
        name = url.partition(":///")[2]
        known = name if url.startswith("sqlite:///") else url.startswith(_POSTGRESQL)
    except ValueError:
        known = False
    if not known:
        raise BadSetting("YAGUTS_DATABASE_URL: sqlite:/// and a path, or postgresql://…")
    return url


def _path(given: str) -> Path | None:
    return Path(given) if given else None


def _retention(given: str) -> Retention:
    """Days, weeks and months, as "7,4,6"."""
    if not given:
        return Retention()
    if not re.fullmatch(r"0*[1-9]\d{0,2},\d{1,3},\d{1,3}", given, re.ASCII):
        raise BadSetting(
            "YAGUTS_BACKUPS_KEPT: of how many days, weeks and months a backup is kept, such as"
            " 7,4,6; at least one day"
        )
    return Retention(*map(int, given.split(",")))


def _registration(word: str) -> RegistrationPolicy:
    if word not in ("first", "open", "closed"):
        raise BadSetting("YAGUTS_REGISTRATION: first, open or closed")
    return word


def _origins(listed: str) -> tuple[str, ...]:
    origins = tuple(origin.rstrip("/") for origin in _separated(listed))
    if not all(re.fullmatch(r"https?://[^/*?#@\s]+", origin) for origin in origins):
        raise BadSetting("YAGUTS_ALLOWED_ORIGINS: origins such as https://cozinha.example, no *")
    return origins


def _networks(given: Mapping[str, str], name: str, default: tuple[str, ...]) -> tuple[str, ...]:
    """Addresses and networks; `none` for nobody."""
    listed = given[name]
    if listed.lower() == "none":
        return ()
    try:
        return tuple(str(ip_network(each)) for each in _separated(listed)) or default
    except ValueError:
        raise BadSetting(
            f"{name}: IP addresses and networks such as 10.0.0.0/8, separated by commas, or none"
        ) from None


def _public_url(url: str) -> str:
    host = r"([\w.-]+|\[[0-9a-fA-F:.]+\])(:\d+)?"
    if url and not re.fullmatch(rf"https?://{host}(/[\w.~-]+)*/?", url, re.ASCII):
        raise BadSetting(
            "YAGUTS_PUBLIC_URL: the address that people type, such as https://yaguts.example.org"
            " or https://example.org/yaguts"
        )
    return url.rstrip("/")


def _readers(given: str) -> str:
    """A word, or a token, which is never repeated."""
    if given.lower() in (LOCAL, OPEN, OFF):
        return given.lower()
    if not re.fullmatch(rf"[!-~]{{{SHORTEST_TOKEN},}}", given):
        raise BadSetting(
            f"YAGUTS_METRICS: {LOCAL}, {OPEN}, {OFF}, or a token of {SHORTEST_TOKEN} characters or"
            " more, without spaces"
        )
    return given


def _log_format(word: str) -> LogFormat:
    if word not in ("text", "json"):
        raise BadSetting("YAGUTS_LOG_FORMAT: text or json")
    return word


def _log_level(word: str) -> str:
    if word not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise BadSetting("YAGUTS_LOG_LEVEL: debug, info, warning or error")
    return word


def _switch(given: Mapping[str, str], name: str) -> bool:
    word = given[name].lower() or OFF
    if word not in ("on", OFF):
        raise BadSetting(f"{name}: on or off")
    return word == "on"


def _contact(given: str) -> str:
    """A contact as `security.txt` writes it. A bare e-mail address gets its scheme."""
    contact = f"mailto:{given}" if "@" in given and ":" not in given else given
    if contact and not re.fullmatch(r"(mailto:|https://|tel:)[!-~]+", contact):
        raise BadSetting("YAGUTS_SECURITY_CONTACT: an e-mail address, or an https: or tel: URI")
    return contact


def _separated(listed: str) -> Iterable[str]:
    return (each.strip() for each in listed.split(",") if each.strip())


def _seconds(given: Mapping[str, str], name: str, default: int) -> timedelta:
    return timedelta(seconds=_whole(given, name, default, 1, 86_400))


def _whole(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    text = given[name] or str(default)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise BadSetting(f"{name}: a whole number, {least} to {most}")
    return int(text)
