"""The bill of materials has everything that the server runs on, and is the same each time."""

import json
import re
import subprocess
from pathlib import Path

from tests.architecture.sources import ROOT


def made(file: Path) -> bytes:
    # Whether it is valid is what `make check` has looked at: that takes longer than all of this.
    subprocess.run([ROOT / "tools/sbom", file, "--no-validate"], check=True, capture_output=True)
    return file.read_bytes()


def test_the_bill_names_what_the_lock_pins(tmp_path: Path) -> None:
    bill = made(tmp_path / "sbom.cdx.json")
    pinned = re.findall(r"^(\S+)==(\S+)", (ROOT / "requirements/run.txt").read_text(), re.MULTILINE)

    read = json.loads(bill)
    assert read["bomFormat"] == "CycloneDX"
    assert read["metadata"]["component"]["name"] == "yaguts"
    assert {(one["name"], one["version"]) for one in read["components"]} == set(pinned)
    assert all(one["externalReferences"][0]["hashes"] for one in read["components"])
    assert made(tmp_path / "again.cdx.json") == bill
