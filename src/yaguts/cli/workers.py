"""The processes of `yaguts serve --workers N`: they share a socket, and one looks after them.

A worker that dies is started again. All of them end when they are told to, or with the one that
looks after them.
"""

import os
import socket
import tempfile
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn
from uvicorn.supervisors import multiprocess

from yaguts.cli.ending import EndingServer

WORKER = "yaguts.app:of_worker"
SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""What `prometheus_client` reads when it is loaded: see `services.ops.metrics`."""
_MEMORY = "/dev/shm"


def run_together(config: uvicorn.Config, listener: socket.socket) -> None:
    """Run the workers, and return when all of them have ended."""
    multiprocess.Process = _WorkerProcess  # type: ignore[misc]  # Its starter lets nobody choose.
    with _shared_folder():
        _Workers(config, sockets=[listener]).run()


class _WorkerProcess(multiprocess.Process):
    """uvicorn's, with our server."""

    @property
    def server(self) -> uvicorn.Server:
        """The server of the process that asks."""
        if self._server is None:
            self._server = EndingServer(self.config)
        return self._server


class _Workers(multiprocess.Multiprocess):
    """uvicorn's, with an end that nobody waits for."""

    def terminate_all(self) -> None:
        """Called when all are to end.

        As long as this process has the socket open, calls still reach it, and nobody answers them.
        """
        for listener in self.sockets:
            listener.close()
        super().terminate_all()


@contextmanager
def _shared_folder() -> Generator[None]:
    """A folder for counts and a lock of several processes, which they find in the environment.

    It lies in memory where there is such a place: a process is killed when a file that it has
    mapped finds no room.
    """
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    with tempfile.TemporaryDirectory(prefix="yaguts-", dir=memory) as folder:
        os.environ[SHARED_FOLDER] = folder
        yield
