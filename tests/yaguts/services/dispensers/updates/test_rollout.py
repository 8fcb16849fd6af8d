"""A release on its way through kitchens: offered, told of, watched, halted. On both databases."""

from collections.abc import Callable, Mapping
from importlib.metadata import version
from typing import Any

import pytest

from tests.support.kitchen.furnished import a_log
from tests.support.kitchen.household import Household
from tests.support.kitchen.releases import FACTS, FILES, beat, publish, says
from yaguts.domain.errors import NotFound, NotPossibleNow
from yaguts.domain.firmware.offer import WhyNot
from yaguts.domain.firmware.release import Channel, UpdateReason, UpdateState
from yaguts.domain.firmware.rollout import HaltReason
from yaguts.domain.ids import KitchenId
from yaguts.domain.people import Actor
from yaguts.services.dispensers import dispensers
from yaguts.services.dispensers.updates import choices, offers, publishing
from yaguts.services.dispensers.updates.offers import UpdateView
from yaguts.services.dispensers.updates.publishing import OtherRelease, states
from yaguts.services.dispensers.updates.watching import watch
from yaguts.storage import releases
from yaguts.translations import translated
from yaguts_wire.update_words import MAX_FILES

SOMEBODY = Actor(None, None)


class Boards:
    """Ana's boards, in the order of their places. The first is the default dispenser."""

    def __init__(self, home: Household, count: int) -> None:
        self.home = home
        self.owner = home.person()
        self.kitchen = KitchenId(self.owner.get("/auth/me").json()["id"])
        self.boards = [home.board(self.owner, f"board-{number}") for number in range(count)]
        listed = self.owner.get("/devices").json()["devices"]
        self.ids = [one["id"] for one in listed]
        self.running: dict[int, int] = {}
        for board in self.boards:
            beat(board)

    def time(self, minutes: int = 60, silent: Callable[[int], bool] = lambda _: False) -> None:
        """A time in which the server looks every minute and the boards call every ten."""
        for minute in range(minutes):
            self.home.clock.passes(minutes=1)
            for number in range(len(self.boards)):
                if minute % 10 == 0 and not silent(number):
                    self.beat(number)
            watch(self.home.site)

    def hours(self, count: int) -> list[list[int]]:
        """So many hours, and who was offered the release in each."""
        seen: list[list[int]] = []
        for _ in range(count):
            self.home.clock.passes(hours=1)
            seen.append(self.offered())
            watch(self.home.site)
        return seen

    def offered(self) -> list[int]:
        """The places of the boards that are offered a release."""
        return [number for number in range(len(self.boards)) if self.beat(number) is not None]

    def beat(self, number: int) -> int | None:
        """A heartbeat of a board with the release that it runs."""
        return beat(self.boards[number], release=self.running.get(number, 1))

    def takes(self, number: int) -> None:
        """The board runs the release from now on."""
        self.running[number] = 2
        beat(self.boards[number], says("confirmed"), release=2)

    def tries(self, number: int) -> None:
        """The board runs the release from now on, and has not confirmed it."""
        self.running[number] = 2
        beat(self.boards[number], says("untried"), release=2)

    def view(self, number: int = 0) -> UpdateView:
        dispenser = dispensers.everything_of(self.home.site, self.kitchen)[number]
        return offers.view(self.home.site, dispenser)

    def offered_with(self, facts: Mapping[str, Any]) -> list[int]:
        """The same, when the first board tells these facts of itself."""
        beats = [
            beat(board, **(facts if number == 0 else {}))
            for number, board in enumerate(self.boards)
        ]
        return [number for number, release in enumerate(beats) if release is not None]

    def described(self) -> list[str]:
        """The audit log, newest first."""
        return [entry["descricao"] for entry in self.owner.get("/auditoria").json()]

    def ran(self, number: int, done: int = 0, failed: int = 0, cancelled: int = 0) -> None:
        """So many jobs were ordered of a board now, and have ended."""
        jar = {"frasco": 1, "rotulo": "Sal", "g_por_seg": 1, "estoque_g": 100}
        self.owner.put(f"/devices/{self.ids[number]}/jars", json=[jar])
        for status, count in (("done", done), ("failed", failed), ("cancelled", cancelled)):
            for _ in range(count):
                self._job(number, status)

    def _job(self, number: int, status: str) -> None:
        wanted = {"frasco": 1, "quantidade_g": 1}
        job = self.owner.post(f"/devices/{self.ids[number]}/dose", json=wanted).json()["id"]
        if status == "cancelled":
            self.owner.post(f"/jobs/{job}/cancel")
            return
        offer = self.boards[number].get("/devices/me/next_job").json()
        answer = self.boards[number].post(
            f"/devices/me/jobs/{job}/complete",
            json=a_log(offer, failed=(1,) if status == "failed" else ()),
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture
def four(home: Household) -> Boards:
    return Boards(home, 4)


def halted(home: Household) -> HaltReason | None:
    return states(home.site)[0].published.rollout.halted


def test_a_release_goes_to_one_board_first_and_a_day_later_to_more(
    home: Household, four: Boards
) -> None:
    publish(home, stages=(1, 50, 100))
    assert four.offered() == []
    watch(home.site)

    first = four.offered()
    assert len(first) == 1
    four.tries(first[0])
    assert four.hours(24) == [[]] * 24
    assert len(four.offered()) == 1, "half of them have it or may have it"


def test_no_stage_follows_while_nobody_has_shown_that_it_works(
    home: Household, four: Boards
) -> None:
    publish(home)
    four.hours(30)

    assert len(four.offered()) == 1


def test_a_clock_that_jumps_ahead_ends_no_stage(home: Household, four: Boards) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    four.takes(first)

    home.clock.jumps(days=3)
    four.offered()
    watch(home.site)

    assert four.offered() == []


@pytest.mark.parametrize("reason", ["crash", "watchdog", "silence"])
def test_a_board_that_goes_back_halts_the_rollout(
    home: Household, four: Boards, reason: str
) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()

    beat(four.boards[first], says("bad", reason))
    home.clock.passes(minutes=1)
    watch(home.site)

    assert halted(home) == HaltReason.LEFT
    assert four.offered() == []
    assert four.view(first).why_not == WhyNot.HALTED
    assert four.hours(30) == [[]] * 30, "it goes no further"


def test_on_word_it_goes_on_and_what_was_seen_halts_it_no_more(
    home: Household, four: Boards
) -> None:
    publish(home, stages=(1, 100))
    watch(home.site)
    (first,) = four.offered()
    beat(four.boards[first], says("bad", "crash"))
    home.clock.passes(minutes=1)
    watch(home.site)

    publishing.resume(home.site, 2)
    home.clock.passes(minutes=1)
    watch(home.site)

    assert halted(home) is None
    assert four.view(first).why_not == WhyNot.LEFT, "that board does not try it again"


def test_a_board_that_falls_silent_beside_others_halts_the_rollout(
    home: Household, four: Boards
) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    beat(four.boards[first], says("fetching"))

    four.time(50, silent=lambda number: number == first)
    assert halted(home) is None
    four.time(20, silent=lambda number: number == first)

    assert halted(home) == HaltReason.SILENT


def test_an_outage_of_the_house_halts_nothing(home: Household, four: Boards) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    beat(four.boards[first], says("fetching"))

    for _ in range(3):
        four.time(silent=lambda _: True)
    home.clock.passes(minutes=1)
    others = [board for number, board in enumerate(four.boards) if number != first]
    for board in others:
        beat(board)
    watch(home.site)
    assert halted(home) is None, "the others were back first"
    home.clock.passes(minutes=20)
    for board in others:
        beat(board)
    watch(home.site)
    four.time()

    assert halted(home) is None


def test_an_outage_of_the_server_halts_nothing(home: Household, four: Boards) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    beat(four.boards[first], says("fetching"))

    home.clock.passes(hours=5)
    for number, board in enumerate(four.boards):
        if number != first:
            beat(board)
    watch(home.site)

    assert halted(home) is None


def test_a_board_that_fails_its_jobs_halts_the_rollout(home: Household, four: Boards) -> None:
    for number in range(4):
        four.ran(number, done=5)
    home.clock.passes(minutes=1)
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    four.takes(first)
    home.clock.passes(minutes=1)
    for number in range(4):
        four.ran(number, done=0 if number == first else 2, failed=3 if number == first else 0)
    watch(home.site)

    assert halted(home) == HaltReason.JOBS


def test_jobs_that_people_cancelled_or_that_failed_everywhere_halt_nothing(
    home: Household, four: Boards
) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    four.takes(first)
    home.clock.passes(minutes=1)
    four.ran(first, cancelled=9)
    for number in range(4):
        four.ran(number, failed=3)
    watch(home.site)

    assert halted(home) is None


def test_jobs_of_its_trial_count_when_it_has_confirmed_the_release(
    home: Household, four: Boards
) -> None:
    for number in range(4):
        four.ran(number, done=5)
    home.clock.passes(minutes=1)
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    four.tries(first)
    home.clock.passes(minutes=1)
    for number in range(4):
        four.ran(number, done=0 if number == first else 2, failed=3 if number == first else 0)
    home.clock.passes(minutes=1)
    four.takes(first)
    watch(home.site)

    assert halted(home) == HaltReason.JOBS


def test_jobs_that_were_done_while_the_release_was_fetched_are_none_of_its_own(
    home: Household, four: Boards
) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    beat(four.boards[first], says("fetching"))
    for number in range(4):
        four.ran(number, done=0 if number == first else 5, failed=9 if number == first else 0)
    home.clock.passes(minutes=1)
    four.tries(first)
    home.clock.passes(minutes=1)
    four.ran(first, done=2)
    watch(home.site)

    assert halted(home) is None


def test_a_board_that_fetches_and_falls_silent_need_not_have_said_so(
    home: Household, four: Boards
) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    assert four.boards[first].get("/devices/me/firmware/2/manifest").status_code == 200
    four.time(80, silent=lambda number: number == first)

    assert halted(home) == HaltReason.SILENT


# What the owner wants


def test_update_now_does_not_wait_for_the_stage(home: Household, four: Boards) -> None:
    publish(home)
    watch(home.site)
    (first,) = four.offered()
    last = next(number for number in range(4) if number != first)
    assert four.view(last).why_not == WhyNot.NOT_YET

    choices.update_now(home.site, four.kitchen, four.ids[last], SOMEBODY)

    assert four.offered() == sorted([first, last])


def test_who_stays_is_not_chosen_until_they_say_otherwise(home: Household, four: Boards) -> None:
    for dispenser_id in four.ids:
        choices.stay(home.site, four.kitchen, dispenser_id, SOMEBODY, stays=True)
    publish(home, stages=(100,))
    watch(home.site)
    assert four.offered() == []
    assert four.view().why_not == WhyNot.STAYS

    choices.stay(home.site, four.kitchen, four.ids[0], SOMEBODY, stays=False)
    choices.update_now(home.site, four.kitchen, four.ids[1], SOMEBODY)
    home.clock.passes(minutes=2)
    watch(home.site)

    assert four.offered() == [0, 1]


def test_the_beta_goes_to_those_who_follow_it_and_to_all_when_it_is_published_to_all(
    home: Household, four: Boards
) -> None:
    choices.follow(home.site, four.kitchen, four.ids[2], Channel.BETA, SOMEBODY)
    publish(home, channel=Channel.BETA, stages=(100,))
    watch(home.site)
    assert four.offered() == [2]

    publish(home, channel=Channel.STABLE, stages=(100,))
    home.clock.passes(minutes=2)
    watch(home.site)

    assert four.offered() == [0, 1, 2, 3]


def test_a_halted_release_is_not_to_be_had_by_word_of_an_owner(
    home: Household, four: Boards
) -> None:
    publish(home)
    publishing.halt(home.site, 2)

    with pytest.raises(NotPossibleNow):
        choices.update_now(home.site, four.kitchen, four.ids[0], SOMEBODY)

    assert halted(home) == HaltReason.WORD
    assert four.view().why_not == WhyNot.HALTED


def test_a_board_that_runs_the_newest_is_offered_nothing(home: Household, four: Boards) -> None:
    publish(home, stages=(100,))
    watch(home.site)

    assert beat(four.boards[0], release=2) is None
    view = four.view()
    assert (view.candidate, view.why_not) == (None, None)
    with pytest.raises(NotPossibleNow):
        choices.update_now(home.site, four.kitchen, four.ids[0], SOMEBODY)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"keys": []}, WhyNot.NO_KEY),
        ({"keys": ["f" * 16]}, WhyNot.OTHER_KEY),
        ({"bytecode": "5.0"}, WhyNot.BYTECODE),
        ({"micropython": "1.27"}, WhyNot.MICROPYTHON),
    ],
)
def test_a_board_that_cannot_take_it_is_not_chosen_and_says_why(
    home: Household, four: Boards, facts: Any, expected: WhyNot
) -> None:
    beat(four.boards[0], **facts)
    publish(home, stages=(100,), micropython="1.28")
    watch(home.site)

    assert four.offered_with(facts) == [1, 2, 3]
    assert four.view().why_not == expected


def test_a_board_that_told_nothing_and_one_of_firmware_0_1_say_so(
    home: Household, four: Boards
) -> None:
    old, new = home.board(four.owner, "first"), home.board(four.owner, "second")
    old.post("/devices/me/heartbeat", json={"fw_version": "0.1.6"})
    new.post("/devices/me/heartbeat", json={"fw_version": "0.2.0"})
    publish(home, stages=(100,))
    watch(home.site)

    assert four.view(4).why_not == WhyNot.FIRST_FIRMWARE
    assert four.view(5).why_not == WhyNot.NOT_TOLD


def test_a_board_that_went_back_to_firmware_0_1_can_take_nothing_any_more(
    home: Household, four: Boards
) -> None:
    publish(home, stages=(100,))
    for _ in range(2):
        four.boards[0].post("/devices/me/heartbeat", json={"fw_version": "0.1.6"})
    watch(home.site)

    assert four.view(0).why_not == WhyNot.FIRST_FIRMWARE
    four.boards[0].post("/devices/me/heartbeat", json={"fw_version": "0.1.6"})
    assert four.view(0).latest is None


# What boards say


def test_what_a_board_says_of_an_update_stands_in_the_audit_log(
    home: Household, four: Boards
) -> None:
    publish(home, stages=(100,))
    watch(home.site)
    for number, told in enumerate(
        [
            says("refused", "bad_signature"),
            says("bad", "crash"),
            says("confirmed"),
            says("refused"),
        ]
    ):
        beat(four.boards[number], told)
        beat(four.boards[number], told)  # told until a heartbeat was answered

    described = four.described()
    beat(four.boards[2], says("untried"))
    assert four.described()[0] == "O dispensador 3 está experimentando o lançamento 2."
    refused = "O dispensador 1 recusou o lançamento 2: não está assinado por uma chave"
    assert described.count(f"{refused} que a placa tem.") == 1
    assert "O dispensador 2 voltou atrás do lançamento 2: ele falhou." in described
    assert "O dispensador 3 roda o lançamento 2 de agora em diante." in described
    assert "O dispensador 4 recusou o lançamento 2: a placa não disse por quê." in described
    assert "O lançamento 2 do firmware foi publicado (0.3.0)." in described


def test_a_halt_stands_in_the_log_of_every_kitchen(home: Household, four: Boards) -> None:
    bia = home.person("Bia")
    publish(home)
    publishing.halt(home.site, 2)
    publishing.halt(home.site, 2)
    publishing.resume(home.site, 2)

    read = [entry["descricao"] for entry in bia.get("/auditoria").json()]
    assert read[:3] == [
        "O lançamento 2 continua.",
        "O lançamento 2 foi suspenso: alguém o suspendeu.",
        "O lançamento 2 do firmware foi publicado (0.3.0).",
    ]
    assert "O lançamento 2 continua." in four.described()


@pytest.mark.parametrize(
    "status",
    [
        {"release": True, "slot": "abc", "hardware": 7, "bytecode": "", "keys": "0" * 16},
        {"release": -1, "hardware": "e" * 21, "keys": [1, None, ["x"]], "update": []},
        {"update": {"release": 2, "state": "chosen"}},
        {"update": {"release": 2, "state": "no such"}},
        {"update": {"release": 99, "state": "bad"}},
        {"update": {"release": None, "state": None, "reason": {}}},
    ],
)
def test_nonsense_in_a_status_changes_nothing(home: Household, four: Boards, status: Any) -> None:
    publish(home, stages=(100,))
    watch(home.site)
    before = four.view()

    answer = four.boards[0].post("/devices/me/heartbeat", json={"status": status})

    assert answer.status_code == 200
    after = four.view()
    assert (after.told.hardware, after.told.slot) == (before.told.hardware, before.told.slot)
    assert after.candidate == before.candidate
    assert after.latest == before.latest


def test_what_is_left_out_of_a_status_is_as_it_was(four: Boards) -> None:
    four.boards[0].post("/devices/me/heartbeat", json={"status": {"rssi": -50}})

    assert four.view().told.key_ids == tuple(FACTS["keys"])


def test_what_a_board_told_goes_with_it_to_its_new_place(home: Household, four: Boards) -> None:
    publish(home, stages=(100,))
    watch(home.site)
    beat(four.boards[1], says("refused", "no_room"), slot="b")

    answer = four.owner.put(f"/devices/{four.ids[1]}/replaces", json={"substitui": four.ids[0]})
    assert answer.status_code == 200, answer.text

    assert four.view(0).told.slot == "b"
    assert four.view(0).why_not == WhyNot.REFUSED
    assert four.view(1).why_not is None


def test_another_board_in_the_same_place_begins_anew(home: Household, four: Boards) -> None:
    publish(home, stages=(100,))
    watch(home.site)
    beat(four.boards[0], says("bad", "crash"))
    four.owner.delete(f"/devices/{four.ids[0]}")
    home.board(four.owner, "another")

    assert four.view().latest is None
    assert four.view().told.hardware is None


@pytest.mark.parametrize("reason", UpdateReason)
def test_each_reason_of_a_board_is_stored_and_read_in_both_languages(
    home: Household, four: Boards, reason: UpdateReason
) -> None:
    publish(home, stages=(100,))
    watch(home.site)
    beat(four.boards[0], says("refused", reason))

    latest = four.view().latest
    assert latest is not None
    assert (latest.state, latest.reason) == (UpdateState.REFUSED, reason)
    why = f"update_reason.{reason}"
    assert translated(why, "pt_BR") != translated(why, "en")
    told = f"O dispensador 1 recusou o lançamento 2: {translated(why, 'pt_BR')}"
    assert four.described()[0] == told


def test_the_offer_says_which_server_it_is(home: Household, four: Boards) -> None:
    publish(home, stages=(100,))
    watch(home.site)

    answer = four.boards[0].post("/devices/me/heartbeat", json={"status": dict(FACTS)})
    assert answer.json()["atualizacao"] == {"release": 2, "server": version("yaguts")}


# Publishing


def test_what_is_halted_and_why_until_a_newer_release_goes_to_the_same_boards(
    home: Household,
) -> None:
    def told() -> list[tuple[int, HaltReason | None]]:
        with home.site.database.read() as connection:
            found = releases.halted(connection)
        return [(one.release.number, one.rollout.halted) for one in found]

    publish(home, number=2)
    assert told() == []
    publishing.halt(home.site, 2)
    publish(home, number=3, channel=Channel.BETA)
    publish(home, number=4, hardware="esp32-s3")
    assert told() == [(2, HaltReason.WORD)], "those reach others"
    publish(home, number=5)
    assert told() == []
    publishing.halt(home.site, 5)
    assert told() == [(5, HaltReason.WORD), (2, HaltReason.WORD)]
    publishing.resume(home.site, 5)
    assert told() == []


def test_a_number_is_published_once_and_only_rises(home: Household) -> None:
    publish(home, number=5)
    publish(home, number=5)

    with pytest.raises(OtherRelease):
        publish(home, number=4)
    with pytest.raises(OtherRelease):
        publish(home, number=5, hardware="esp32-c3")
    publish(home, number=4, hardware="esp32-s3")
    assert [state.published.release.number for state in states(home.site)] == [5, 4]


def test_an_older_release_is_offered_when_the_newest_is_halted(
    home: Household, four: Boards
) -> None:
    publish(home, number=2, stages=(100,))
    publish(home, number=3, stages=(100,))
    publishing.halt(home.site, 3)
    watch(home.site)

    assert beat(four.boards[0]) == 2


def test_what_is_unknown_is_not_found(home: Household) -> None:
    for order in (publishing.halt, publishing.resume):
        with pytest.raises(NotFound):
            order(home.site, 9)


def test_the_sweep_of_two_servers_chooses_once(home: Household, four: Boards) -> None:
    publish(home, stages=(50, 100))
    watch(home.site)
    watch(home.site)

    assert len(four.offered()) == 2
    assert len(states(home.site)[0].updates) == 2


def test_the_files_of_a_release_arrive_in_pieces(home: Household, four: Boards) -> None:
    publish(home, stages=(100,))
    watch(home.site)
    board = four.boards[0]
    whole = b""
    while len(whole) < len(FILES[0]):
        answer = board.get("/devices/me/firmware/2/files/0", params={"offset": len(whole)})
        assert 0 < len(answer.content) <= 2048
        whole += answer.content

    assert whole == FILES[0]
    assert board.get("/devices/me/firmware").json() == {"release": 2, "manifest_size": 13}
    assert board.get("/devices/me/firmware/2/manifest").content == b"{'number': 2}"
    assert len(board.get("/devices/me/firmware/2/signature").content) == 384
    assert board.get("/devices/me/firmware/2/files/1").content == b""
    for path, status in {
        "2/files/0?offset=3000": 416,
        "2/files/1?offset=1": 416,
        "2/files/3": 404,
        "3/manifest": 404,
        f"2/files/{MAX_FILES}": 422,
    }.items():
        assert board.get(f"/devices/me/firmware/{path}").status_code == status, path


def test_a_release_that_is_halted_meanwhile_is_fetched_no_further(
    home: Household, four: Boards
) -> None:
    publish(home, stages=(100,))
    watch(home.site)
    publishing.halt(home.site, 2)
    board = four.boards[0]

    assert board.get("/devices/me/firmware").status_code == 204
    for path in ("manifest", "signature", "files/0"):
        assert board.get(f"/devices/me/firmware/2/{path}").status_code == 404
