"""Scoring by workbook: made for an expert, told by the cell what is wrong, taken in whole and taken back whole."""

from __future__ import annotations

import hashlib
import io
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier
from typing import Any

import openpyxl
import pytest

from core.accounts import Actor
from core.errors import Refused, Stale
from core.services import scoring_books
from core.services.panel import Assigned
from core.services.score_book_files import Terms
from core.services.score_book_reading import UNKNOWN
from core.store import tables
from tests.office import DALIAN, SHENYANG, Office
from tests.panels import ANSHAN, WANGHAI, XINGHE, YUNFAN, assigned, handed_in, recused, seen
from tests.score_books import RECUSAL, book, expert_id, filled, look, made, scores, take

FENG = "专家02"
NAME = "2026-评分-专家02-虚构冯某.xlsx"
REASON = "虚构：三年内任该公司顾问"


@pytest.fixture
def office(convened: Office) -> Office:
    """专家02, who has no account, scores three applications."""
    assigned(convened, (FENG, YUNFAN), (FENG, WANGHAI), (FENG, XINGHE), cleared=False)
    return convened


def standing(office: Office, code: str = FENG) -> dict[str, Assigned]:
    """The standing assignments of an expert by the application's name."""
    known = seen(office)
    return {known.subjects[each.application_id].name: each for each in known.assignments if each.code == code}


def states(office: Office) -> dict[str, tuple[str, int]]:
    """How far each is, and the number of its newest entry."""
    return {name: (each.state, each.number) for name, each in standing(office).items()}


def score_of(office: Office, name: str) -> set[str]:
    """The scores that hold of an application, each once."""
    return set(standing(office)[name].content["scores"].values())


def refused(office: Office, name: str, data: bytes, kind: type[Refused] = Refused, why: str = "") -> str:
    based_on = look(office, name, data).based_on
    return office.refuses(
        kind,
        lambda: scoring_books.take_in(office.app, office.staff, office.round_id, name, data, based_on, why),
    )


def undo(office: Office, book_id: int = 1, version: int = 1) -> None:
    scoring_books.take_back(office.app, office.staff, book_id, version, "专家来电更正")


# ---------------------------------------------------------------- made


def test_a_workbook_holds_what_is_assigned_and_nothing_of_what_the_expert_is_recused_from(office: Office) -> None:
    recused(office, FENG, XINGHE)
    name, data = made(office, FENG)
    assert name == NAME
    held = openpyxl.load_workbook(io.BytesIO(data))
    assert held.sheetnames == ["填写说明", "评分", "评价要点", "申报情况", "_meta"]
    assert [[cell.value for cell in row[:5]] for row in held["评分"].iter_rows(min_row=2)] == [
        ["沈阳市-PT-001", YUNFAN, "沈阳市", "平台", "虚构市云帆服务中心"],
        ["沈阳市-JD-001", WANGHAI, "沈阳市", "基地", "虚构市望海园区有限公司"],
    ]
    texts = " ".join(str(cell.value) for sheet in held for row in sheet.iter_rows() for cell in row)
    assert "星河" not in texts
    assert "联系" not in texts.replace("不列联系人和电话", "")
    assert made(office, FENG)[1] == data


def test_what_goes_back_until_when_stands_in_it(office: Office) -> None:
    _, data = made(office, FENG, Terms(date(2026, 6, 8), "发至省厅评审组"))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["填写说明"]
    assert sheet["A2"].value == (
        "由评审专家虚构冯某（专家02）填写，评 3 项申报的创建方案。"
        "请于2026年6月8日（周一）前交回。交回方式：发至省厅评审组。"
    )


def test_figures_are_those_that_hold_with_what_was_verified_marked(office: Office) -> None:
    from core.services import review

    number = office.application(SHENYANG, "pt-001").id
    given = {"sheet": "平台指标", "column": "专家数（人）", "text": "48", "why": "复核", "evidence": "名册"}
    review.verify_value(office.app, office.staff, number, 1, **given)
    rows = openpyxl.load_workbook(io.BytesIO(made(office, FENG)[1]))["申报情况"].iter_rows(values_only=True)
    assert [row[4:] for row in rows if row[1] == YUNFAN and row[3] == "专家数（人）"] == [("48", "核定")]


def test_all_workbooks_come_in_one_archive_and_the_same_state_gives_the_same_bytes(office: Office) -> None:
    assigned(office, ("专家03", ANSHAN))
    ids = [expert_id(office, code) for code in (FENG, "专家03", "专家04")]
    name, data = scoring_books.archive(office.app, office.staff, office.round_id, ids)
    assert name == "2026-评分工作簿.zip"
    with zipfile.ZipFile(io.BytesIO(data)) as opened:
        assert opened.namelist() == [NAME, "2026-评分-专家03-虚构陈某.xlsx"]
        assert opened.read(NAME) == made(office, FENG)[1]
    assert scoring_books.archive(office.app, office.staff, office.round_id, ids) == (name, data)
    said = office.refuses(
        Refused, lambda: scoring_books.archive(office.app, office.staff, office.round_id, [expert_id(office, "专家04")])
    )
    assert said == "这些专家本轮都还没有分派申报，没有要评的。请先在“分派”中分派。"
    said = office.refuses(Refused, lambda: made(office, "专家04"))
    assert said == "专家04（虚构褚某）本轮还没有分派申报，没有要评的。请先在“分派”中分派。"


# ---------------------------------------------------------------- looked at


def test_a_preview_says_what_each_row_would_do(office: Office) -> None:
    handed_in(office, standing(office)[WANGHAI].id, 70)
    name, data = book(office, FENG, {WANGHAI: scores(office, 70, innovation=75), XINGHE: {RECUSAL: REASON}})
    seen_ = look(office, name, data)
    assert [(each.subject.name, each.change, each.row) for each in seen_.rows] == [
        (WANGHAI, "changed", 3),
        (XINGHE, "recused", 4),
    ]
    assert [(cell.column, cell.old, cell.new) for cell in seen_.rows[0].cells] == [("创新特色（分）", "70", "75")]
    assert (seen_.empty, seen_.errors, seen_.counts) == ((YUNFAN,), (), "改动 1 项，申请回避 1 项，未填 1 项")
    assert seen_.obstacle == ""
    with_typed = filled(data, {YUNFAN: scores(office, 60)})
    draft = {"assignment_id": standing(office)[YUNFAN].id, "content": {"scores": {"path": "1"}}, "version": 1}
    with office.app.writer.begin() as connection:
        connection.execute(tables.score_drafts.insert().values(saved_at=office.app.clock.now(), **draft))
    assert look(office, name, with_typed).drafts == (YUNFAN,)


def test_what_is_wrong_is_told_by_its_cell_and_nothing_is_taken_in(office: Office) -> None:
    odd = scores(office, 80, content="约八十", innovation=100.5, path=None, count=-1)
    both = scores(office, 80, recusal=REASON)
    name, data = book(office, FENG, {YUNFAN: odd, WANGHAI: scores(office, 90), XINGHE: both})
    place = f"{NAME}〔评分〕"
    scale = "0 至 100 分，每 0.01 分一档"
    assert [error.message for error in look(office, name, data).wrong] == [
        f"{place}F2：“创建内容（分）”应填数字，现在是“约八十”，请只填阿拉伯数字，例如 80，不写“约”“万”“+”等字样。",
        f"{place}G2：“创新特色（分）”填的“100.5”不在可打的分数之内，可打的分数是 {scale}，请改正。",
        f"{place}H2：“典型或特色经验做法（条）”不能是负数，现在是“-1”，请核对后改填 0 或正数。",
        f"{place}J2：“实施路径（分）”还没有打分，可打的分数是 {scale}，请补填；"
        "这项申报暂不评的，请把这一行已填的内容清空。",
        f"{place}M4：已写申请回避的申报不再打分，请清空这一行的分数、条数和评语；"
        "不回避的，请清空“申请回避（写明理由）”。",
    ]
    assert refused(office, name, data).startswith(f"工作簿中有 5 处须改正，没有受理。请全部改好后重新上传：{place}F2：")
    assert not office.app.snapshots.has(hashlib.sha256(data).hexdigest())


def test_a_comment_is_asked_for_where_the_round_asks_for_one(office: Office) -> None:
    table = tables.scoring_settings
    with office.app.writer.begin() as connection:
        content = dict(connection.execute(table.select()).one().content) | {"comments": "each"}
        connection.execute(table.update().values(content=content))
    comments = {f"{name}评语": "虚构评语" for name in seen(office).rubric.names.values()}
    name, data = book(office, FENG, {YUNFAN: scores(office, 80) | comments | {"实施路径评语": None}})
    [wrong] = look(office, name, data).wrong
    assert (wrong.cell, wrong.code) == ("N2", "missing_score")
    assert wrong.message.endswith("“实施路径评语”还没有填写，本轮每项指标都要写评语，请补写。")
    take(office, name, filled(data, {YUNFAN: {"实施路径评语": "路线清楚"}}))
    assert standing(office)[YUNFAN].content["comments"]["path"] == "路线清楚"


def test_a_row_of_another_name_or_number_and_one_that_is_there_twice_are_refused(office: Office) -> None:
    name, data = book(
        office, FENG, {YUNFAN: scores(office, 80), WANGHAI: scores(office, 80), XINGHE: scores(office, 80)}
    )
    data = filled(data, {YUNFAN: {"平台（基地）名称": WANGHAI}})
    data = filled(data, {WANGHAI: {"申报编号": "沈阳市-PT-009"}})
    data = filled(data, {XINGHE: {"申报编号": "沈阳市-PT-001"}})
    assert [error.message.partition("：")[2] for error in look(office, name, data).wrong] == [
        f"编号“沈阳市-PT-001”的名称应为“{YUNFAN}”，现在是“{WANGHAI}”，"
        "这一行可能错了位，请改回原来的名称，并核对这一行的分数。",
        "本轮没有编号为“沈阳市-PT-009”的申报，请改回下发时的编号，或重新下载工作簿填写。",
        "编号“沈阳市-PT-001”与第 2 行重复，请只保留一行。",
    ]


def test_a_row_that_is_no_longer_the_experts_is_refused_with_a_sentence(office: Office) -> None:
    name, data = made(office, FENG)
    with office.app.writer.begin() as connection:
        row = tables.assignments.c.id == standing(office)[YUNFAN].id
        now = office.app.clock.now()
        connection.execute(tables.assignments.update().where(row).values(ended_at=now, end_reason="改派专家03"))
    recused(office, FENG, XINGHE)
    assert look(office, name, filled(data, {WANGHAI: scores(office, 80)})).obstacle == ""
    every = {each: scores(office, 80) for each in (YUNFAN, WANGHAI, XINGHE)}
    assert [error.message for error in look(office, name, filled(data, every)).wrong] == [
        f"{NAME}〔评分〕A2：“{YUNFAN}”已不由这位专家评审（改派专家03），这一行填写的内容不能受理，请清空后重新上传。",
        f"{NAME}〔评分〕A4：这位专家对“{XINGHE}”应当回避，这一行填写的内容不能受理，请清空后重新上传。",
    ]


OTHER_NAME = (
    "工作簿内写明的专家是 专家02（虚构冯某），文件名写的是 专家03（虚构陈某）。请核对是谁填的，改正文件名后重新上传。"
)
OTHER_YEAR = "这是 2025 年度的评分工作簿，不是本轮次（2026 年度）的，请在 2025 年度的轮次中上传。"
STRANGE = "工作簿内写明的专家是“专家77”，名册中没有这位专家。请核对是否放错了文件。"
IDLE = "专家03（虚构陈某）本轮没有分派过申报，这个工作簿不能受理。请核对是否放错了文件。"


@pytest.mark.parametrize(
    ("name", "meta", "said"),
    [
        ("2026-评分-专家03-虚构陈某.xlsx", {}, OTHER_NAME),
        (NAME, {"年度": "2025"}, OTHER_YEAR),
        ("x.xlsx", {"专家编号": "专家77"}, STRANGE),
        ("x.xlsx", {"专家编号": "专家03"}, IDLE),
        ("x.xlsx", {"专家编号": None, "年度": None}, UNKNOWN),
        (NAME, {"专家编号": None, "年度": None}, ""),
    ],
)
def test_whose_workbook_it_is(office: Office, name: str, meta: dict[str, Any], said: str) -> None:
    held = openpyxl.load_workbook(io.BytesIO(book(office, FENG, {YUNFAN: scores(office, 80)})[1]))
    for row in held["_meta"].iter_rows(max_col=2):
        row[1].value = meta.get(str(row[0].value), row[1].value)
    target = io.BytesIO()
    held.save(target)
    assert look(office, name, target.getvalue()).obstacle == said


# ---------------------------------------------------------------- taken in


def test_rows_that_are_whole_are_taken_in_as_one_act(office: Office) -> None:
    rows = {YUNFAN: scores(office, "85.50分", count=3), XINGHE: {RECUSAL: REASON}}
    name, data = book(office, FENG, rows)
    assert take(office, name, data).counts == "新交 1 项，申请回避 1 项，未填 1 项"
    given = standing(office)[YUNFAN]
    assert (given.state, given.number, given.via) == ("submitted", 1, "workbook")
    assert given.content == {
        "scores": dict.fromkeys(seen(office).rubric.names, "85.50"), "comments": {}, "counts": {"innovation": 3},
    }  # fmt: skip
    assert given.cleared_at == given.at
    assert (states(office)[WANGHAI], XINGHE in standing(office)) == (("unseen", 0), False)
    [ended] = seen(office).ended
    assert ended.end_reason == f"回避：{REASON}"
    declared = office.row(tables.recusals, kind="declared")
    assert (declared.reason, declared.application_id, declared.ended_at) == (REASON, ended.application_id, None)
    last = office.last()
    assert (last.action, last.subject, last.what) == (
        "score.book_taken", NAME, f"受理 专家02 的评分工作簿“{NAME}”：新交 1 项，申请回避 1 项，未填 1 项",
    )  # fmt: skip
    assert "85" not in last.what + last.why + str(last.details["scores"])
    assert office.app.snapshots.read(last.details["sha256"]) == data
    entry = office.row(tables.score_entries)
    assert (entry.ledger_id, entry.who) == (last.id, "李经办")


def test_the_same_workbook_again_is_nothing_new(office: Office) -> None:
    name, data = book(office, FENG, {YUNFAN: scores(office, 80), XINGHE: {RECUSAL: REASON}})
    take(office, name, data)
    assert refused(office, name, data) == "工作簿的内容与已受理的一致，无需重复受理。"
    assert refused(office, *made(office, FENG)) == "工作簿中一项也没有填，没有可受理的。请专家填好后重新上传。"
    # the rest comes later, in the same file
    more = filled(data, {WANGHAI: scores(office, 60)})
    assert take(office, name, more).counts == "新交 1 项，与已受理的相同 2 项"
    assert states(office) == {YUNFAN: ("submitted", 1), WANGHAI: ("submitted", 1)}


def test_scores_that_hold_are_changed_with_a_reason_only(office: Office) -> None:
    handed_in(office, standing(office)[YUNFAN].id, 70)
    name, data = book(office, FENG, {YUNFAN: scores(office, 75)})
    assert refused(office, name, data) == "请写明理由，供日后核查。"
    take(office, name, data, "专家书面更正")
    assert (states(office)[YUNFAN], score_of(office, YUNFAN)) == (("submitted", 2), {"75"})
    assert (office.last().why, office.row(tables.score_entries, number=2).why) == ("专家书面更正", "专家书面更正")


def test_a_recusal_of_what_is_scored_already_takes_a_reason_and_the_scores_out(office: Office) -> None:
    handed_in(office, standing(office)[YUNFAN].id, 70)
    name, data = book(office, FENG, {YUNFAN: {RECUSAL: REASON}})
    assert refused(office, name, data) == "请写明理由，供日后核查。"
    take(office, name, data, "专家来函")
    assert YUNFAN not in standing(office)
    undo(office)
    assert (states(office)[YUNFAN], score_of(office, YUNFAN)) == (("submitted", 1), {"70"})


def test_what_was_compared_is_what_is_taken_in(office: Office) -> None:
    name, data = book(office, FENG, {YUNFAN: scores(office, 80)})
    based_on = look(office, name, data).based_on
    handed_in(office, standing(office)[YUNFAN].id, 70)
    act = lambda: scoring_books.take_in(office.app, office.staff, office.round_id, name, data, based_on, "x")  # noqa: E731
    said = "核对以后，工作簿、评审设置或这位专家的评分和分派又有变动，没有受理。请重新核对后再受理。"
    assert office.refuses(Stale, act) == said


def test_of_two_at_once_one_is_taken_in(office: Office) -> None:
    start = Barrier(2)
    name, data = book(office, FENG, {YUNFAN: scores(office, 80)})
    based_on = look(office, name, data).based_on

    def one(who: Actor) -> str:
        start.wait()
        try:
            return scoring_books.take_in(office.app, who, office.round_id, name, data, based_on).counts
        except Refused as refusal:
            return str(refusal)

    with ThreadPoolExecutor(2) as threads:
        said = set(threads.map(one, (office.staff, office.second)))
    assert said == {"新交 1 项，未填 2 项", "工作簿的内容与已受理的一致，无需重复受理。"}
    assert states(office)[YUNFAN] == ("submitted", 1)


# ---------------------------------------------------------------- taken back


def test_what_held_before_holds_again(office: Office) -> None:
    before = standing(office)
    handed_in(office, before[YUNFAN].id, 70)
    rows = {YUNFAN: scores(office, 75), WANGHAI: scores(office, 60), XINGHE: {RECUSAL: REASON}}
    take(office, *book(office, FENG, rows), "专家书面更正")
    undo(office)
    assert states(office) == {YUNFAN: ("submitted", 3), WANGHAI: ("reopened", 2), XINGHE: ("unseen", 0)}
    assert (score_of(office, YUNFAN), standing(office)[YUNFAN].via) == ({"70"}, "app")
    assert {each.cleared_at for each in standing(office).values()} == {None}
    assert office.row(tables.recusals).ended_at is not None
    last = office.last()
    assert (last.action, last.what, last.why) == (
        "score.book_undone", f"撤销受理 专家02 的评分工作簿“{NAME}”，3 项恢复为受理前的情况", "专家来电更正",
    )  # fmt: skip
    assert office.row(tables.score_books).state == "undone"
    said = office.refuses(Stale, lambda: undo(office, 1, 2))
    assert said == f"“{NAME}”的这次受理已经撤销，请刷新页面。"
    # the very same workbook is new again, and so is its recusal
    assert take(office, *book(office, FENG, rows), "再交").counts == "新交 1 项，改动 1 项，申请回避 1 项"


def test_a_workbook_stays_where_something_came_after_it(office: Office) -> None:
    rows = {YUNFAN: scores(office, 75), WANGHAI: scores(office, 60), XINGHE: {RECUSAL: REASON}}
    take(office, *book(office, FENG, rows))
    take(office, *book(office, FENG, {YUNFAN: scores(office, 76)}), "更正")
    at = f"{office.last().at:%Y-%m-%d %H:%M}"
    with office.app.writer.begin() as connection:
        row = tables.assignments.c.id == standing(office)[WANGHAI].id
        now = office.app.clock.now()
        connection.execute(tables.assignments.update().where(row).values(ended_at=now, end_reason="改派"))
    recused(office, FENG, XINGHE)
    assert office.refuses(Refused, lambda: undo(office)) == (
        f"受理以后又有办理，不能整本撤销：“{YUNFAN}”的评分已由李经办于{at}重新提交；“{WANGHAI}”的分派已撤回；"
        f"“{XINGHE}”另有回避。请逐项办理：改评分的，把评分退回重评；回避的，在“回避”中办理。"
    )
    # the newer one can go, and then gives back what the older one said
    undo(office, 2)
    assert (states(office)[YUNFAN], score_of(office, YUNFAN)) == (("submitted", 3), {"75"})


def test_another_recommenders_application_with_the_same_number_is_another(office: Office) -> None:
    assert office.application(SHENYANG, "pt-001").key == office.application(DALIAN, "pt-001").key
    take(office, *book(office, FENG, {XINGHE: scores(office, 66)}))
    assert states(office) == {YUNFAN: ("unseen", 0), WANGHAI: ("unseen", 0), XINGHE: ("submitted", 1)}
