"""The limits that server and dispensers both keep to. Plain numbers: a board pays for each name."""

MAX_JARS = 16
MAX_DOSES = 16
"""So many doses a job has at most: a dispenser's journal has room for no more."""
MAX_DOSE_MS = 180_000
"""A jar runs 180 seconds at most, or something is wrong with its calibration."""
MAX_DOSE_MG = 9_000_000
"""Stays below 2^24, up to which the ESP32's floats count exactly."""
MAX_JOB_BYTES = 4095
"""Firmware 0.1 keeps a job in a buffer of 4,096 bytes, its closing zero included."""
MAX_RECORD_BYTES = 3072
"""What a dispenser's journal has room for: a message of 4,095 bytes packs into 2,600 at most."""
MAX_POLL_S = 25
"""So long the server holds a poll at most until there is a job."""
HEARTBEAT_S = 30
"""How often a dispenser shows a sign of life."""
