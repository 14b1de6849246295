"""Registries for tests: any number of fictional objects, laid over all cities, groups and years."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from core.publication.lists import in_official_order
from core.publication.registry.model import City, FormerName, Registered, Registry, Step
from core.standards.recommenders import recommenders

CITIES: Final = tuple(City(each.code, each.name) for each in recommenders())
STATUSES: Final = (
    ("recognized", "省级示范平台（基地）"),
    ("creating", "创建对象"),
    ("rectifying", "省级示范平台（基地）（整改期）"),
    ("revoked", "撤销认定"),
)
SERVICES: Final = ("创业指导", "投融资", "数字化转型", "知识产权", "设备共享")


def registered(number: int, name: str = "", city: City | None = None, operator: str = "") -> Registered:
    """An object whose everything follows from its number; every third is a base, every seventh was renamed."""
    city = city or CITIES[number % len(CITIES)]
    base, (group, status) = number % 3 == 0, STATUSES[number % len(STATUSES)]
    year = 2015 + number % 10
    created, known, gone = date(year, 3, 1), date(year + 2, 5, 9), date(year + 4, 7, 2)
    called = name or f"虚构第{number:05d}号{'产业基地' if base else '服务平台'}"
    steps = [Step(created, "确定为创建对象", f"虚构发〔{year}〕1号")]
    steps += [Step(known, "认定", f"虚构发〔{year + 2}〕2号")] if group != "creating" else []
    steps += [Step(gone, "撤销认定")] if group == "revoked" else []
    return Registered(
        city.code,
        city.name,
        called,
        "base" if base else "platform",
        operator or f"虚构{number:05d}公司",
        number=number,
        group=group,
        status=status,
        category="" if base else "综合服务",
        former=(FormerName(f"虚构旧名{number:05d}", known),) if number % 7 == 0 else (),
        services=() if base else SERVICES[number % 3 :],
        industry="虚构装备制造" if base else "",
        created=created,
        recognized=None if group == "creating" else known,
        revoked=gone if group == "revoked" else None,
        history=tuple(steps),
    )


def registry_of(count: int) -> Registry:
    """So many of them."""
    return Registry(in_official_order(registered(number) for number in range(1, count + 1)), CITIES)


def named(names: Sequence[str]) -> Registry:
    """One object a name, whose operator has the same."""
    return Registry(in_official_order(registered(at, name, operator=name) for at, name in enumerate(names, 1)), CITIES)
