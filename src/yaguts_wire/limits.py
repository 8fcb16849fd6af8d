"""The limits that both server and dispensers keep to."""

MAX_JARS = 16
MAX_DOSES = 16
"""A dispenser's journal has room for no more doses in a job."""
MAX_OPEN_MS = 180_000
"""A jar that is open longer in one job, over all its doses, points to a wrong calibration."""
MAX_DOSE_MG = 9_000_000
"""Below 2^24, up to which the ESP32's floats count exactly."""
MAX_JOB_BYTES = 4095
"""Firmware 0.1 keeps a job in a buffer of 4,096 bytes, its closing zero included."""
MAX_RECORD_BYTES = 3072
"""The longest packed job in a journal. A message of 4,095 bytes packs into 2,600 at most."""
MAX_KEY_BYTES = 64
"""The longest job key that a journal has room for."""
MAX_POLL_S = 25
"""How long the server holds a long poll at most."""
HEARTBEAT_S = 30
"""How often a dispenser sends a heartbeat."""
