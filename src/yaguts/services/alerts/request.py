"""A message as the child process is asked to send it: see `sender_process`."""

import json
from datetime import timedelta

from yaguts.domain.alerts.browsers import is_urgent, life_of
from yaguts.domain.alerts.kinds import AlertMessage, WrittenAlert
from yaguts.domain.alerts.trouble import SERVER
from yaguts.domain.clock import left
from yaguts.services.alerts.sealing import TargetSecret
from yaguts.services.alerts.vapid import private_key
from yaguts.services.runtime.context import Site
from yaguts.services.runtime.tokens import keyed_hash
from yaguts_wire import words as w

_TOPIC_CHARACTERS = 32
"""The longest that RFC 8030 allows."""


def request(
    site: Site, message: AlertMessage, secret: TargetSecret, language: str, zone: str
) -> dict[str, object] | None:
    """What the child process is asked. None when the message is of no use there any more."""
    written = site.alerting.write(message, language, zone)
    text = written.text(site.settings.public_url)
    asked: dict[str, object] = {
        "url": secret.url,
        "allowed": site.settings.alert_private_targets,
        "title": written.title,
        "text": text,
        "timestamp": str(int(site.clock().timestamp())),
    }
    if secret.p256dh:
        return _to_browser(site, asked, message, secret, written)
    if not secret.key:
        return asked
    body = {
        "id": message.uid,
        w.KIND: message.kind,
        w.EVENT: message.event,
        w.ABOUT: message.subject,
        w.CREATED_AT: message.at.isoformat(timespec="seconds"),
        w.TITLE: written.title,
        w.TEXT: text,
        w.FACTS: dict(message.facts),
    }
    return asked | {
        "key": secret.key,
        "id": message.uid,
        "body": json.dumps(body, ensure_ascii=False),
    }


def _to_browser(
    site: Site,
    asked: dict[str, object],
    message: AlertMessage,
    secret: TargetSecret,
    written: WrittenAlert,
) -> dict[str, object] | None:
    """A newer message about the same subject takes the place of an older one: at the push service
    by its topic, which tells it nothing, and in the browser by its tag.
    """
    life = life_of(message.kind)
    useful = min(life, left(message.at + life, site.clock()))
    if useful <= timedelta():
        return None
    about = f"{message.kind} {SERVER}" if message.subject == SERVER else message.subject
    topic = keyed_hash(site, f"topic {about}")[:_TOPIC_CHARACTERS]
    shown = {
        "title": written.title,
        "text": written.sentence,
        "tag": topic,
        "page": written.page,
        "at": int(message.at.timestamp() * 1000),
    }
    return asked | {
        "body": json.dumps(shown, ensure_ascii=False),
        "browser": {
            "p256dh": secret.p256dh,
            "auth": secret.auth,
            "private_key": private_key(site),
            "contact": secret.contact,
            "ttl_s": int(useful.total_seconds()),
            "topic": topic,
            "urgency": "high" if is_urgent(message.kind) else "normal",
        },
    }
