"""What happened to a dispenser, in English."""

HAPPENINGS = {
    "happening.power_on": "Got power",
    "happening.hard_reset": "Was reset, or restarted after a crash of the chip",
    "happening.watchdog": "Stood still and was restarted by the watchdog",
    "happening.soft_reset": "Was restarted by a command",
    "happening.started": "Started",
    "happening.restarted": "Started again after an error ({first} in a row)",
    "happening.heard": "Linked to the server after {first} s",
    "happening.heard_signal": "Linked to the server after {first} s, signal {second} dBm",
    "happening.no_answer": "Got no answer from the server any more",
    "happening.token_refused": "The server refused it: it has to be paired again",
    "happening.wrong_dates": "The server’s certificate is not valid by its clock",
    "happening.finished": "Finished order {first}",
    "happening.finished_partly": "Ended order {first}; {second} doses failed",
    "happening.stopped": "Order {first} was stopped with the button",
    "happening.report_refused": "The server refused the report of order {first} ({second})",
    "happening.code_refused": "The pairing code was wrong or had expired",
    "happening.held": "Somebody held the button: set-up",
    "happening.unknown": "Something that this server does not know",
}
