"""The dispenser's life, told as stories: hours of kitchen in milliseconds."""

from itertools import pairwise
from typing import Any

import pytest

from tests.support.device.bench import Bench
from tests.support.device.counter import Counter
from tests.support.device.flash import CUTS, cut_in_write, leave_free
from tests.support.device.offers import an_offer
from yaguts_device.core import dose_machine
from yaguts_device.core.interval import STOPPED_DOUBT_MS
from yaguts_sim.faults.kinds import Torn

SLICE_AND_LEAD_MS = 700
KEY = f"{7:032x}"


def outcomes(server: Counter, key: str = KEY) -> list[dict[str, Any]]:
    """The entries of the job's report."""
    return server.reports[key]["execution_logs"]


def statuses(server: Counter, key: str = KEY) -> list[str]:
    return [entry["status"] for entry in outcomes(server, key)]


def test_a_job_falls_exactly_as_it_was_planned_and_is_reported() -> None:
    server = Counter(an_offer(Sal=4.5, Pimenta=0.3))
    bench = Bench(server)
    bench.serve(60_000)

    assert (bench.on_ms(1), bench.on_ms(2)) == (4500, 300)
    assert statuses(server) == ["done", "done"]
    assert [entry["quantidade_g"] for entry in outcomes(server)] == [4.5, 0.3]
    assert [entry["quantidade_min_g"] for entry in outcomes(server)] == [4.5, 0.3]
    assert len(server.heard("/complete")) == 1
    assert server.connections == 1


def test_the_relay_is_on_without_a_gap_from_the_first_slice_to_the_last() -> None:
    bench = Bench(Counter(an_offer(Sal=4.5)))
    bench.serve(60_000)

    assert len(bench.pulses) == 1


def test_a_relay_is_switched_off_after_each_pulse_although_the_pulse_ends_by_itself() -> None:
    bench = Bench(Counter(an_offer(Sal=0.3)))
    bench.serve(10_000)

    calls = bench.machine.lives[0].calls
    assert [call for call in calls if call in ("open", "close")] == ["open", "close"]


def test_it_claims_itself_once_and_shows_signs_of_life() -> None:
    server = Counter()
    bench = Bench(server)
    bench.serve(300_000)
    bench.serve(60_000)

    claim = {"uid": "bench-1", "claim_code": "123456", "fw_version": "0.2.0"}
    assert [body for _, body in server.heard("/claim")] == [claim]
    assert 8 <= len(server.heard("/heartbeat")) <= 13


def test_a_wrong_code_is_tried_once() -> None:
    server = Counter()
    server.answers["/claim"] = lambda _body: (400, {"detail": "Código inválido."})
    bench = Bench(server)
    bench.serve(600_000)
    bench.serve(600_000)

    assert len(server.heard("/claim")) == 1
    assert not server.heard("/next_job")


def test_progress_comes_each_second_and_says_what_has_fallen() -> None:
    server = Counter(an_offer(Sal=6.0, Pimenta=1.0))
    bench = Bench(server)
    bench.serve(20_000)

    began = bench.pulses[0][1] / 1000
    *pouring, (_, last) = server.heard("/progress")
    pauses_s = [later - earlier for (earlier, _), (later, _) in pairwise(pouring)]
    assert pauses_s == [pytest.approx(1, abs=0.1)] * 5
    for at, body in pouring:
        assert (body["item_ordem"], body["frasco"], body["status"]) == (1, 1, "running")
        assert body["dispensado_g"] == pytest.approx(at - began, abs=0.1)
    assert (last["dispensado_g"], last["status"]) == (6.0, "done")


def test_the_wifi_goes_in_mid_job_and_the_job_goes_on() -> None:
    server = Counter(an_offer(Sal=6.0, Pimenta=2.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(2)
    server.reachable = False
    bench.wait(600)
    assert (bench.on_ms(1), bench.on_ms(2)) == (6000, 2000)
    server.reachable = True
    bench.wait(60)
    bench.unplug()

    assert statuses(server) == ["done", "done"]


def test_a_dead_network_hardly_holds_up_the_next_jar() -> None:
    server = Counter(an_offer(Sal=1.0, Pimenta=1.0, Orégano=1.0, Cominho=1.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(0.5)
    server.reachable = False
    bench.wait(8)
    bench.unplug()

    assert [bench.on_ms(jar) for jar in (1, 2, 3, 4)] == [1000] * 4


def test_a_server_that_hangs_hardly_holds_up_the_next_jar() -> None:
    server = Counter(an_offer(Sal=1.0, Pimenta=1.0, Orégano=1.0, Cominho=1.0))
    server.answers["/progress"] = lambda _body: None
    bench = Bench(server)
    server.hanging = True
    bench.serve(8_000)

    assert [bench.on_ms(jar) for jar in (1, 2, 3, 4)] == [1000] * 4


def test_a_job_for_which_the_flash_has_no_room_after_all_is_refused() -> None:
    server = Counter()
    bench = Bench(server)
    bench.serve(1_000)
    server.offers.append(an_offer(Sal=1.0))
    bench.flash.failing = True
    bench.serve(60_000)

    assert outcomes(server)[0]["error"] == "não cabe neste dispensador"
    assert not bench.pulses


def test_a_report_is_repeated_every_half_minute_until_it_is_answered() -> None:
    server = Counter(an_offer(Sal=1.0))
    refusals = [(503, {"detail": "Tente de novo."}), (200, {"ok": False}), None, (302, None)]
    server.answers["/complete"] = lambda _body: refusals.pop() if refusals else (200, {"ok": 1})
    bench = Bench(server)
    bench.serve(200_000)
    assert not refusals
    refused = server.heard("/complete")
    server.answers.clear()
    bench.serve(200_000)

    times = [when for when, _ in refused]
    pauses = [later - earlier for earlier, later in pairwise(times)]
    assert len(times) >= 5
    assert all(22 <= pause <= 38 for pause in pauses)
    assert all(body == server.reports[KEY] for _, body in refused)
    assert bench.on_ms(1) == 1000


def test_the_plug_is_pulled_in_mid_jar_and_the_rest_is_poured() -> None:
    server = Counter(an_offer(Sal=6.0, Pimenta=1.0))
    bench = Bench(server)
    bench.serve(2_345)
    fell_before = bench.on_ms(1)
    assert 0 < fell_before < 6000
    bench.serve(60_000)

    fell = bench.on_ms(1)
    assert 6000 - SLICE_AND_LEAD_MS <= fell <= 6000
    first = outcomes(server)[0]
    assert first["retomadas"] == 1
    assert first["quantidade_min_g"] <= fell / 1000 <= first["quantidade_g"] == 6.0
    assert bench.on_ms(2) == 1000


def test_after_a_reset_in_mid_jar_little_is_in_doubt() -> None:
    server = Counter(an_offer(Sal=6.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(2.345)
    bench.machine.reset("watchdog")
    bench.wait(60)
    bench.unplug()

    first = outcomes(server)[0]
    assert first["retomadas"] == 1
    assert first["quantidade_min_g"] <= bench.on_ms(1) / 1000 <= first["quantidade_g"] == 6.0
    assert first["quantidade_min_g"] > 6.0 - (SLICE_AND_LEAD_MS - 100) / 1000


def test_it_resumes_without_any_network() -> None:
    server = Counter(an_offer(Sal=6.0))
    bench = Bench(server)
    bench.serve(2_000)
    server.reachable = False
    bench.serve(10_000)

    assert bench.on_ms(1) >= 6000 - SLICE_AND_LEAD_MS


def test_three_crashes_in_one_jar_end_it_and_the_others_go_on() -> None:
    server = Counter(an_offer(Sal=20.0, Pimenta=1.0))
    bench = Bench(server)
    for _ in range(3):
        bench.serve(1_500)
    fell = bench.on_ms(1)
    bench.serve(60_000)

    assert bench.on_ms(1) == fell
    assert statuses(server) == ["failed", "done"]
    first = outcomes(server)[0]
    assert (first["error"], first["retomadas"]) == ("interrompido", 3)
    assert first["quantidade_min_g"] <= fell / 1000 <= first["quantidade_g"]


@pytest.mark.parametrize(
    ("reason", "word"),
    [
        (dose_machine.NO_FLOW, "sem fluxo"),
        (dose_machine.STUCK, "válvula travada"),
        (dose_machine.MOTOR, "falha no motor"),
    ],
)
def test_a_jar_that_fails_ends_alone(reason: int, word: str) -> None:
    server = Counter(an_offer(Sal=1.0, Pimenta=5.0, Orégano=1.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(2)
    bench.machine.sensed[2] = reason
    bench.wait(60)
    bench.unplug()

    assert statuses(server) == ["done", "failed", "done"]
    second = outcomes(server)[1]
    assert second["error"] == word
    assert second["quantidade_min_g"] == 0 <= bench.on_ms(2) / 1000
    assert bench.on_ms(2) / 1000 <= second["quantidade_g"]
    assert bench.on_ms(2) < 2000


def test_a_fault_in_the_only_slice_of_a_jar_is_seen() -> None:
    server = Counter(an_offer(Sal=0.3))
    bench = Bench(server)
    bench.boot()
    while not bench.machine.scales.open_jars:
        bench.wait(0.001)
    bench.machine.sensed[1] = dose_machine.NO_FLOW
    bench.wait(60)
    bench.unplug()

    assert statuses(server) == ["failed"]


def test_a_jar_without_a_driver_is_never_opened() -> None:
    server = Counter(an_offer(Sal=1.0, Pimenta=1.0))
    bench = Bench(server)
    bench.machine.sensed[1] = dose_machine.NO_DRIVER
    bench.serve(60_000)

    assert statuses(server) == ["failed", "done"]
    assert outcomes(server)[0]["quantidade_g"] == 0
    assert bench.on_ms(1) == 0


def test_a_cancel_in_mid_pour_stops_at_the_next_slice_and_what_fell_is_known() -> None:
    server = Counter(an_offer(Sal=30.0, Pimenta=1.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(5)
    server.cancelling = True
    fell_before = bench.on_ms(1)
    bench.wait(60)
    bench.unplug()

    assert [entry["error"] for entry in outcomes(server)] == ["cancelado", "cancelado"]
    fell = bench.on_ms(1)
    assert fell_before <= fell <= 7000
    assert outcomes(server)[0]["quantidade_g"] == fell / 1000
    assert outcomes(server)[0]["quantidade_min_g"] == (fell - STOPPED_DOUBT_MS) / 1000
    assert bench.on_ms(2) == 0


def test_a_jar_that_fails_before_its_cancel_is_heard_did_not_surely_give_anything() -> None:
    server = Counter(an_offer(Sal=30.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(5)
    server.cancelling, bench.machine.sensed[1] = True, dose_machine.NO_FLOW
    bench.wait(60)
    bench.unplug()

    assert [entry["error"] for entry in outcomes(server)] == ["sem fluxo"]
    assert outcomes(server)[0]["quantidade_min_g"] == 0


def test_a_cancel_while_the_motor_starts_opens_nothing() -> None:
    motor = {"intensity": 60, "pre_start_ms": 2000, "post_stop_ms": 0, "max_runtime_s": 300}
    server = Counter(an_offer(Sal=0.5, Pimenta=1.0, motor=motor))
    bench = Bench(server)
    server.cancelling = True  # heard with the end of the first jar
    bench.serve(60_000)

    assert statuses(server) == ["done", "failed"]
    assert bench.on_ms(2) == 0
    assert bench.shaken[-1][1] == 0


CALLS = ("up", "status", "network_time", "set_clock", "remember", "motor", "connect", "send")


@pytest.mark.parametrize("call", CALLS)
def test_a_call_of_the_board_that_fails_for_a_while_stops_nothing_for_good(call: str) -> None:
    server = Counter(an_offer(Sal=4.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(1)
    bench.machine.failing = call
    bench.wait(600)
    bench.machine.failing = ""
    server.offers.append(an_offer(8, Pimenta=1.0))
    bench.wait(120)
    bench.unplug()

    assert statuses(server) == ["done"]
    assert bench.on_ms(1) == 5_000
    assert statuses(server, f"{8:032x}") == ["done"]
    assert bench.machine.restarts == 0


def test_a_motor_that_cannot_be_driven_fails_its_jar_honestly() -> None:
    server = Counter()
    bench = Bench(server)
    bench.serve(5_000)
    server.offers.append(an_offer(Sal=4.0, Pimenta=1.0))
    bench.machine.failing = "motor"
    bench.serve(60_000)

    assert [entry["error"] for entry in outcomes(server)] == ["falha no motor"] * 2
    assert (bench.on_ms(1), bench.on_ms(2)) == (0, 0)


@pytest.mark.parametrize("boots", ["out of power", "with the clock kept"])
def test_without_wifi_an_idle_dispenser_waits_and_is_back_by_itself(boots: str) -> None:
    server = Counter()
    bench = Bench(server)
    bench.boot()
    bench.wait(60)
    bench.machine.network.lose_wifi(3600 * 1_000_000)
    if boots == "out of power":
        bench.unplug()
        bench.boot()
    else:
        bench.machine.reset("a test")
    bench.wait(3600)
    server.offers.append(an_offer(Sal=1.0))
    bench.wait(120)
    bench.unplug()

    assert statuses(server) == ["done"]
    assert bench.machine.restarts == 0
    assert len(bench.machine.lives) == 2


def test_a_served_job_that_is_offered_again_and_again_is_answered_ever_more_rarely() -> None:
    server = Counter(an_offer(Sal=1.0))
    server.forever = True
    bench = Bench(server)
    bench.serve(600_000)

    times = [when for when, _ in server.heard("/complete")]
    assert 15 <= len(times) <= 40
    assert times[-1] - times[-2] > 20
    other = an_offer(8, Sal=1.0)
    server.offers[:] = [other]
    server.forever = False
    bench.serve(60_000)
    assert statuses(server, other["job_key"]) == ["done"]


class Offering(Counter):
    """A server that offers a new job at each poll, and lets each of them start."""

    async def _next_job(self) -> tuple[int, Any]:
        return 200, an_offer(len(self.requests), Sal=0.1)


def test_a_server_that_offers_a_new_job_each_time_starts_sixty_an_hour() -> None:
    server = Offering()
    bench = Bench(server)
    bench.boot()
    bench.wait(1800)
    busy, polls = bench.flash.operations, len(server.heard("/next_job"))
    assert len(server.heard("/accept")) <= 45
    bench.wait(1800)
    assert 55 <= len(server.heard("/accept")) <= 60
    bench.wait(12 * 3600)
    bench.unplug()

    accepted = [when for when, _ in server.heard("/accept")]
    assert max(sum(0 <= later - first < 3600 for later in accepted) for first in accepted) <= 60
    assert polls < 2_000
    a_job = busy / 45
    assert bench.flash.operations <= busy + 1.5 * a_job * (len(accepted) - 40)


def test_a_refusal_by_rate_is_no_flash_write_and_no_answer() -> None:
    server = Offering()
    bench = Bench(server)
    bench.boot()
    while "too many jobs in an hour" not in str(bench.machine.timeline):
        bench.wait(1)
    before, heard = bench.flash.operations, len(server.requests)
    bench.wait(20)
    bench.unplug()

    assert bench.flash.operations == before
    told = {path.rpartition("/")[2] for _, path, _ in server.requests[heard:]}
    assert told <= {"next_job", "heartbeat"}


@pytest.mark.more
def test_a_wrap_around_of_the_ticks_leaves_room_for_new_jobs() -> None:
    server = Counter()
    bench = Bench(server)
    bench.boot()
    bench.wait(9 * 86_400)  # the difference of two ticks is negative by now
    for number in range(40):
        server.offers.append(an_offer(100 + number, Sal=0.1))
        bench.wait(130)
    bench.unplug()

    assert len(server.heard("/accept")) == 40


def test_a_job_served_a_hundred_times_runs_once() -> None:
    server = Counter(an_offer(Sal=1.0))
    server.forever = True
    bench = Bench(server)
    bench.boot()
    while len(server.heard("/next_job")) < 100:
        bench.wait(1)
    bench.unplug()

    assert bench.on_ms(1) == 1000
    bodies = [body for _, body in server.heard("/complete")]
    assert len(bodies) >= 99
    assert all(body == bodies[0] for body in bodies)


def test_a_served_job_that_is_no_longer_the_last_is_reported_as_repeated() -> None:
    first, second = an_offer(7, Sal=1.0), an_offer(8, Pimenta=1.0)
    server = Counter(first, second)
    bench = Bench(server)
    bench.serve(60_000)
    server.accepted.clear()
    server.reports.clear()
    server.offers.remove(second)
    bench.serve(60_000)

    again = outcomes(server)[0]
    assert (again["status"], again["error"]) == ("failed", "repetido")
    assert (again["quantidade_min_g"], again["quantidade_g"]) == (0, 1.0)
    assert bench.on_ms(1) == 2000  # jar 1 of both jobs


def test_what_does_not_fit_is_refused_with_its_reason() -> None:
    offer = an_offer(Sal=181.0, Pimenta=1.0, Cravo=1.0)
    offer["itens"][2]["frasco"] = 5  # the board has four
    server = Counter(offer)
    bench = Bench(server)
    bench.serve(60_000)

    errors = [entry.get("error") for entry in outcomes(server)]
    assert errors == ["acima de 180 s", None, "acionador ausente"]
    assert bench.on_ms(1) == 0
    assert bench.on_ms(2) == 1000


def test_a_jar_is_open_three_minutes_at_most_in_one_job() -> None:
    offer = an_offer(Sal=100.0, Pimenta=1.0, sal=81.0)
    offer["itens"][2]["frasco"] = 1
    server = Counter(offer)
    bench = Bench(server)
    bench.serve(60_000)

    errors = [entry.get("error") for entry in outcomes(server)]
    assert errors == ["acima de 180 s", None, "acima de 180 s"]
    assert (bench.on_ms(1), bench.on_ms(2)) == (0, 1000)


@pytest.mark.parametrize("items", [4, 17])
def test_a_job_that_the_journal_cannot_hold_is_refused_whole(items: int) -> None:
    server = Counter(an_offer(**{f"Tempero {place}": 1.0 for place in range(items)}))
    bench = Bench(server)
    leave_free(bench.flash, 20 if items == 4 else 600)
    bench.serve(60_000)

    errors = {entry["error"] for entry in outcomes(server)}
    assert errors == {"não cabe neste dispensador"}
    assert not bench.pulses
    assert not server.heard("/accept")


def test_a_job_that_is_no_longer_to_be_had_is_dropped() -> None:
    server = Counter(an_offer(Sal=1.0))
    server.answers["/accept"] = lambda _body: (409, {"detail": "O pedido foi cancelado."})
    bench = Bench(server)
    bench.boot()
    bench.wait(5)
    server.offers.clear()
    bench.wait(60)
    bench.unplug()

    assert not bench.pulses
    assert not server.reports


def test_a_job_that_is_dropped_is_not_asked_for_again_and_the_next_one_is_poured() -> None:
    server = Counter(an_offer(7, Sal=1.0))

    def withdraw(_body: dict[str, Any]) -> tuple[int, Any]:
        server.offers.clear()
        return 409, {"detail": "O pedido foi cancelado."}

    server.answers["/7/accept"] = withdraw
    bench = Bench(server)
    bench.serve(60_000)
    server.offers.append(an_offer(8, Sal=2.0))
    bench.serve(60_000)

    assert len(server.heard("/7/accept")) == 1
    assert list(server.reports) == [f"{8:032x}"]
    assert bench.on_ms(1) == 2000


def test_a_job_whose_record_is_lost_in_mid_jar_never_starts_again() -> None:
    """Its key is among the served ones before anything may pour."""
    server = Counter(an_offer(Sal=6.0))
    bench = Bench(server)
    bench.serve(2_345)
    fell = bench.on_ms(1)
    for copy in "ab":
        bench.flash.remove(("job_state", f"job_{copy}"))
    server.accepted.clear()
    server.offers.append(an_offer(Sal=6.0))
    bench.serve(60_000)

    assert bench.on_ms(1) == fell > 0
    assert outcomes(server)[0]["error"] == "repetido"


def test_nothing_starts_on_the_consent_to_another_job_or_on_a_portal() -> None:
    server = Counter(an_offer(Sal=1.0))
    portal = [(200, {"ok": True, "job_key": "x"}), (200, {"ok": True}), (200, None), None]
    server.answers["/accept"] = lambda _body: portal.pop() if portal else (409, {"detail": ""})
    bench = Bench(server)
    bench.boot()
    while portal:
        bench.wait(1)
    bench.unplug()

    assert not bench.pulses


def test_a_job_whose_consent_never_came_expires_and_says_so() -> None:
    server = Counter(an_offer(Sal=1.0))
    server.answers["/accept"] = lambda _body: None
    bench = Bench(server)
    bench.boot()
    bench.wait(700)
    server.answers.clear()
    bench.wait(60)
    bench.unplug()

    assert outcomes(server)[0]["error"] == "expirado"
    assert not bench.pulses


def test_a_consent_that_comes_after_the_job_has_expired_starts_nothing() -> None:
    server = Counter({**an_offer(Sal=1.0), "validade_s": 5})
    server.slowness_s = 6.0
    bench = Bench(server)
    bench.serve(120_000)

    assert KEY in server.accepted
    assert outcomes(server)[0]["error"] == "expirado"
    assert not bench.pulses


def test_a_token_that_is_no_longer_taken_is_kept_with_the_journal() -> None:
    server = Counter(an_offer(Sal=1.0))
    server.answers["/complete"] = lambda _body: (401, {"detail": "Quem é você?"})
    bench = Bench(server)
    bench.boot()
    bench.wait(300)
    assert 4 <= len(server.heard("/complete")) <= 8  # once a minute
    server.answers.clear()
    bench.wait(90)
    bench.unplug()

    assert statuses(server) == ["done"]
    assert len(server.heard("/claim")) == 1


def test_a_dispenser_claimed_anew_sends_its_report_with_the_new_token() -> None:
    server = Counter(an_offer(Sal=1.0))
    server.answers["/complete"] = lambda _body: (401, {"detail": "Quem é você?"})
    bench = Bench(server)
    bench.serve(30_000)
    claims = len(server.heard("/claim"))
    server.answers["/complete"] = lambda body: (
        (200, {"ok": server.reports.setdefault(body["job_key"], body) is body})
        if len(server.heard("/claim")) > claims
        else (401, {"detail": "Quem é você?"})
    )
    bench.serve(60_000, code="654321")

    assert statuses(server) == ["done"]


REFUSED = (403, {"detail": "De outra pessoa."})
PARKED_KEYS = {f"k{place}_{copy}" for place in range(4) for copy in "ab"}


def parked(bench: Bench) -> set[str]:
    """The keys of parked reports in flash."""
    return {key for _, key in bench.flash.values} & PARKED_KEYS


def told(server: Counter) -> tuple[int | None, int | None]:
    """How many reports are parked and how many lost, as the latest heartbeat says."""
    status = server.heard("/heartbeat")[-1][1]["status"]
    return status.get("relatorios_recusados"), status.get("relatorios_perdidos")


@pytest.mark.parametrize("status", [400, 403, 404, 409, 413, 422, 499])
def test_a_report_that_is_refused_does_not_hold_up_the_next_job(status: int) -> None:
    theirs, ours = an_offer(7, Sal=1.0), an_offer(8, Sal=1.0)
    server = Counter(theirs, ours)
    server.answers["/7/complete"] = lambda _body: (status, {"detail": "Isto não."})
    bench = Bench(server)
    bench.serve(60_000)

    assert list(server.reports) == [ours["job_key"]]
    assert parked(bench) == {"k0_a", "k0_b"}
    assert all(len(bench.flash.values["job_state", key]) <= 300 for key in parked(bench))


@pytest.mark.parametrize("status", [408, 425, 429, 500, 503])
def test_a_report_that_is_not_refused_for_what_it_says_is_repeated(status: int) -> None:
    server = Counter(an_offer(Sal=1.0))
    server.answers["/complete"] = lambda _body: (status, {"detail": "Devagar."})
    bench = Bench(server)
    bench.serve(120_000)

    assert not parked(bench)
    assert 3 <= len(server.heard("/complete")) <= 6


def test_a_parked_report_is_repeated_ever_more_rarely_and_says_what_fell() -> None:
    server = Counter(an_offer(Sal=1.0, Orégano=0.3))
    server.answers["/7/complete"] = lambda _body: REFUSED
    bench = Bench(server)
    bench.serve(12 * 3_600_000)

    (_, whole), *repeats = server.heard("/complete")
    pauses = [later - earlier for (earlier, _), (later, _) in pairwise(repeats)]
    assert len(repeats) <= 20
    assert all(45 * 2**n <= pause <= 75 * 2**n + 30 for n, pause in enumerate(pauses[:5], 1))
    assert all(2_700 <= pause <= 4_530 for pause in pauses[-3:])
    nameless = [{**entry, "tempero": ""} for entry in whole["execution_logs"]]
    assert all(body == {**whole, "execution_logs": nameless} for _, body in repeats)
    assert told(server) == (1, 0)


def test_a_parked_report_says_how_often_a_dose_was_resumed_and_why_one_failed() -> None:
    server = Counter(an_offer(Sal=6.0, Orégano=0.3))
    server.answers["/7/complete"] = lambda _body: REFUSED
    bench = Bench(server)
    bench.serve(1_500)
    bench.serve(1_500)
    server.cancelling = True
    bench.serve(300_000)

    (_, whole), (_, repeat), *_ = server.heard("/complete")
    assert [entry["retomadas"] for entry in whole["execution_logs"]] == [2, 0]
    assert [entry["status"] for entry in whole["execution_logs"]] == ["done", "failed"]
    nameless = [{**entry, "tempero": ""} for entry in whole["execution_logs"]]
    assert repeat == {**whole, "execution_logs": nameless}


@pytest.mark.parametrize("torn", CUTS)
@pytest.mark.parametrize("write", range(1, 4))
def test_a_power_cut_while_a_report_is_parked_loses_nothing(torn: Torn, write: int) -> None:
    server = Counter()
    bench = Bench(server)
    bench.serve(10_000)
    server.offers.append(an_offer(Sal=1.0))
    refused = 0

    def refuse(_body: dict[str, Any]) -> tuple[int, Any]:
        nonlocal refused
        refused += 1
        if refused == 1:
            cut_in_write(bench.flash, write, torn, bench.unplug)
        return REFUSED

    server.answers["/7/complete"] = refuse
    bench.boot()
    assert bench.world.run(bench.world.now + 90_000_000, lambda: not bench.machine.powered)
    bench.serve(20_000)
    assert parked(bench) == {"k0_a", "k0_b"}
    server.answers.clear()
    bench.serve(300_000)

    assert [entry["quantidade_g"] for entry in outcomes(server)] == [1.0]
    assert not parked(bench)
    assert bench.on_ms(1) == 1000


@pytest.mark.parametrize("copy", "ab")
def test_a_bit_that_flips_in_a_parked_report_loses_nothing(copy: str) -> None:
    server = Counter(an_offer(Sal=1.0))
    server.answers["/7/complete"] = lambda _body: REFUSED
    bench = Bench(server)
    bench.serve(20_000)
    bench.flash.flip(("job_state", f"k0_{copy}"), 200)
    server.answers.clear()
    bench.serve(120_000)

    assert statuses(server) == ["done"]
    assert not parked(bench)


def test_the_oldest_of_five_refused_reports_is_lost_and_said_to_be() -> None:
    server = Counter(*[an_offer(number, Sal=0.5) for number in range(7, 12)])
    server.answers["/complete"] = lambda _body: REFUSED
    bench = Bench(server)
    bench.serve(90_000)
    assert parked(bench) == PARKED_KEYS
    assert told(server) == (4, 1)
    assert "the oldest parked report is lost" in str(bench.machine.timeline)

    server.answers.clear()
    server.offers.clear()
    bench.serve(120_000)
    assert sorted(server.reports) == [f"{number:032x}" for number in range(8, 12)]
    assert told(server) == (0, 1)


def test_with_every_place_taken_a_large_job_fits() -> None:
    names = [f"{place:02d} " + "ç" * 57 for place in range(16)]
    largest = [
        an_offer(number, ms_per_g=100, **dict.fromkeys(names, 0.1)) for number in range(7, 13)
    ]
    server = Counter(*largest)
    server.answers["/complete"] = lambda _body: REFUSED
    bench = Bench(server)
    bench.serve(600_000)

    assert parked(bench) == PARKED_KEYS
    assert len(server.accepted) == 6


def test_the_largest_report_that_is_parked_is_reported_whole() -> None:
    offer = an_offer(ms_per_g=100, **{f"Tempero {place}": 0.1 for place in range(16)})
    offer["job_key"] = "k" * 64
    server = Counter(offer)
    server.answers["/7/complete"] = lambda _body: REFUSED
    bench = Bench(server)
    bench.serve(60_000)
    assert all(len(bench.flash.values["job_state", key]) == 278 for key in parked(bench))
    server.answers.clear()
    bench.serve(120_000)

    assert len(outcomes(server, "k" * 64)) == 16


def test_a_job_that_cannot_be_reported_is_not_taken() -> None:
    server = Counter(an_offer(**{"Sal\x00": 1.0}))
    bench = Bench(server)
    bench.serve(60_000)

    assert not bench.pulses
    assert not server.heard("/accept")


def test_an_acceptance_has_the_same_number_after_a_boot_and_another_for_another_job() -> None:
    server = Counter(an_offer(7, Sal=1.0))
    server.answers["/accept"] = lambda _body: None
    bench = Bench(server)
    bench.serve(10_000)
    server.answers.clear()
    bench.serve(20_000)
    server.offers.append(an_offer(8, Sal=1.0))
    bench.serve(20_000)

    *first, last = [body["aceite"] for _, body in server.heard("/accept")]
    assert len(first) > 2
    assert len(set(first)) == 1
    assert last not in first
    assert all(0 <= number < 2**31 for number in (*first, last))


def test_an_acceptance_is_any_number_of_31_bits() -> None:
    server = Counter()
    bench = Bench(server)
    bench.boot()
    bench.wait(10)
    board = bench.machine.lives[-1]
    board.random_bits = lambda bits: (1 << bits) - 1
    server.offers.append(an_offer(Sal=1.0))
    bench.wait(30)
    bench.unplug()

    assert [body["aceite"] for _, body in server.heard("/accept")] == [2**31 - 1]


def test_an_outage_counts_from_the_jar_that_was_begun_last() -> None:
    server = Counter(an_offer(ms_per_g=170_000, Sal=1.0, Pimenta=1.0, Orégano=1.0, Cominho=1.0))
    bench = Bench(server)
    bench.serve(11 * 60_000)
    bench.wait(10 * 60)
    bench.serve(5 * 60_000)

    assert statuses(server) == ["done"] * 4


def test_an_outage_that_is_known_to_be_long_ends_the_job() -> None:
    server = Counter(an_offer(Sal=6.0, Pimenta=1.0))
    bench = Bench(server)
    bench.serve(2_000)
    bench.wait(16 * 60)
    fell = bench.on_ms(1)
    bench.serve(60_000)

    assert [entry["error"] for entry in outcomes(server)] == ["interrompido"] * 2
    assert bench.on_ms(1) == fell
    assert bench.on_ms(2) == 0


def test_an_outage_of_unknown_length_is_resumed() -> None:
    server = Counter(an_offer(Sal=6.0))
    bench = Bench(server)
    bench.serve(2_000)
    bench.wait(16 * 60)
    bench.machine.clock_offset_us = None
    bench.serve(60_000)

    assert statuses(server) == ["done"]
    assert bench.machine.clock_offset_us is not None  # the server told the time


def test_the_clock_of_a_job_long_past_does_not_end_one_that_is_resumed() -> None:
    server = Counter(an_offer(7, Sal=1.0))
    bench = Bench(server)
    bench.serve(60_000)
    bench.wait(86_400)
    server.offers.append(an_offer(8, Sal=6.0))
    bench.serve(2_000)
    bench.serve(60_000)

    assert statuses(server, f"{8:032x}") == ["done"]


def test_ticks_that_wrap_around_in_mid_job_change_nothing() -> None:
    server = Counter(an_offer(Sal=4.0))
    bench = Bench(server)
    bench.machine.ticks_offset = (1 << 30) - 1_500
    bench.serve(60_000)

    assert bench.on_ms(1) == 4000
    assert statuses(server) == ["done"]


def test_the_motor_shakes_around_each_pour_and_never_too_long() -> None:
    motor = {"intensity": 60, "pre_start_ms": 400, "post_stop_ms": 200, "max_runtime_s": 30}
    server = Counter(an_offer(Sal=40.0, motor=motor))
    bench = Bench(server)
    bench.serve(120_000)

    (_, opened, closed) = bench.pulses[0]
    first, *between, last = bench.shaken
    assert (first, last) == ((opened - 400, 60), (closed + 200, 0))
    assert [percent for _, percent in between] == [0, 60]
    assert 29_000 <= between[0][0] - first[0] <= 31_000
    assert bench.on_ms(1) == 40_000


def test_a_flash_that_fails_stops_everything_until_it_works_again() -> None:
    server = Counter(an_offer(Sal=6.0))
    bench = Bench(server)
    bench.boot()
    bench.wait(2)
    bench.flash.failing = True
    bench.wait(4)
    fell = bench.on_ms(1)
    assert fell <= 3000
    bench.flash.failing = False
    bench.wait(60)
    bench.unplug()

    assert bench.on_ms(1) <= 6000
    assert len(statuses(server)) == 1


JOB = {"Sal": 1.2, "Pimenta": 0.3}


def flash_writes_of_a_job() -> int:
    """How often a dispenser that was claimed before writes, from the offer to the end."""
    server = Counter()
    bench = Bench(server)
    bench.serve(10_000)
    server.offers.append(an_offer(**JOB))
    before = bench.flash.operations
    bench.serve(60_000)
    return bench.flash.operations - before


@pytest.mark.parametrize("torn", CUTS)
def test_the_power_fails_in_each_flash_write_of_a_job_and_it_is_never_too_much(
    torn: Torn,
) -> None:
    def cut_in(write: int) -> None:
        server = Counter()
        bench = Bench(server)
        bench.serve(10_000)
        server.offers.append(an_offer(**JOB))
        bench.serve_until_cut_in_write(write, torn)
        bench.serve(900_000)

        for place, (jar, grams) in enumerate(((1, 1.2), (2, 0.3))):
            fell = bench.on_ms(jar) / 1000
            assert fell <= grams
            entry = outcomes(server)[place]
            assert entry["quantidade_min_g"] <= fell <= entry["quantidade_g"]

    for write in range(1, flash_writes_of_a_job() + 1):
        try:
            cut_in(write)
        except AssertionError as failure:
            raise AssertionError(f"power cut {torn} write {write}") from failure


ASKS_EVERY_S, ANSWER_WITHIN_S = 5, 15 * 60


def questions(server: Counter) -> list[int]:
    """The numbers of the questions that were asked."""
    return [body["pergunta"] for _, body in server.heard("/progress") if "pergunta" in body]


def test_asked_to_it_waits_in_the_dark_until_somebody_says_go_on() -> None:
    server = Counter(an_offer(asks=True, Sal=6.0, Pimenta=1.0))
    bench = Bench(server)
    bench.serve(2_345)
    fell_before = bench.on_ms(1)
    bench.boot()
    bench.wait(120)
    assert bench.on_ms(1) == fell_before
    assert 15 <= len(questions(server)) <= 120 / ASKS_EVERY_S
    asked = server.heard("/progress")[-1][1]
    assert fell_before / 1000 <= asked["dispensado_g"] <= (fell_before + SLICE_AND_LEAD_MS) / 1000

    server.answers["/progress"] = lambda body: (
        200,
        {"ok": True, "cancelar": False, "retomar": body.get("pergunta")},
    )
    bench.wait(30)
    bench.unplug()

    assert 6000 - SLICE_AND_LEAD_MS <= bench.on_ms(1) <= 6000
    assert bench.on_ms(2) == 1000
    assert statuses(server) == ["done", "done"]


def test_an_answer_to_another_question_is_none() -> None:
    server = Counter(an_offer(asks=True, Sal=6.0))
    bench = Bench(server)
    bench.serve(2_345)
    fell_before = bench.on_ms(1)
    server.answers["/progress"] = lambda _body: (200, {"cancelar": False, "retomar": 12345})
    bench.serve(60_000)

    assert questions(server)
    assert bench.on_ms(1) == fell_before


def test_without_an_answer_it_ends_by_itself() -> None:
    server = Counter(an_offer(asks=True, Sal=6.0, Pimenta=1.0))
    bench = Bench(server)
    bench.serve(2_345)
    fell_before = bench.on_ms(1)
    began = bench.now_s
    bench.serve((ANSWER_WITHIN_S + 60) * 1000)

    assert [entry["error"] for entry in outcomes(server)] == ["interrompido"] * 2
    assert bench.on_ms(1) == fell_before
    assert outcomes(server)[0]["quantidade_g"] >= fell_before / 1000
    ((reported_at, _),) = server.heard("/complete")
    assert reported_at - began > ANSWER_WITHIN_S


def test_it_ends_by_itself_without_a_network_too() -> None:
    server = Counter(an_offer(asks=True, Sal=6.0))
    bench = Bench(server)
    bench.serve(2_345)
    server.reachable = False
    bench.boot()
    bench.wait(ANSWER_WITHIN_S + 60)
    server.reachable = True
    bench.wait(60)
    bench.unplug()

    assert outcomes(server)[0]["error"] == "interrompido"


def test_a_cancel_ends_the_wait() -> None:
    server = Counter(an_offer(asks=True, Sal=6.0))
    bench = Bench(server)
    bench.serve(2_345)
    server.cancelling = True
    bench.serve(30_000)

    assert outcomes(server)[0]["error"] == "cancelado"


def test_a_job_without_an_outage_is_not_asked_about() -> None:
    server = Counter(an_offer(asks=True, Sal=2.0))
    Bench(server).serve(60_000)

    assert not questions(server)
    assert statuses(server) == ["done"]
