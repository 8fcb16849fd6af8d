"""The server's log: one line a happening, as text or as JSON, with nothing in it that a terminal
obeys.

An error is told by its kind and its places, without its text: that may hold what somebody typed.
"""

import json
import logging
import re
from datetime import UTC, datetime
from threading import Lock
from traceback import extract_tb
from typing import Any

from yaguts.http.watching.request_id import request_id
from yaguts.settings import Settings

A_MINUTE_S = 60
MOST_A_MINUTE = 20
_BARE = re.compile(r"[\w.:/{}+%-]+", re.ASCII)
_PLACES = 6


class Seldom(logging.Filter):
    """Of what strangers can cause as often as they like, a few lines a minute are written, and no
    two alike. The next one says how many were left out.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lock = Lock()
        self._began = 0.0
        self._said = set[object]()
        self._left_out = 0

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the line is written."""
        kind = _kind(record)
        if kind is None:
            return True
        with self._lock:
            if not 0 <= record.created - self._began < A_MINUTE_S:
                self._began, self._said = record.created, set[object]()
            if kind in self._said or len(self._said) >= MOST_A_MINUTE:
                self._left_out += 1
                return False
            self._said.add(kind)
            record.left_out, self._left_out = self._left_out, 0
            return True


class _Line(logging.Formatter):
    def formatException(self, ei: Any) -> str:  # noqa: N802
        return _told(ei[1])

    def formatTime(  # noqa: N802
        self,
        record: logging.LogRecord,
        datefmt: str | None = None,  # noqa: ARG002
    ) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        return f"{at.isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


class TextLine(_Line):
    """Time, level, request id, text, then `name=value`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        head = f"{self.formatTime(record)} {record.levelname} {request_id() or '-'}"
        text = _plain(record.getMessage())
        return " ".join([head, text, *(f"{name}={_value(v)}" for name, v in _about(record))])


class JsonLine(_Line):
    """The same, as one JSON object. Whatever is not ASCII is escaped."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        known = {"time": self.formatTime(record), "level": record.levelname}
        told = {**known, "request": request_id(), "text": _plain(record.getMessage())}
        return json.dumps({**dict(_about(record)), **told}, default=str)


def log_configuration(settings: Settings) -> dict[str, Any]:
    """The configuration of `logging` for a server process. Lines go to standard error.

    Of the libraries only warnings are written: what one says below that may hold a form's fields.
    """
    line = TextLine if settings.log_format == "text" else JsonLine
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"seldom": {"()": f"{__name__}.{Seldom.__name__}"}},
        "formatters": {"line": {"()": f"{__name__}.{line.__name__}"}},
        "handlers": {
            "log": {
                "class": "logging.StreamHandler",
                "formatter": "line",
                "filters": ["seldom"],
            }
        },
        "root": {"level": "WARNING", "handlers": ["log"]},
        "loggers": {
            "yaguts": {"level": settings.log_level},
            # What it says of a lost connection is in our own lines on the outage.
            "sqlalchemy.pool": {"level": "CRITICAL"},
            "psycopg": {"level": "ERROR"},
        },
    }


def _kind(record: logging.LogRecord) -> object:
    """What a line is alike with, if it is one of those that strangers cause."""
    if "seldom" in vars(record):
        return vars(record)["seldom"]
    if not record.name.startswith("uvicorn"):
        return None
    places = "" if record.exc_info is None else _told(record.exc_info[1])
    return record.name, record.msg, places


def _about(record: logging.LogRecord) -> list[tuple[str, Any]]:
    about: dict[str, Any] = dict(getattr(record, "about", {}))
    if record.exc_info and record.exc_info[1] is not None:
        about["error"] = _told(record.exc_info[1])
    if left_out := getattr(record, "left_out", 0):
        about["left_out"] = left_out
    return [(name, value) for name, value in about.items() if value is not None]


def _plain(text: str) -> str:
    """The text with whatever is not printable escaped: new lines, escapes of terminals, changes of
    direction.
    """
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() else each.encode("unicode_escape", "surrogatepass").decode()
        for each in text.strip()
    )


def _value(value: object) -> str:
    text = str(value)
    return text if _BARE.fullmatch(text) else json.dumps(text)


def _told(error: BaseException | None) -> str:
    """The kind of an error, where it was raised, and the same of its cause."""
    told: list[str] = []
    while error is not None and len(told) < _PLACES:
        frames = list(reversed(extract_tb(error.__traceback__)))[:_PLACES]
        places = " < ".join(f"{_short(frame.filename)}:{frame.lineno}" for frame in frames)
        told.append(f"{type(error).__qualname__} at {places}")
        error = error.__cause__ or error.__context__
    return ", because of ".join(told)


def _short(file: str) -> str:
    return "/".join(file.split("/")[-2:])
