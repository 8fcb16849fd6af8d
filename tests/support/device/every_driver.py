"""Runs in MicroPython with the files as built: opens a jar of each wiring of its input."""

import json
import sys

from yaguts_device.hal import drivers


class Anything:
    """A pin, a pulse or a bus that takes what it is told and answers with zeros."""

    def __init__(self, *_arguments: object) -> None:
        pass

    def output(self, _pin: int, _value: int = 0) -> "Anything":
        return self

    pulses = pwm = i2c = output

    def value(self, *_arguments: object, **_names: object) -> None:
        pass

    duty_u16 = write_pulses = wait_done = deinit = writeto_mem = writeto = once = watch = value

    def readfrom_mem(self, _address: int, _register: int, count: int) -> bytes:
        return bytes(count)

    def readfrom(self, _address: int, count: int) -> bytes:
        return bytes(count)


def pulses(_pin: int, _clock_div: int, _idle: int, _carrier: object) -> Anything:
    return Anything()


wirings = json.loads(sys.stdin.readline())
for name in sorted(wirings):
    parts = Anything()
    parts.pulses = pulses  # type: ignore[method-assign,assignment]
    outputs = drivers.make_outputs(wirings[name], parts)  # type: ignore[arg-type]
    motor = drivers.make_motor(wirings[name], parts)  # type: ignore[arg-type]
    outputs.dark()
    outputs.open(1, 500)
    motor.run(75)
    outputs.extend(1, 333)
    left_ms = outputs.remaining_ms(1)
    print(name, left_ms > 0, outputs.fault(1), outputs.close(1) > 0, outputs.remaining_ms(1))
    motor.run(0)
    outputs.dark()
    drivers.dark_list(wirings[name])
