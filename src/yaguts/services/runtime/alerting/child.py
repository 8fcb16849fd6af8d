"""The child process that delivers, as the server sees it.

It is a process of its own because it resolves names, which nothing can interrupt, and because the
library that knows all the services takes more memory than the rest of the server.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from select import select
from threading import Lock

from yaguts.domain.alerts.delivery import AlertFault, Failed

PROCESS = "yaguts.services.runtime.alerting.sender_process"
PATIENCE_S = 30
"""An attempt that takes longer has failed."""
_SERVER_PREFIX = "YAGUTS_"


class Child:
    """Sends one message at a time. The process is started when it is needed."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self._closed = False
        self._lock = Lock()

    def send(self, request: Mapping[str, object]) -> Failed | None:
        """Send a message: see `sender_process`. None when the other side has taken it."""
        line = json.dumps(request).encode() + b"\n"
        answer = self._ask(line) or self._ask(line)  # It may just have ended for lack of work.
        if answer is None:
            return Failed(AlertFault.TIMEOUT)
        told = json.loads(answer)
        if told["fault"] is None:
            return None
        return Failed(AlertFault(told["fault"]), told["detail"], told["asked_s"])

    def close(self) -> None:
        """End the process. What it sends may or may not arrive."""
        with self._lock:
            self._closed = True
        self._end()

    def _ask(self, line: bytes) -> bytes | None:
        """The answer. None when the process ended, or took too long and was ended."""
        process = self._running()
        if process is None or process.stdin is None or process.stdout is None:
            return None
        try:
            process.stdin.write(line)
            process.stdin.flush()
        except OSError:
            self._end()
            return None
        if select([process.stdout], [], [], PATIENCE_S)[0] and (
            answer := process.stdout.readline()
        ):
            return answer
        self._end()
        return None

    def _running(self) -> "subprocess.Popen[bytes] | None":
        with self._lock:
            if self._closed:
                return None
            if self.process is not None and self.process.poll() is not None:
                self.process.communicate()  # closes its pipes
                self.process = None
            if self.process is None:
                self.process = _started()
            return self.process

    def _end(self) -> None:
        with self._lock:
            process, self.process = self.process, None
        if process is not None:
            process.kill()
            process.communicate()


def _started() -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", PROCESS],
        env={
            name: text for name, text in os.environ.items() if not name.startswith(_SERVER_PREFIX)
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
