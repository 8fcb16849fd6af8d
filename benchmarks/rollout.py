"""Play two releases through a thousand dispensers in virtual time, and draw what came of it.

The services are the real ones, on a real database in memory; only time and the boards are played.
Release 2 crashes on a twentieth of the boards, on half of these after an hour. Release 3 is mended,
while a twentieth of the boards falls silent for hours now and then whatever it runs, a third of the
houses loses its network for an afternoon, and the server is off for three hours.

    python -m benchmarks.rollout docs/img/rollout.svg
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import click

from benchmarks.rollout_drawing import Mark, Sample, draw
from yaguts.app import open_site
from yaguts.domain.firmware.release import Channel, Release
from yaguts.domain.firmware.rollout import STAGES
from yaguts.services.dispensers import device_tokens
from yaguts.services.dispensers.updates import offers, publishing, told, watching
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.settings import Settings
from yaguts.storage import dispensers, people, releases
from yaguts.storage.db.migrate import upgrade_database
from yaguts.storage.releases import SignedBytes

BOARDS = 1000
BAD_PERCENT = 5
KEY = "0123456789abcdef"
STEP = timedelta(minutes=4)
BEAT_EVERY = 6
"""A board calls every so many steps. Real ones call every 30 s; the rules look at hours."""
JOB = 0.05
"""How likely a board does a job between two calls: once in eight hours."""
CRASHES_AFTER, CONFIRMS_AFTER = timedelta(hours=1), timedelta(hours=2)
HALTED_FOR_H, AFTER_THE_END_H, MOST_H = 4, 6, 400


@dataclass
class PlayedBoard:
    """A board that does what it is told to, unless it is bad."""

    number: int
    token: str
    house: int
    bad: bool
    runs: int = 1
    fetched: int | None = None
    trial: tuple[int, datetime] | None = None
    news: dict[str, object] | None = None
    gone_back_from: set[int] = field(default_factory=set[int])
    silent_until: datetime | None = None


class Play:
    """A server, its boards and their time."""

    def __init__(self, boards: int, seed: int = 1) -> None:
        self.random = Random(seed)
        self.began = self.now = datetime(2026, 1, 5, 8, tzinfo=UTC)
        settings = Settings(database_url="sqlite://", secret_key="played")
        self.site = open_site(
            settings,
            clock=lambda: self.now,
            randomness=self.random.randbytes,
            monotonic=self._passed_s,
        )
        upgrade_database(self.site.database)
        self.boards = list(self._boards(boards))
        self.samples: list[Sample] = []
        self.marks: list[Mark] = []
        self._stage: tuple[int, int, str | None] = (0, 0, None)

    def _passed_s(self) -> float:
        return (self.now - self.began).total_seconds()

    def _boards(self, count: int) -> Iterator[PlayedBoard]:
        bad = set(self.random.sample(range(count), count * BAD_PERCENT // 100))
        house, left = 0, 0
        with self.site.database.write() as connection:
            for number in range(count):
                if not left:
                    house += 1
                    left = self.random.choice((1, 1, 1, 2, 3))
                    person = people.add(connection, f"House {house}", "none", self.now)
                left -= 1
                dispenser = dispensers.add(connection, person.id, default=left == 0)
                token = new_token(self.random.randbytes)
                hashed = token_hash(token)
                dispensers.pair(connection, dispenser.id, f"board-{number}", hashed, self.now)
                yield PlayedBoard(number, token, house, number in bad)

    def play(self) -> None:
        """Both releases, from the first board to the halt, and to the last board."""
        self._hours(2)
        self._publish(2)
        while self._state()[2] is None and self.hours < MOST_H / 2:
            self._hours(1)
        self._hours(HALTED_FOR_H)
        self._publish(3)
        began = self.hours
        while not self._is_over() and self.hours < MOST_H:
            passed = self.hours - began
            if passed == 30:
                self._cut_off_houses()
            if passed == 40:
                self.marks.append(Mark(self.hours, "server off"))
                self.now += timedelta(hours=3)
            self._hours(1)
        self._hours(AFTER_THE_END_H)

    @property
    def hours(self) -> int:
        """How long it has lasted."""
        return round((self.now - self.began) / timedelta(hours=1))

    def _hours(self, count: int) -> None:
        for _ in range(count):
            for step in range(timedelta(hours=1) // STEP):
                self.now += STEP
                for board in self.boards:
                    if (board.number + step) % BEAT_EVERY == 0:
                        self._beat(board)
                watching.watch(self.site)
                self._note_stage()
            self._sample()

    def _beat(self, board: PlayedBoard) -> None:
        if board.silent_until is not None and self.now < board.silent_until:
            return
        if board.bad and self.random.random() < 0.005:
            board.silent_until = self.now + timedelta(hours=self.random.uniform(1, 8))
            return
        dispenser = device_tokens.authenticate(self.site, board.token)
        assert dispenser is not None
        self._live(board)
        facts = {"slot": "a", "hardware": "esp32", "bytecode": "6.3", "keys": [KEY]}
        news = {} if board.news is None else {"update": board.news}
        told.hear(self.site, dispenser, {**facts, **news, "release": board.runs})
        board.news = None
        offered = offers.offered_to(self.site, dispenser)
        if offered is not None and offered not in board.gone_back_from and not board.trial:
            offers.manifest(self.site, dispenser, offered)
            board.fetched = offered

    def _live(self, board: PlayedBoard) -> None:
        """What became of a new release since the board's last call."""
        if board.fetched is not None:
            board.trial, board.runs = (board.runs, self.now), board.fetched
            board.news = {"release": board.runs, "state": "untried"}
            board.fetched = None
        if board.trial is None:
            return
        before, began = board.trial
        crashes_after = CRASHES_AFTER if board.number % 2 else timedelta()
        if board.runs == 2 and board.bad and self.now - began >= crashes_after:
            board.news = {"release": board.runs, "state": "fell_back", "reason": "crash"}
            board.gone_back_from.add(board.runs)
            board.trial, board.runs = None, before
        elif self.now - began >= CONFIRMS_AFTER and self.random.random() < JOB:
            board.news = {"release": board.runs, "state": "confirmed"}
            board.trial = None

    def _publish(self, number: int) -> None:
        expires_at = self.now + timedelta(days=90)
        versions = ("esp32", "6.3", None, "0.2.0", None)
        release = Release(number, f"0.2.{number}", *versions, expires_at, KEY)
        signed = SignedBytes(b"manifest %d" % number, bytes(384), [b"module"])
        publishing.publish(self.site, release, signed, Channel.STABLE, STAGES)

    def _cut_off_houses(self) -> None:
        self.marks.append(Mark(self.hours, "a third of the houses offline"))
        back_at = self.now + timedelta(hours=4)
        for board in self.boards:
            if board.house % 3 == 0:
                board.silent_until = back_at

    def _state(self) -> tuple[int, int, str | None]:
        """The newest release, its percentage, and why it is halted."""
        with self.site.database.read() as connection:
            published = releases.every(connection)
        if not published:
            return self._stage
        newest = published[0]
        return newest.release.number, newest.rollout.percent, newest.rollout.halted

    def _is_over(self) -> bool:
        number, percent, halted = self._state()
        running = sum(board.runs == number for board in self.boards)
        return halted is not None or (percent == 100 and running >= 0.99 * len(self.boards))

    def _note_stage(self) -> None:
        state = self._state()
        if state != self._stage:
            self._stage = state
            number, percent, halted = state
            text = f"{number} halted: {halted}" if halted else f"{number}: {percent} %"
            self.marks.append(Mark((self.now - self.began) / timedelta(hours=1), text))

    def _sample(self) -> None:
        counted = Counter(board.runs for board in self.boards)
        back = sum(2 in board.gone_back_from and board.runs == 1 for board in self.boards)
        away = sum(
            board.silent_until is not None and self.now < board.silent_until
            for board in self.boards
        )
        runs = (counted[1] - back, back, counted[2], counted[3])
        self.samples.append(Sample(self.hours, runs, away))


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--boards", default=BOARDS, show_default=True)
def main(file: Path, boards: int) -> None:
    """Play, draw the timeline into FILE, and say in figures what came of it."""
    played = Play(boards)
    played.play()
    file.write_text(draw(played.samples, played.marks, boards), "utf-8")
    for mark in played.marks:
        click.echo(f"{mark.hour:6.1f} h  {mark.text}")
    for state in reversed(publishing.states(played.site)):
        counted = Counter(one.state for one in state.updates)
        click.echo(f"release {state.published.release.number}: {dict(counted)}")


if __name__ == "__main__":
    main()
