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

JsonObject = dict[str, Any]


def show_job(look: Callable[[], JsonObject], console: Console) -> JsonObject:
    """Show the job that `look()` gives, a bar for each jar, until it ends; return the end."""
    job = look()
    with _bars(console) as progress:
        bars = {dose[w.ORDER]: _bar(progress, dose) for dose in job[w.ITEMS]}
        while True:
            for dose in job[w.ITEMS]:
                _update(progress, bars[dose[w.ORDER]], dose)
            if job[w.STATUS] not in _OPEN:
                return job
            time.sleep(LOOK_EVERY_S)
            job = look()


def show_result(
    job: JsonObject, before: list[JsonObject], after: list[JsonObject], to: Console
) -> None:
    """What fell from each jar, and the stock before and after."""
    table = Table(title=f"Job {job[w.ID]}: [{_COLOURS[job[w.STATUS]]}]{job[w.STATUS]}[/]")
    for heading in ("jar", "spice", "planned", "fell", "stock before", "stock after", ""):
        numeric = heading in ("planned", "fell", "stock before", "stock after")
        table.add_column(heading, justify="right" if numeric else "left")
    stock_before, stock_after = _stocks(before), _stocks(after)
    for dose in job[w.ITEMS]:
        jar = dose[w.JAR]
        table.add_row(
            str(jar),
            dose[w.SPICE],
            _grams(dose[w.QUANTITY_G]),
            _grams(dose.get(w.DISPENSED_G)),
            _grams(stock_before.get(jar)),
            _grams(stock_after.get(jar)),
            dose.get(w.ERROR) or dose[w.STATUS],
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


def _bar(progress: Progress, dose: JsonObject) -> TaskID:
    return progress.add_task(
        dose[w.SPICE], total=dose[w.QUANTITY_G], jar=dose[w.JAR], status=dose[w.STATUS]
    )


def _update(progress: Progress, bar: TaskID, dose: JsonObject) -> None:
    progress.update(bar, completed=dose.get(w.DISPENSED_G) or 0, status=dose[w.STATUS])


def _stocks(jars: list[JsonObject]) -> dict[int, float | None]:
    return {jar[w.JAR]: jar[w.STOCK_G] for jar in jars}


def _grams(amount: float | None) -> str:
    return "–" if amount is None else f"{amount:.2f} g"
