"""The registry as data: CSV for spreadsheets, JSON for programs, and what describes both."""

from __future__ import annotations

import csv
import io
import json
from typing import Any, Final

from core.publication.harmless import harmless
from core.publication.registry.model import Registry
from core.publication.registry.words import Column, words

CSV: Final = "registry.csv"
JSON: Final = "registry.json"
SCHEMA: Final = "registry.schema.json"
_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"


def header() -> tuple[str, ...]:
    """The heads of the table."""
    return tuple(column.title for column in words().columns)


def rows(registry: Registry) -> tuple[tuple[str, ...], ...]:
    """The table: a line an object, all text; several of one thing in one cell."""
    columns = words().columns
    return tuple(
        tuple(_cell(plain[column.key], column) for column in columns)
        for plain in (each.plain() for each in registry.objects)
    )


def lint_table(registry: Registry, table: tuple[tuple[str, ...], ...]) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Header and lines of all that is told, for the lint: steps that tell names stand in a column of names.

    `table`: what `rows` gives.
    """
    found = []
    for line, each in zip(table, registry.objects, strict=True):
        own, named = (
            "；".join(f"{step.text} {step.document}" for step in each.history if step.names is names)
            for names in (False, True)
        )
        found.append((*line[:-1], own, named))
    return (*header(), "名称变更"), found


def as_csv(table: tuple[tuple[str, ...], ...]) -> bytes:
    """UTF-8 with BOM, as spreadsheets expect; a text that would start a formula is preceded by an apostrophe."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(header())
    writer.writerows([harmless(cell) for cell in row] for row in table)
    return text.getvalue().encode("utf-8-sig")


def as_json(registry: Registry) -> bytes:
    """One document, a line an object, so that two of them can be compared line by line."""
    top = {
        "title": words().title,
        "order": words().order,
        "as_of": None if registry.as_of is None else registry.as_of.isoformat(),
        "updated": None if registry.updated is None else registry.updated.isoformat(),
        "count": len(registry.objects),
    }
    head = json.dumps(top, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = ",\n".join(json.dumps(each.plain(), ensure_ascii=False, separators=(",", ":")) for each in registry.objects)
    return f'{head},\n "objects": [\n{lines}\n]}}\n'.encode()


def as_schema() -> bytes:
    """The JSON Schema of `as_json`, with the meaning of every field in Chinese."""
    fields = {column.key: _described(column) for column in words().columns}
    document = {
        "$schema": _DIALECT,
        "title": words().title,
        "description": f"数据文件 {JSON} 的结构。{words().order}",
        **_record(
            {
                "title": {"type": "string", "description": "名录的名称。"},
                "order": {"type": "string", "description": "各对象按什么排列。"},
                "as_of": _day("查询以前某一天时的那一天，只含那一天当天已知的内容；不是查询以前的，没有（null）。"),
                "updated": _day("名录里最近一次办理经过的日期；没有对象时没有（null）。"),
                "count": {"type": "integer", "minimum": 0, "description": "对象的个数。"},
                "objects": {"type": "array", "description": "各个对象。", "items": _record(fields)},
            }
        ),
    }
    return (json.dumps(document, ensure_ascii=False, indent=2) + "\n").encode()


def _cell(value: Any, column: Column) -> str:
    """A value as one cell of the table."""
    match column.type:
        case "texts":
            return "、".join(value)
        case "names":
            return "；".join(f"{each['name']}（至{each['until']}）" for each in value)
        case "steps":
            return "；".join(
                f"{each['date']} {each['event']}" + (f"（{each['document']}）" if each["document"] else "")
                for each in value
            )
        case _:
            return "" if value is None else str(value)


def _described(column: Column) -> dict[str, Any]:
    told = {"title": column.title, "description": column.about}
    match column.type:
        case "day":
            return {**_day(column.about), "title": column.title}
        case "texts":
            return {"type": "array", "items": {"type": "string"}, **told}
        case "names":
            until = {"type": "string", "format": "date", "description": "用到的日期。"}
            each = _record({"name": {"type": "string", "description": "名称。"}, "until": until})
            return {"type": "array", "items": each, **told}
        case "steps":
            each = _record(
                {
                    "date": {"type": "string", "format": "date", "description": "日期。"},
                    "event": {"type": "string", "description": "事项。"},
                    "document": {"type": "string", "description": "公布的文号，没有的是空的。"},
                }
            )
            return {"type": "array", "items": each, **told}
        case _:
            return {"type": "string", **({"enum": list(column.among)} if column.among else {}), **told}


def _day(about: str) -> dict[str, Any]:
    return {"type": ["string", "null"], "format": "date", "description": about}


def _record(fields: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False}
