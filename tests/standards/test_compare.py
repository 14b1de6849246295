"""What differs between two editions."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from core.standards.compare import Change, compare_editions
from core.standards.loader import EDITIONS, load, load_folder
from sheets_schema.schema import load as load_schema

DAY = date(2026, 6, 30)


def test_an_edition_does_not_differ_from_itself() -> None:
    assert compare_editions(load("ln-2025-draft"), load("ln-2025-draft"), DAY) == ()


def test_changed_limits_weights_periods_and_clauses_are_told(tmp_path: Path) -> None:
    edition = (EDITIONS / "ln-2025-draft" / "edition.toml").read_text("utf-8")
    clauses = (EDITIONS / "ln-2025-draft" / "clauses.toml").read_text("utf-8")
    scoring = (EDITIONS / "ln-2025-draft" / "scoring.toml").read_text("utf-8")
    for find, put in (
        ("value = 40,", "value = 45,"),
        ('value = 10, source = "征求意见稿附件2', 'value = 8, source = "征求意见稿附件2'),
        (
            'unit = "月"\nvalues = [{ from = 2025-01-01, value = 3',
            'unit = "月"\nvalues = [{ from = 2025-01-01, value = 6',
        ),
        ('"认证认可", ', ""),
        ('name = "服务覆盖面"', 'name = "覆盖面"'),
    ):
        assert edition.count(find) == 1
        edition = edition.replace(find, put)
    clauses = clauses.replace("服务机构与专家合在一起的数量。", "机构加专家。")
    for find, put in (
        ("value = 2,", "value = 3,"),
        ('\n[[indicator.point]]\ntext = "服务成效明显。"\n', ""),
        ("条件下，属于国家级高新区，予以倾斜", "条件下，予以倾斜"),
    ):
        assert scoring.count(find) == 1
        scoring = scoring.replace(find, put)
    (tmp_path / "scoring.toml").write_text(scoring, "utf-8")
    (tmp_path / "edition.toml").write_text(edition, "utf-8")
    (tmp_path / "clauses.toml").write_text(clauses, "utf-8")
    columns = {sheet.name: {column.name for column in sheet.columns} for sheet in load_schema().sheets}
    changes = compare_editions(load("ln-2025-draft"), load_folder(tmp_path, columns), DAY)
    assert changes == (
        Change("criterion", "annex1.coverage", "服务覆盖面", "覆盖面"),
        Change("rule", "汇集服务资源（附件1 服务能力/汇集服务资源情况）平台创建", "≥ 40", "≥ 45"),
        Change("weight", "专精特新“小巨人”企业", "10", "8"),
        Change(
            "items",
            "专业服务",
            "数字化转型、绿色化发展、计量校准、认证认可、试验检验、质量标准、知识产权、设备共享、科技成果转化",
            "数字化转型、绿色化发展、计量校准、试验检验、质量标准、知识产权、设备共享、科技成果转化",
        ),
        Change("period", "重大变化报告期限（第十一条）", "3 月", "6 月"),
        Change("demand", "创新特色：典型或特色经验做法", "不少于 2 条", "不少于 3 条"),
        Change("point", "示范引领：服务成效明显。", "平台、基地都看", None),
        Change(
            "reason",
            "prefer_zone",
            "同等条件下，属于国家级高新区，予以倾斜。（第十八条）",
            "同等条件下，予以倾斜。（第十八条）",
        ),
        Change(
            "clause",
            "附件1 服务能力/汇集服务资源情况",
            "汇集服务资源：服务机构与专家合在一起的数量。",
            "汇集服务资源：机构加专家。",
        ),
    )
