"""Who calls, while schemathesis floods the server: it loads this into its own process.

Credentials are always good, whatever the calls before have done: signed out, unlinked the board.
"""

import os
from typing import Any

import schemathesis
from schemathesis import AuthContext, Case

from yaguts.app import create_app
from yaguts.domain.people import Person
from yaguts.http.access import COOKIE
from yaguts.services.dispensers.device_tokens import authenticate
from yaguts.services.people.sessions import open_session, person_of
from yaguts.services.runtime.tokens import new_token, token_hash
from yaguts.settings import Settings
from yaguts.storage import dispensers, people

SITE: Any = create_app(Settings.from_environment(os.environ)).state.site
PERSON_ID = 1
DISPENSERS_CALLS = "^/devices/me/"


@schemathesis.auth(refresh_interval=None).apply_to(path_regex=DISPENSERS_CALLS)
class Board:
    """The board of the person's default dispenser."""

    token = ""

    def get(self, _case: Case, _context: AuthContext) -> str:
        if not self.token or authenticate(SITE, self.token) is None:
            self.token = new_token(SITE.randomness)
            with SITE.database.write() as connection:
                dispenser = dispensers.default_of(connection, PERSON_ID)
                hashed = token_hash(self.token)
                dispensers.pair(connection, dispenser.id, "flood", hashed, SITE.clock())
        return self.token

    def set(self, case: Case, token: str, _context: AuthContext) -> None:
        case.headers["Authorization"] = f"Bearer {token}"


@schemathesis.auth(refresh_interval=None).skip_for(path_regex=DISPENSERS_CALLS)
class Browser:
    """A browser in which the person is signed in."""

    token = ""

    def get(self, _case: Case, _context: AuthContext) -> str:
        if not self.token or person_of(SITE, self.token) is None:
            self.token = open_session(SITE, self._person())
        return self.token

    def set(self, case: Case, token: str, _context: AuthContext) -> None:
        case.cookies = {**(case.cookies or {}), COOKIE: token}

    def _person(self) -> Person:
        with SITE.database.read() as connection:
            return people.find(connection, PERSON_ID)
