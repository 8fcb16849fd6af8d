"""The reasons for which a jar failed: the key of a page's text for each word of the dispenser."""

from yaguts_wire import words as w

FAULTS = {
    w.NO_FLOW: "fault.no_flow",
    w.STUCK_RELAY: "fault.stuck_relay",
    w.NO_DRIVER: "fault.no_driver",
    w.INTERRUPTED: "fault.interrupted",
    w.STOPPED: "fault.stopped",
    w.STOPPED_HERE: "fault.stopped_here",
    w.TOO_LONG: "fault.too_long",
    w.DAMAGED_RECORD: "fault.damaged_record",
    w.MOTOR_FAULT: "fault.motor",
    w.EXPIRED: "failure.expired",
    w.REPEATED: "fault.repeated",
    w.NOT_POSSIBLE: "fault.not_possible",
}
