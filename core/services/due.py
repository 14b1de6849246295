"""What can be due, who must act on it, and the filters that deadlines are asked for by.

The names of the filters are those of the page's address: a private calendar address keeps them as it was made with.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from core.lifecycle.table import load
from core.standards.recommenders import recommenders

PROVINCE, JOINT, RECOMMENDER = "province", "joint", "recommender"
WHO: Final = {PROVINCE: "省厅", JOINT: "省厅会同市级", RECOMMENDER: "推荐单位"}
KIND_WORDS: Final = {"platform": "平台", "base": "基地"}


@dataclass(frozen=True, slots=True)
class Item:
    """Something to be done. For the deadline of a case: the status it comes with, and the event that ends it."""

    name: str
    who: str
    status: str = ""
    event: str = ""


ITEMS: Final[dict[str, Item]] = {
    "acceptance": Item("组织期满验收", PROVINCE, "creating", "acceptance_passed"),
    "second_acceptance": Item("组织再次验收", PROVINCE, "extended", "acceptance_passed"),
    "review": Item("运行复核", JOINT, "recognized", "review_passed"),
    "second_review": Item("整改后复核", JOINT, "rectifying", "review_passed"),
    "notice": Item("公示期满确认", PROVINCE),
    "objection": Item("核查异议", PROVINCE),
    "register": Item("登记变更报告", PROVINCE),
    "change": Item("决定重大变更", PROVINCE),
    "report": Item("报送推荐材料", RECOMMENDER),
    "reference": Item("审核基准日", PROVINCE),
    "arrangement": Item("录入放假安排", PROVINCE),
}
OF_STATUS: Final = {item.status: code for code, item in ITEMS.items() if item.status}
# What to look at: the windows of days hold what is overdue and what waits now, too.
WITHIN: Final = {
    "": "全部",
    "overdue": "逾期",
    "now": "等待确认或决定",
    "30": "30 天内",
    "90": "90 天内",
    "365": "一年内",
    "provisional": "暂定",
}


def clause_of(status: str | None, event: str) -> str:
    """The clause by which an event happens in a status, from the transition table; '' where it has no such row."""
    rows = load().rows.get((status, event), ())
    return rows[0].clause if rows else ""


@dataclass(frozen=True, slots=True)
class Filters:
    """Which deadlines are asked for; '' is any. All must hold. See WHO, ITEMS, KIND_WORDS and WITHIN for the values."""

    who: str = ""
    city: str = ""
    what: str = ""
    kind: str = ""
    within: str = ""

    @classmethod
    def read(cls, query: str) -> Filters:
        """The filters that an address asks for; what it says wrongly, and what is none of them, is left out."""
        known = {
            "who": WHO,
            "city": {each.name for each in recommenders()},
            "what": ITEMS,
            "kind": KIND_WORDS,
            "within": WITHIN,
        }
        asked = dict(parse_qsl(query))
        return cls(**{name: asked[name] for name, values in known.items() if asked.get(name) in values})

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Names and values of those that are set."""
        return tuple((name, value) for name, value in asdict(self).items() if value)

    @property
    def query(self) -> str:
        """How an address says them; '' where all deadlines are asked for."""
        return urlencode(self.pairs)

    @property
    def words(self) -> str:
        """`沈阳市，运行复核，30 天内`, or `全部期限`."""
        named = (
            WHO.get(self.who, ""),
            self.city,
            ITEMS[self.what].name if self.what else "",
            KIND_WORDS.get(self.kind, ""),
            WITHIN[self.within] if self.within else "",
        )
        return "，".join(each for each in named if each) or "全部期限"

    def item(self, code: str) -> bool:
        """Whether something of this kind is asked for."""
        return self.what in ("", code) and self.who in ("", ITEMS[code].who)
