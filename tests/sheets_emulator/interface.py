"""What Google's interfaces know (interface.toml): a request or a mask with anything else in it is refused."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from tests.sheets_emulator.masks import Mask
from tests.sheets_emulator.problems import Json, Problem, drive, sheets

Fields = dict[str, str]
PLAIN = {"s": "TYPE_STRING", "i": "TYPE_INT32", "n": "TYPE_DOUBLE", "b": "TYPE_BOOL"}


@cache
def _messages(service: str) -> dict[str, Fields]:
    known = tomllib.loads((Path(__file__).parent / "interface.toml").read_text("utf-8"))[service]
    return {
        name: dict(each.split(":", 1) for each in fields.split())
        for name, fields in known.items()
        if name != "revision"
    }


def checked(message: str, value: Any, where: str = "") -> Any:
    """A request's body as it is understood: without nulls; refused where Google does not know a name or a value."""
    return _checked("@" + message, value, where)


@cache
def _snake(name: str) -> str:
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: "_" + found[1].lower(), name)


@cache
def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)


def _bad(where: str, message: str) -> Problem:
    violation = {"field": where, "description": message} if where else {"description": message}
    return sheets(
        400, message, [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]
    )


def _wrong(where: str, kind: str, value: Any) -> Problem:
    shown = f'"{value}"' if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return _bad(where, f"Invalid value at '{where}' ({kind}), {shown}")


def _checked(kind: str, value: Any, where: str) -> Any:
    if kind == "*":
        return value
    if kind[0] == "[":
        if not isinstance(value, list):
            value = [value]
        if kind[1] == "[" and (odd := next((each for each in value if not isinstance(each, list)), None)) is not None:
            raise _wrong(where, "type.googleapis.com/google.protobuf.ListValue", odd)
        if kind == "[*":
            return value
        return [_checked(kind[1:], each, f"{where}[{place}]") for place, each in enumerate(value)]
    if kind[0] == "{":
        if not isinstance(value, dict):
            raise _wrong(where, "Map", value)
        return {name: _checked(kind[1:], each, f"{where}[{name}]") for name, each in value.items()}
    if kind[0] == "@":
        return _message(kind[1:], value, where)
    return _plain(kind, value, where)


def _message(message: str, value: Any, where: str) -> Json:
    if not isinstance(value, dict):
        raise _wrong(where, f"type.googleapis.com/google.apps.sheets.v4.{message}", value)
    known, result = _messages("sheets")[message], {}
    for name, each in value.items():
        field = _camel(name)
        if field not in known:
            at = f" at '{where}'" if where else ""
            raise _bad(where, f'Invalid JSON payload received. Unknown name "{name}"{at}: Cannot find field.')
        if each is not None:
            result[field] = _checked(known[field], each, f"{where}.{_snake(field)}".removeprefix("."))
    return result


def _plain(kind: str, value: Any, where: str) -> Any:
    if kind not in PLAIN:
        if value not in kind.split("|") and not str(value).endswith("UNSPECIFIED"):
            raise _wrong(where, "type.googleapis.com/google.apps.sheets.v4." + where.rpartition(".")[2], value)
        return value
    if kind == "i" and isinstance(value, str) and re.fullmatch(r"-?\d+", value):
        value = int(value)
    if kind == "i" and isinstance(value, float) and value == int(value):
        value = int(value)
    if kind == "n" and isinstance(value, str) and re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", value):
        value = float(value)
    right = {"s": (str,), "i": (int,), "n": (int, float), "b": (bool,)}[kind]
    if not isinstance(value, right) or (isinstance(value, bool) and kind != "b"):
        raise _wrong(where, PLAIN[kind], value)
    if isinstance(value, int) and kind == "i" and not -(2**31) <= value < 2**31:
        raise _wrong(where, PLAIN[kind], value)
    return value


def check_mask(message: str, mask: Mask, service: str = "sheets") -> None:
    """Refuse a mask that names what the message does not have."""
    path = unknown(message, mask, service)
    if not path:
        return
    if service == "drive":
        raise drive(400, "invalidParameter", f"Invalid field selection {path}")
    violation = {
        "field": path,
        "description": f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'.",
    }
    details = [{"@type": "type.googleapis.com/google.rpc.BadRequest", "fieldViolations": [violation]}]
    raise sheets(400, "Request contains an invalid argument.", details)


def unknown(message: str, mask: Mask, service: str = "sheets", where: str = "") -> str:
    """The first path of a mask that the message does not have, empty where it has all."""
    known = _messages(service)[message]
    for name, below in mask.parts.items():
        path = f"{where}.{name}".removeprefix(".")
        if name not in known:
            return path
        kind = known[name].lstrip("[{")
        if kind.startswith("@"):
            if found := unknown(kind[1:], below, service, path):
                return found
        elif below.parts and kind != "*":
            return path + "." + next(iter(below.parts))
    return ""
