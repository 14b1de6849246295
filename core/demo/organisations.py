"""Invents organisations, enterprises and numbers that can be nobody's: unknown words, an unknown division code."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import count
from random import Random
from typing import Any

from core.demo.plan import Plan

# No administrative division has this number, and XN is 虚拟: right in form, nobody's all the same.
_BODY = "{kind}219999XN{number:07d}"
_NUMBER_KINDS = {"企业": "91", "国有企业": "91", "事业单位": "12", "民办非企业": "52", "社会团体": "51", "政府": "11"}


class Inventor:
    """Hands out names and numbers, none twice: for one plan after the other."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self._words: dict[str, Any] = plan.main["words"]
        self._numbers = 0
        self._enterprises = 0
        self._taken: set[str] = set()

    def code(self, nature: str) -> str:
        """A 统一社会信用代码 with a right check character."""
        from stdnum.cn import uscc

        self._numbers += 1
        body = _BODY.format(kind=_NUMBER_KINDS.get(nature, "53"), number=self._numbers)
        return body + str(uscc.calc_check_digit(body))

    def phone(self) -> str:
        """A number of an exchange that does not exist (024-0000…)."""
        self._numbers += 1
        return f"024-0000{self._numbers:04d}"

    def applicant(self, rng: Random, city: str, kind: str, stage: str, *, clean: bool) -> dict[str, Any]:
        """The row on 推荐汇总表 without 编号 and 申报类别."""
        words, odds = self._words, self.plan.main["odds"]
        nature = rng.choice(words["natures"])
        category = rng.choice(list(words["platforms"])) if kind == "平台" else None
        what = words["platforms"][category] if category else rng.choice(words["bases"])
        name, operator = self._called(city, what, words["operators"][nature])
        return {
            "平台（基地）名称": name,
            "类型": kind,
            "平台类别": category,
            "运营主体": operator,
            "统一社会信用代码": self.code(nature),
            "运营主体性质": nature,
            "承担公共服务方式": rng.choice(words["ways"]) if nature in words["bound"] else None,
            "是否分支机构": "否",
            "开始运营日期": self._started(rng, stage, clean=clean),
            "所在县（市、区）": rng.choice(words["counties"]),
            "国家级高新区": "是" if rng.randrange(100) < odds["high_tech_zone"] else "否",
            "严重失信主体": "否",
            "联系人": f"{rng.choice(words['surnames'])}某某",
            "联系电话": self.phone(),
            "市级初审意见": "推荐",
            "备注": words["note"],
        }

    def materials(self, rng: Random, nature: str) -> dict[str, str]:
        """The row on 申报材料 of an applicant that lacks nothing."""
        from sheets_schema.schema import load

        made = {column.name: "齐全" for column in load().sheet("申报材料").columns if column.type == "choice"}
        if nature not in self._words["bound"]:
            made["承担公共服务佐证"] = "不适用"
        made["资质许可"] = rng.choice(("齐全", "不适用"))
        return made

    def industry(self, rng: Random) -> dict[str, str]:
        """主导产业 of a base."""
        name, code = rng.choice(self._words["industries"])
        return {"主导产业名称": name, "主导产业行业代码": code}

    def enterprise(self, rng: Random, title: str) -> dict[str, str]:
        """A row of 优质企业名录."""
        self._enterprises += 1
        words = self._words["words"]
        word = words[self._enterprises % len(words)]
        name = f"虚构{word}{self._enterprises}号{rng.choice(self._words['enterprises'])}"
        return {"企业名称": name, "统一社会信用代码": self.code("企业"), "称号": title}

    def event(self, rng: Random, year: int, *, enough: bool) -> dict[str, Any]:
        """A row of 线下活动 in the year before."""
        low, high = self.plan.main["attendance"]["enough" if enough else "few"]
        day = date(year - 1, 1, 5) + timedelta(days=rng.randrange(350))
        return {
            "活动名称": rng.choice(self._words["events"]),
            "活动日期": day,
            "参加企业数（家）": rng.randint(low, high),
        }

    def _called(self, city: str, what: str, operator: str) -> tuple[str, str]:
        """A name and its operator's, both nobody's yet; where all words are used up, with a number."""
        words: list[str] = self._words["words"]
        start = sum(map(ord, city))
        for number in count():
            turn = f"第{number // len(words) + 1}" if number >= len(words) else ""
            word = f"{words[(start + number) % len(words)]}{turn}"
            made = (f"虚构{word}{what}", f"虚构{word}{operator}")
            if not self._taken.intersection(made):
                break
        self._taken.update(made)
        return made

    def _started(self, rng: Random, stage: str, *, clean: bool) -> date:
        latest, sure, earliest = self.plan.main["started"][stage]
        days: int = ((sure if clean else latest) - earliest).days
        return earliest + timedelta(days=rng.randrange(days))  # type: ignore[no-any-return]
