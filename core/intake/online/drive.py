"""The few calls of Google Drive that online sheets need: found, made, looked at, shared. Shared drives included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from core.intake.online.faults import OnlineFault

if TYPE_CHECKING:
    from core.intake.online.client import OnlineClient

SPREADSHEET: Final = "application/vnd.google-apps.spreadsheet"
FOLDER: Final = "application/vnd.google-apps.folder"
_FILE = "id,name,appProperties,createdTime,webViewLink"
_HEAD = "id,name,mimeType,version,modifiedTime,trashed,webViewLink,driveId,capabilities(canEdit,canAddChildren)"
_PAGE = 100


@dataclass(frozen=True, slots=True)
class File:
    """A file that was found: its id, name, our own properties on it, where people open it, when it was made (UTC)."""

    id: str
    name: str
    properties: Mapping[str, str]
    link: str
    created: str


@dataclass(frozen=True, slots=True)
class Head:
    """A file without its content. `version` grows with every change, the service account's own included.

    `modified` is RFC 3339 in UTC as Drive gives it; `shared_drive` whether it lies on a shared drive.
    """

    id: str
    name: str
    kind: str
    version: str
    modified: str
    trashed: bool
    link: str
    shared_drive: bool
    editable: bool
    takes_files: bool


@dataclass(frozen=True, slots=True)
class Grant:
    """Who may do what with a file: `role` is owner, organizer, fileOrganizer, writer, commenter or reader."""

    id: str
    email: str
    role: str


def find(client: OnlineClient, key: str, value: str, *, folder_id: str = "") -> list[File]:
    """The spreadsheets that carry our property, the oldest first; those in the bin are left out."""
    query = f"mimeType = '{SPREADSHEET}' and trashed = false"
    query += f" and appProperties has {{ key='{_quoted(key)}' and value='{_quoted(value)}' }}"
    query += f" and '{_quoted(folder_id)}' in parents" if folder_id else ""
    params = {
        "q": query,
        "fields": f"nextPageToken,files({_FILE})",
        "pageSize": _PAGE,
        "corpora": "allDrives",
        "includeItemsFromAllDrives": True,
    }
    found: list[File] = []
    token = ""
    while True:
        answer = client.drive("get", params=params | ({"pageToken": token} if token else {}))
        found += [_file(each) for each in _list(answer, "files")]
        token = str(answer.get("nextPageToken", ""))
        if not token:
            return sorted(found, key=lambda each: (each.created, each.id))


def create(client: OnlineClient, name: str, folder_id: str, app_properties: Mapping[str, str]) -> str:
    """Makes an empty spreadsheet and gives its id. `folder_id` may be `""`: the service account's own root.

    Not to be made twice: where the outcome is unknown (OnlineFault `unknown_outcome`), `find` it by its properties.
    """
    body: dict[str, Any] = {"name": name, "mimeType": SPREADSHEET, "appProperties": dict(app_properties)}
    body |= {"parents": [folder_id]} if folder_id else {}
    answer = client.drive("post", params={"fields": "id"}, json=body)
    if not answer.get("id"):
        raise OnlineFault("unknown_outcome")
    return str(answer["id"])


def head(client: OnlineClient, id: str) -> Head:
    """A file as it stands, without its content. OnlineFault `not_found` where it is gone or not shared."""
    answer = client.drive("get", f"/{quote(id, safe='')}", params={"fields": _HEAD})
    if answer.get("id") != id:
        raise OnlineFault("strange_answer")
    may = answer.get("capabilities", {})
    return Head(
        id=id,
        name=str(answer.get("name", "")),
        kind=str(answer.get("mimeType", "")),
        version=str(answer.get("version", "")),
        modified=str(answer.get("modifiedTime", "")),
        trashed=bool(answer.get("trashed", False)),
        link=str(answer.get("webViewLink", "")),
        shared_drive=bool(answer.get("driveId")),
        editable=bool(may.get("canEdit", True)),
        takes_files=bool(may.get("canAddChildren", True)),
    )


def permissions(client: OnlineClient, id: str) -> list[Grant]:
    """Who may do what with a file."""
    found: list[Grant] = []
    params: dict[str, Any] = {"fields": "nextPageToken,permissions(id,emailAddress,role)", "pageSize": _PAGE}
    while True:
        answer = client.drive("get", f"/{quote(id, safe='')}/permissions", params=params)
        found += [
            Grant(str(each.get("id", "")), str(each.get("emailAddress", "")), str(each.get("role", "")))
            for each in _list(answer, "permissions")
        ]
        if not answer.get("nextPageToken"):
            return found
        params["pageToken"] = answer["nextPageToken"]


def share(client: OnlineClient, id: str, email: str, role: str = "writer") -> None:
    """Gives a person a right on a file, without a mail of Google's. Given twice it is the same right."""
    body = {"type": "user", "role": role, "emailAddress": email}
    params = {"sendNotificationEmail": "false", "fields": "id"}
    client.drive("post", f"/{quote(id, safe='')}/permissions", params=params, json=body, idempotent=True)


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")


def _list(answer: Mapping[str, Any], name: str) -> list[Mapping[str, Any]]:
    found = answer.get(name, [])
    if not isinstance(found, list):
        raise OnlineFault("strange_answer")
    return found


def _file(answer: Mapping[str, Any]) -> File:
    properties = {str(name): str(value) for name, value in answer.get("appProperties", {}).items()}
    told = [str(answer.get(name, "")) for name in ("id", "name", "webViewLink", "createdTime")]
    return File(told[0], told[1], properties, told[2], told[3])
