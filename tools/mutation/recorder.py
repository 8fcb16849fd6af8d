"""A pytest plugin that records which test ran which line, also in the workers of xdist."""

import json
import os
from collections.abc import Generator
from pathlib import Path

import coverage
import pytest

FOLDER = "YAGUTS_MUTATION_RECORD"
"""The variable that names the folder of the record."""
TIMES, DATA = "times.json", "coverage"


class Recorder:
    """Records one process: lines by test in a worker, times where the results arrive."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.times: dict[str, float] = {}
        self.failed: set[str] = set()
        self.coverage = coverage.Coverage(
            str(folder / DATA), data_suffix=True, source=["src"], config_file=False
        )
        # The controller of xdist runs none of it.
        self.coverage.set_option("run:disable_warnings", ["no-data-collected"])
        self.coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        self.coverage.switch_context(item.nodeid)
        try:
            return (yield)
        finally:
            self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.times[report.nodeid] = self.times.get(report.nodeid, 0) + report.duration
        if report.failed:
            self.failed.add(report.nodeid)

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.coverage.stop()
        self.coverage.save()
        if not hasattr(session.config, "workerinput"):
            told = {"times": self.times, "failed": sorted(self.failed)}
            (self.folder / TIMES).write_text(json.dumps(told), "utf-8")


def pytest_configure(config: pytest.Config) -> None:
    """Record where a folder is named."""
    folder = os.environ.get(FOLDER)
    if folder is not None:
        config.pluginmanager.register(Recorder(Path(folder)), "mutation-recorder")
