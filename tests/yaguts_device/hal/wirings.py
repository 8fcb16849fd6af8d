"""A wiring for each driver, on an ESP32, with every key that it knows."""

from typing import Any

WIRINGS: dict[str, dict[str, Any]] = {
    "dc_motors": {"dc_motors": {"run": [26, 27, 32, 33], "percent": 80, "sleep": 23}},
    "mcp23017": {"mcp23017": {"jars": 16, "address": 33}, "active_low": True},
    "motor": {"motor": {"ena": 25, "in1": 14, "in2": 12}},
    "pcf8574": {"pcf8574": {"jars": 8, "address": 56}},
    "relays": {"relays": [26, 27, 32, 33], "active_low": True},
    "servos": {"servos": 4, "i2c": {"sda": 21, "scl": 22}},
    "steppers": {
        "steppers": {"step": [26, 27, 32], "hz": 2000, "enable": 23, "dir": 19, "reverse": True}
    },
    "uln2003": {"uln2003": {"coils": [[26, 27, 32, 33], [16, 17, 18, 19]], "step_ms": 2}},
}
