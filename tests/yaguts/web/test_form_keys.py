"""Every form that books something has a key, or sending it twice does no harm."""

import re
from pathlib import Path

from yaguts import web

TEMPLATES = Path(web.__file__).parent / "templates"
HARMLESS_TWICE = {
    # It says how something is to be, and says so again.
    *("name", "motor", "jars", "settings", "default", "stay", "channel", "alerts", "language"),
    # What has ended, gone or begun stays so.
    *("stop", "resume", "unlink", "sign-out", "sessions", "remove", "withdraw", "leave"),
    *("book", "dismiss", "repeat", "accept", "replaces", "now", "token", "join", "virtual"),
    # The service itself does it once.
    *("missing", "run", "weigh", "new-password", "register", "password"),
    # It stores nothing that counts, or a code that nobody has seen.
    *("copy", "import", "choose", "test", "pair", "invitations", "reset", "sign-in"),
}


def test_every_form_has_a_key_or_may_be_sent_twice() -> None:
    keyless: set[str] = set()
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text("utf-8")
        for form in re.findall(r'<form[^>]*method="post".*?</form>', text, re.DOTALL):
            if "once()" not in form:
                keyless.add(_name(form))

    assert keyless == HARMLESS_TWICE


def _name(form: str) -> str:
    """The last word of the form's address, without a gap that the template fills."""
    [address] = re.findall(r'action="((?:{{.*?}}|[^"])*)"', form)[:1]
    plain = re.sub(r"{{.*?}}", "", address).strip("/")
    return plain.rpartition("/")[2]
