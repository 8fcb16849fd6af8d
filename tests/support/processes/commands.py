"""Commands on a kitchen's database, killed when a test wants it."""

import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.support.postgresql import postgresql_programs
from tests.support.processes.forked import forked
from tests.support.processes.kitchen import eventually

KILLED = -signal.SIGKILL
_WITH_KILL = Path(__file__).with_name("killed_at_a_step.py")
SECRET = "a secret"


@dataclass(frozen=True)
class Place:
    """A database, and the folder of what belongs to it."""

    url: str
    data: Path

    def environment(self, **settings: str) -> dict[str, str]:
        programs = f"{postgresql_programs()}{os.pathsep}{os.environ['PATH']}"
        given = {"YAGUTS_DATA": str(self.data), "YAGUTS_DATABASE_URL": self.url}
        return {**os.environ, "PATH": programs, **given, **settings}

    def run(self, *words: str, **settings: str) -> tuple[int, str]:
        """The command's exit status and all that it says."""
        code, told, errors = forked(words, self.environment(**settings))
        return code, told + errors

    def killed_at(self, step: int, *words: str, **settings: str) -> tuple[int, str]:
        """The same, killed at so many steps; it says how many there are when it is not."""
        return self._ended([sys.executable, str(_WITH_KILL), str(step), *words], settings)

    def start(self, *words: str, **settings: str) -> "subprocess.Popen[str]":
        """The same, for whoever kills it."""
        return subprocess.Popen(
            [sys.executable, "-m", "yaguts.cli", *words],
            env=self.environment(**settings),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def killed_after(self, seconds: float, *words: str, **settings: str) -> tuple[int, str]:
        """The same, killed when that time has passed since it began to work in a folder."""
        process = self.start(*words, **settings)
        try:
            told, _ = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            told, _ = process.communicate()
        return process.returncode, told

    def _ended(self, words: list[str], settings: dict[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            words,
            env=self.environment(**settings),
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        return done.returncode, done.stdout + done.stderr


def when_alone(place: Place, *words: str, **settings: str) -> tuple[int, str]:
    """The command, as soon as PostgreSQL has noticed that somebody was killed."""

    def attempt() -> tuple[int, str] | None:
        answer = place.run(*words, **settings)
        return None if "stop it first" in answer[1] else answer

    return eventually(attempt)


def duration(place: Place, *words: str, **settings: str) -> float:
    """How long the command takes here."""
    began = time.monotonic()
    code, told = place.run(*words, **settings)
    assert code == 0, told
    return time.monotonic() - began
