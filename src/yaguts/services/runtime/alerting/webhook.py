"""A webhook: one signed POST to the one address that its name has now, without redirects."""

import hmac
import ssl
from collections.abc import Callable, Mapping
from email.utils import parsedate_to_datetime
from hashlib import sha256
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlsplit

from yaguts.domain.alerts.delivery import AlertFault, Failed
from yaguts.services.runtime.alerting.connecting import connected
from yaguts.services.runtime.alerting.guard import PrivateAddress

_DIGITS = 9
ID, TIMESTAMP, SIGNATURE = "Yaguts-Id", "Yaguts-Timestamp", "Yaguts-Signature"


def signature(key: str, timestamp: str, body: bytes) -> str:
    """What stands in the header: `v1=` and HMAC-SHA256 of time, full stop and body, in hex."""
    signed = hmac.new(key.encode(), timestamp.encode() + b"." + body, sha256)
    return f"v1={signed.hexdigest()}"


def post(
    url: str, body: bytes, headers: Mapping[str, str], insist: Callable[[object], None]
) -> Failed | None:
    """Send the body. None when the answer was 2xx. `insist` raises `PrivateAddress`."""
    parts = urlsplit(url)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    connection: HTTPConnection | None = None
    try:
        connection = connected(parts.scheme, parts.hostname or "", parts.port, insist)
        connection.request("POST", path, body, dict(headers))
        answer = connection.getresponse()
    except PrivateAddress:
        return Failed(AlertFault.PRIVATE)
    except TimeoutError:
        return Failed(AlertFault.TIMEOUT)
    except (HTTPException, OSError, ValueError) as error:
        return Failed(AlertFault.UNREACHABLE, _said(error))
    finally:
        if connection is not None:
            connection.close()
    if 200 <= answer.status < 300:
        return None
    asked_s = seconds_asked(answer.getheader("Retry-After") or "", answer.getheader("Date") or "")
    return Failed(AlertFault.REFUSED, f"HTTP {answer.status}", asked_s)


def seconds_asked(retry_after: str, date: str) -> int:
    """For how many seconds a receiver asks to be left alone. A time is compared with its clock."""
    if retry_after.isascii() and retry_after.isdigit():
        return int(retry_after[:_DIGITS])
    try:
        until, now = parsedate_to_datetime(retry_after), parsedate_to_datetime(date)
        return max(0, int(until.timestamp() - now.timestamp()))
    except (ValueError, OverflowError):
        return 0


def _said(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__
