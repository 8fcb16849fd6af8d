"""Every form of the pages in every odd encoding, size and type: an answer, never a failure."""

import encodings
import re
from collections.abc import Generator, Iterator

import pytest
from starlette.datastructures import State
from starlette.testclient import TestClient

from tests.support.kitchen.belongings import furnish
from tests.support.kitchen.household import Household
from yaguts.http.bodies import LARGEST
from yaguts.services.ops.ledger_check import check_ledger
from yaguts.web.app import create_pages

CODECS: dict[str, object] = vars(encodings)["_cache"]
"""The codecs that Python was asked for, by name. It forgets none."""
FORMS = [
    f"/app{path}"
    for path, methods in create_pages(State()).openapi()["paths"].items()
    if "post" in methods
] + ["/receitas/form"]
URLENCODED, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"
CHARSETS = (
    *("utf-8", "UTF8", '"utf-8"', "latin-1", "utf-16", "utf_7", "punycode", "idna", "undefined"),
    *("unicode_escape", "rot13", "hex", "zip", "mbcs", "", '"', "utf-8; charset=punycode", "é"),
    *("x" * 5000, "../../etc/passwd", "utf-8\0"),
)
TYPES = (
    *(f"{kind}; charset={name}" for kind in (URLENCODED, MULTIPART) for name in CHARSETS),
    *("multipart/form-data", "multipart/form-data; boundary=", f"{MULTIPART}; boundary=c"),
    *(f"multipart/form-data; boundary={'b' * 5000}", "multipart/mixed; boundary=b"),
    *("multipart/form-data; boundary*=utf-7''b", "application/json", "text/plain", "", ";", "é/é"),
)
NAMES = ("nome", "senha", "spice", "quantity", "amount", "count", "kind", "on", "file", "place")
FIELDS = "&".join(f"{name}=1" for name in NAMES).encode()


def part(value: bytes, head: bytes = b"") -> bytes:
    """A field of a form in parts, whose end is there."""
    name = b'--b\r\nContent-Disposition: form-data; name="nome"'
    return name + head + b"\r\n\r\n" + value + b"\r\n--b--\r\n"


BODIES = (
    *(b"", FIELDS, b"nome=\xff", b"nome=%ff%fe", b"nome=%00", b"nome=%ed%a0%80", b"%=%&&=&;"),
    *(b"&".join([b"a=1"] * 2000), b"nome=" + b"1" * 60_000, b"_charset_=punycode&" + FIELDS),
    *(part(b"\xff"), part(b"1", b'; filename="x"'), part(b"1", b"\r\nContent-Type: a; charset=hz")),
    *(part(b"1", b"; filename*=punycode''x"), part(b"1")[:-9], b"--b\r\n" * 2000, b"--b--"),
    *(part(b"1", b"\r\n" + b"X" * 9000 + b": y"), part(b"1" * 60_000), b" " * (LARGEST + 1)),
    *(b"\x1f\x8b\x08" + b"\0" * 100, b"\xfe\xff\0a\0=\x001", b"[" * 5000),
)  # fmt: skip


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Generator[Household]:
    home = Household(tmp_path_factory.mktemp("forms"), virtual_dispensers=0)
    furnish(home, home.person("Ana"))
    yield home
    findings = check_ledger(home.site.database)
    home.close()
    assert findings == ()


@pytest.fixture
def ana(furnished: Household) -> TestClient:
    return furnished.signed_in("Ana")


def requests() -> Iterator[tuple[str, bytes]]:
    """Each type with one body of each kind, and each body with each of the usual types."""
    for kind in TYPES:
        yield kind, part(b"1") if kind.startswith("multipart") else FIELDS
    for body in BODIES:
        yield from ((kind, body) for kind in (URLENCODED, MULTIPART, "application/json"))


@pytest.mark.more
@pytest.mark.parametrize("path", FORMS)
def test_a_form_in_any_encoding(ana: TestClient, path: str) -> None:
    address = re.sub(r"\{\w+\}", "1", path)
    known = set(CODECS)

    for kind, body in requests():
        headers = {"Content-Type": kind.encode()}
        answer = ana.post(address, content=body, headers=headers, follow_redirects=False)
        assert answer.status_code < 500, (kind[:80], body[:80], answer.text[:300])
        assert answer.elapsed.total_seconds() < 5, (kind[:80], body[:80])

    assert set(CODECS) <= known | {"utf_8", "utf8"}, "the sender chose a decoder"


@pytest.mark.parametrize("path", ["/app/recipes/new", "/app/recipes/import", "/app/sign-in"])
def test_a_form_in_another_encoding_is_refused(ana: TestClient, path: str) -> None:
    for name in ("punycode", "latin-1", "utf-16", "x" * 5000):
        for kind in (URLENCODED, MULTIPART):
            headers = {"Content-Type": f"{kind}; charset={name}"}
            assert ana.post(path, content=part(b"1"), headers=headers).status_code == 415
