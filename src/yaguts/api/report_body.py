"""Read the body of a report, whatever it is. Nothing here refuses anything.

Firmware 0.1 repeats a report for ever until it hears 200, and old firmware sends garbage in it. So
each field is taken if it is what belongs there, and counts as not said if it is not. Of texts only
known words, keys and reasons in plain words are taken: garbage may hold the board's token.
"""

import math
import re
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from typing import TypeVar

from yaguts.domain.jobs.job import LONGEST_ERROR
from yaguts.domain.jobs.report import Report, ReportedDose
from yaguts.domain.units import Milligrams, milligrams
from yaguts.http.json_text import Json, read_leniently
from yaguts.services.delivery.reports import Received
from yaguts_wire import words as w
from yaguts_wire.values import MAX_ID, grams

MOST_DOSES = 64
"""More doses than any dispenser has room for. What comes after them is not read."""
HEAVIEST_G = 1e6
_DONE = {w.DONE: True, w.FAILED: False}
_ALL_DONE = {w.DONE: True, "error": False}
_KEY = re.compile("[0-9a-f]{32}")
_NO_JOBS_KEY = ""
"""Stands for a key that is there and cannot be one."""
_RUN = re.compile(r"[\w+/=~-]{13,}")
_LONG_WORD = re.compile(r"[^\W\d_][^\W\d_A-Z]*")
_REPLACED = "\ufffd"

Taken = TypeVar("Taken")


def job_id_in(text: str) -> int:
    """The number of a job in a path; 0, which no job has, if it is none."""
    if not (text.isascii() and text.isdecimal() and len(text) <= 10):
        return 0
    return int(text) if int(text) <= MAX_ID else 0


def read_report(body: bytes) -> Received:
    """The report in the body of `complete`."""
    said = _Fields(read_leniently(body))
    completed, failed = said.take(w.COMPLETED, _count), said.take(w.FAILED_COUNT, _count)
    entries = said.take(w.LOGS, _list) or []
    said.unreadable |= len(entries) > MOST_DOSES
    doses = tuple(_dose(entry) for entry in entries[:MOST_DOSES])
    key = said.take(w.JOB_KEY, _key)
    said.unreadable |= key == _NO_JOBS_KEY
    report = Report(completed, failed, doses, unreadable=said.unreadable)
    counts = {w.COMPLETED: completed, w.FAILED_COUNT: failed}
    facts = {**_said(counts), w.LOGS: [_facts(dose) for dose in doses]}
    return Received(report, key, _hash(body), facts)


def read_status(body: bytes) -> Received | None:
    """What the body of `status` says of the whole job. None: it says that the job is running."""
    said = _Fields(read_leniently(body))
    if said.take(w.STATUS, _word) == w.RUNNING:
        return None
    all_done = said.take(w.STATUS, lambda value: _ALL_DONE.get(_word(value) or ""))
    error = said.take(w.ERROR, _reason)
    report = Report(None, None, (), all_done, error, unreadable=all_done is None)
    return Received(report, None, _hash(body), _said({w.STATUS: _status(all_done)}))


class _Fields:
    """The fields of a message.

    `unreadable`: one of those that were taken is not what belongs there, or it is no message.
    """

    def __init__(self, message: Json) -> None:
        self.unreadable = not isinstance(message, dict)
        self._message: dict[str, Json] = message if isinstance(message, dict) else {}

    def take(self, word: str, read: Callable[[Json], Taken | None]) -> Taken | None:
        """The value of a field as `read` reads it. None if it is missing, null or unreadable."""
        value = self._message.get(word)
        found = None if value is None else read(value)
        self.unreadable |= value is not None and found is None
        return found


def _dose(entry: Json) -> ReportedDose:
    said = _Fields(entry)
    return ReportedDose(
        jar=said.take(w.JAR, _whole),
        spice=_Fields(entry).take(w.SPICE, _word) or "",  # compared with known names, never stored
        fell_at_most_mg=said.take(w.QUANTITY_G, _amount),
        done=said.take(w.STATUS, lambda value: _DONE.get(_word(value) or "")),
        order=said.take(w.ITEM_ORDER, _whole),
        fell_at_least_mg=said.take(w.AT_LEAST_G, _amount),
        resumes=_Fields(entry).take(w.RESUMES, _resumes) or 0,
        error=_Fields(entry).take(w.ERROR, _reason),
        unreadable=said.unreadable,
        stopped_here=_Fields(entry).take(w.ERROR, _word) == w.STOPPED_HERE,
    )


def _hash(body: bytes) -> str:
    return sha256(body).hexdigest()


def _facts(dose: ReportedDose) -> dict[str, object]:
    """The numbers and known words of a dose, with the words of the wire."""
    upper, lower = dose.fell_at_most_mg, dose.fell_at_least_mg
    return _said(
        {
            w.ITEM_ORDER: dose.order,
            w.JAR: dose.jar,
            w.QUANTITY_G: None if upper is None else grams(upper),
            w.AT_LEAST_G: None if lower is None else grams(lower),
            w.STATUS: _status(dose.done),
        }
    )


def _said(facts: Mapping[str, object]) -> dict[str, object]:
    return {word: fact for word, fact in facts.items() if fact is not None}


def _status(done: bool | None) -> str | None:
    return None if done is None else w.DONE if done else w.FAILED


# One value each: None if it is not what belongs there


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value if math.isfinite(value) else None


def _whole(value: Json) -> int | None:
    number = _number(value)
    if number is None or number != int(number) or abs(number) > MAX_ID:
        return None
    return int(number)


def _up_to(most: int, value: Json) -> int | None:
    number = _whole(value)
    return number if number is not None and 0 <= number <= most else None


_count = partial(_up_to, 1000)
_resumes = partial(_up_to, 255)


def _amount(value: Json) -> Milligrams | None:
    number = _number(value)
    return milligrams(number) if number is not None and abs(number) <= HEAVIEST_G else None


def _list(value: Json) -> list[Json] | None:
    return value if isinstance(value, list) else None


def _word(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _key(value: Json) -> str:
    """A key as the server makes them, or one that no job has."""
    return value if isinstance(value, str) and _KEY.fullmatch(value) else _NO_JOBS_KEY


def _reason(value: Json) -> str | None:
    """A reason as people write it, cut to the longest that is stored. None for anything else."""
    text = "".join(c for c in _word(value) or "" if c.isprintable()).strip()[:LONGEST_ERROR]
    plain = all(_LONG_WORD.fullmatch(run) for run in _RUN.findall(text))
    return text if text and plain and _REPLACED not in text else None
