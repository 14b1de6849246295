"""The registry's files: names whole, described by a schema, nothing from outside, the same bytes anywhere."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import subprocess
import sys
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core.lifecycle.table import load
from core.publication.lint import check_file
from core.publication.registry.data import as_csv, as_json, as_schema, header, rows
from core.publication.registry.model import Registered, Registry
from core.publication.registry.site import city_file, site_files
from core.publication.registry.words import words
from core.settings import PROJECT
from tests.publication.hostile import FORMULAS, NAMES
from tests.registries import CITIES, named, registered, registry_of

HOSTILE = (
    *NAMES,
    "虚构“甲”（乙）「丙」〔丁〕A&B <c>",
    "</script><script>alert(1)</script>",
    "\u2028\u2029",
    "ＡＢＣ１２３",
)


class Page(HTMLParser):
    """What a page says: its texts by tag, and what it refers to."""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.texts: dict[str, list[str]] = {}
        self.links: list[str] = []
        self.ids: list[str] = []
        self._open: list[str] = []
        self.feed(data.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.links += [value for name in ("href", "src", "action", "data", "poster") if (value := held.get(name))]
        self.ids += [value for value in [held.get("id")] if value]
        if tag not in ("link", "meta", "input", "br"):
            self._open.append(tag)
            self.texts.setdefault(tag, []).append("")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open:
            self.texts[self._open[-1]][-1] += data


def pages(files: dict[str, bytes]) -> dict[str, Page]:
    return {name: Page(data) for name, data in files.items() if name.endswith(".html")}


# ---------------------------------------------------------------- table and data


def test_the_table_reads_back_whole_and_opens_no_formula() -> None:
    registry = named(HOSTILE)
    read = list(csv.reader(io.StringIO(as_csv(rows(registry)).decode("utf-8-sig"), newline="")))
    assert read[0] == list(header())
    column = header().index("名称")
    assert [row[column].removeprefix("'") if row[column][1:] in FORMULAS else row[column] for row in read[1:]] == [
        each.name for each in registry.objects
    ]
    assert [cell for row in read for cell in row if cell.strip().startswith(("=", "+", "-", "@", "＝", "＋"))] == []


def test_a_line_of_the_table_says_all_there_is() -> None:
    registry = Registry((registered(14, "虚构甲平台", CITIES[-1]),), CITIES)
    assert dict(zip(header(), rows(registry)[0], strict=True)) == {
        "名录编号": "LN00014", "名称": "虚构甲平台", "曾用名称": "虚构旧名00014（至2021-05-09）", "类型": "平台",
        "平台类别": "综合服务", "行政区划代码": "", "地区": "沈抚示范区", "运营主体": "虚构00014公司", "分类": "整改期",
        "状态": "省级示范平台（基地）（整改期）", "确定为创建对象日期": "2019-03-01", "认定日期": "2021-05-09",
        "撤销认定日期": "", "服务内容": "数字化转型、知识产权、设备共享", "主导产业": "",
        "经过": "2019-03-01 确定为创建对象（虚构发〔2019〕1号）；2021-05-09 认定（虚构发〔2021〕2号）",
    }  # fmt: skip


@pytest.mark.parametrize("registry", [named(HOSTILE), registry_of(40), Registry((), CITIES, date(2026, 6, 30))])
def test_the_data_are_what_the_schema_describes(registry: Registry) -> None:
    schema = json.loads(as_schema())
    Draft202012Validator.check_schema(schema)
    document = json.loads(as_json(registry))
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(document)
    assert document["objects"] == [each.plain() for each in registry.objects]
    assert document["count"] == len(registry.objects)


@pytest.mark.parametrize(
    ("key", "value"),
    [("kind", "园区"), ("name", None), ("recognition_date", "2026年6月"), ("phone", "1"), ("services", "")],
)
def test_the_schema_finds_what_is_not_as_described(key: str, value: Any) -> None:
    document = json.loads(as_json(registry_of(1)))
    document["objects"][0][key] = value
    checked = Draft202012Validator(json.loads(as_schema()), format_checker=Draft202012Validator.FORMAT_CHECKER)
    assert len(list(checked.iter_errors(document))) == 1


def test_every_field_is_described_in_words_and_nothing_else_is_told() -> None:
    plain = registered(1).plain()
    assert [column.key for column in words().columns] == list(plain)
    # no code, no contact, no score, no reason has a place to stand in
    assert set(Registered.__dataclass_fields__) & {"uscc", "phone", "contact", "score", "why", "reason"} == set()
    described = json.loads(as_schema())["properties"]["objects"]["items"]["properties"]
    assert all(one["description"] for one in described.values())
    told = " ".join(Page(site_files(registry_of(1))["fields.html"]).texts["td"])
    assert [column.about for column in words().columns if column.about not in told] == []


def test_the_words_hold_with_the_table_of_lives() -> None:
    statuses = [status for group in words().groups for status in group.statuses]
    assert set(statuses) <= set(load().statuses)
    assert len(statuses) == len(set(statuses))
    assert words().documented <= {row.public for each in load().rows.values() for row in each}


# ---------------------------------------------------------------- the site


def test_every_object_stands_whole_on_the_page_of_its_city_without_scripts() -> None:
    registry = named(HOSTILE)
    found = pages(site_files(registry))
    for city in CITIES:
        page, held = found[city_file(city)], registry.of(city)
        assert page.texts["h1"] == [city.name]
        assert page.texts.get("h2", []) == [each.name.replace("\r", "") for each in held]
        assert [one for one in page.ids if one.startswith("LN")] == [each.id for each in held]
        assert set(page.texts) & {"script", "style"} == set()
        times = page.texts.get("time", [])
        assert len(times) == sum(len(each.history) for each in held)


def test_the_search_has_every_object_and_only_what_is_public() -> None:
    registry = named(HOSTILE)
    data = site_files(registry)["data.js"].decode()
    held = json.loads(re.fullmatch(r'"use strict";\nwindow\.REGISTRY=(.*);\n', data, re.DOTALL)[1])  # type: ignore[index]
    assert [each["name"] for each in held["objects"]] == [each.name for each in registry.objects]
    assert [held["cities"][each["city"]] for each in held["objects"]] == [
        [each.city, f"city-{each.division_code}.html"] for each in registry.objects
    ]
    assert "\u2028" not in data


def test_nothing_comes_from_outside_and_every_link_leads_somewhere() -> None:
    files = site_files(registry_of(40))
    found = pages(files)
    links = {(name, link) for name, page in found.items() for link in page.links}
    assert {link for _, link in links if ":" in link} == {"data:,"}
    assert [
        (name, link) for name, link in links if ":" not in link and not link.startswith("#") and link not in files
    ] == []
    outside = re.compile(rb"https?://|//[a-z]|@import|url\(", re.IGNORECASE)
    shown = {name: data for name, data in files.items() if name.endswith((".html", ".css", ".js"))}
    assert {name: outside.findall(data) for name, data in shown.items() if outside.search(data)} == {}


def test_every_file_passes_the_lint() -> None:
    files = site_files(registry_of(60))
    assert {name: found for name, data in files.items() if (found := check_file(name, data))} == {}


def test_a_site_of_nobody_says_so() -> None:
    found = pages(site_files(Registry((), CITIES)))
    assert found["index.html"].texts["p"][0].endswith("共 0 个。")
    assert "沈阳市目前没有列入名录的。" in found["city-210100.html"].texts["p"]


# ---------------------------------------------------------------- the same bytes

MAKE = """
import hashlib, locale, os, time
locale.setlocale(locale.LC_ALL, "")
time.tzset()
from core.publication.registry.site import site_files
from tests.registries import registry_of
for name, data in sorted(site_files(registry_of(60)).items()):
    print(name, hashlib.sha256(data).hexdigest())
"""


@pytest.mark.parametrize(
    "environment",
    [
        {"LC_ALL": "C", "TZ": "America/Los_Angeles", "PYTHONHASHSEED": "1"},
        {"LC_ALL": "C.UTF-8", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "4242", "PYTHONUTF8": "0"},
    ],
    ids=["west", "east"],
)
def test_another_environment_makes_the_same_bytes(environment: dict[str, str], tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG", "TZ", "PYTHON"))}
    done = subprocess.run(
        [sys.executable, "-c", MAKE], env={**kept, **environment, "PYTHONPATH": str(PROJECT)}, cwd=tmp_path,
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    here = {name: hashlib.sha256(data).hexdigest() for name, data in site_files(registry_of(60)).items()}
    assert dict(line.split(" ") for line in done.stdout.splitlines()) == here
