"""The fault schedule: which fault strikes at which point of a history."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from yaguts_sim.engine.timeline import Timeline
from yaguts_sim.faults.kinds import Fault, FaultKind, Trigger


class FaultSchedule:
    """The faults that are still to come. None strikes once `over`."""

    def __init__(self, faults: Iterable[Fault], timeline: Timeline) -> None:
        self.injected: Counter[FaultKind] = Counter()
        self.over = False
        self._timeline = timeline
        self._waiting: defaultdict[tuple[Trigger, int, int], list[Fault]] = defaultdict(list)
        self.timed: list[Fault] = []
        for fault in faults:
            if fault.trigger is Trigger.TIME:
                self.timed.append(fault)
            else:
                board = 0 if fault.trigger is Trigger.STATEMENT else fault.board
                self._waiting[fault.trigger, board, fault.at].append(fault)

    def strikes_at(self, trigger: Trigger) -> bool:
        """Whether any fault is to strike at a point of this kind."""
        return any(kind is trigger for kind, _, _ in self._waiting)

    def at(self, trigger: Trigger, count: int, board: int = 0) -> Fault | None:
        """The fault that strikes at the point of this number, if one does."""
        waiting = self._waiting.get((trigger, board, count))
        if not waiting or self.over:
            return None
        fault = waiting.pop(0)
        self.strike(fault)
        return fault

    def strike(self, fault: Fault) -> None:
        """Count a fault that strikes now."""
        self.injected[fault.kind] += 1
        self._timeline.note("FAULT", str(fault))
