"""A page at a link: what is fetched, and what is refused. The server is a real one.

Which addresses and ports may be reached is handed in here; the server's own are fixed.
"""

import gzip
import socket
import time
from collections.abc import Generator
from dataclasses import replace
from typing import Any

import pytest

from tests.support.websites import Answer, Website, endless, website
from yaguts.domain.recipe_files.faults import ImportFault, ImportRefused
from yaguts.services.runtime.alerting import connecting
from yaguts.services.runtime.alerting.guard import PrivateAddress, is_allowed
from yaguts.services.runtime.imports.fetching import (
    LARGEST_PAGE,
    MOST_REDIRECTS,
    WEB_PORTS,
    Fetched,
    fetch,
)
from yaguts.services.runtime.imports.imports import FETCHING, Imports

HERE = ("127.0.0.1/32",)


@pytest.fixture
def site() -> Generator[Website]:
    with website() as site:
        site.pages["/"] = Answer(b"<p>sal")
        yield site


def insist(host: object) -> None:
    """What the guard does, for one address."""
    if not is_allowed(host, HERE):
        raise PrivateAddress


def fetched(site: Website, path: str = "/") -> Fetched:
    return fetch(site.address(path), insist, (site.port,))


def fault(site: Website, url: str) -> ImportFault:
    with pytest.raises(ImportRefused) as caught:
        fetch(url, insist, (site.port,))
    return caught.value.fault


def test_a_page_is_fetched_where_it_has_moved_to(site: Website) -> None:
    headers = {"Content-Type": "text/html; charset=latin1", "Content-Encoding": "gzip"}
    site.pages["/feij%C3%A3o?a=b%20c"] = Answer(gzip.compress("pão".encode("latin1")), 200, headers)
    site.leads("/old", "/feijão?a=b c", 301)

    found = fetched(site, "/old#top")

    assert found.body.decode(found.charset) == "pão"
    assert found.address == site.address("/feijão?a=b c")
    assert site.asked == ["/old", "/feij%C3%A3o?a=b%20c"]


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "//127.0.0.1/",
        "http://", "http:///x", "http://a:b@127.0.0.1:{port}/", "http://127.0.0.1:99999/",
        "http://127.0.0.1:1/", "http://127.0.0.1/", "https://127.0.0.1/", "http://[::1",
        "http://127.0.0.1:{port}/" + "x" * 2000,
    ],
)  # fmt: skip
def test_an_address_of_another_kind_is_not_opened(site: Website, url: str) -> None:
    assert fault(site, url.format(port=site.port)) == ImportFault.BAD_LINK
    assert site.asked == []


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://127.0.0.1/x", "http://a@127.0.0.1:{port}/", "//127.0.0.1/"]
)
def test_nor_is_it_followed(site: Website, url: str) -> None:
    site.leads("/away", url.format(port=site.port))

    assert fault(site, site.address("/away")) == ImportFault.BAD_LINK
    assert site.asked == ["/away"]


@pytest.mark.parametrize(
    "host", ["127.0.0.2", "2130706434", "0x7f000002", "127.2", "[::ffff:127.0.0.2]", "0.0.0.0"]
)
def test_a_private_address_is_not_reached_nor_followed(site: Website, host: str) -> None:
    site.leads("/away", site.address("/", host), 307)

    assert fault(site, site.address("/", host)) == ImportFault.PRIVATE
    assert fault(site, site.address("/away")) == ImportFault.PRIVATE
    assert site.asked == ["/away"]


def test_a_name_that_changes_its_address_leads_nowhere_else(
    site: Website, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each time it is resolved once, and what was checked is connected to."""
    answers = ["127.0.0.1", "127.0.0.2"]
    real = socket.getaddrinfo

    def resolve(_host: str, port: int, **more: Any) -> Any:
        return real(answers.pop(0), port, **more)

    monkeypatch.setattr(connecting.socket, "getaddrinfo", resolve)
    site.leads("/again", site.address("/", "rebinding.example"))

    assert fault(site, site.address("/again", "rebinding.example")) == ImportFault.PRIVATE
    assert answers == []
    assert site.asked == ["/again"]
    assert site.names == [f"rebinding.example:{site.port}"]


def test_a_connection_that_ends_is_not_made_again(site: Website) -> None:
    made = connecting.connected("http", "127.0.0.1", site.port, insist)
    made.close()

    with pytest.raises(Exception, match=r".*") as caught:
        made.request("GET", "/")
    assert type(caught.value).__name__ == "NotConnected"


def test_it_is_not_led_on_for_ever(site: Website) -> None:
    site.leads("/round", "/round")
    site.leads("/nowhere", "")

    assert fault(site, site.address("/round")) == ImportFault.REDIRECTS
    assert len(site.asked) == MOST_REDIRECTS + 1
    assert fault(site, site.address("/nowhere")) == ImportFault.REDIRECTS


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (Answer(endless()), ImportFault.TOO_LARGE),
        (
            Answer(gzip.compress(b" " * 50 * LARGEST_PAGE, 1), 200, {"Content-Encoding": "gzip"}),
            ImportFault.TOO_LARGE,
        ),
        (Answer(b"x", 200, {"Content-Encoding": "gzip"}), ImportFault.REFUSED),
        (Answer(b"x", 200, {"Content-Encoding": "br"}), ImportFault.REFUSED),
        (Answer(b"x", 403), ImportFault.REFUSED),
        (Answer(b"x", 206), ImportFault.REFUSED),
        (
            Answer(b"", 200, {f"X-{n}": "y" for n in range(200)}),
            ImportFault.UNREACHABLE,
        ),
    ],
    ids=["endless", "bomb", "no gzip", "br", "403", "206", "headers"],
)
def test_a_page_that_is_none_is_refused(
    site: Website, answer: Answer, expected: ImportFault
) -> None:
    site.pages["/odd"] = answer

    assert fault(site, site.address("/odd")) == expected


def test_a_closed_port_and_a_name_of_nobodys() -> None:
    for url in ("http://127.0.0.1:1/", "http://nowhere.invalid:1/"):
        with pytest.raises(ImportRefused) as caught:
            fetch(url, insist, (1,))
        assert caught.value.fault == ImportFault.UNREACHABLE


def test_the_process_fetches_and_is_ended_where_a_page_only_drips(site: Website) -> None:
    site.pages["/slow"] = Answer(site.drip())
    imports = Imports(HERE, (site.port,), fetching=replace(FETCHING, patience_s=1.5))
    assert imports.fetch(site.address("/")) == Fetched(site.address("/"), "", b"<p>sal")
    began = time.monotonic()

    with pytest.raises(ImportRefused) as caught:
        imports.fetch(site.address("/slow"))

    assert caught.value.fault == ImportFault.TIMEOUT
    assert time.monotonic() - began < 10


def test_the_servers_own_reaches_no_private_address_and_no_other_port(site: Website) -> None:
    assert (Imports().allowed, Imports().ports) == ((), WEB_PORTS) == ((), (80, 443))
    with pytest.raises(ImportRefused) as caught:
        Imports(ports=(site.port,)).fetch(site.address("/"))

    assert caught.value.fault == ImportFault.PRIVATE
    assert site.asked == []
