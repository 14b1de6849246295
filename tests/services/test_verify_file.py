"""`verify FILE`: whether a file is what was exported or made public, and row by row what is no longer so."""

from __future__ import annotations

import csv
import io
import json
import shutil
from datetime import date
from pathlib import Path

import docx
import openpyxl
import pytest

from core.errors import FileRefused
from core.services import intake, lists, publishing, review
from core.services.publishing import Given, Place
from core.services.verify_file import FileVerdict, verify_file
from tests.begun import taken_over
from tests.books import MAIN, applicant
from tests.command import Ran, shifan
from tests.conftest import one_database
from tests.intake.hostile import one_cell_at, zipped
from tests.office import SHENYANG, TODAY, Office
from tests.passing import ALL, settle

KIND = "creation_candidates"
TITLE = "2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象公示名单"
STEM = "2026年度拟创建对象公示名单"
NEVER = "操作留痕里没有导出过这样的文件：不是这里导出的，或者导出以后改动过。"
TABLES = ("xlsx", "docx", "csv")


def exported(office: Office, folder: Path, kind: str = KIND, as_of: date | None = None) -> dict[str, Path]:
    paths = lists.export_to(office.app, office.staff, office.round_id, kind, folder, as_of)
    return {path.name.partition(".")[2]: path for path in paths}


def looked(office: Office, path: Path) -> FileVerdict:
    return verify_file(office.app, path)


def told(verdict: FileVerdict) -> list[str]:
    return [each.text for each in verdict.differences]


def withdraw(office: Office) -> None:
    """虚构市望海基地 leaves, the others still pass."""
    office.put(SHENYANG, applicant("platform", "PT-001", ALL[0]))
    office.take(SHENYANG)
    row = office.application(SHENYANG, "jd-001")
    intake.decide_withdrawal(office.app, office.staff, row.id, row.version, withdrawn=True, why="市里来函")
    settle(office, ALL[0], *ALL[2:])


def rename(office: Office) -> None:
    """虚构市云帆服务平台 gets another operator, as verified."""
    row = office.application(SHENYANG, "pt-001")
    review.verify_value(
        office.app, office.staff, row.id, row.version, sheet=MAIN, column="运营主体", text="核定主体",
        why="与证书不符", evidence="证书",
    )  # fmt: skip
    settle(office, ALL[0])


# ---------------------------------------------------------------- what was exported


def test_a_file_as_exported_is_known_by_who_when_and_as_of_which_day(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    files = exported(office, tmp_path / "out")
    at = office.last().at
    for suffix in TABLES:
        path = shutil.copy(files[suffix], tmp_path / f"改了名.{suffix}")  # what it is called does not matter
        assert looked(office, path).lines() == [
            f"改了名.{suffix}：是导出过的文件，一个字节也没有改动。",
            f"  李经办2026年5月20日（周三）{at:%H:%M}导出“拟创建对象公示名单”，按当时的情况。",
            f"  和现在的“{TITLE}”逐行相同，共 4 行。",
        ]
    verdict = looked(office, files["manifest.json"])
    assert verdict.lines()[2:] == [
        *(f"  清单里的“{STEM}.{suffix}”与清单一致。" for suffix in ("csv", "docx", "xlsx")),
        f"  和现在的“{TITLE}”内容相同。",
    ]
    assert verdict.right


def test_everybody_who_exported_it_is_told_the_newest_first(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    path = exported(office, tmp_path)["csv"]
    office.on(date(2026, 5, 22))
    lists.download(office.app, office.second, office.round_id, KIND, "csv")
    lists.export_to(office.app, office.staff, office.round_id, KIND, tmp_path / "b", TODAY)
    origins = looked(office, path).origins
    assert [each.sentence.partition("日（")[0] for each in origins] == [
        "李经办2026年5月22",
        "赵经办2026年5月22",
        "李经办2026年5月20",
    ]
    assert origins[0].sentence.endswith("导出“拟创建对象公示名单”，按2026年5月20日（周三）的情况。")


def test_what_was_made_public_is_known_too(office: Office, tmp_path: Path) -> None:
    taken_over(office.app, office.staff, "recognized", date(2025, 3, 1), "虚构甲平台")
    given = Given(TODAY, "厅网站", number="虚构工信〔2026〕8号", document=False)
    number = publishing.publish(office.app, office.staff, Place("in_force", None), given)
    details = office.last().details
    for name, (sha256, _) in details["files"].items():
        (tmp_path / name).write_bytes(office.app.snapshots.read(sha256))
        verdict = looked(office, tmp_path / name)
        assert verdict.right, verdict.lines()
        assert verdict.origins[0].sentence.endswith(
            "所附的文件，公布日期2026年5月20日（周三），文号虚构工信〔2026〕8号。"
        )
    assert number == 1


# ---------------------------------------------------------------- what is no longer so


@pytest.mark.parametrize("suffix", TABLES)
def test_what_has_changed_since_is_told_row_by_row(office: Office, tmp_path: Path, suffix: str) -> None:
    settle(office, *ALL[:3])
    path = exported(office, tmp_path)[suffix]
    withdraw(office)
    rename(office)
    verdict = looked(office, path)
    first = {"xlsx": 3, "docx": 2, "csv": 2}[suffix]
    assert told(verdict) == [
        f"文件第{first}行的沈阳市“虚构市云帆服务平台”不一样：运营主体文件里是“虚构市云帆服务中心”，现在是“核定主体”。",
        f"文件第{first + 1}行的沈阳市“虚构市望海基地”（类型基地，运营主体虚构市望海园区有限公司），现在的名单里没有。",
        "现在的名单里有沈抚示范区“虚构区安山服务平台”（类型平台，运营主体虚构市云帆服务中心），文件里没有。",
    ]
    assert (len(verdict.origins), verdict.right) == (1, False)
    assert verdict.compared == f"和现在的“{TITLE}”比对，有 3 处不同："


def test_a_manifest_tells_that_the_data_have_changed_and_which_file_was_altered(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    files = exported(office, tmp_path)
    files["csv"].write_bytes(files["csv"].read_bytes() + b"\r\n")
    files["docx"].unlink()
    withdraw(office)
    verdict = looked(office, files["manifest.json"])
    assert list(verdict.parts) == [
        f"清单里的“{STEM}.csv”与清单不一致，改动过。",
        f"清单里的“{STEM}.docx”不在同一个文件夹，没有核对。",
        f"清单里的“{STEM}.xlsx”与清单一致。",
    ]
    assert told(verdict) == ["名单的内容和现在的不同，逐行的差别请用 xlsx、docx 或 csv 核对。"]
    assert not verdict.right


# ---------------------------------------------------------------- what was altered


def test_an_altered_workbook_is_compared_by_its_title(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    path = exported(office, tmp_path)["xlsx"]
    book = openpyxl.load_workbook(path)
    sheet = book["名单"]
    sheet["C3"], sheet["E4"] = "虚构市云帆平台", "另一家"
    sheet.delete_rows(6)
    book.save(path)
    verdict = looked(office, path)
    assert verdict.lines()[:2] == [
        f"{path.name}：{NEVER}",
        f"  和现在的“{TITLE}”比对，有 4 处不同：",
    ]
    assert told(verdict) == [
        "文件第3行的沈阳市“虚构市云帆平台”（类型平台，运营主体虚构市云帆服务中心），现在的名单里没有。",
        "文件第4行的沈阳市“虚构市望海基地”不一样：运营主体文件里是“另一家”，现在是“虚构市望海园区有限公司”。",
        "现在的名单里有沈阳市“虚构市云帆服务平台”（类型平台，运营主体虚构市云帆服务中心），文件里没有。",
        "现在的名单里有沈抚示范区“虚构区安山服务平台”（类型平台，运营主体虚构市云帆服务中心），文件里没有。",
    ]
    assert not verdict.right


def test_another_order_a_column_more_and_another_title_are_told(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    path = exported(office, tmp_path)["csv"]
    header, *rows = list(csv.reader(io.StringIO(path.read_text("utf-8-sig"))))
    best = [[str(at), *row[1:], "90"] for at, row in enumerate(reversed(rows), start=1)]
    text = io.StringIO()
    csv.writer(text).writerows([[*header, "得分"], *best])
    path.write_text(text.getvalue(), "utf-8-sig")
    assert told(looked(office, path)) == [
        "表头不一样：多了“得分”。",
        "各行都在，但排列的次序或序号不一样。",
    ]
    document = docx.Document(str(exported(office, tmp_path / "b")["docx"]))
    document.paragraphs[0].runs[0].text = TITLE.replace("拟创建对象公示名单", "拟创建对象名册")
    document.save(str(tmp_path / f"{STEM}.docx"))
    assert told(looked(office, tmp_path / f"{STEM}.docx")) == [
        f"标题不一样：文件里是“{TITLE.replace('公示名单', '名册')}”，现在是“{TITLE}”。"
    ]


def test_nothing_is_guessed_of_a_file_that_does_not_say_what_it_is(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    path = exported(office, tmp_path)["csv"]
    path.write_bytes(path.read_bytes().replace("虚构".encode(), "真实".encode()))
    nameless = path.rename(tmp_path / "名单.csv")
    assert looked(office, nameless).lines() == [
        f"名单.csv：{NEVER}",
        "  看不出这是哪一份名单（标题和文件名里都没有写），不能和现在的情况逐行比对。",
    ]
    other = tmp_path / "2031年度认定名单.csv"
    shutil.copy(nameless, other)
    assert looked(office, other).lines()[1:] == ["  现在没有2031年度轮次，不能比对。"]
    other.write_text("a,b\r\n1,2\r\n", "utf-8")
    assert looked(office, other).lines()[1:] == ["  文件里没有认得出的名单，不能和现在的情况逐行比对。"]


def test_what_a_file_says_gives_a_terminal_no_orders(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    path = tmp_path / f"{STEM}.csv"
    path.write_text("序号,地区,平台（基地）名称,类型,运营主体\r\n1,沈阳市,\x1b[2J坏,平台,甲\r\n", "utf-8-sig")
    assert looked(office, path).lines()[2] == (
        "    文件第2行的沈阳市“ [2J坏”（类型平台，运营主体甲），现在的名单里没有。"
    )


# ---------------------------------------------------------------- what is not opened


@one_database
@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("甲.json", b"{" * 100_000, "damaged"),
        ("甲.json", b"[" * 100_000 + b"]" * 100_000, "damaged"),
        ("甲.json", b'{"files": {"a": 1}', "damaged"),
        ("甲.json", b'{"files": []}', "damaged"),
        ("甲.csv", b"a,b\n\xff\xfe", "not_a_workbook"),
        ("甲.txt", "没有表格".encode(), "not_a_workbook"),
        ("甲.pdf", b"%PDF-1.7\0", "not_a_workbook"),
        ("甲.xlsx", b"", "empty"),
    ],
)
def test_what_is_no_file_of_ours_is_refused(office: Office, tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(FileRefused) as caught:
        looked(office, tmp_path / name)
    assert (caught.value.name, caught.value.code) == (name, code)


@one_database
def test_a_manifest_names_no_file_elsewhere(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"files": {"../../etc/passwd": "0"}}), "utf-8")
    assert looked(office, path).parts == ("清单里的“../../etc/passwd”不是文件名，没有核对。",)


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def document(body: str, before: str = "") -> bytes:
    return zipped({"word/document.xml": f"{before}<w:document {W}><w:body>{body}</w:body></w:document>"})


@one_database
@pytest.mark.parametrize(
    ("data", "code"),
    [
        (document("<w:p/>", '<!DOCTYPE a [<!ENTITY b "c">]>'), "entities"),
        (document("<w:p>" * 500 + "</w:p>" * 500), "damaged"),
        (document("<w:p><w:r><w:t>没有关上"), "damaged"),
        (document(f"<w:p><w:r><w:t>{' ' * 40_000_000}</w:t></w:r></w:p>"), "zip_bomb"),
        (document("<w:p/>" * 1_000_000), "bad_ratio"),
        (document("<w:p/>" + "".join(f"<w:p w:a='{at}'/>" for at in range(450_000))), "damaged"),
    ],
)
def test_a_document_that_would_do_harm_is_refused(office: Office, tmp_path: Path, data: bytes, code: str) -> None:
    path = tmp_path / "甲.docx"
    path.write_bytes(data)
    with pytest.raises(FileRefused) as caught:
        looked(office, path)
    assert (caught.value.name, caught.value.code) == ("甲.docx", code)


@one_database
def test_a_workbook_goes_through_the_reader_of_all_workbooks(office: Office, tmp_path: Path) -> None:
    path = tmp_path / "甲.xlsx"
    path.write_bytes(one_cell_at("XFD1048576"))
    with pytest.raises(FileRefused) as caught:
        looked(office, path)
    assert caught.value.code == "far_cell"


# ---------------------------------------------------------------- from a shell


def test_the_exit_code_tells_it(office: Office, tmp_path: Path) -> None:
    settle(office, *ALL)
    files = exported(office, tmp_path)
    where = {"SHIFAN_HOME": str(office.app.settings.home), "SHIFAN_DATABASE_URL": office.app.settings.database_url}
    run = lambda *given: shifan("verify", *map(str, given), SHIFAN_TODAY="2026-05-20", **where)  # noqa: E731
    right = [line for suffix in TABLES for line in looked(office, files[suffix]).lines()]
    assert run(*(files[suffix] for suffix in TABLES)) == Ran(0, "\n".join(right) + "\n", "")
    files["csv"].write_bytes(files["csv"].read_bytes().replace("云帆".encode(), "云航".encode()))
    done = run(files["xlsx"], files["csv"], "--json")
    assert (done.code, done.err) == (1, "")
    found = json.loads(done.out)
    assert found["ok"] is False
    assert [(each["file"], each["known"], each["same"]) for each in found["files"]] == [
        (files["xlsx"].name, True, True),
        (files["csv"].name, False, False),
    ]
    assert found["files"][1]["differences"] == [
        {"kind": each.kind, "text": each.text} for each in looked(office, files["csv"]).differences
    ]
    missing = tmp_path / "没有.csv"
    assert run(missing) == Ran(2, "", f"shifan：{missing}：找不到这个文件。\n")


def test_the_list_of_all_in_force_asks_for_no_year_and_the_others_do(office: Office, tmp_path: Path) -> None:
    taken_over(office.app, office.staff, "recognized", date(2025, 3, 1))
    where = {"SHIFAN_HOME": str(office.app.settings.home), "SHIFAN_DATABASE_URL": office.app.settings.database_url}
    run = lambda kind: shifan("export", kind, "--out", str(tmp_path), SHIFAN_TODAY="2026-05-20", **where)  # noqa: E731
    stem = "现有省级示范平台（基地）名单"
    written = [str(tmp_path / f"{stem}.{suffix}") for suffix in (*TABLES, "manifest.json")]
    assert run("in_force") == Ran(0, "\n".join(written) + "\n", "")
    assert run("renamed") == Ran(2, "", "shifan：缺少 --round。请写明是哪个年度的名单，如 --round 2026。\n")
