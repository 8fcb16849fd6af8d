"""The simulator: server and firmware in virtual time, with faults drawn from a seed."""
