"""What 发文 shows: how a document begins, what it says, what stands in its way."""

from __future__ import annotations

from datetime import date

from core.publication.documents.kinds import words
from core.services import documents, notices
from core.store import tables
from core.views.documents import document_form, document_preview, template_fields
from tests.documents import declined, reached
from tests.notices import AFTER, DOCUMENT, PUBLISHED, confirm, proposed, publish
from tests.office import SHENYANG, Office


def test_a_notice_is_begun_with_the_newest_and_its_own_day(office: Office) -> None:
    empty = document_form(office.app, office.round_id, "notice_creation", None)
    assert (empty.notices, empty.refusal, empty.page) == (
        {}, "本年度还没有登记拟创建对象公示。请先在“公示与异议”登记。", "notices",
    )  # fmt: skip
    first, *_ = proposed(office)
    publish(office, case_ids=[first])
    publish(office, day=date(2026, 6, 3))
    form = document_form(office.app, office.round_id, "notice_creation", None)
    assert form.notices == {2: "2026年度拟创建对象公示（2026年6月3日）", 1: "2026年度拟创建对象公示（2026年6月1日）"}
    assert (form.signed, form.number, form.refusal) == (date(2026, 6, 3), "", "")
    assert document_form(office.app, office.round_id, "notice_creation", 1).signed == PUBLISHED
    notices.withdraw_notice(office.app, office.staff, 2, office.row(tables.notices, id=2).version, "名单有误")
    form = document_form(office.app, office.round_id, "notice_creation", None)
    assert (list(form.notices.values())[1], form.signed) == (
        "2026年度拟创建对象公示（2026年6月3日）（已撤回）",
        PUBLISHED,
    )


def test_what_was_registered_stands_in_the_form(office: Office) -> None:
    proposed(office)
    confirm(office, publish(office), AFTER)
    form = document_form(office.app, office.round_id, "creation_objects", None)
    assert (form.refusal, form.page) == (
        "公布创建对象的通知要写明联系方式。请先在“年度轮次”的“联系方式”中填写。", "round",
    )  # fmt: skip
    reached(office)
    form = document_form(office.app, office.round_id, "creation_objects", None)
    assert (form.number, form.signed, form.refusal) == (DOCUMENT, AFTER, "")


def test_a_preview_holds_the_text_and_what_forbids_it(office: Office) -> None:
    reached(office)
    declined(office, [("虚构丁平台", SHENYANG)], "总分85.5分。")
    seen = document_preview(office.app, office.round_id, "result_letter")
    [body] = seen.bodies.values()
    assert "沈阳市中小企业主管部门：" in body.splitlines()
    assert [("85.5分" in problem, "沈阳市.docx" in problem) for problem in seen.problems] == [(True, True)]


def test_every_field_of_a_template_is_explained() -> None:
    for code, kind in words().kinds.items():
        shown = template_fields(code)
        assert [each.name for each in shown] == [*kind.fields, *(f"行.{each.field}" for each in kind.columns)]
        assert [each.name for each in shown if not each.meaning] == []
        assert {each.name for each in shown if each.required} >= set(kind.required)
    assert documents.KINDS["recognized"] == "认定公告"
