"""The few calls of the Drive interface: files and what they are called, who may use them, when they changed."""

from __future__ import annotations

import csv
import io
from typing import Any

from tests.sheets_emulator import drive_search, values
from tests.sheets_emulator.book import DEFAULT_COLUMNS, DEFAULT_ROWS
from tests.sheets_emulator.calls import Call, Raw, route
from tests.sheets_emulator.masks import parse, pick
from tests.sheets_emulator.problems import Json, drive
from tests.sheets_emulator.protection import Editor
from tests.sheets_emulator.state import FOLDER, ROLES, SPREADSHEET, File, State, grant, iso, permission_id

BRIEF = "kind,id,name,mimeType"
PERMISSION = "kind,id,type,role"
NO_STORAGE = (
    "Service Accounts do not have storage quota. Leverage shared drives "
    "(https://developers.google.com/workspace/drive/api/guides/about-shareddrives), or use OAuth delegation "
    "(http://support.google.com/a/answer/7281227) instead."
)


def _person(email: str, user: str) -> Json:
    return {
        "kind": "drive#user",
        "displayName": email.partition("@")[0],
        "me": email == user,
        "permissionId": permission_id(email),
        "emailAddress": email,
    }


def file_json(state: State, file: File, user: str) -> Json:
    """A file with everything that can be asked for."""
    when, version, by = state.shown(file)
    edits, owns = state.may(file, user, "writer"), state.may(file, user, "organizer")
    answer: Json = {
        "kind": "drive#file",
        "id": file.id,
        "name": file.name,
        "mimeType": file.mime,
        "starred": False,
        "trashed": file.trashed,
        "explicitlyTrashed": file.trashed,
        "parents": [each for each in file.parents if each not in state.files or state.role(state.files[each], user)],
        "version": str(version),
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{file.id}/edit?usp=drivesdk",
        "createdTime": iso(file.created),
        "modifiedTime": iso(when),
        "lastModifyingUser": _person(by, user),
        "shared": len(file.permissions) > 1,
        "capabilities": {
            "canEdit": edits,
            "canShare": edits,
            "canRename": edits,
            "canCopy": True,
            "canTrash": owns,
            "canDelete": owns,
            "canModifyContent": edits,
            "canAddChildren": edits and file.mime == FOLDER,
        },
    }
    if file.description:
        answer["description"] = file.description
    if file.drive:
        answer["driveId"] = file.drive
    else:
        answer |= {"owners": [_person(file.owner, user)], "ownedByMe": file.owner == user}
    if file.app_properties:
        answer["appProperties"] = file.app_properties
    if file.properties:
        answer["properties"] = file.properties
    if edits:
        answer |= {"permissions": file.permissions, "permissionIds": [each["id"] for each in file.permissions]}
    return {name: value for name, value in answer.items() if value != []}


def _shown(call: Call, answer: Json, usual: str) -> Json:
    picked: Json = pick(call.mask or parse(usual), answer)
    return picked


def _file(state: State, call: Call, role: str = "reader") -> File:
    file = state.file(call.part(0), call.user, role)
    _reach(file, call)
    return file


def _reach(file: File, call: Call) -> None:
    """What lies on a shared drive is not there for a call that does not say it knows of those."""
    if file.drive and not call.flag("supportsAllDrives"):
        raise drive(404, "notFound", f"File not found: {file.id}.")


@route("GET", "/drive/v3/files", gives="FileList")
def list_files(state: State, call: Call) -> Any:
    """The files that a search finds, as far as the caller may see them."""
    meant = drive_search.compiled(call.option("q"))
    far = call.flag("includeItemsFromAllDrives") and call.flag("supportsAllDrives")
    found = [
        each
        for each in state.files.values()
        if state.role(each, call.user) and (far or not each.drive) and meant(state, each)
    ]
    order = call.option("orderBy")
    found.sort(key=lambda each: state.shown(each)[0], reverse=True)
    if order.startswith("name"):
        found.sort(key=lambda each: each.name, reverse=order.endswith("desc"))
    start, size = int(call.option("pageToken") or 0), int(call.option("pageSize") or 100)
    answer: Json = {"kind": "drive#fileList", "incompleteSearch": False}
    if start + size < len(found):
        answer["nextPageToken"] = str(start + size)
    answer["files"] = [file_json(state, each, call.user) for each in found[start : start + size]]
    return _shown(call, answer, f"kind,incompleteSearch,nextPageToken,files({BRIEF})")


@route("POST", "/drive/v3/files", gives="File")
def create(state: State, call: Call) -> Any:
    """A new spreadsheet or folder."""
    given = call.body or {}
    mime = given.get("mimeType", "application/octet-stream")
    if mime not in (SPREADSHEET, FOLDER):
        raise drive(400, "badRequest", "The emulator keeps spreadsheets and folders only.")
    parents = given.get("parents") or []
    for each in parents:
        parent = state.file(each, call.user, "writer")
        _reach(parent, call)
    on_drive = any(state.files[each].drive for each in parents)
    if mime == SPREADSHEET and call.user in state.without_storage and not on_drive:
        raise drive(403, "storageQuotaExceeded", NO_STORAGE)
    file = state.make(call.user, given.get("name", "Untitled"), mime, parents=parents)
    _describe(file, given)
    return _shown(call, file_json(state, file, call.user), BRIEF)


def _describe(file: File, given: Json) -> None:
    for name, kept in (("appProperties", file.app_properties), ("properties", file.properties)):
        for key, value in (given.get(name) or {}).items():
            if value is None:
                kept.pop(key, None)
            elif len(key.encode()) + len(str(value).encode()) > 124:
                raise drive(400, "propertyTooLong", "Property key and value are longer than 124 bytes.")
            else:
                kept[key] = str(value)
    file.description = given.get("description", file.description)


@route("GET", "/drive/v3/files/{}", gives="File")
def get(state: State, call: Call) -> Any:
    """What is known of a file."""
    return _shown(call, file_json(state, _file(state, call), call.user), BRIEF)


@route("PATCH", "/drive/v3/files/{}", gives="File")
def update(state: State, call: Call) -> Any:
    """Another name, the bin, another folder, other properties."""
    given, file = call.body or {}, _file(state, call, "writer")
    if "trashed" in given and not state.may(file, call.user, "organizer"):
        raise drive(403, "insufficientFilePermissions", "The user does not have sufficient permissions for this file.")
    for each in filter(None, call.option("addParents").split(",")):
        state.file(each, call.user, "writer")
        file.parents.append(each)
    gone = call.option("removeParents").split(",")
    file.parents = [each for each in file.parents if each not in gone]
    _describe(file, given)
    file.trashed = given.get("trashed", file.trashed)
    if "name" in given:
        file.name = given["name"]
        if file.book is not None:
            book = file.book.replica()
            book.properties = book.properties | {"title": file.name}
            file.book = book
    state.touch(file, call.user)
    return _shown(call, file_json(state, file, call.user), BRIEF)


@route("DELETE", "/drive/v3/files/{}")
def delete(state: State, call: Call) -> Any:
    """Gone for good."""
    del state.files[_file(state, call, "organizer").id]


@route("POST", "/drive/v3/files/{}/copy", gives="File")
def copy(state: State, call: Call) -> Any:
    """A copy of the caller's own."""
    source, given = _file(state, call), call.body or {}
    if call.user in state.without_storage and not source.drive:
        raise drive(403, "storageQuotaExceeded", NO_STORAGE)
    name = given.get("name") or f"Copy of {source.name}"
    file = state.make(call.user, name, source.mime, parents=given.get("parents") or [])
    if source.book is not None:
        book = source.book.replica()
        book.id = file.id
        book.properties = book.properties | {"title": name}
        file.book = book
    _describe(file, {"appProperties": source.app_properties} | given)
    return _shown(call, file_json(state, file, call.user), BRIEF)


@route("GET", "/drive/v3/files/{}/export")
def export(state: State, call: Call) -> Any:
    """The first sheet as CSV."""
    file = _file(state, call)
    if call.option("mimeType") != "text/csv" or file.book is None:
        raise drive(400, "badRequest", "The requested conversion is not supported.")
    sheet = file.book.sheets[0]
    used = sheet.used()
    found = values.read(file.book, used, {}).get("values", []) if used.bottom else []
    width = max((len(line) for line in found), default=0)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[*line, *[""] * (width - len(line))] for line in found])
    return Raw(text.getvalue().removesuffix("\r\n").encode(), "text/csv")


@route("PUT", "/upload/drive/v2/files/{}")
def upload(state: State, call: Call) -> Any:
    """A CSV file in place of everything in the spreadsheet."""
    file = _file(state, call, "writer")
    if file.book is None or not isinstance(call.body, bytes):
        raise drive(400, "badRequest", "The emulator takes CSV for spreadsheets only.")
    rows: list[list[Any]] = list(csv.reader(io.StringIO(call.body.decode())))
    book = file.book.replica()
    sheet = book.sheets[0].replica()
    book.sheets, sheet.cells = [sheet], {}
    sheet.properties = sheet.properties | {"title": file.name}
    sheet.resize(max(len(rows), DEFAULT_ROWS), max([DEFAULT_COLUMNS, *(len(row) for row in rows)]))
    values.write(
        book, Editor(call.user, owner=True), sheet.area, {"values": rows}, {"valueInputOption": "USER_ENTERED"}
    )
    state.store(file, book, call.user)
    return {"kind": "drive#file", "id": file.id, "title": file.name}


@route("GET", "/drive/v3/files/{}/comments")
def comments(state: State, call: Call) -> Any:
    """No comments."""
    _file(state, call)
    return {"kind": "drive#commentList", "comments": []}


@route("GET", "/drive/v3/files/{}/permissions", gives="PermissionList")
def permissions(state: State, call: Call) -> Any:
    """Who may use a file."""
    file = _file(state, call, "writer")
    answer = {"kind": "drive#permissionList", "permissions": file.permissions}
    return _shown(call, answer, f"kind,nextPageToken,permissions({PERMISSION})")


@route("POST", "/drive/v3/files/{}/permissions", gives="Permission")
def share(state: State, call: Call) -> Any:
    """Let someone use a file."""
    given, file = call.body or {}, _file(state, call, "writer")
    role, kind, email = given.get("role", ""), given.get("type", ""), given.get("emailAddress", "")
    if role not in ROLES or not role or kind not in ("user", "group", "domain", "anyone"):
        raise drive(400, "required", "The permission role and type fields are required.")
    if kind in ("user", "group") and "@" not in email:
        raise drive(400, "invalidSharingRequest", "The specified emailAddress is invalid or not applicable.")
    if role == "owner" and not call.flag("transferOwnership"):
        message = "The transferOwnership parameter must be enabled when the permission role is 'owner'."
        raise drive(403, "forbidden", message)
    quiet = call.option("sendNotificationEmail").lower() == "false"
    if quiet and email.lower() in {each.lower() for each in state.without_account}:
        message = (
            f'Bad Request. User message: "You are trying to invite {email}. Since there is no Google account '
            'associated with this email address, you must check the "Notify people" box to invite this recipient."'
        )
        raise drive(400, "invalidSharingRequest", message)
    made = grant(email, role, kind)
    known = next((each for each in file.permissions if each["id"] == made["id"]), None)
    if known is not None and ROLES.index(known["role"]) > ROLES.index(role):
        made = made | {"role": known["role"]}
    if role == "owner":
        file.owner = email
        file.permissions = [each | {"role": "writer"} if each["role"] == "owner" else each for each in file.permissions]
    file.permissions = [each for each in file.permissions if each["id"] != made["id"]] + [made]
    return _shown(call, made, PERMISSION)


def _permission(file: File, wanted: str) -> Json:
    for each in file.permissions:
        if each["id"] == wanted:
            return each
    raise drive(404, "notFound", f"Permission not found: {wanted}.")


@route("GET", "/drive/v3/files/{}/permissions/{}", gives="Permission")
def permission(state: State, call: Call) -> Any:
    """One person's permission."""
    return _shown(call, _permission(_file(state, call, "writer"), call.part(1)), PERMISSION)


@route("PATCH", "/drive/v3/files/{}/permissions/{}", gives="Permission")
def change_permission(state: State, call: Call) -> Any:
    """Another role."""
    file = _file(state, call, "writer")
    old = _permission(file, call.part(1))
    new = old | {"role": (call.body or {}).get("role", old["role"])}
    file.permissions = [new if each is old else each for each in file.permissions]
    return _shown(call, new, PERMISSION)


@route("DELETE", "/drive/v3/files/{}/permissions/{}")
def unshare(state: State, call: Call) -> Any:
    """No longer for this person."""
    file = _file(state, call, "writer")
    old = _permission(file, call.part(1))
    if old["role"] == "owner":
        raise drive(403, "cannotDeletePermission", "The owner of a file cannot be removed.")
    file.permissions = [each for each in file.permissions if each is not old]


@route("GET", "/drive/v3/about", gives="About")
def about(_: State, call: Call) -> Any:
    """Who the caller is."""
    if call.mask is None:
        raise drive(400, "required", "The 'fields' parameter is required for this method.")
    person = _person(call.user, call.user)
    return _shown(call, {"kind": "drive#about", "user": person, "storageQuota": {"limit": "0", "usage": "0"}}, "kind")
