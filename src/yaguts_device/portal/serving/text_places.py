"""Where each text stands in the tuples of `texts_pt` and `texts_en`."""

LANGUAGE = 0
INTRODUCTION = 1
NETWORK = 2
OTHER_NETWORK = 3
NO_NETWORKS = 4
PASSWORD = 5
PASSWORD_HINT = 6
SHOW = 7
SERVER = 8
SERVER_HINT = 9
CODE = 10
CODE_HINT = 11
CONNECT = 12
COME_BACK = 13
TO_THE_FORM = 14
FORGET = 15
FORGET_ASKED = 16
FORGET_NOW = 17
FORGOTTEN = 18
OTHER_LANGUAGE = 19
BUSY = 20
STATES = 21
"""The first of nine texts, in the order of the numbers of `core.set_up`."""
FORM = 30
"""The text before the first problem of a form, whose numbers begin with 1."""
