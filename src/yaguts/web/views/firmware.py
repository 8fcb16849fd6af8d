"""The firmware of a dispenser for its page: what runs, what is offered, when, and why not."""

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from yaguts.domain.clock import age
from yaguts.domain.dispenser import Dispenser
from yaguts.domain.firmware.offer import WhyNot
from yaguts.domain.firmware.release import (
    BY_CABLE,
    VIRTUAL,
    BoardTold,
    Channel,
    Update,
    UpdateState,
)
from yaguts.domain.firmware.rollout import STAGE_LASTS, Rollout
from yaguts.services.dispensers.updates import offers
from yaguts.services.dispensers.updates.choices import MAY_BE_WANTED
from yaguts.services.dispensers.updates.offers import UpdateView
from yaguts.translations import translated
from yaguts.web.visit import Visit

_HOUR = timedelta(hours=1)
_WITH_REASON = frozenset({UpdateState.REFUSED, UpdateState.FELL_BACK, UpdateState.BAD})
_TAKES_NONE = frozenset({WhyNot.FIRST_FIRMWARE, WhyNot.VIRTUAL, WhyNot.NOT_TOLD, WhyNot.NO_KEY})

_COMMANDS = {
    WhyNot.NOT_TOLD: "yaguts device flash",
    WhyNot.NO_KEY: "yaguts device flash --key %(file)s.pub",
    WhyNot.OTHER_KEY: "yaguts device flash --key %(file)s.pub",
    WhyNot.BYTECODE: "yaguts device flash --image %(file)s",
    WhyNot.MICROPYTHON: "yaguts device flash --image %(file)s",
}


@dataclass(frozen=True, slots=True)
class FirmwareView:
    """What the page shows. `runs` is the key of the text that says what runs, `latest` that of the
    release that was last heard of, `command` what has to be typed, about a file. `hours` is how
    long it takes at least until other boards are chosen.
    """

    seen: UpdateView
    runs: str
    latest: str
    command: str | None
    hours: int | None
    latest_reason: str
    halted_because: str
    may_be_wanted: bool
    may_stay: bool
    follows_beta: bool


def firmware_view(visit: Visit, dispenser: Dispenser) -> FirmwareView:
    """The firmware of the dispenser as its owner sees it now."""
    seen = offers.view(visit.site, dispenser)
    rollout = None if seen.candidate is None else seen.candidate.rollout
    return FirmwareView(
        seen=seen,
        runs=_runs(seen.told),
        latest=_latest(seen),
        command=None if seen.why_not is None else _COMMANDS.get(seen.why_not),
        hours=_hours(visit, rollout) if seen.why_not == WhyNot.NOT_YET else None,
        latest_reason=_reason(visit, seen.latest),
        halted_because=_halted(visit, rollout),
        may_be_wanted=seen.candidate is not None and seen.why_not in MAY_BE_WANTED,
        may_stay=seen.why_not not in _TAKES_NONE and dispenser.paired,
        follows_beta=seen.choice.channel == Channel.BETA,
    )


def _runs(told: BoardTold) -> str:
    if told.release is None or told.hardware == VIRTUAL:
        return "update.version"
    return "update.by_cable" if told.release == BY_CABLE else "update.release"


def _latest(seen: UpdateView) -> str:
    """The release need not be named when it is the one that runs, or the one above."""
    named = {seen.told.release}
    if seen.candidate is not None:
        named.add(seen.candidate.release.number)
    same = seen.latest is not None and seen.latest.release in named
    return "update.so_far" if same else "update.latest"


def _hours(visit: Visit, rollout: Rollout | None) -> int | None:
    """A stage can last longer: until the release has worked somewhere."""
    if rollout is None or rollout.at_the_end:
        return None
    lasted = age(rollout.stage_since, visit.site.clock())
    return None if lasted is None else max(1, ceil((STAGE_LASTS - lasted) / _HOUR))


def _reason(visit: Visit, latest: Update | None) -> str:
    if latest is None or latest.state not in _WITH_REASON:
        return ""
    return translated(f"update_reason.{latest.reason or 'unknown'}", visit.language)


def _halted(visit: Visit, rollout: Rollout | None) -> str:
    if rollout is None or rollout.halted is None:
        return ""
    return translated(f"halt_reason.{rollout.halted}", visit.language)
