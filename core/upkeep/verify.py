"""Looks through the store and says what is wrong; changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core.bootstrap import App
from core.errors import Refused
from core.store.queries import ledger_head
from core.upkeep import case_checks, checks, publication_checks, score_checks
from core.upkeep.checks import Check
from core.upkeep.rows import one_moment

CHECKS: tuple[Check, ...] = (
    Check("数据表", "张", checks.tables),
    Check("只增不改的保护", "张表", checks.guards),
    Check("操作留痕", "条", checks.ledger_chain),
    Check("收到的原件", "份", checks.received),
    Check("与操作留痕的对应", "处", checks.grounds),
    Check("办理经过", "条", case_checks.entries),
    Check("创建对象的状态", "个", case_checks.histories),
    Check("公示和异议", "件", case_checks.public_notices),
    Check("公布", "次", publication_checks.records),
    Check("公布的文件和公文模板", "份", publication_checks.files),
    Check("专家评分", "条", score_checks.sheets),
    Check("评分工作簿", "本", score_checks.books),
)


@dataclass(frozen=True, slots=True)
class Result:
    """What one check came to."""

    check: Check
    count: int
    problems: tuple[str, ...]

    def lines(self) -> list[str]:
        """The result for people: one line, and one for each thing wrong."""
        head = f"{self.check.name} {self.count:,} {self.check.unit}："
        if not self.problems:
            return [f"{head}完好"]
        return [f"{head}{len(self.problems)} 处不对", *(f"  {each}。" for each in self.problems)]

    def document(self) -> dict[str, Any]:
        """The result for programs."""
        return {"name": self.check.name, "looked_at": self.count, "problems": list(self.problems)}


def verify(app: App) -> Iterator[Result]:
    """Makes every check, one after another, on one moment of the store. Refused where it holds nothing at all."""
    with one_moment(app) as connection:
        if not ledger_head(connection):
            raise Refused("这里还没有任何数据，没有可核对的。请检查 SHIFAN_HOME 和 SHIFAN_DATABASE_URL 是否写对。")
        for check in CHECKS:
            looked = check.look(app, connection)
            yield Result(check, looked.count, tuple(looked.problems))
