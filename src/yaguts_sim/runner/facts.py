"""A hash over the facts of histories. A change that alters no behaviour leaves it as it is.

A fact is a request with its answer and its time, a relay pulse, or a final row of the database. The
timeline's texts are no facts: they may be reworded.
"""

import hashlib
import os
from collections.abc import Iterator
from multiprocessing import get_context

import click

from yaguts_sim.runner.history import play
from yaguts_sim.server.asgi import Request, ServerAnswer
from yaguts_sim.server.harness import garbage_collected_rarely, one_thread
from yaguts_sim.setup.kitchen import SimKitchen
from yaguts_sim.setup.script import draw_script
from yaguts_sim.setup.shared import setup_of_this_process

_CHUNK = 250
_DRAWN_BY_LIBRARIES = {("people", "password_hash")}
"""Argon2 salts come from the operating system, not from the seed."""


class Facts:
    """The facts of one history."""

    def __init__(self) -> None:
        self._hash = hashlib.sha256()

    def attach(self, kitchen: SimKitchen) -> None:
        """Record every answer from now on. The listener so far is still called."""
        listener = kitchen.host.server.on_answer

        def seen(who: int, request: Request, answer: ServerAnswer) -> None:
            asked = (request.method, request.target, request.body)
            self._add("call", kitchen.world.now, who, *asked, answer.status, answer.body)
            listener(who, request, answer)

        kitchen.host.server.on_answer = seen

    def finish(self, kitchen: SimKitchen) -> None:
        """Record the relays' pulses and the final rows."""
        for machine in kitchen.machines:
            for pour in machine.scales.openings:
                self._add("pour", machine.number, pour.jar, pour.start, pour.end, pour.flowing)
        for table, row in _rows(kitchen):
            self._add("row", table, *row)

    def digest(self) -> str:
        """The hash, in hexadecimal."""
        return self._hash.hexdigest()

    def _add(self, *fact: object) -> None:
        self._hash.update(repr(fact).encode())


def _rows(kitchen: SimKitchen) -> Iterator[tuple[str, list[object]]]:
    rows = kitchen.host.rows
    for (table,) in rows("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"):
        columns = [row[1] for row in rows(f'PRAGMA table_info("{table}")')]
        kept = [name for name in columns if (table, name) not in _DRAWN_BY_LIBRARIES]
        names = ", ".join(f'"{name}"' for name in kept)
        for row in rows(f'SELECT {names} FROM "{table}" ORDER BY rowid'):
            yield table, list(row)


def facts_of(seeds: range) -> str:
    """The hash over the facts of these seeds, in hexadecimal."""
    whole = hashlib.sha256()
    with one_thread():
        setup = setup_of_this_process()
        with garbage_collected_rarely():
            for seed in seeds:
                facts = Facts()
                play(setup, draw_script(seed, {}), facts=facts)
                whole.update(facts.digest().encode())
    return whole.hexdigest()


@click.command()
@click.option("--seeds", default=20_000, show_default=True, help="How many histories to play.")
@click.option("--start", default=0, show_default=True, help="The first seed.")
@click.option("--workers", default=os.cpu_count() or 1, show_default=True, help="Processes.")
def main(seeds: int, start: int, workers: int) -> None:
    """Print a hash for each 250 seeds, then one over all of them."""
    end = start + seeds
    chunks = [range(first, min(first + _CHUNK, end)) for first in range(start, end, _CHUNK)]
    whole = hashlib.sha256()
    with get_context("spawn").Pool(workers) as pool:
        for chunk, digest in zip(chunks, pool.imap(facts_of, chunks), strict=True):
            click.echo(f"{chunk.start:>7} {digest}")
            whole.update(digest.encode())
    click.echo(f"    all {whole.hexdigest()}")


if __name__ == "__main__":
    main()
