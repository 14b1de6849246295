"""Official documents are filled from the store: list, number, dates and contact are never typed (第七条, 第十一条)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from core.errors import Refused
from core.publication.documents.kinds import words
from core.services import documents, notices
from core.services.casework import Casework, New
from core.services.document_facts import NotYet
from core.services.verify_file import verify_file
from core.store import tables
from core.store.unit import Entry
from tests.conftest import one_database
from tests.documents import REASON, built, declined, lines, opened, reached, table
from tests.notices import (
    AFTER,
    CONTACT,
    DOCUMENT,
    LAST,
    PUBLISHED,
    accepted,
    confirm,
    proposed,
    publish,
)
from tests.office import DALIAN, SHENFU, SHENYANG, Office

HEADER = ["序号", "地区", "平台（基地）名称", "类型", "运营主体"]
ROWS = [
    ["1", "沈阳市", "虚构甲平台", "平台", "虚构甲平台中心"],
    ["2", "大连市", "虚构乙平台", "平台", "虚构乙平台中心"],
    ["3", "沈抚示范区", "虚构丙平台", "平台", "虚构丙平台中心"],
]
LETTERS = ["2026年度申报结果的函-沈阳市.docx", "2026年度申报结果的函-大连市.docx"]


def recognised(office: Office) -> int:
    """Three bases recognised in the round; gives the number of their notice."""
    accepted(office)
    notice = publish(office, "recognition")
    confirm(office, notice, AFTER)
    return notice


# ---------------------------------------------------------------- notices


def test_a_notice_says_what_was_registered_word_for_word(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    made = built(office, "notice_creation", notice_id=notice, number="虚构工信[2026]第09号")
    from core import views

    text = views.notice_view(office.app, notice).text
    listed = "2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象公示名单"
    assert lines(made) == [
        "虚构工信〔2026〕9号", text.title, *text.paragraphs, text.attachment, text.signature, text.day,
        "附件", listed, "注：按行政区划排列，排名不分先后。",
    ]  # fmt: skip
    assert table(made) == [HEADER, *ROWS]
    assert [list(row) for row in made.rows] == ROWS
    assert (made.title, made.number, made.signed, made.notice_id) == (
        text.title,
        "虚构工信〔2026〕9号",
        PUBLISHED,
        notice,
    )
    told = {name: made.fields[name] for name in ("首日", "末日", "工作日数", "起算", "数量", "列举")}
    assert told == {
        "首日": "2026年6月1日", "末日": "2026年6月8日", "工作日数": 5, "起算": "自发布次日起计算，发布当日不计入",
        "数量": 3, "列举": "虚构甲平台、虚构乙平台、虚构丙平台等3家",
    }  # fmt: skip
    assert list(made.files) == ["2026年度拟创建对象公示.docx"]


def test_what_becomes_of_a_notice_changes_nothing_of_its_document(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    before = built(office, "notice_creation", notice_id=notice)
    reached(office)
    confirm(office, notice, AFTER)
    after = built(office, "notice_creation", notice_id=notice)
    assert (after.files, after.data_sha256) == (before.files, before.data_sha256)


def test_a_notice_is_signed_no_later_than_its_first_day(office: Office) -> None:
    proposed(office)
    notice = publish(office, signed=date(2026, 6, 2))
    said = office.refuses(Refused, lambda: built(office, "notice_creation", notice_id=notice))
    assert said == ("落款日期2026年6月2日（周二）晚于公示首日2026年6月1日（周一）。落款日期不能晚于公示首日，请改正。")
    made = built(office, "notice_creation", notice_id=notice, signed=date(2026, 5, 29))
    assert "2026年5月29日" in lines(made)
    assert "2026年6月2日" not in lines(made)


def test_a_notice_that_was_taken_back_or_is_another_one_has_no_document(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    said = office.refuses(Refused, lambda: built(office, "notice_recognition", notice_id=notice))
    assert said == "请先选定是哪一次拟认定名单公示。"
    assert office.refuses(Refused, lambda: built(office, "notice_creation")) == "请先选定是哪一次拟创建对象公示。"
    version = office.row(tables.notices, id=notice).version
    notices.withdraw_notice(office.app, office.staff, notice, version, "名单有误")
    said = office.refuses(Refused, lambda: built(office, "notice_creation", notice_id=notice))
    assert said == "2026年度拟创建对象公示（2026年6月1日）已经撤回，不再生成。"


def test_a_list_that_somebody_meddled_with_is_not_announced(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    with office.app.writer.begin() as connection:
        connection.execute(tables.notices.update().values(sha256="0" * 64))
    said = office.refuses(Refused, lambda: built(office, "notice_creation", notice_id=notice))
    assert said == (
        "2026年度拟创建对象公示（2026年6月1日）的名单与发布时的校验值不一致，不能生成公示文稿。请联系管理员核对数据。"
    )


# ---------------------------------------------------------------- notification and announcements


def test_the_lead_names_the_first_three_and_as_many_as_the_rows(office: Office) -> None:
    names = [
        (f"虚构{sign}平台", city)
        for sign, city in zip("丙乙甲丁戊", (SHENYANG, SHENYANG, DALIAN, SHENFU, DALIAN), strict=True)
    ]
    proposed(office, names)
    confirm(office, publish(office), AFTER)
    reached(office)
    made = built(office, "creation_objects", number=DOCUMENT)
    rows = table(made)[1:]
    first = "、".join(row[2] for row in rows[:3])
    assert (len(rows), {row[1] for row in rows[:3]}) == (5, {"沈阳市", "大连市"})
    assert made.fields["列举"] == f"{first}等5家"
    [lead] = [text for text in lines(made) if "现予公布" in text]
    assert f"确定{first}等5家为2026年度辽宁省中小企业公共服务示范平台（基地）创建对象" in lead
    assert (made.number, made.signed, made.warnings) == (DOCUMENT, AFTER, ())


def test_a_notification_takes_its_periods_from_the_edition_and_its_contact_from_the_round(office: Office) -> None:
    proposed(office)
    confirm(office, publish(office), AFTER)
    with pytest.raises(NotYet) as caught:
        built(office, "creation_objects")
    assert (str(caught.value), caught.value.page) == (
        "公布创建对象的通知要写明联系方式。请先在“年度轮次”的“联系方式”中填写。", "round",
    )  # fmt: skip
    reached(office)
    made = built(office, "creation_objects")
    assert {name: made.fields[name] for name in ("创建期", "变更期限", "数量")} == {
        "创建期": 2,
        "变更期限": 3,
        "数量": 3,
    }
    text = lines(made)
    assert text[:2] == [
        "关于公布2026年度辽宁省中小企业公共服务示范平台（基地）创建对象名单的通知",
        "各市及沈抚示范区中小企业主管部门：",
    ]
    assert "（联系单位：虚构处，联系电话：024-00000000，通讯地址：虚构市示例路1号）" in text
    assert made.phones == (CONTACT.phone,)
    assert made.warnings == (f"没有填发文字号；确认时登记的文号是“{DOCUMENT}”。",)


def test_recognition_is_announced_with_the_rows_of_its_list(office: Office) -> None:
    recognised(office)
    made = built(office, "recognized", number=DOCUMENT)
    assert table(made) == [HEADER, *([*row[:3], "基地", row[4]] for row in ROWS)]
    text = lines(made)
    assert text[1] == "关于认定2026年度辽宁省中小企业公共服务示范平台（基地）的公告"
    assert text[2] == (
        "根据《辽宁省中小企业公共服务示范平台（基地）创建管理办法（征求意见稿）》，经评估验收和公示，现认定虚构甲平台、"
        "虚构乙平台、虚构丙平台等3家为辽宁省中小企业公共服务示范平台（基地）（名单见附件，按行政区划排列，排名不分先后）。"
    )
    assert "每2年开展一次运行和服务情况复核" in text[3]
    assert text[-5:-3] == ["辽宁省工业和信息化厅", "2026年6月9日"]


def test_number_and_day_are_held_against_what_was_registered(office: Office) -> None:
    recognised(office)
    office.on(date(2026, 6, 20))
    made = built(office, "recognized", number="虚构工信〔2025〕8号", signed=date(2026, 6, 10))
    assert made.warnings == (
        f"发文字号“虚构工信〔2025〕8号”与确认时登记的文号“{DOCUMENT}”不同，请核对。",
        "落款日期2026年6月10日（周三）与确认时登记的日期2026年6月9日（周二）不同，请核对。",
        "发文字号“虚构工信〔2025〕8号”的年份与落款日期2026年6月10日（周三）不同，请核对。",
    )
    said = office.refuses(Refused, lambda: built(office, "recognized", signed=LAST))
    assert said == "落款日期2026年6月8日（周一）早于名单中最后一个对象办理的日期2026年6月9日（周二），请改正。"


def test_changes_and_revocations_are_announced_from_the_ledger(office: Office) -> None:
    recognised(office)
    one = office.row(tables.standings, name="虚构甲平台").case_id
    other = office.row(tables.standings, name="虚构乙平台").case_id
    office.on(date(2026, 7, 20))
    with office.app.unit(office.staff) as unit:
        work = Casework(office.app, unit, [one, other])
        day = date(2026, 7, 1)
        work.enter(one, New("change_reported", day, {"occurred": "2026-06-20", "evidence": "批复一份"}, "", "更名"))
        decided = {"keep": True, "name": "虚构新甲平台", "operator": "虚构新甲中心"}
        work.enter(one, New("change_decided", date(2026, 7, 10), decided, "虚构〔2026〕10号", "同意"))
        work.enter(
            other, New("dishonesty_found", date(2026, 7, 11), {"evidence": "名单一份"}, "虚构〔2026〕11号", "查实")
        )
        unit.record(Entry("case.acted", "case", one, "", "", "", details=work.save()))
    renamed = built(office, "renamed", number="虚构〔2026〕10号")
    assert table(renamed) == [
        ["序号", "地区", "原名称", "现名称", "类型", "原运营主体", "现运营主体"],
        ["1", "沈阳市", "虚构甲平台", "虚构新甲平台", "基地", "虚构甲平台中心", "虚构新甲中心"],
    ]
    assert "同意虚构甲平台变更名称或者运营主体（名单见附件" in lines(renamed)[2]
    revoked = built(office, "revoked")
    assert table(revoked) == [HEADER, ["1", "大连市", "虚构乙平台", "基地", "虚构乙平台中心"]]
    assert "决定撤销虚构乙平台的辽宁省" in lines(revoked)[1]


@one_database
@pytest.mark.parametrize(
    ("kind", "page"), [("creation_objects", "notices"), ("recognized", "notices"), ("revoked", "cases")]
)
def test_an_empty_list_is_no_document(office: Office, kind: str, page: str) -> None:
    reached(office)
    with pytest.raises(NotYet) as caught:
        built(office, kind)
    assert caught.value.page == page


@one_database
def test_what_there_is_not_is_refused(office: Office) -> None:
    names = "、".join(kind.name for kind in words().kinds.values())
    assert office.refuses(Refused, lambda: built(office, "x")) == f"没有“x”这种发文。可以用的有：{names}。"
    said = office.refuses(Refused, lambda: built(office, "revoked", as_of=date(2027, 1, 1)))
    assert said == "2027年1月1日（周五）还没有到，不能按那一天的情况生成。"


def test_a_past_day_gives_the_document_of_that_day(office: Office) -> None:
    first, *_ = proposed(office)
    confirm(office, publish(office, case_ids=[first]), AFTER)
    reached(office)
    then = built(office, "creation_objects", number=DOCUMENT)
    publish(office, day=AFTER)
    late = date(2026, 6, 20)
    confirm(office, 2, late)
    assert len(built(office, "creation_objects").rows) == 3
    again = built(office, "creation_objects", number=DOCUMENT, as_of=AFTER)
    assert (again.rows, again.signed, again.files) == (then.rows, AFTER, then.files)


# ---------------------------------------------------------------- letters to the cities


def test_each_city_is_told_of_its_own_and_why(office: Office) -> None:
    proposed(office, [("虚构甲平台", SHENYANG), ("虚构乙平台", SHENYANG)])
    declined(office)
    reached(office)
    made = built(office, "result_letter")
    assert list(made.files) == LETTERS
    shenyang, dalian = (table(made, name) for name in LETTERS)
    heads = ["序号", "平台（基地）名称", "类型", "运营主体", "结果", "理由"]
    assert shenyang == [
        heads,
        ["1", "虚构丁平台", "基地", "虚构丁平台中心", "未入选", REASON],
        ["2", "虚构乙平台", "平台", "虚构乙平台中心", "列为拟创建对象", "—"],
        ["3", "虚构甲平台", "平台", "虚构甲平台中心", "列为拟创建对象", "—"],
    ]
    assert dalian == [heads, ["1", "虚构戊平台", "基地", "虚构戊平台中心", "未入选", REASON]]
    text = lines(made, LETTERS[0])
    assert text[:2] == [
        "关于2026年度辽宁省中小企业公共服务示范平台（基地）创建申报结果的函",
        "沈阳市中小企业主管部门：",
    ]
    assert "已有3个审核完毕，按程序择优，入选2个，未入选1个（结果和理由见附件）。" in text[2]
    for name, city in zip(LETTERS, ("沈阳市", "大连市"), strict=True):
        whole = "\n".join(lines(made, name)) + str(table(made, name))
        others = {"沈阳市": ["虚构戊平台", "大连市"], "大连市": ["虚构甲平台", "虚构丁平台", "沈阳市"]}[city]
        assert [other for other in others if other in whole] == []
    assert made.cities == ("沈阳市", "大连市")
    assert [row[:3] for row in made.rows] == [
        ("1", "沈阳市", "虚构丁平台"), ("2", "沈阳市", "虚构乙平台"), ("3", "沈阳市", "虚构甲平台"),
        ("4", "大连市", "虚构戊平台"),
    ]  # fmt: skip


def test_what_is_not_decided_yet_is_in_no_letter(office: Office) -> None:
    reached(office)
    with pytest.raises(NotYet) as caught:
        built(office, "result_letter")
    assert str(caught.value) == ("2026年度还没有审定拟创建对象，没有可以告知各市的结果。请先在“拟创建对象选定”中登记。")
    first, *_ = declined(office)
    with office.app.unit(office.staff) as unit:
        work = Casework(office.app, unit, [first])
        work.void(first, 2, "另行研究")
        unit.record(Entry("case.acted", "case", first, "", "", "", details=work.save()))
    made = built(office, "result_letter")
    assert list(made.files) == LETTERS[1:]
    assert made.warnings == ("沈阳市还有 1 个申报没有审定，不在函里；审定后请另行函告。",)


def test_an_objection_that_was_true_is_told_and_no_score_goes_out(office: Office) -> None:
    from tests.notices import object_to, resolve

    [one] = proposed(office, [("虚构甲平台", SHENYANG)])
    reached(office)
    notice = publish(office)
    [number] = object_to(office, notice, one, received=date(2026, 6, 2))
    resolve(office, number, date(2026, 6, 3), upheld=True)
    made = built(office, "result_letter")
    assert table(made)[1][4:] == ["未入选", "公示期间的异议经调查核实属实，不确定为创建对象。"]
    declined(office, [("虚构丁平台", SHENYANG)], "得分85.5分，低于合格线。")
    made = built(office, "result_letter")
    said = office.refuses(Refused, lambda: documents.download(office.app, office.staff, made))
    assert "写着“85.5分”，像得分或名次，对外不写（第八条），请改写。" in said
    assert "2026年度申报结果的函-沈阳市.docx" in said


# ---------------------------------------------------------------- leaving the house


def test_a_document_that_leaves_is_noted_with_what_it_is(office: Office) -> None:
    import hashlib

    proposed(office)
    notice = publish(office)
    made = built(office, "notice_creation", notice_id=notice, number=DOCUMENT)
    name, data = documents.download(office.app, office.staff, made)
    assert (name, data) == next(iter(made.files.items()))
    last = office.last()
    assert (last.action, last.subject, last.what, last.round_id) == (
        "document.exported", "拟创建对象公示", "导出2026年度拟创建对象公示：2026年度拟创建对象公示.docx",
        office.round_id,
    )  # fmt: skip
    assert last.details == {
        "document": "notice_creation", "notice_id": notice, "number": DOCUMENT, "signed": "2026-06-01",
        "as_of": "", "list": "", "sha256": hashlib.sha256(data).hexdigest(),
        "standard": "ln-2025-draft", "template": "", "data_sha256": made.data_sha256,
        "files": {name: hashlib.sha256(data).hexdigest()},
    }  # fmt: skip


def test_letters_leave_in_one_archive_or_one_by_one(office: Office) -> None:
    declined(office)
    reached(office)
    made = built(office, "result_letter")
    name, data = documents.download(office.app, office.staff, made)
    assert name == "2026年度致各市的结果函.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {one: archive.read(one) for one in archive.namelist()} == made.files
    assert documents.download(office.app, office.staff, made, LETTERS[1]) == (LETTERS[1], made.files[LETTERS[1]])
    assert sorted(office.last().details["files"]) == LETTERS[1:]


def test_the_properties_of_a_document_tell_nothing_of_who_made_it(office: Office) -> None:
    proposed(office)
    properties = opened(built(office, "notice_creation", notice_id=publish(office))).core_properties
    told = (properties.author, properties.last_modified_by, properties.comments, properties.keywords)
    assert told == ("", "", "", "")
    assert properties.title == "关于2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象名单的公示"


def test_a_file_that_left_is_known_again_and_held_against_today(office: Office, tmp_path: Path) -> None:
    first, *_ = proposed(office)
    confirm(office, publish(office, case_ids=[first]), AFTER)
    reached(office)
    name, data = documents.download(office.app, office.staff, built(office, "creation_objects", number=DOCUMENT))
    path = tmp_path / name
    path.write_bytes(data)
    assert verify_file(office.app, path).right
    publish(office, day=AFTER)
    confirm(office, 2, date(2026, 6, 20))
    found = verify_file(office.app, path)
    assert (len(found.origins), [each.kind for each in found.differences]) == (1, ["added", "added"])
    path.write_bytes(data.replace(b"PK", b"PX", 1))
    with pytest.raises(Refused):
        verify_file(office.app, path)
