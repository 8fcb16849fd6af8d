"""Sends what schemathesis generates in odd encodings: it loads this beside `flood_hooks`."""

import gzip
import json
from collections.abc import Callable
from itertools import count
from typing import Any

import schemathesis
from schemathesis import Case, HookContext

import tests.support.processes.flood_hooks  # noqa: F401 its credentials are registered on import

Encode = Callable[[bytes], bytes]


def recoded(name: str) -> Encode:
    return lambda body: body.decode().encode(name, "surrogatepass")


def as_it_is(body: bytes) -> bytes:
    return body


JSON = "application/json"
CODECS = (
    *("punycode", "idna", "undefined", "utf_7", "unicode_escape", "rot13", "zip", "x" * 500, '"'),
)
ODD: list[tuple[dict[str, str], Encode]] = [
    *(
        ({"Content-Type": f"{JSON}; charset={name}"}, recoded(name))
        for name in ("utf-16", "utf-32-be", "utf-7", "utf-8-sig")
    ),
    *(
        ({"Content-Type": f"{kind}; charset={name}"}, as_it_is)
        for kind in (JSON, "multipart/form-data; boundary=b", "application/x-www-form-urlencoded")
        for name in CODECS
    ),
    ({"Content-Type": JSON, "Content-Encoding": "gzip"}, gzip.compress),
    ({"Content-Type": JSON, "Content-Encoding": "x" * 500}, as_it_is),
    ({"Content-Type": JSON}, lambda body: body.replace(b'"', b'"\xff', 1)),
    ({"Content-Type": JSON}, lambda body: body.replace(b'"', b'"\xed\xa0\x80', 1)),
    ({"Content-Type": JSON}, lambda body: body.replace(b'"', b'"\xc0\x80', 1)),
    ({"Content-Type": JSON}, lambda body: b"\0" + body),
    ({"Content-Type": JSON}, lambda body: body + b" " * 70_000),
    ({"Content-Type": "APPLICATION/JSON ;;; charset"}, as_it_is),
    ({"Content-Type": "application/vnd.yaguts+json"}, as_it_is),
    ({"Content-Type": "text/plain"}, as_it_is),
    ({"Content-Type": ""}, as_it_is),
    ({"Content-Type": "\xff/\xfe"}, as_it_is),
    ({"Accept-Charset": "punycode", "Accept-Language": "x" * 5000, "Accept": "*;q=\xff"}, as_it_is),
]  # fmt: skip
_number = count()


@schemathesis.hook
def before_call(_context: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
    """Give the call the next of the odd encodings."""
    headers, encode = ODD[next(_number) % len(ODD)]
    body = b"" if not isinstance(case.body, dict | list | str | int) else json.dumps(case.body)
    kwargs["data"] = encode(body if isinstance(body, bytes) else body.encode())
    case.headers.update({name: value.encode().decode("latin-1") for name, value in headers.items()})
