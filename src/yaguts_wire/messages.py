"""Build, read and validate the plain dicts that cross the wire.

A *message* is a dict with the wire's Portuguese keys and its units (grams and seconds, decimal).
What the code works with is a dict with English keys and integers (milligrams, milliseconds),
because the ESP32's floats have 24 bits. The functions here turn one into the other:

    job        {"id", "job_key", "ttl_s", "status", "recipe_id", "people", "multiplier",
                "created_at", "started_at", "doses": [dose…], "motor": motor}
    dose       {"id", "order", "jar", "spice", "quantity_mg", "duration_ms", "status"}
    motor      {"intensity", "pre_start_ms", "post_stop_ms", "max_runtime_s"}
    report     {"job_key", "outcomes": [outcome…]}
    outcome    {"order", "jar", "spice", "quantity_mg", "at_least_mg", "duration_ms",
                "resumes", "done", "error"}

Everything that is read is checked; what is not as it must be raises `Malformed` with the key at
fault, and changes nothing. Only `json` and `sys` are imported, so that the board can run it.
"""

import json
import sys

from yaguts_wire import words as w

MAX_JOB_BYTES = 4095
"""Firmware 0.1 keeps a job in a buffer of 4,096 bytes, its closing zero included."""
MAX_JARS = 16
MAX_DOSE_MS = 180_000
"""A jar runs 180 seconds at most, or something is wrong with its calibration."""
MAX_DOSE_MG = 9_000_000
"""Stays below 2^24, up to which the ESP32's floats count exactly."""
MAX_ID = 2**31 - 1

_STYLE = {"separators": (",", ":")}
if sys.implementation.name == "cpython":  # MicroPython writes UTF-8 as it is, and knows no option
    _STYLE["ensure_ascii"] = False


class Malformed(ValueError):
    """A message is not what the contract says. `key` names the part at fault."""

    def __init__(self, key):
        super().__init__(key)
        self.key = key


def encode(message):
    """The message as compact UTF-8 JSON with sorted keys: the same bytes on every Python."""
    return _text(message).encode()


def decode(data):
    """The message that `data` holds: a dict, or `Malformed`."""
    try:
        message = json.loads(data.decode())
    except (ValueError, RuntimeError, MemoryError):  # the last two: nested too deep
        raise Malformed("json") from None
    if not isinstance(message, dict):
        raise Malformed("json")
    return message


def _text(value):
    # MicroPython's dicts keep no order, so the sorting is done here and not by the encoder.
    if isinstance(value, dict):
        return "{" + ",".join(_text(key) + ":" + _text(value[key]) for key in sorted(value)) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ",".join(_text(part) for part in value) + "]"
    return json.dumps(value, **_STYLE)


# Units


def grams(mg):
    """Milligrams as the wire writes them, or None for an unknown amount."""
    return None if mg is None else mg / 1000


def seconds(ms):
    """Milliseconds as the wire writes them."""
    return ms / 1000


def thousandths(message, key, highest):
    """The decimal number under `key`, as whole thousandths between 0 and `highest`."""
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise Malformed(key)
    if not 0 <= value <= highest / 1000:  # also refuses NaN and the infinities
        raise Malformed(key)
    return int(value * 1000 + 0.5)


# Jobs, from the server to the dispenser


def build_job(job):
    """The message in which a job is offered to a dispenser."""
    return {
        w.ID: job["id"],
        w.JOB_KEY: job["job_key"],
        w.TIME_TO_LIVE_S: job["ttl_s"],
        w.STATUS: job["status"],
        w.RECIPE_ID: job["recipe_id"],
        w.PEOPLE: job["people"],
        w.MULTIPLIER: job["multiplier"],
        w.CREATED_AT: job["created_at"],
        w.STARTED_AT: job["started_at"],
        w.ITEMS: [_build_dose(dose) for dose in job["doses"]],
        w.MOTOR: build_motor(job["motor"]),
    }


def _build_dose(dose):
    return {
        w.ID: dose["id"],
        w.ORDER: dose["order"],
        w.JAR: dose["jar"],
        w.SPICE: dose["spice"],
        w.QUANTITY_G: grams(dose["quantity_mg"]),
        w.SECONDS: seconds(dose["duration_ms"]),
        w.STATUS: dose["status"],
    }


def build_motor(motor):
    """The vibration motor's four settings as the wire has them."""
    return {
        w.INTENSITY: motor["intensity"],
        w.PRE_START_MS: motor["pre_start_ms"],
        w.POST_STOP_MS: motor["post_stop_ms"],
        w.MAX_RUNTIME_S: motor["max_runtime_s"],
    }


def read_job(message):
    """The job a dispenser was offered. A job without a dose, or with one twice, is malformed."""
    doses = [_read_dose(item) for item in _dicts(message, w.ITEMS)]
    if not doses or len({dose["order"] for dose in doses}) != len(doses):
        raise Malformed(w.ITEMS)
    return {
        "id": _whole(message, w.ID, 1, MAX_ID),
        "job_key": _word(message, w.JOB_KEY, 64),
        "ttl_s": _whole(message, w.TIME_TO_LIVE_S, 0, MAX_ID),
        "status": _word(message, w.STATUS, 20),
        "recipe_id": _whole_or_none(message, w.RECIPE_ID, 1, MAX_ID),
        "people": _whole(message, w.PEOPLE, 1, 100),
        "multiplier": _whole(message, w.MULTIPLIER, 1, 100),
        "created_at": _word(message, w.CREATED_AT, 40),
        "started_at": _word_or_none(message, w.STARTED_AT, 40),
        "doses": doses,
        "motor": _read_motor(_dict(message, w.MOTOR)),
    }


def _read_dose(item):
    return {
        "id": _whole(item, w.ID, 1, MAX_ID),
        "order": _whole(item, w.ORDER, 1, 255),
        "jar": _whole(item, w.JAR, 1, MAX_JARS),
        "spice": _word(item, w.SPICE, 60),
        "quantity_mg": thousandths(item, w.QUANTITY_G, MAX_DOSE_MG),
        "duration_ms": thousandths(item, w.SECONDS, MAX_ID),
        "status": _word(item, w.STATUS, 20),
    }


def _read_motor(motor):
    return {
        "intensity": _whole(motor, w.INTENSITY, 0, 100),
        "pre_start_ms": _whole(motor, w.PRE_START_MS, 0, 5000),
        "post_stop_ms": _whole(motor, w.POST_STOP_MS, 0, 5000),
        "max_runtime_s": _whole(motor, w.MAX_RUNTIME_S, 30, 600),
    }


# Reports, from the dispenser to the server


def build_report(report):
    """The message that says what fell, jar by jar."""
    outcomes = report["outcomes"]
    done = sum(1 for outcome in outcomes if outcome["done"])
    return {
        w.JOB_KEY: report["job_key"],
        w.COMPLETED: done,
        w.FAILED_COUNT: len(outcomes) - done,
        w.LOGS: [_build_outcome(outcome) for outcome in outcomes],
    }


def _build_outcome(outcome):
    entry = {
        w.ITEM_ORDER: outcome["order"],
        w.JAR: outcome["jar"],
        w.SPICE: outcome["spice"],
        w.QUANTITY_G: grams(outcome["quantity_mg"]),
        w.AT_LEAST_G: grams(outcome["at_least_mg"]),
        w.SECONDS: seconds(outcome["duration_ms"]),
        w.RESUMES: outcome["resumes"],
        w.STATUS: w.DONE if outcome["done"] else w.FAILED,
    }
    if outcome["error"]:
        entry[w.ERROR] = outcome["error"]
    return entry


def read_report(message):
    """The report of a dispenser with firmware 0.2, as `build_report` wrote it."""
    return {
        "job_key": _word(message, w.JOB_KEY, 64),
        "outcomes": [_read_outcome(entry) for entry in _dicts(message, w.LOGS)],
    }


def _read_outcome(entry):
    status = entry.get(w.STATUS)
    if status not in (w.DONE, w.FAILED):
        raise Malformed(w.STATUS)
    return {
        "order": _whole(entry, w.ITEM_ORDER, 1, 255),
        "jar": _whole(entry, w.JAR, 1, MAX_JARS),
        "spice": _word(entry, w.SPICE, 60),
        "quantity_mg": thousandths(entry, w.QUANTITY_G, MAX_DOSE_MG),
        "at_least_mg": thousandths(entry, w.AT_LEAST_G, MAX_DOSE_MG),
        "duration_ms": thousandths(entry, w.SECONDS, MAX_ID),
        "resumes": _whole(entry, w.RESUMES, 0, 255),
        "done": status == w.DONE,
        "error": _word_or_none(entry, w.ERROR, 200),
    }


# The small messages


def build_accept(job_key):
    """The dispenser has written the job into its journal and asks to start it."""
    return {w.JOB_KEY: job_key}


def build_accepted(job_key):
    """The server's consent. The key is said again so that no foreign answer can start a job."""
    return {w.OK: True, w.JOB_KEY: job_key}


def read_accepted(message, job_key):
    """True when the answer is the server's consent to this very job."""
    return message.get(w.OK) is True and message.get(w.JOB_KEY) == job_key


def build_progress(job_key, dose, dispensed_mg, status):
    """How far a dose is: best effort, for the live page."""
    return {
        w.JOB_KEY: job_key,
        w.ITEM_ORDER: dose["order"],
        w.JAR: dose["jar"],
        w.DISPENSED_G: grams(dispensed_mg),
        w.STATUS: status,
    }


def read_cancel(message):
    """True when the answer to a progress message asks the dispenser to stop."""
    return message.get(w.CANCEL) is True


def read_ok(message):
    """True when the server says that it has booked what was sent."""
    return message.get(w.OK) is True


def build_claim(uid, code, firmware):
    """A dispenser without a token asks for one, with the code its owner read to it."""
    return {w.UID: uid, w.CLAIM_CODE: code, w.FIRMWARE: firmware}


def read_claimed(message):
    """{"device_id", "token", "heartbeat_s"} of a dispenser that now belongs to somebody."""
    return {
        "device_id": _whole(message, w.DEVICE_ID, 1, MAX_ID),
        "token": _word(message, w.DEVICE_TOKEN, 128),
        "heartbeat_s": _whole(message, w.HEARTBEAT_S, 1, 3600),
    }


def build_heartbeat(firmware, status):
    """A sign of life. `status` is a small dict, for example {"rssi": -60, "heap": 91000}."""
    return {w.FIRMWARE: firmware, w.STATUS: status}


# What a value must be


def _whole(message, key, lowest, highest):
    value = message.get(key)
    if isinstance(value, bool) or not isinstance(value, int) or not lowest <= value <= highest:
        raise Malformed(key)
    return value


def _whole_or_none(message, key, lowest, highest):
    return None if message.get(key) is None else _whole(message, key, lowest, highest)


def _word(message, key, longest):
    value = message.get(key)
    if not isinstance(value, str) or not 1 <= len(value) <= longest:
        raise Malformed(key)
    return value


def _word_or_none(message, key, longest):
    return None if message.get(key) is None else _word(message, key, longest)


def _dict(message, key):
    value = message.get(key)
    if not isinstance(value, dict):
        raise Malformed(key)
    return value


def _dicts(message, key):
    values = message.get(key)
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise Malformed(key)
    return values
