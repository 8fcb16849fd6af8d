"""The log of a server in the test's own process, as `yaguts serve` would write it."""

import io
import logging
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any

from yaguts.http.watching.log_lines import JsonLine, Seldom, TextLine, log_configuration
from yaguts.settings import Settings


@contextmanager
def written_log(**settings: Any) -> Generator[io.StringIO]:
    """What is logged during the block.

    pytest's own handlers hear nothing: half a character in a line could not be sent to its parent.
    """
    wanted = log_configuration(Settings(**settings))
    levels = {"": wanted["root"]} | wanted["loggers"]
    before = {name: logging.getLogger(name).level for name in levels}
    output = io.StringIO()
    handler = logging.StreamHandler(output)
    handler.setFormatter(JsonLine() if settings.get("log_format") == "json" else TextLine())
    handler.addFilter(Seldom())
    root, handlers = logging.getLogger(), logging.getLogger().handlers
    root.handlers = [handler]
    try:
        for name, logger in levels.items():
            logging.getLogger(name).setLevel(logger["level"])
        yield output
    finally:
        root.handlers = handlers
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)
