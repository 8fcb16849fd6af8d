"""The codes of what happened to a dispenser: never renumber them. Each comes with two numbers.

A board keeps the last ones and sends them with its heartbeat, as `[life, [number, code, first,
second, age_s], …]`: `life` is drawn anew when its memory was lost, `number` counts within it, and
`age_s` is -1 when there was no time.
"""

STARTED = 1
"""Why it was reset, one of the causes below; 0."""
RESTARTED = 2
"""After an error: for the how manieth time in a row; the error's number, or 0."""
HEARD = 3
"""The server answers: the seconds that it took; the signal in dBm, or 0."""
LOST = 4
"""No usable answer any more: one of the losses below; 0."""
FINISHED = 5
"""A job is over: its id; how many doses have failed."""
STOPPED = 6
"""A job is over because somebody pressed the button: its id; how many doses have failed."""
REPORT_REFUSED = 7
"""The server refuses a report: the job's id; the status of HTTP."""
CODE_REFUSED = 8
"""The pairing code is wrong or has expired: 0; 0."""
HELD = 9
"""Somebody held the button: 0; 0."""

# Why a board was reset, as MicroPython on the ESP32 numbers it. It tells a brownout as POWER_ON
# and a panic as HARD.
POWER_ON = 1
HARD = 2
WATCHDOG = 3
DEEP_SLEEP = 4
SOFT = 5

# Why the server is not heard
NO_ANSWER = 0
TOKEN_REFUSED = 1
WRONG_DATES = 2
