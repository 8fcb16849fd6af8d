"""`yaguts device`: run a virtual dispenser, build the firmware of a real one."""
