"""One large buffer, for the record that is read or written and for the body of an answer.

It is allocated once and early: later a small heap may be too fragmented. A record stays in it until
the next `await`. The body of an answer stays in it until it is decoded; nobody reads or writes
records meanwhile, because the task that does waits for that answer.
"""

from yaguts_wire.limits import MAX_JOB_BYTES

BUFFER = bytearray(MAX_JOB_BYTES + 1)
