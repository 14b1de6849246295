"""名单: those whose every finding is settled and passes, in official order, and nothing more about them."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from core.errors import Refused
from core.publication.list_kinds import kinds
from core.services import intake, lists, review
from core.views.lists import unfit
from tests.begun import taken_over
from tests.books import MAIN, applicant
from tests.conftest import one_database
from tests.office import SHENFU, SHENYANG, TODAY, Office
from tests.passing import ALL, settle
from tests.publication.scored_round import EXACT, score_round

KIND = "creation_candidates"
STEM = "2026年度拟创建对象公示名单"


def listed(office: Office, kind: str = KIND) -> list[tuple[str, ...]]:
    return list(lists.public_list(office.app, office.round_id, kind).rows)


def test_only_what_passes_is_listed_in_official_order(office: Office) -> None:
    assert listed(office) == []
    settle(office, *ALL)
    assert listed(office) == [
        ("1", "沈阳市", "虚构市云帆服务平台", "平台", "虚构市云帆服务中心"),
        ("2", "沈阳市", "虚构市望海基地", "基地", "虚构市望海园区有限公司"),
        ("3", "大连市", "虚构市星河服务平台", "平台", "虚构市云帆服务中心"),
        ("4", "沈抚示范区", "虚构区安山服务平台", "平台", "虚构市云帆服务中心"),
    ]


def test_a_determination_short_of_all_does_not_list(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    review.determine(
        office.app, office.staff, number, 1, criterion="annex1.assurance", verdict="pass", why="现场查看属实"
    )
    assert listed(office) == []


def test_what_is_withdrawn_is_not_listed(office: Office) -> None:
    office.put(SHENYANG, applicant("platform", "PT-001", "虚构市云帆服务平台"))
    office.take(SHENYANG)
    settle(office, *ALL)
    number = office.application(SHENYANG, "jd-001").id
    assert [row[2] for row in listed(office)] == [ALL[0], *ALL[2:]]  # nobody has decided yet
    intake.decide_withdrawal(office.app, office.staff, number, 1, withdrawn=False, why="市里来函")
    assert [row[2] for row in listed(office)][:2] == list(ALL[:2])
    version = office.application(SHENYANG, "jd-001").version
    intake.decide_withdrawal(office.app, office.staff, number, version, withdrawn=True, why="市里来函")
    assert [row[2] for row in listed(office)] == [ALL[0], *ALL[2:]]


def test_each_list_has_its_own_kind_of_application(opened: Office) -> None:
    made = [
        applicant("platform", f"PT-{number}", name, application=kind)
        for number, (name, kind) in enumerate(
            [("甲", "创建申报"), ("乙", "期满验收"), ("丙", "延期验收"), ("丁", "运行复核")]
        )
    ]
    opened.put(SHENFU, *made)
    opened.take()
    settle(opened, "甲", "乙", "丙", "丁")
    assert [row[2] for row in listed(opened)] == ["甲"]
    assert [row[2] for row in listed(opened, "recognition_candidates")] == ["丙", "乙"]


def test_an_unknown_list_is_told_with_those_there_are(office: Office) -> None:
    assert office.refuses(Refused, lambda: listed(office, "winners")) == (
        "没有“winners”这种名单。可以用的有："
        "creation_candidates、creation_objects、recognition_candidates、recognized、revoked、"
        "renamed、review_results、in_force。"
    )


def test_a_verified_name_is_the_one_that_is_made_public(office: Office) -> None:
    number = office.application(SHENYANG, "pt-001").id
    for version, (column, text) in enumerate((("平台（基地）名称", "核定名称"), ("运营主体", "核定主体")), start=1):
        review.verify_value(
            office.app,
            office.staff,
            number,
            version,
            sheet=MAIN,
            column=column,
            text=text,
            why="与证书不符",
            evidence="证书",
        )
    settle(office, "虚构市云帆服务平台")
    assert listed(office) == [("1", "沈阳市", "核定名称", "平台", "核定主体")]


def test_the_files_are_written_and_noted(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    out = tmp_path / "名单" / "一"
    paths = lists.export_to(office.app, office.staff, office.round_id, KIND, out)
    names = [f"{STEM}.{suffix}" for suffix in ("xlsx", "docx", "csv", "manifest.json")]
    assert [path.name for path in paths] == names
    assert sorted(path.name for path in out.iterdir()) == sorted(names)
    described = json.loads((out / names[3]).read_text("utf-8"))
    assert described["files"] == {
        name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in sorted(names[:3])
    }
    assert (described["list"], described["rows"]) == (KIND, 4)
    assert (described["as_of"], described["reference_day"]) == (TODAY.isoformat(), "2026-06-30")
    sheet = openpyxl.load_workbook(out / names[0])["名单"]
    assert [cell.value for cell in sheet[2]] == list(kinds()[KIND].header)
    assert [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3, max_row=6)] == [
        list(row) for row in listed(office)
    ]
    entry = office.last()
    assert (entry.what, entry.who) == (f"导出2026年度拟创建对象公示名单：{'、'.join(names)}", "李经办")
    hashes = {name: hashlib.sha256((out / name).read_bytes()).hexdigest() for name in names}
    assert entry.details == {"list": KIND, "files": hashes, "data_sha256": described["data_sha256"]}
    assert (described["who"], described["at"]) == ("李经办", entry.at.isoformat())


def test_the_same_store_gives_the_same_bytes(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    for place in ("a", "b"):
        lists.export_to(office.app, office.staff, office.round_id, KIND, tmp_path / place)
    files = [{path.name: path.read_bytes() for path in (tmp_path / place).iterdir()} for place in ("a", "b")]
    described = [json.loads(each.pop(f"{STEM}.manifest.json")) for each in files]
    assert files[0] == files[1]
    assert [each | {"at": ""} for each in described] == [described[0] | {"at": ""}] * 2
    for suffix in ("xlsx", "docx", "csv"):
        name, data = lists.download(office.app, office.second, office.round_id, KIND, suffix)
        assert (name, data) == (f"{STEM}.{suffix}", files[0][name])
        assert (office.last().what, office.last().who) == (f"导出2026年度拟创建对象公示名单：{name}", "赵经办")
    name, data = lists.download(office.app, office.second, office.round_id, KIND, "manifest.json")
    assert json.loads(data) == described[0] | {"who": "赵经办", "at": office.last().at.isoformat()}
    assert office.last().details["files"] == {name: hashlib.sha256(data).hexdigest()}


@one_database
def test_no_telephone_number_leaves_the_house(office: Office) -> None:
    settle(office, *ALL)
    _, files = lists.list_files(office.app, office.round_id, KIND)
    for name, data in files.items():
        texts = [data]
        if name.endswith(("xlsx", "docx")):
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                texts = [archive.read(part) for part in archive.namelist()]
        written = b"".join(texts).decode("utf-8", "replace")
        for private in ("024-0000000", "甲某", "乙某", "12210100MB0000001P"):
            assert private not in written
        assert "云帆" in written or name.endswith("json")


@one_database
def test_a_folder_that_cannot_be_written_is_told(office: Office, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    place = tmp_path / "file" / "out"
    act = lambda: lists.export_to(office.app, office.staff, office.round_id, KIND, place)  # noqa: E731
    assert office.refuses(Refused, act) == f"写不进文件夹 {place}：路径中有一段不是文件夹。请检查文件夹和写入权限。"


# ---------------------------------------------------------------- what must not leave


@one_database
def test_a_list_with_what_must_not_be_public_does_not_leave(opened: Office, tmp_path: Path) -> None:
    taken_over(
        opened.app, opened.staff, "recognized", date(2025, 3, 1), "虚构甲平台（92.5分）", operator="电话13800000000"
    )
    told = (
        "现有名单第1行“平台（基地）名称”列写着“92.5分”，像得分或名次，对外不写（第八条），请改写。",
        "现有名单第1行“运营主体”列有电话号码“13800000000”，不能对外公开，请去掉。",
    )
    for act in (
        lambda: lists.export_to(opened.app, opened.staff, opened.round_id, "in_force", tmp_path / "out"),
        lambda: lists.download(opened.app, opened.staff, opened.round_id, "in_force", "csv"),
    ):
        assert opened.refuses(Refused, act) == f"没有发出，有不能对外公开的内容：{''.join(told)}"
    assert not (tmp_path / "out").exists()
    assert unfit(opened.app, opened.round_id, "in_force") == told
    assert unfit(opened.app, opened.round_id, "recognized") == ()


@one_database
def test_a_list_in_the_order_of_its_round_s_scores_does_not_leave(opened: Office) -> None:
    score_round(opened)
    assert lists.scores_of(opened.app, opened.round_id) == EXACT
    made = lists.public_list(opened.app, opened.round_id, KIND)
    assert len(made.objects) == len(EXACT)
    best = replace(made, objects=tuple(sorted(made.objects, key=lambda each: -EXACT[each.name])))
    files = lists.files_of(best, STEM, ("csv",))
    with pytest.raises(Refused) as caught:
        lists.refuse_unfit(opened.app, opened.round_id, best, files)
    assert str(caught.value) == (
        "没有发出，有不能对外公开的内容："
        "拟创建对象公示名单各行的次序就是得分高低的次序（第八条），请按行政区划、再按名称排列。"
    )
    lists.refuse_unfit(opened.app, opened.round_id, made, lists.files_of(made, STEM, ("csv",)))
