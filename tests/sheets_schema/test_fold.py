"""What counts as the same text."""

from __future__ import annotations

import pytest

from sheets_schema.fold import fold_header, fold_item, fold_key, fold_text, fold_width, strip_blanks


@pytest.mark.parametrize(
    "typed",
    [
        "专精特新“小巨人”企业数（家）",
        '专精特新"小巨人"企业数(家)',
        "专精特新「小巨人」企业数（家)",
        " 专精特新 ‘小巨人’\n企业数 （ 家 ） ",
        "专精特新小巨人企业数（家）\ufeff",
    ],
)
def test_forms_of_a_header_are_one(typed: str) -> None:
    assert fold_header(typed) == "专精特新小巨人企业数(家)"


def test_headers_that_differ_in_a_character_differ() -> None:
    assert fold_header("满意用户数（人）") != fold_header("满意用户数（家）")


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("１２００", "1200"),
        ("　ＡＢ ", "AB"),
        ("1000①", "1000①"),
        ("5²", "5²"),
        ("½", "½"),
        ("3⽉", "3月"),
        ("㎡", "㎡"),
    ],
)
def test_only_the_width_of_a_figure_is_folded(typed: str, folded: str) -> None:
    assert fold_width(typed) == folded


def test_texts_keys_and_items() -> None:
    assert fold_text("\u200b 是\u3000") == "是"
    assert fold_key(" sy-００１ ") == fold_key("SY-001") == "sy-001"
    assert fold_item("“小巨人”") == fold_item("「小巨人」") == "小巨人"
    assert strip_blanks("\n a b\u200d ") == "a b"
    assert strip_blanks("\u3000\t") == ""
