"""Ask whether a package of the locks has a known vulnerability.

usage: tools/audit.py [--required] [options of pip-audit]

Ends with status 1 when one has, or when the service that knows leaves one out. When it can't be
reached at all that is said, in one line; with --required it is an error too.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCKS = [ROOT / "requirements" / f"{name}.txt" for name in ("run", "dev", "micropython", "stubs")]
"""What is run first. It all stands in the lock of the tests again: those answers are cached."""


def main(arguments: list[str]) -> int:
    """The exit status."""
    required = "--required" in arguments
    options = [argument for argument in arguments if argument != "--required"]
    for lock in LOCKS:
        packages = ask(lock, options)
        if not any("vulns" in package for package in packages):
            print(f"NOT AUDITED: no vulnerability service answers for the packages of {lock.name}")
            return 1 if required else 0
        if found := findings(packages):
            print(*found, sep="\n")
            return 1
        print(f"{lock.name}: {len(packages)} packages, none with a known vulnerability")
    return 0


def ask(lock: Path, options: list[str]) -> list[dict[str, Any]]:
    """What pip-audit says of each package; nothing, if it could not ask."""
    command = [sys.executable, "-m", "pip_audit", "--disable-pip", "--require-hashes", *options]
    command += ["--progress-spinner=off", "--format=json", "--requirement", str(lock)]
    asked = subprocess.run(command, check=False, capture_output=True, text=True)
    # It ends with 1 for a vulnerability and for a network that is down: only the first has JSON.
    if asked.stdout.strip():
        return json.loads(asked.stdout)["dependencies"]
    print("pip-audit:", *asked.stderr.strip().splitlines()[-1:])
    return []


def findings(packages: list[dict[str, Any]]) -> list[str]:
    """A line for each vulnerability, and for each package that nobody knows."""
    unknown = [package["skip_reason"] for package in packages if "vulns" not in package]
    return unknown + [
        f"{package['name']} {package['version']}: {one['id']}, mended in"
        f" {', '.join(one['fix_versions']) or 'no version yet'}"
        for package in packages
        for one in package.get("vulns", [])
    ]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
