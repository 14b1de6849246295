"""Refusals in the words and shapes that Google's two interfaces use."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]

CONSUMER = "project_number:100000000001"
PROTECTED = (
    "You are trying to edit a protected cell or object. "
    "Please contact the spreadsheet owner to remove protection if you need to edit."
)
STATUS = {
    400: "INVALID_ARGUMENT",
    401: "UNAUTHENTICATED",
    403: "PERMISSION_DENIED",
    404: "NOT_FOUND",
    409: "ABORTED",
    429: "RESOURCE_EXHAUSTED",
    500: "INTERNAL",
    503: "UNAVAILABLE",
    504: "DEADLINE_EXCEEDED",
}
SERVICES = {
    "sheets": ("sheets.googleapis.com", "Google Sheets API"),
    "drive": ("drive.googleapis.com", "Google Drive API"),
}


class Problem(Exception):
    """A request that is refused: the HTTP status, the JSON body and further headers."""

    def __init__(self, code: int, body: Json, headers: dict[str, str] | None = None) -> None:
        super().__init__(f"{code} {body}")
        self.code = code
        self.body = body
        self.headers = headers or {}


def sheets(code: int, message: str, details: list[Json] | None = None) -> Problem:
    """A refusal of the Sheets interface."""
    error: Json = {"code": code, "message": message, "status": STATUS[code]}
    if details:
        error["details"] = details
    return Problem(code, {"error": error})


def invalid(message: str) -> Problem:
    """400 of the Sheets interface."""
    return sheets(400, message)


def drive(code: int, reason: str, message: str, domain: str = "global") -> Problem:
    """A refusal of the Drive interface."""
    each = {"message": message, "domain": domain, "reason": reason}
    return Problem(code, {"error": {"code": code, "message": message, "errors": [each]}})


def no_file(file_id: str) -> Problem:
    """Drive knows no such file, or none that this user may see."""
    each = {
        "message": f"File not found: {file_id}.",
        "domain": "global",
        "reason": "notFound",
        "location": "fileId",
        "locationType": "parameter",
    }
    return Problem(404, {"error": {"code": 404, "message": each["message"], "errors": [each]}})


def unauthenticated() -> Problem:
    """401: no token, an unknown one, or one that has run out."""
    message = (
        "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
        "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project."
    )
    problem = sheets(401, message)
    problem.headers["WWW-Authenticate"] = 'Bearer realm="https://accounts.google.com/", error="invalid_token"'
    return problem


def quota(kind: str, retry_after: str = "") -> Problem:
    """429: more than a minute's requests of this kind (read or write)."""
    metric = f"{kind.capitalize()} requests"
    message = (
        f"Quota exceeded for quota metric '{metric}' and limit '{metric} per minute per user' "
        f"of service 'sheets.googleapis.com' for consumer '{CONSUMER}'."
    )
    info = {
        "@type": "type.googleapis.com/google.rpc.ErrorInfo",
        "reason": "RATE_LIMIT_EXCEEDED",
        "domain": "googleapis.com",
        "metadata": {
            "service": "sheets.googleapis.com",
            "consumer": CONSUMER.replace("project_number:", "projects/"),
            "quota_metric": f"sheets.googleapis.com/{kind}_requests",
            "quota_limit": f"{kind.capitalize()}RequestsPerMinutePerUser",
            "quota_limit_value": "60",
            "quota_location": "global",
        },
    }
    problem = sheets(429, message, [info])
    if retry_after:
        problem.headers["Retry-After"] = retry_after
    return problem


def drive_quota(retry_after: str = "") -> Problem:
    """403 of Drive: too many requests."""
    problem = drive(403, "userRateLimitExceeded", "User rate limit exceeded.", "usageLimits")
    if retry_after:
        problem.headers["Retry-After"] = retry_after
    return problem


def api_off(service: str) -> Problem:
    """403: the interface is not switched on in the project of the key."""
    host, title = SERVICES[service]
    number = CONSUMER.partition(":")[2]
    url = f"https://console.developers.google.com/apis/api/{host}/overview?project={number}"
    message = (
        f"{title} has not been used in project {number} before or it is disabled. Enable it by visiting {url} then "
        "retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems "
        "and retry."
    )
    details: list[Json] = [
        {
            "@type": "type.googleapis.com/google.rpc.Help",
            "links": [{"description": "Google developers console API activation", "url": url}],
        },
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            "reason": "SERVICE_DISABLED",
            "domain": "googleapis.com",
            "metadata": {"service": host, "serviceTitle": title, "consumer": f"projects/{number}"},
        },
    ]
    problem = sheets(403, message, details)
    if service == "drive":
        problem.body["error"]["errors"] = [
            {"message": message, "domain": "usageLimits", "reason": "accessNotConfigured", "extendedHelp": url}
        ]
    return problem
