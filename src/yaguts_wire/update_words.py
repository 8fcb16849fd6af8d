"""The words and the limits of signed updates, for server and dispensers.

A board loads them with its update only, so they are not among the other words.
"""

# Keys: in the status of a heartbeat, in its answer, in the offer
UPDATE = "update"
RELEASE = "release"
STATE = "state"
REASON = "reason"
SLOT = "slot"
HARDWARE = "hardware"
BYTECODE = "bytecode"
MICROPYTHON = "micropython"
KEYS = "keys"
UPDATE_OFFERED = "atualizacao"
MANIFEST_SIZE = "manifest_size"

# States of an update, as the board tells them
FETCHING = "fetching"
REFUSED = "refused"
WAITING = "waiting"
UNTRIED = "untried"
CONFIRMED = "confirmed"
FELL_BACK = "fell_back"
BAD = "bad"

# Why a board refuses a release
NO_KEY = "no_key"
BAD_SIGNATURE = "bad_signature"
DOWNGRADE = "downgrade"
EXPIRED = "expired"
NO_TIME = "no_time"
WRONG_HARDWARE = "hardware"
WRONG_BYTECODE = "bytecode"
OLD_MICROPYTHON = "micropython"
WRONG_SERVER = "server"
BAD_PATH = "path"
TOO_MANY = "too_many"
TOO_LARGE = "too_large"
WRONG_SIZE = "size"
WRONG_HASH = "hash"
NO_ROOM = "no_room"
MALFORMED = "malformed"

# Why a release was left
CRASH = "crash"
WATCHDOG = "watchdog"
SILENCE = "silence"

# Limits of a release
MAX_FILES = 128
MAX_RELEASE_BYTES = 256 * 1024
MAX_MANIFEST_BYTES = 20 * 1024
SIGNATURE_BYTES = 384
"""RSA-3072."""
PUBLIC_EXPONENT = 65537
PIECE_BYTES = 2048
"""A file is sent in pieces of at most so many bytes."""
