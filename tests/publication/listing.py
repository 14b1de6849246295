"""Lists for tests that need no store; run as a program it prints the SHA-256 of each kind in each form."""

from __future__ import annotations

import hashlib
import locale
from datetime import date

from core.publication.docx import as_docx
from core.publication.lists import KINDS, ListedObject, PublicList, as_csv, in_official_order
from core.publication.xlsx import as_xlsx
from core.standards.recommenders import recommenders
from tests.publication.hostile import NAMES

FORMATS = {"xlsx": as_xlsx, "docx": as_docx, "csv": as_csv}
LONG = "虚构市高端装备制造和新一代信息技术产业中小企业公共服务综合示范平台（虚构区分中心）"
TOLD = {"renamed": ("虚构市原来的平台", "虚构市原来的公司"), "review_results": ("复核通过",)}


def listed(kind: str, names: tuple[str, ...] = NAMES) -> PublicList:
    """A list with these names as names and as operators, over all cities."""
    cities = [(each.code, each.name) for each in recommenders()]
    objects = (
        ListedObject(*cities[at % len(cities)], name, "base" if at % 2 else "platform", name, TOLD.get(kind, ()))
        for at, name in enumerate(names)
    )
    return PublicList(kind, 2026, in_official_order(objects), date(2026, 6, 30))


if __name__ == "__main__":
    locale.setlocale(locale.LC_ALL, "")
    for each in KINDS:
        for suffix, write in FORMATS.items():
            print(each, suffix, hashlib.sha256(write(listed(each))).hexdigest())
