"""The root of a server's chain is found, and only by who trusts the server."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import HTTPServer, SimpleHTTPRequestHandler
from pathlib import Path

import pytest

from tests.support.components import missing
from yaguts.services.firmware.usb.authority import root_of
from yaguts.services.firmware.usb.errors import UsbError

SIGNING = "basicConstraints=critical,CA:TRUE"


def openssl(folder: Path, *arguments: str) -> None:
    program = shutil.which("openssl") or missing("openssl", "run `make setup-system`")
    subprocess.run([program, *arguments], cwd=folder, check=True, capture_output=True)


def certificate(folder: Path, name: str, signer: str | None, extension: str) -> None:
    """`name.pem` and `name.key`, signed by another one or by itself."""
    by = ["-CA", f"{signer}.pem", "-CAkey", f"{signer}.key"] if signer else []
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    files = ["-keyout", f"{name}.key", "-out", f"{name}.pem"]
    openssl(folder, "req", "-x509", *key, *files, "-subj", f"/CN={name}", "-addext", extension, *by)


@pytest.fixture
def chain(tmp_path: Path) -> Path:
    """A folder with a root, an intermediate and a server's certificate for localhost."""
    certificate(tmp_path, "root", None, SIGNING)
    certificate(tmp_path, "middle", "root", SIGNING)
    certificate(tmp_path, "leaf", "middle", "subjectAltName=DNS:localhost")
    sent = (tmp_path / "leaf.pem").read_text() + (tmp_path / "middle.pem").read_text()
    (tmp_path / "chain.pem").write_text(sent)
    return tmp_path


@contextmanager
def served(chain: Path) -> Iterator[str]:
    """A server that sends its certificate and the intermediate, but not the root."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(chain / "chain.pem", chain / "leaf.key")
    server = HTTPServer(("127.0.0.1", 0), SimpleHTTPRequestHandler)
    server.handle_error = lambda *_: None  # whoever does not trust it hangs up
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever, args=(0.02,))
    serving.start()
    try:
        yield f"https://localhost:{server.server_port}/"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def der(pem: Path) -> bytes:
    return ssl.PEM_cert_to_DER_cert(pem.read_text())


def test_the_root_that_is_not_sent_is_found(chain: Path) -> None:
    with served(chain) as url:
        assert root_of(url, chain / "root.pem") == der(chain / "root.pem")


def test_the_root_is_found_among_what_this_computer_trusts(
    chain: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(chain / "root.pem"))
    with served(chain) as url:
        assert root_of(url) == der(chain / "root.pem")


def test_a_server_that_nobody_vouches_for_is_refused(chain: Path) -> None:
    with served(chain) as url, pytest.raises(UsbError, match="--authority"):
        root_of(url)


def test_another_authority_does_not_vouch_for_it(chain: Path, tmp_path: Path) -> None:
    certificate(tmp_path, "stranger", None, SIGNING)
    with served(chain) as url, pytest.raises(UsbError, match="not to be trusted"):
        root_of(url, tmp_path / "stranger.pem")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("http://localhost/", "only an address with https"),
        ("localhost", "only an address with https"),
        ("https://localhost:99999/", "no number"),
        ("https://localhost:1/", "does not answer"),
    ],
)
def test_what_is_no_tls_server_is_told(url: str, told: str) -> None:
    with pytest.raises(UsbError, match=told):
        root_of(url)


def test_a_file_that_is_no_certificate_is_told(tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("my authority")

    with pytest.raises(UsbError, match="no certificate in PEM"):
        root_of("https://localhost/", tmp_path / "note.txt")
