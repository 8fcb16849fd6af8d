"""Which addresses alerts may be sent to, and how much of them is shown."""

import pytest

from yaguts.domain.alerts.addresses import LONGEST, parsed
from yaguts.domain.errors import BadTarget


@pytest.mark.parametrize(
    ("typed", "shown", "signed"),
    [
        ("https://hooks.example/a/secret?k=v", "https://hooks.example/…", True),
        (" HTTP://192.168.1.9:8080/x ", "http://192.168.1.9/…", True),
        ("mailtos://ana:pw@example.org?to=a@b.org", "mailtos://…@example.org", False),
        ("tgram://123456789:abcdefghijkl/12345678/", "tgram://…5678", False),
        ("ntfy://short", "ntfy://…", False),
        ("ntfys://token@ntfy.example/a-long-topic?priority=high", "ntfys://…high", False),
        ("hassio://ha.local/token", "hassio://ha.local/…", False),
        ("discord://1234567890/abcdefghijkl", "discord://…ijkl", False),
    ],
)
def test_an_address_is_taken_and_shown_in_part(typed: str, shown: str, signed: bool) -> None:
    address = parsed(typed)

    assert (address.shown, address.signed) == (shown, signed)


@pytest.mark.parametrize(
    "typed",
    [
        "", "https://", "example.org", "https:/x.example", "https://user:pw@host.example/",
        "https://host.example:99999/", "https://[::1/x", "https://host.example/\nx", "a" * 9,
        f"https://host.example/{'x' * LONGEST}", "https://a.example,https://b.example",
        "https://a.example https://b.example",
        "file:///etc/passwd", "syslog://", "rsyslog://localhost", "dbus://", "gnome://", "glib://",
        "windows://", "macosx://", "smpp://a:b@c/1/2", "mqtt://host/topic", "apprise://host/token",
        "xml://host.example/x", "form://host.example/x", "workflows://host/x/y?template=/etc/passwd",
        "slack://a/b/c?template=/etc/passwd", "discord://1/2?template=/etc/passwd",
        "tgram://1:a/2?template=/etc/passwd", "mailtos://u:p@example.org?pgp=yes&pgpprv=/etc/passwd",
        "mailtos://u:p@example.org?pgpkey=/x", "ntfy://topic?attach=file:///etc/passwd",
        "mailto://a.example?include=/etc/passwd", "json://a.example?+X=1", "mailto://a.org?store=yes",
    ],
)  # fmt: skip
def test_an_address_is_refused(typed: str) -> None:
    """Nothing reads files or runs programs on the server."""
    with pytest.raises(BadTarget):
        parsed(typed)
