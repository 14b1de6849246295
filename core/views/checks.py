"""Read models of 条件审核 over many applications: the matrix and the distances from the thresholds."""

from __future__ import annotations

from typing import Any

import pandas as pd
import sqlalchemy as sa

from core.bootstrap import App
from core.standards.recommenders import recommenders
from core.store.queries import Held, held_applications, newest_assessments, text_of
from core.views.remembering import remember

KIND_WORDS = {"platform": "平台", "base": "基地"}
FACTS = ("地区", "编号", "名称", "运营主体", "申报类别", "平台类别", "撤回", "结论")


def application_matrix(app: App, round_id: int, kind: str) -> pd.DataFrame:
    """Applications of a kind, in official order, indexed by number.

    Columns: FACTS (`结论` and the criteria hold verdicts: pass, fail, review, missing), then one column a
    criterion, named by its code; None where it is not asked. `撤回`: '', pending or kept. Withdrawn ones are left out.
    """

    def ask(connection: sa.Connection) -> pd.DataFrame:
        rows, criteria = [], dict[str, None]()
        for held, judged in _judged(connection, round_id, kind):
            verdicts = {finding["criterion"]: finding["verdict"] for finding in judged.findings}
            criteria |= dict.fromkeys(verdicts)
            rows.append({"id": held.application_id, **facts(held), "结论": judged.verdict, **verdicts})
        # plain objects: pages take rows out at every click, which is slow on columns of Arrow strings
        return pd.DataFrame(rows, columns=["id", *FACTS, *criteria], dtype=object).set_index("id")

    return remember(app, ("matrix", round_id, kind), ask)


def distances(app: App, round_id: int, kind: str) -> pd.DataFrame:
    """How far each figure is from its threshold, as a fraction of it (0: exactly at it): one row a finding.

    Columns: criterion, application (number), 地区, 名称, 申报类别, verdict, margin.
    """

    def ask(connection: sa.Connection) -> pd.DataFrame:
        rows = []
        for held, judged in _judged(connection, round_id, kind):
            known = facts(held)
            rows += [
                (
                    finding["criterion"],
                    held.application_id,
                    known["地区"],
                    known["名称"],
                    known["申报类别"],
                    finding["verdict"],
                    finding["margin"],
                )
                for finding in judged.findings
                if finding["margin"] is not None
            ]
        names = ["criterion", "application", "地区", "名称", "申报类别", "verdict", "margin"]
        return pd.DataFrame(rows, columns=names)

    return remember(app, ("distances", round_id, kind), ask)


def facts(held: Held) -> dict[str, str]:
    """What tells an application from another."""
    return {
        "地区": held.city,
        "编号": text_of(held, "编号"),
        "名称": text_of(held, "平台（基地）名称"),
        "运营主体": text_of(held, "运营主体"),
        "申报类别": text_of(held, "申报类别"),
        "平台类别": text_of(held, "平台类别"),
        "撤回": held.withdrawal,
    }


def official_order(held: Held) -> tuple[int, str]:
    """Division code, then name (contract §6): no table here is in any other order by itself."""
    return _places().get(held.city, len(_places())), text_of(held, "平台（基地）名称")


def _places() -> dict[str, int]:
    return {each.name: place for place, each in enumerate(recommenders())}


def _judged(connection: sa.Connection, round_id: int, kind: str) -> list[tuple[Held, Any]]:
    held = [
        each
        for each in held_applications(connection, round_id)
        if each.withdrawal != "withdrawn" and text_of(each, "类型") == KIND_WORDS[kind]
    ]
    newest = newest_assessments(connection, [each.application_id for each in held])
    ordered = sorted(held, key=official_order)
    return [(each, newest[each.application_id]) for each in ordered if each.application_id in newest]
