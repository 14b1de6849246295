"""What Google's answers mean: which may be asked again, and which fault the others are. Its own words go to the log."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final

import requests

from core.intake.online.faults import OnlineFault
from core.intake.online.key import ServiceKey

RETRIED: Final = frozenset({429, 500, 502, 503, 504})
SHEETS, DRIVE, SIGNING_IN = "Google Sheets API", "Google Drive API", "Google sign-in"
_OFF = {"SERVICE_DISABLED", "accessNotConfigured"}
_TOO_FAST = {"rateLimitExceeded", "userRateLimitExceeded"}
_NOT_SHAREABLE = {
    "cannotShareTeamDriveTopFolderWithAnyoneOrDomains",
    "domainPolicy",
    "invalidSharingRequest",
    "publishOutNotPermitted",
    "shareOutNotPermitted",
    "shareOutNotPermittedToUser",
    "sharingRateLimitExceeded",
    "teamDriveDomainUsersOnlyRestriction",
    "teamDriveMembersOnlyRestriction",
}
_SECRETS = re.compile(r"ya29\.[\w.-]+|eyJ[\w-]+\.[\w.-]+|-----BEGIN.*", re.DOTALL)
_log = logging.getLogger("shifan.online")
# what Google says is for whoever minds the server; on a command line only our own sentences are read
_log.addHandler(logging.NullHandler())


class ForLater(Exception):
    """An answer that one may ask again after."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(answer.status_code)
        self.answer = answer


@dataclass(frozen=True, slots=True)
class Said:
    """What stands in an error's body: Google's message and status, and the reasons of Sheets and Drive together."""

    message: str
    status: str
    reasons: frozenset[str]


def said(answer: requests.Response) -> Said:
    """Reads the body of an error; all of it is empty where the body is none of Google's."""
    try:
        error = answer.json()["error"]
        details = [*error.get("details", ()), *error.get("errors", ())]
        reasons = {str(each["reason"]) for each in details if "reason" in each}
        return Said(str(error.get("message", "")), str(error.get("status", "")), frozenset(reasons))
    except (ValueError, LookupError, TypeError, AttributeError):
        return Said("", "", frozenset())


def may_repeat(answer: requests.Response) -> bool:
    """Whether the same request may go through later. Drive says "too fast" with 403 too."""
    return answer.status_code in RETRIED or (answer.status_code == 403 and bool(said(answer).reasons & _TOO_FAST))


def not_applied(answer: requests.Response) -> bool:
    """Whether Google turned a request away before doing anything."""
    return answer.status_code < 500


def retry_after(answer: requests.Response) -> float | None:
    """Seconds that Google asks to wait; None where it asks for nothing. A date counts from the answer's own."""
    text = answer.headers.get("Retry-After", "").strip()
    if re.fullmatch(r"[0-9]{1,6}", text):
        return float(text)
    try:
        until = parsedate_to_datetime(text)
        told = answer.headers.get("Date")
        now = parsedate_to_datetime(told) if told else datetime.now(UTC)
        return max((until - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


def fault_in(answer: requests.Response, key: ServiceKey, host: str) -> OnlineFault:
    """The fault that an answer without success is. `host` is the API asked (SHEETS or DRIVE)."""
    status, what, email = answer.status_code, said(answer), key.client_email
    _log.warning("%s answered %s %s: %s", host, status, what.status, _SECRETS.sub("…", what.message)[:500])
    if not 400 <= status < 600:
        return OnlineFault("strange_answer")
    if status == 429 or what.reasons & _TOO_FAST:
        return OnlineFault("quota")
    if status >= 500:
        return OnlineFault("service_down")
    if status == 401:
        return OnlineFault("key_refused", email=email)
    if what.reasons & _OFF:
        return OnlineFault("api_off", api=host, project=key.project_id)
    if "storageQuotaExceeded" in what.reasons:
        return OnlineFault("no_storage", email=email)
    if what.reasons & _NOT_SHAREABLE:
        return OnlineFault("not_shareable")
    if status in (400, 403) and "protected cell" in what.message.lower():
        return OnlineFault("protected", email=email)
    if status == 403:
        return OnlineFault("not_shared", email=email)
    if status == 404:
        return OnlineFault("not_found", email=email)
    if what.status == "FAILED_PRECONDITION" and "not supported for this document" in what.message:
        return OnlineFault("not_a_sheet")
    return OnlineFault("refused", status=status)


def refused_token(data: Any, key: ServiceKey) -> OnlineFault:
    """The fault of a token that was not given. `data` is what the token endpoint said, None where it was not JSON."""
    if not isinstance(data, Mapping) or "error" not in data:
        return OnlineFault("strange_answer")
    error, description = str(data["error"]), str(data.get("error_description", ""))
    _log.warning("no token for %s: %s: %s", key.client_email, error, _SECRETS.sub("…", description)[:500])
    if "iat" in description and "exp" in description:
        return OnlineFault("key_clock")
    return OnlineFault("key_refused", email=key.client_email)


def fault_of(error: Exception) -> OnlineFault:
    """The fault of a request that got no answer."""
    text = str(error)
    _log.warning("no answer: %s: %s", type(error).__name__, _SECRETS.sub("…", text)[:500])
    if isinstance(error, requests.exceptions.SSLError) and "CERTIFICATE_VERIFY_FAILED" in text:
        return OnlineFault("untrusted")
    return OnlineFault("timed_out" if isinstance(error, requests.Timeout) else "no_network")


def was_sent(error: Exception) -> bool:
    """Whether a request without an answer may have reached Google."""
    if isinstance(error, requests.ConnectTimeout):
        return False
    reason = getattr(error.args[0], "reason", None) if error.args else None
    names = {each.__name__ for each in type(reason).__mro__}
    return not names & {"NewConnectionError", "SSLError", "ProxyError"}
