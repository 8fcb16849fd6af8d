"""What happened to a dispenser, in English."""

HAPPENINGS = {
    "happening.power_on": "Was switched on",
    "happening.hard_reset": "Was reset, or restarted after a crash of the chip",
    "happening.watchdog": "Hung and restarted by itself",
    "happening.soft_reset": "Was restarted by a command",
    "happening.started": "Started",
    "happening.restarted": "Started again after an error ({first} in a row)",
    "happening.heard": "Connected to the server after {first} s",
    "happening.heard_signal": "Connected to the server after {first} s, signal {second} dBm",
    "happening.no_answer": "The server stopped answering",
    "happening.token_refused": "The server refused it: it has to be linked again",
    "happening.wrong_dates": "By its clock, the server’s certificate is not valid",
    "happening.finished": "Finished order {first}",
    "happening.finished_partly": "Ended order {first}; doses that failed: {second}",
    "happening.stopped": "Order {first} was stopped with the button",
    "happening.report_refused": "The server refused the report of order {first} ({second})",
    "happening.code_refused": "The pairing code was wrong or had expired",
    "happening.held": "Somebody held the button to set it up",
    "happening.unknown": "Something that this server does not know",
}
