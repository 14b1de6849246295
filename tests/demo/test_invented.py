"""The invented round: the same every time, large enough, and nobody's."""

from __future__ import annotations

import io
from collections import Counter
from typing import Any

import olefile

from core.demo.encrypted import encrypted_package
from core.demo.invent import Invented, invent
from core.demo.plan import load_plan
from core.standards.recommenders import recommenders
from sheets_schema.codes import phone, uscc_fault


def _rows(found: Invented, sheet: str) -> list[dict[str, Any]]:
    return [row for book in found.first.values() for row in book.rows.get(sheet, ())]


def test_the_same_every_time() -> None:
    assert invent(load_plan()) == invent(load_plan())


def test_all_recommenders_and_enough_applications() -> None:
    found = invent(load_plan())
    assert list(found.first) == [each.name for each in recommenders()]
    rows = _rows(found, "推荐汇总表")
    assert len(rows) == 140
    assert Counter(row["类型"] for row in rows) == {"平台": 86, "基地": 54}
    assert set(Counter(row["申报类别"] for row in rows)) == {"创建申报", "期满验收", "延期验收", "运行复核", "新申报"}


def test_every_name_says_that_it_is_invented() -> None:
    found = invent(load_plan())
    names = [row[column] for row in _rows(found, "推荐汇总表") for column in ("平台（基地）名称", "运营主体")]
    names += [row["企业名称"] for row in _rows(found, "优质企业名录")]
    assert [name for name in names if not name.startswith("虚构")] == []


def test_codes_are_right_in_form_and_of_no_place() -> None:
    found = invent(load_plan())
    codes = [row["统一社会信用代码"] for sheet in ("推荐汇总表", "优质企业名录") for row in _rows(found, sheet)]
    assert [code for code in codes if code[2:10] != "219999XN"] == []
    assert [code for code in codes if uscc_fault(code)] == ["91219999XN0000000A"]  # the case of bad_uscc
    doubled = [code for code, count in Counter(codes).items() if count > 1]
    assert len(doubled) == 2  # one row repeated, one applicant recommended twice


def test_phones_are_of_an_exchange_that_does_not_exist() -> None:
    rows = _rows(invent(load_plan()), "推荐汇总表")
    numbers = [row["联系电话"] for row in rows if row["联系电话"] != "0000123"]
    assert len(numbers) == len(rows) - 1
    assert {(phone(number) or "")[:8] for number in numbers} == {"024-0000"}


def test_an_encrypted_file_is_what_it_says() -> None:
    with olefile.OleFileIO(io.BytesIO(encrypted_package(7))) as compound:
        assert compound.listdir() == [["EncryptedPackage"], ["EncryptionInfo"]]
        assert compound.get_size("EncryptedPackage") == 40_960
        assert compound.parsing_issues == []
