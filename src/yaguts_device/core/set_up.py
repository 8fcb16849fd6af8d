"""How far setting up a board without a cable is, and what went wrong."""

NOTHING = 0
"""Nothing was tried, or nothing went wrong."""
TRYING = 1
WRONG_PASSWORD = 2
NO_NETWORK = 3
"""The Wi-Fi is not there, or does not answer."""
NO_SERVER = 4
UNTRUSTED = 5
"""The server's certificate is not one that the board trusts."""
REFUSED = 6
"""The pairing code is wrong or has expired."""
UNPAIRED = 7
"""The server answers, but the board has no pairing code for it."""
DONE = 8
