"""The pages on watching a server, as their reader follows them."""

import shutil
from pathlib import Path

import pytest

from tests.architecture.sources import ROOT
from tests.support.components import from_debian
from tests.support.page_commands import run_page
from tests.support.processes.kitchen import Server

PAGES = ("docs/operations/watch.md", "docs/pt/operacao/observar.md")


@pytest.mark.more
@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_followed(page: str, server: Server, tmp_path: Path) -> None:
    from_debian("promtool")
    from_debian("curl")
    (tmp_path / "etc").mkdir()
    unpacked = tmp_path / "yaguts-0.2.0"
    shutil.copytree(ROOT / "deploy", unpacked / "deploy")
    unpack = "tar -xzf yaguts-0.2.0.tar.gz --strip-components=2 yaguts-0.2.0/deploy"

    printed = run_page(
        page,
        tmp_path,
        instead={
            unpack: "cp -r yaguts-0.2.0/deploy/. .",
            "sudo ": "",
            "/etc/prometheus": str(tmp_path / "etc"),
            "http://localhost:8000": f"http://localhost:{server.port}",
        },
    )

    assert printed.count('{"status":"ok"}') == 2
    assert "SUCCESS: 8 rules found" in printed
    assert printed.endswith("yaguts_ready 1.0\n")
    token = (tmp_path / "token.env").read_text().strip()
    assert len(token.removeprefix("YAGUTS_METRICS=")) >= 40
    assert (tmp_path / "token.env").stat().st_mode & 0o077 == 0
