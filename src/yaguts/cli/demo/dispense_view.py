"""One job in a terminal: a bar for each jar while it runs, a table when it has ended."""

import time
from collections.abc import Callable
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from yaguts_wire import words as w

LOOK_EVERY_S = 0.2
_OPEN = (w.QUEUED, w.RUNNING)
_COLOURS = {w.DONE: "green", w.DONE_PARTIAL: "yellow", w.FAILED: "red", w.CANCELED: "yellow"}

Message = dict[str, Any]


def show_job(look: Callable[[], Message], console: Console) -> Message:
    """Show the job that `look()` gives, a bar for each jar, until it ends; return the end."""
    job = look()
    with _bars(console) as progress:
        bars = {item[w.ORDER]: _bar(progress, item) for item in job[w.ITEMS]}
        while True:
            for item in job[w.ITEMS]:
                _update(progress, bars[item[w.ORDER]], item)
            if job[w.STATUS] not in _OPEN:
                return job
            time.sleep(LOOK_EVERY_S)
            job = look()


def show_result(job: Message, before: list[Message], after: list[Message], to: Console) -> None:
    """What fell from each jar, and the stock before and after."""
    table = Table(title=f"Job {job[w.ID]}: [{_COLOURS[job[w.STATUS]]}]{job[w.STATUS]}[/]")
    for heading in ("jar", "spice", "planned", "fell", "stock before", "stock after", ""):
        numeric = heading in ("planned", "fell", "stock before", "stock after")
        table.add_column(heading, justify="right" if numeric else "left")
    stock_before, stock_after = _stocks(before), _stocks(after)
    for item in job[w.ITEMS]:
        jar = item[w.JAR]
        table.add_row(
            str(jar),
            item[w.SPICE],
            _grams(item[w.QUANTITY_G]),
            _grams(item.get(w.DISPENSED_G)),
            _grams(stock_before.get(jar)),
            _grams(stock_after.get(jar)),
            item.get(w.ERROR) or item[w.STATUS],
        )
    to.print(table)


def _bars(console: Console) -> Progress:
    return Progress(
        TextColumn("jar {task.fields[jar]:>2}  {task.description:<12}"),
        BarColumn(bar_width=36),
        TextColumn("{task.completed:6.2f} of {task.total:.2f} g"),
        TextColumn("{task.fields[status]}"),
        console=console,
    )


def _bar(progress: Progress, item: Message) -> TaskID:
    return progress.add_task(
        item[w.SPICE], total=item[w.QUANTITY_G], jar=item[w.JAR], status=item[w.STATUS]
    )


def _update(progress: Progress, bar: TaskID, item: Message) -> None:
    progress.update(bar, completed=item.get(w.DISPENSED_G) or 0, status=item[w.STATUS])


def _stocks(jars: list[Message]) -> dict[int, float | None]:
    return {jar[w.JAR]: jar[w.STOCK_G] for jar in jars}


def _grams(amount: float | None) -> str:
    return "–" if amount is None else f"{amount:.2f} g"
