"""Every field of a report, and everything that may stand in its place. The table of it in docs.

A job of 1 g from jar 1 and 0.5 g from jar 2; its report says that both fell, and one field of it,
or the first dose of it, is not what it should be.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.support.builders import SPICES

TOKEN = "c1Z0b2tlbi1vZi10aGUtYm9hcmQtMTIzNDU2Nzg5MA"
"""What freed memory once held in place of a spice: the board's own token."""
KINDS = ("missing", "null", "wrong type", "garbage", "too long", "not UTF-8")
OF_REPORT = ("job_key", "itens_completados", "itens_falhados", "execution_logs")
OF_DOSE = (
    "item_ordem", "frasco", "tempero", "quantidade_g", "quantidade_min_g", "segundos", "retomadas",
    "status", "error",
)  # fmt: skip
A_DOSE = "(a dose)"
FIELDS = (*OF_REPORT, A_DOSE, *OF_DOSE)
PLAN = {"Sal": 1.0, "Pimenta": 0.5}
START, END = "<!-- any report -->", "<!-- end -->"

_PLACE = "@@"
_GARBAGE = (
    r'"application/json\r\n"',
    '"application/json\r\n"',
    f'"Bearer {TOKEN}"',
    r'"\u0000\u0001"',
    '"\x00"',
    r'"\ud800"',
    r'""',
)
_TOO_LONG: dict[str, tuple[str, ...]] = {
    "execution_logs": (f"[{','.join(['{}'] * 65)}]",),
    A_DOSE: ("[" * 9000 + "]" * 9000,),
    "tempero": (json.dumps("ã" * 5000),),
    "error": (json.dumps("x" * 5000),),
    "status": (json.dumps("done" * 2000),),
    "job_key": (json.dumps("f" * 5000), json.dumps("f" * 33)),
}
_NUMBERS = ("1e999", "-1e999", "9" * 5000, "9" * 19, "NaN", "Infinity")


def a_report() -> dict[str, Any]:
    """What firmware 0.1 says when both doses fell."""
    doses = [
        {
            "item_ordem": order,
            "frasco": order,
            "tempero": spice,
            "quantidade_g": grams,
            "segundos": grams,
            "status": "done",
        }
        for order, (spice, grams) in enumerate(PLAN.items(), start=1)
    ]
    return {"itens_completados": 2, "itens_falhados": 0, "execution_logs": doses}


def bodies(name: str, kind: str) -> Iterator[bytes]:
    """Reports in which this field is so."""
    if kind == "missing":
        report = a_report()
        if name == A_DOSE:
            del report["execution_logs"][0]
        else:
            _holder(report, name).pop(name, None)
        yield json.dumps(report).encode()
        return
    report = a_report()
    if name == A_DOSE:
        report["execution_logs"][0] = _PLACE
    else:
        _holder(report, name)[name] = _PLACE
    before, after = json.dumps(report).split(json.dumps(_PLACE))
    for value in _values(name, kind):
        yield before.encode() + value + after.encode()


def _holder(report: dict[str, Any], name: str) -> dict[str, Any]:
    return report if name in OF_REPORT else report["execution_logs"][0]


def _values(name: str, kind: str) -> Iterator[bytes]:
    match kind:
        case "null":
            yield b"null"
        case "not UTF-8":
            yield b'"\xff\xfe\xc3"'
        case "garbage":
            yield from (one.encode() for one in _GARBAGE)
        case "too long":
            yield from (one.encode() for one in _TOO_LONG.get(name, _NUMBERS))
        case _:
            list_or_not = '"x"' if name == "execution_logs" else "[]"
            yield from (one.encode() for one in ("true", list_or_not))
            if not name.startswith("quantidade"):
                yield b"1.5"
            if name not in (A_DOSE, "execution_logs"):
                yield b"{}"


# What is no report at all, or no report of this job


@dataclass(frozen=True)
class Whole:
    """A body, its headers, and where it goes. `{job}` stands for the job's id."""

    what: str
    body: bytes = field(default_factory=lambda: json.dumps(a_report()).encode())
    content_type: str | None = "application/json"
    path: str = "/devices/me/jobs/{job}/complete"


def spaced(spaces: int) -> bytes:
    """The whole report, with these spaces after it: other bytes are another report."""
    return json.dumps(a_report()).encode() + b" " * spaces


STATUS = "/devices/me/jobs/{job}/status"
KEYED = json.dumps(a_report() | {"job_key": "f" * 32}).encode()
CUT_OFF = a_report()
CUT_OFF["execution_logs"][1] = {"item_ordem": 2}
FROM_THE_COUNTS = json.dumps({"itens_completados": 1, "itens_falhados": 1}).encode()
WHOLE = (
    Whole("nothing", b""),
    Whole("blanks, 64 KB of them", b" " * 64 * 1024),
    Whole("half a JSON", b'{"itens_completados": 2, "execution_l'),
    Whole("no JSON", b"application/json\r\n"),
    Whole("two JSONs", b"{}{}"),
    Whole("not UTF-8", b"\xff\xfe\x00\x01"),
    Whole("zeros", b"\x00" * 100),
    Whole("`null`", b"null"),
    Whole("a list", b"[1, 2]"),
    Whole("a text", b'"done"'),
    Whole("`NaN`", b"NaN"),
    Whole("nested 60,000 deep", b"[" * 60_000),
    Whole("`{}`", b"{}"),
    Whole("the last dose is `{\"item_ordem\": 2}`", json.dumps(CUT_OFF).encode()),
    Whole("counts without a log", FROM_THE_COUNTS),
    Whole("whole, without Content-Type", content_type=None),
    Whole("whole, as text/plain", content_type="text/plain"),
    Whole("whole, as a form", content_type="application/x-www-form-urlencoded"),
    Whole("whole, of an unknown job", path="/devices/me/jobs/999/complete"),
    Whole("whole, of job 0", body=spaced(1), path="/devices/me/jobs/0/complete"),
    Whole("whole, of job -1", body=spaced(2), path="/devices/me/jobs/-1/complete"),
    Whole("whole, of job 9999999999", body=spaced(3), path="/devices/me/jobs/9999999999/complete"),
    Whole("whole, of job x", body=spaced(4), path="/devices/me/jobs/x/complete"),
    Whole("whole, with another job's key", KEYED),
    Whole("`/status`: done", b'{"status": "done"}', path=STATUS),
    Whole("`/status`: running", b'{"status": "running"}', path=STATUS),
    Whole("`/status`: error, with a broken text", b'{"status": "error", "error": "\xff"}',
          path=STATUS),
    Whole("`/status`: no word it knows", b'{"status": "\\u0000"}', path=STATUS),
    Whole("`/status`: no JSON", b"\xff", path=STATUS),
)  # fmt: skip


# What became of it, in words


def outcome(job: Any, kept: list[Any]) -> str:
    """What was booked of a job, and what was kept: the cell of the table."""
    if job.reported:
        told = [_fell(dose) for dose in job.doses]
        words = "as told" if told == ["1 g", "0.5 g"] else " + ".join(told)
        words += ", to review" if job.review else ""
    else:
        words = "nothing"
    return f"{words}, kept ({_why(kept[0])})" if kept else words


def _fell(dose: Any) -> str:
    lower, upper = (mg / 1000 for mg in (dose.fell_at_least_mg, dose.fell_at_most_mg))
    return f"{upper:g} g" if lower == upper else f"{lower:g} to {upper:g} g"


def _why(kept: Any) -> str:
    return f"`{kept.contradiction}`" if kept.contradiction else "to be booked"


def table(rows: list[tuple[str, ...]], head: tuple[str, ...]) -> str:
    """A table in Markdown."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


assert tuple(PLAN) == SPICES[:2]
