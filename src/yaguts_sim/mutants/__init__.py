"""Mutants: bugs planted in server and firmware, which the simulator must find."""
