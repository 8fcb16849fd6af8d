"""Garbage in place of a dispenser's report, as old firmware and broken memory send it."""

import json
from collections.abc import Callable
from typing import Any

from yaguts_wire import words as w

_END_OF_HEAD = b"\r\n\r\n"
_OTHER_JARS = 4
_LOSES_KEY = frozenset({"no JSON", "not UTF-8", "zeros", "a list", "half", "deep", "no key"})


def is_report(data: bytes) -> bool:
    """Whether a request is a whole report."""
    head, _, body = data.partition(_END_OF_HEAD)
    return head.partition(b" HTTP/")[0].endswith(b"/complete") and _length(head) == len(body)


def loses_key(mode: str) -> bool:
    """Whether the garbage does not say which job it is about, but for the number in its address."""
    return mode in _LOSES_KEY


def garbled(data: bytes, mode: str) -> tuple[bytes, bytes, bytes]:
    """The request with garbage in place of the report; the report, and the garbage."""
    head, _, body = data.partition(_END_OF_HEAD)
    garbage = GARBAGE[mode](body)
    length = b"%d" % len(garbage)
    lines = [
        name + b": " + length if name.lower() == b"content-length" else line
        for line in head.split(b"\r\n")
        for name in [line.partition(b":")[0]]
    ]
    return b"\r\n".join(lines) + _END_OF_HEAD + garbage, body, garbage


def _length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return -1


def _changed(change: Callable[[dict[str, Any]], object]) -> Callable[[bytes], bytes]:
    """Change each dose of the report."""

    def changed(body: bytes) -> bytes:
        report = json.loads(body)
        for dose in report[w.LOGS]:
            change(dose)
        return json.dumps(report).encode()

    return changed


def _without_key(body: bytes) -> bytes:
    report = json.loads(body)
    del report[w.JOB_KEY]
    return _broken_names(json.dumps(report).encode())


def _broken_names(body: bytes) -> bytes:
    report = json.loads(body)
    for dose in report[w.LOGS]:
        dose[w.SPICE] = "@"
    return json.dumps(report).encode().replace(b'"@"', b'"\xff\x00application/json\r\n"')


def _with_another_jar(body: bytes) -> bytes:
    report = json.loads(body)
    more = {w.ITEM_ORDER: 9, w.QUANTITY_G: 50.0, w.AT_LEAST_G: 50.0, w.STATUS: w.DONE}
    report[w.LOGS] += [{**more, w.JAR: jar} for jar in range(1, _OTHER_JARS + 1)]
    return json.dumps(report).encode()


def _with_other_counts(body: bytes) -> bytes:
    report = json.loads(body)
    report[w.COMPLETED] = 99
    return json.dumps(report).encode()


def _cut_to_the_order(dose: dict[str, Any]) -> None:
    order = dose[w.ITEM_ORDER]
    dose.clear()
    dose[w.ITEM_ORDER] = order


GARBAGE: dict[str, Callable[[bytes], bytes]] = {
    "no JSON": lambda _body: b"application/json\r\n",
    "not UTF-8": lambda body: b"\xff\xfe" + body[2:],
    "zeros": lambda body: b"\x00" * len(body),
    "a list": lambda _body: b"[]",
    "half": lambda body: body[: len(body) // 2],
    "deep": lambda _body: b"[" * 9000,
    "no key": _without_key,
    "broken names": _broken_names,
    "orders only": _changed(_cut_to_the_order),
    "negative": _changed(lambda dose: dose.update({w.QUANTITY_G: -50})),
    "too much": _changed(lambda dose: dose.update({w.QUANTITY_G: 400, w.AT_LEAST_G: 400})),
    "other jar": _changed(lambda dose: dose.update({w.JAR: dose[w.JAR] % _OTHER_JARS + 1})),
    "more jars": _with_another_jar,
    "counts": _with_other_counts,
    "texts": _changed(lambda dose: dose.update({w.QUANTITY_G: "4", w.STATUS: "\ud800"})),
}
