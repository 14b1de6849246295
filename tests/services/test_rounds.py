"""The yearly round: opened once a year, changed with a reason, its workbooks made and never overwritten."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from core.bootstrap import App
from core.errors import Refused, Stale, StandardRefused
from core.services import rounds
from core.services.judging import Flip, rejudge_where_stale
from core.services.rounds import RecommenderChange
from core.standards import loader
from core.standards.recommenders import recommenders
from core.store import tables
from tests.books import applicant
from tests.conftest import one_database
from tests.office import AS_OF, DALIAN, DEADLINE, SHENFU, SHENYANG, Office

CITIES = [each.name for each in recommenders()]


def settings(office: Office, **changed: Any) -> dict[str, Any]:
    return {
        "notice_number": "",
        "notice_date": None,
        "standard_id": "ln-2025-draft",
        "deadline": DEADLINE,
        "reference_day": AS_OF,
        "count_start": False,
        "over_quota": "warn",
        "folder": str(office.folder),
        "why": "按通知调整",
    } | changed


def change(office: Office, version: int = 1, **changed: Any) -> list[Flip]:
    return rounds.change_round(office.app, office.staff, office.round_id, version, **settings(office, **changed))


def test_a_round_is_opened_with_its_recommenders(opened: Office) -> None:
    made = rounds.open_round(
        opened.app,
        opened.staff,
        year=2027,
        notice_number=" 虚构企服〔2027〕1号 ",
        notice_date=date(2027, 3, 1),
        deadline=date(2027, 6, 15),
        count_start=True,
        over_quota="refuse",
    )
    row = opened.row(tables.rounds, id=made)
    assert tuple(row) == (
        made,
        2027,
        "虚构企服〔2027〕1号",
        date(2027, 3, 1),
        "ln-2025-draft",
        date(2027, 6, 15),
        None,
        True,
        "refuse",
        "",
        1,
    )
    rows = [each[1:] for each in opened.dump()["recommenders"] if each[0] == made]
    assert sorted(rows) == sorted((city, True, None, "", 1) for city in CITIES)
    entry = opened.last()
    name = loader.load("ln-2025-draft").name
    assert (entry.what, entry.round_id, entry.who) == (f"建立2027年度创建轮次，采用标准“{name}”", made, "李经办")
    assert entry.details["deadline"] == "2027-06-15"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"year": 2026}, "2026年度轮次已经建立，请直接打开设置。"),
        ({"year": 26}, "年度请填四位年份，如 2026。"),
        ({"year": 2101}, "年度请填四位年份，如 2026。"),
        ({"over_quota": "maybe"}, "超额处理请选“提醒”或“不予受理”。"),
        (
            {"notice_date": date(2027, 3, 2), "deadline": date(2027, 3, 1)},
            "报送截止日早于通知日期，请核对。",
        ),
        ({"folder": "round"}, "共享文件夹请填完整路径，如 /srv/shifan/2026 或 D:\\\\示范创建\\\\2026。"),
    ],
)
@one_database
def test_a_round_that_cannot_be_is_refused(opened: Office, values: dict[str, Any], sentence: str) -> None:
    act = lambda: rounds.open_round(opened.app, opened.admin, **{"year": 2027} | values)  # noqa: E731
    assert opened.refuses(Refused, act) == sentence


def test_a_standard_that_is_not_there_is_refused(opened: Office) -> None:
    act = lambda: rounds.open_round(opened.app, opened.admin, year=2027, standard_id="ln-1999")  # noqa: E731
    sentence = opened.refuses(StandardRefused, act)
    assert opened.refuses(StandardRefused, lambda: change(opened, standard_id="ln-1999")) == sentence
    assert sentence == "没有“ln-1999”这一版标准（现有：ln-2025-draft）。"


def test_notice_and_deadline_may_be_one_day(opened: Office) -> None:
    assert change(opened, notice_date=DEADLINE) == []
    assert opened.last().what == "修改2026年度轮次：通知日期"


def test_a_change_names_what_changed(opened: Office) -> None:
    folder = str(opened.folder / "子文件夹")
    values = {
        "notice_number": "虚构企服〔2026〕2号",
        "over_quota": "refuse",
        "folder": f" {folder} ",
        "count_start": True,
    }
    assert change(opened, **values) == []
    row = opened.row(tables.rounds, id=opened.round_id)
    assert (row.notice_number, row.over_quota, row.folder, row.count_start, row.version) == (
        "虚构企服〔2026〕2号",
        "refuse",
        folder,
        True,
        2,
    )
    entry = opened.last()
    assert (entry.what, entry.why, entry.based_on) == (
        "修改2026年度轮次：通知文号、公示期起算方式、超额处理、共享文件夹",
        "按通知调整",
        1,
    )


def test_no_change_no_reason_no_round(opened: Office) -> None:
    assert opened.refuses(Refused, lambda: change(opened)) == "没有改动，无需保存。"
    assert opened.refuses(Refused, lambda: change(opened, why=" ")) == "请写明理由，供日后核查。"
    missing = lambda: rounds.change_round(opened.app, opened.staff, 99, 1, **settings(opened))  # noqa: E731
    assert opened.refuses(Refused, missing) == "没有这个年度轮次。"


def test_a_change_based_on_an_old_version_is_refused(opened: Office) -> None:
    change(opened, notice_number="甲")
    assert opened.refuses(Stale, lambda: change(opened, notice_number="乙")) == (
        f"2026年度轮次已由李经办于{opened.last().at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    )


def test_another_day_of_reference_judges_again_and_tells_what_turned(office: Office) -> None:
    # the two of 沈阳市 began on 2015-05-06: three years were not over on this day
    day = date(2018, 5, 5)
    flips = change(office, reference_day=day, deadline=None)
    of_shenyang = [flip for flip in flips if flip.city == SHENYANG]
    first, second = office.application(SHENYANG, "pt-001").id, office.application(SHENYANG, "jd-001").id
    assert of_shenyang == [
        Flip(first, SHENYANG, "虚构市云帆服务平台", "art5.years", "pass", "fail"),
        Flip(first, SHENYANG, "虚构市云帆服务平台", "overall", "review", "fail"),
        Flip(second, SHENYANG, "虚构市望海基地", "art5.years", "pass", "fail"),
        Flip(second, SHENYANG, "虚构市望海基地", "overall", "review", "fail"),
    ]
    assert office.last().what == "修改2026年度轮次：报送截止日、审核基准日；4 个申报的审核结论因此改变"
    assert office.judged(SHENYANG, "pt-001").as_of == day
    back = change(office, 2, reference_day=date(2018, 5, 6), deadline=None)
    assert [(flip.before, flip.after) for flip in back if flip.criterion == "art5.years"] == [("fail", "pass")] * 5
    assert office.judged(SHENYANG, "pt-001").verdict == "review"


def test_an_edition_whose_data_changed_is_judged_by_again_once(office: Office) -> None:
    before = office.entries()
    assert rejudge_where_stale(office.app) == 0
    assert office.entries() == before
    with office.app.writer.begin() as connection:  # as a store looks that an older program has left
        connection.execute(tables.assessments.update().values(standard_sha256="0" * 64, verdict="pass"))
    assert rejudge_where_stale(office.app) == 1
    entry = office.last()
    assert (entry.who, entry.what, entry.why) == (
        "系统",
        "标准“ln-2025-draft”的数据有更新，2026年度全部申报已重新审核；5 个申报的审核结论因此改变",
        "标准数据更新",
    )
    assert [office.judged(city, "pt-001").verdict for city in (SHENYANG, DALIAN, SHENFU)] == [
        "review",
        "fail",
        "review",
    ]
    assert rejudge_where_stale(office.app) == 0


def quotas(office: Office, *rows: RecommenderChange, why: str = "按通知") -> rounds.SaveResult:
    return rounds.set_recommenders(office.app, office.staff, office.round_id, rows, why)


def test_quotas_are_saved_line_by_line(opened: Office) -> None:
    rows = (RecommenderChange(SHENYANG, 1, True, 12, " 甲某 "), RecommenderChange(DALIAN, 1, False, None, ""))
    assert quotas(opened, *rows) == rounds.SaveResult(2, ())
    held = {row[1]: row[2:] for row in opened.dump()["recommenders"]}
    assert held == dict.fromkeys(CITIES, (True, None, "", 1)) | {
        SHENYANG: (True, 12, "甲某", 2),
        DALIAN: (False, None, "", 2),
    }
    entry = opened.last()
    assert (entry.what, entry.why) == ("修改推荐单位 2 家：沈阳市、大连市", "按通知")


def test_a_line_that_another_changed_first_is_left_and_named(opened: Office) -> None:
    rounds.set_recommenders(
        opened.app, opened.second, opened.round_id, [RecommenderChange(SHENYANG, 1, True, 10, "")], "先改"
    )
    at = opened.last().at
    conflict = f"沈阳市已由赵经办于{at:%Y-%m-%d %H:%M}修改，您的改动没有写入。请刷新页面，核对后再办。"
    mine = (RecommenderChange(SHENYANG, 1, True, 12, ""), RecommenderChange(DALIAN, 1, True, 5, ""))
    assert quotas(opened, *mine) == rounds.SaveResult(1, (conflict,))
    held = {row[1]: row[3] for row in opened.dump()["recommenders"]}
    assert (held[SHENYANG], held[DALIAN]) == (10, 5)
    entry = opened.last()
    assert (entry.what, entry.details) == ("修改推荐单位 1 家：大连市", {DALIAN: [True, 5, ""]})
    # where nothing of it could be saved, nothing is written; who changed another line meanwhile is not named
    assert opened.refuses(Stale, lambda: quotas(opened, mine[0])) == conflict


@pytest.mark.parametrize(
    ("row", "why", "sentence"),
    [
        (RecommenderChange(SHENYANG, 1, True, -1, ""), "按通知", "沈阳市的推荐名额不能是负数；不限名额请留空。"),
        (RecommenderChange(SHENYANG, 1, True, 1, ""), "", "请写明理由，供日后核查。"),
    ],
)
def test_quotas_are_looked_at(opened: Office, row: RecommenderChange, why: str, sentence: str) -> None:
    assert opened.refuses(Refused, lambda: quotas(opened, row, why=why)) == sentence


def test_nothing_to_save_is_told(opened: Office) -> None:
    assert opened.refuses(Refused, lambda: quotas(opened)) == "没有改动，无需保存。"


def test_templates_go_into_the_folder_and_overwrite_nothing(opened: Office) -> None:
    taking_part = (SHENYANG, DALIAN, SHENFU)
    quotas(opened, *(RecommenderChange(city, 1, city in taking_part, None, "") for city in CITIES))
    mine = opened.put(SHENYANG, applicant("platform", "PT-009", "已填的"))
    before = mine.read_bytes()
    assert rounds.templates_into_folder(opened.app, opened.staff, opened.round_id) == rounds.TemplateResult(
        ("2026-大连市.xlsx", "2026-沈抚示范区.xlsx"), (mine.name,)
    )
    assert mine.read_bytes() == before
    assert sorted(path.name for path in opened.folder.iterdir()) == sorted(f"2026-{city}.xlsx" for city in taking_part)
    assert opened.last().what == "生成推荐工作簿 2 个，已有未动 1 个"
    after = {path.name: path.read_bytes() for path in opened.folder.iterdir()}
    again = rounds.templates_into_folder(opened.app, opened.staff, opened.round_id)
    assert again == rounds.TemplateResult((), tuple(f"2026-{city}.xlsx" for city in taking_part))
    assert {path.name: path.read_bytes() for path in opened.folder.iterdir()} == after


@one_database
def test_only_those_taking_part_get_a_workbook(opened: Office) -> None:
    left = [RecommenderChange(city, 1, city in (SHENFU, DALIAN), None, "") for city in CITIES]
    quotas(opened, *left)
    made = rounds.template_zip(opened.app, opened.round_id)
    assert made == rounds.template_zip(opened.app, opened.round_id)
    with zipfile.ZipFile(io.BytesIO(made)) as archive:
        assert archive.namelist() == ["2026-大连市.xlsx", "2026-沈抚示范区.xlsx"]
        zipped = archive.read("2026-大连市.xlsx")
    assert rounds.templates_into_folder(opened.app, opened.staff, opened.round_id).made == (
        "2026-大连市.xlsx",
        "2026-沈抚示范区.xlsx",
    )
    assert (opened.folder / "2026-大连市.xlsx").read_bytes() == zipped


def test_without_a_folder_there_is_nowhere_to_put_them(opened: Office) -> None:
    change(opened, folder="")
    act = lambda: rounds.templates_into_folder(opened.app, opened.staff, opened.round_id)  # noqa: E731
    assert opened.refuses(Refused, act) == "本轮次还没有设置共享文件夹。请先在“年度轮次”中填写文件夹。"


@one_database
def test_a_folder_that_cannot_be_made_is_told(opened: Office, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "round"
    change(opened, folder=str(place))
    act = lambda: rounds.templates_into_folder(opened.app, opened.staff, opened.round_id)  # noqa: E731
    assert opened.refuses(Refused, act) == (
        f"写不进文件夹 {place}：路径中有一段不是文件夹。请检查文件夹是否存在、是否有写入权限。"
    )


def test_an_unknown_round_is_told(app: App) -> None:
    with pytest.raises(Refused) as caught:
        rounds.template_zip(app, 1)
    assert str(caught.value) == "没有这个年度轮次。"
