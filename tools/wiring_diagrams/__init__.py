"""Wiring diagrams of the drivers, drawn from the data that the check of a wiring uses."""
