"""What a new kitchen has to do until it has dispensed something."""

from dataclasses import dataclass

from yaguts.domain.ids import KitchenId
from yaguts.domain.jobs.job import JobState
from yaguts.services.jobs.history import past
from yaguts.services.pantry.kitchen import KitchenView
from yaguts.services.runtime.context import Site

_SOMETHING_FELL = (JobState.DONE, JobState.DONE_PARTIAL)


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The steps, in order, and which of them are done."""

    paired: bool
    filled: bool
    written: bool

    @property
    def next(self) -> str:
        """The first step that is not done: "pair", "fill", "write", or else "cook"."""
        steps = (("pair", self.paired), ("fill", self.filled), ("write", self.written))
        return next((name for name, done in steps if not done), "cook")


def first_steps(
    site: Site, kitchen_id: KitchenId, kitchen: KitchenView, recipes: int
) -> FirstSteps | None:
    """The steps; None once something was dispensed. `recipes`: how many there are."""
    if past(site, kitchen_id, _SOMETHING_FELL, most=1):
        return None
    return FirstSteps(
        paired=any(dispenser.paired for dispenser in kitchen.dispensers),
        filled=any(level.jar.label and level.jar.rate for level in kitchen.shelf),
        written=recipes > 0,
    )
