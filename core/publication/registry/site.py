"""The registry as a site: pages, styles, search and data, all of them files that lie beside each other.

It works from a folder without a server and asks nothing of any other site; without JavaScript every object is still
on the page of its city.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import jinja2

from core.publication.lists import KIND_WORDS
from core.publication.registry.data import CSV, JSON, SCHEMA, as_csv, as_json, as_schema, rows
from core.publication.registry.model import City, Registered, Registry
from core.publication.registry.words import words

HOME: Final = "index.html"
_SOURCES: Final = Path(__file__).with_name("site")
_PLAIN: Final = ("style.css", "search.js")
_TYPES: Final[Mapping[str, str]] = {
    "text": "文字",
    "day": "日期",
    "texts": "若干文字",
    "names": "若干名称",
    "steps": "若干经过",
}


def site_files(registry: Registry, table: tuple[tuple[str, ...], ...] | None = None) -> dict[str, bytes]:
    """Every file of the site by name. `table`: the lines of the CSV, where the caller has made them already."""
    state = _state(registry)
    files = {
        HOME: _index(registry, state),
        "fields.html": _page("fields.html", state, columns=words().columns, types=_TYPES),
        "data.js": _data(registry),
        CSV: as_csv(rows(registry) if table is None else table),
        JSON: as_json(registry),
        SCHEMA: as_schema(),
    }
    files |= {name: (_SOURCES / name).read_bytes() for name in _PLAIN}
    by_city: dict[str, list[Registered]] = {each.name: [] for each in registry.cities}
    for each in registry.objects:
        by_city[each.city].append(each)
    for city in registry.cities:
        part = Registry(tuple(by_city[city.name]), registry.cities, registry.as_of)
        files[city_file(city)] = _page(
            "city.html",
            state,
            city=city.name,
            objects=part.objects,
            total=_figure(len(part.objects)),
            counts=_counts(part),
        )
    return files


def city_file(city: City) -> str:
    """The name of the page of a city."""
    return f"city-{city.code}.html"


def _index(registry: Registry, state: str) -> bytes:
    held = {city.name: 0 for city in registry.cities}
    for each in registry.objects:
        held[each.city] += 1
    cities = [
        {"name": city.name, "file": city_file(city), "count": _figure(held[city.name])} for city in registry.cities
    ]
    return _page(
        HOME,
        state,
        total=_figure(len(registry.objects)),
        counts=_counts(registry),
        cities=cities,
        kinds=list(KIND_WORDS.values()),
        years=registry.years,
    )


def _counts(registry: Registry) -> list[dict[str, Any]]:
    return [{"name": words().group_name(code), "count": _figure(count)} for code, count in registry.counts.items()]


def _data(registry: Registry) -> bytes:
    """What the search looks through; the history stands on the pages of the cities alone."""
    place = {city.name: number for number, city in enumerate(registry.cities)}
    objects = ",\n".join(_script(_found(each, place[each.city])) for each in registry.objects)
    cities = _script([[city.name, city_file(city)] for city in registry.cities])
    groups = _script({group.code: group.name for group in words().groups})
    return (
        f'"use strict";\nwindow.REGISTRY={{"cities":{cities},"groups":{groups},"objects":[\n{objects}\n]}};\n'.encode()
    )


def _found(each: Registered, city: int) -> dict[str, Any]:
    return {
        "id": each.id,
        "name": each.name,
        "former": [former.name for former in each.former],
        "kind": each.kind_word,
        "category": each.category,
        "city": city,
        "operator": each.operator,
        "group": each.group,
        "status": each.status,
        "years": list(each.years),
        "created": _day(each.created),
        "recognized": _day(each.recognized),
        "revoked": _day(each.revoked),
        "services": "、".join(each.services),
        "industry": each.industry,
    }


def _script(value: Any) -> str:
    """A value as JavaScript reads it; the two line ends that JSON allows and older browsers do not are escaped."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _page(template: str, state: str, **fields: Any) -> bytes:
    common = {"title": words().title, "order": words().order, "state": state}
    return _templates().get_template(template).render(**common, **fields).encode()


def _state(registry: Registry) -> str:
    """From when the data are."""
    if registry.as_of is not None:
        return f"数据截至{_day(registry.as_of)}。"
    return f"最近一次变动是{_day(registry.updated)}。" if registry.updated else ""


@cache
def _templates() -> jinja2.Environment:
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_SOURCES),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
    )
    made.filters["day"] = _day
    return made


def _day(day: date | None) -> str:
    return "" if day is None else f"{day.year}年{day.month}月{day.day}日"


def _figure(count: int) -> str:
    return f"{count:,}"
