"""City workbooks for the browser tests: the templates, filled in as a city contact would."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from openpyxl import load_workbook

from tests.checks.building import Sheets, sample

NAMES = {"platform": "虚构第{number}中小企业服务平台", "base": "虚构第{number}产业基地"}
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
WEIGHTS = tuple(3**place % 31 for place in range(17))


def credit_code(number: int) -> str:
    """An invented 统一社会信用代码 with a right check character (GB 32100-2015)."""
    body = f"91210000MA{number:07d}"
    total = sum(ALPHABET.index(sign) * weight for sign, weight in zip(body, WEIGHTS, strict=True))
    return body + ALPHABET[-total % 31]


def applicant(number: int, kind: str = "platform", **cells: Mapping[str, str]) -> Sheets:
    """One applicant that meets every threshold, with 编号 `T-001`; `cells` changes some by sheet."""
    key, name = f"T-{number:03d}", NAMES[kind].format(number=number)
    made = sample(kind, dict(cells))
    for rows in made.values():
        for row in rows:
            row["编号"] = key
    made["推荐汇总表"][0] |= {
        "平台（基地）名称": name,
        "运营主体": f"虚构运营单位{number}号",
        "统一社会信用代码": credit_code(number),
    }
    for sheet, changed in cells.items():
        made[sheet][0].update(changed)
    return made


def fill(path: Path, applicants: Sequence[Sheets]) -> None:
    """Writes applicants into the data sheets of a workbook, from row 2 on, and saves it."""
    book = load_workbook(path)
    for sheet in {name: None for one in applicants for name in one}:
        page = book[sheet]
        columns = {str(cell.value): cell.column for cell in page[1] if cell.value}
        rows = [row for one in applicants for row in one.get(sheet, [])]
        for at, row in enumerate(rows, start=2):
            for column, text in row.items():
                page.cell(at, columns[column]).value = text or None
    book.save(path)
    book.close()


def change(path: Path, sheet: str, row: int, column: str, text: str) -> None:
    """Types one cell of a data sheet."""
    book = load_workbook(path)
    page = book[sheet]
    columns = {str(cell.value): cell.column for cell in page[1] if cell.value}
    page.cell(row, columns[column]).value = text
    book.save(path)
    book.close()
