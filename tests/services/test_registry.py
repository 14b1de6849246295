"""名录: who is in it, told in public words and nothing else, now and as of a past day; and how it leaves the house."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pytest

from core.errors import Refused
from core.lifecycle.entries import Identity
from core.lifecycle.table import load
from core.publication.registry.model import FormerName, Registered, Step
from core.publication.registry.words import words
from core.services import cohorts, registry, review
from core.services.casework import Casework, New
from core.services.verify_file import verify_file
from core.store.unit import Entry
from tests.begun import STANDARD, entered, recommended, taken_over
from tests.books import applicant
from tests.cohorts import WHO, cohort_file
from tests.conftest import one_database
from tests.decided import number_of
from tests.lifecycle.documents import path_to
from tests.notices import PUBLISHED
from tests.office import SHENYANG, TODAY, Office

LATE = date(2035, 6, 1)
DOCUMENT = "虚构工信〔2029〕2号"  # what tests.begun enters
NOTICE = {"days": 5, "count_start": False}
# what events ask for beside what their path says
GIVEN = {
    "notice_opened": NOTICE,
    "dishonesty_found": {"evidence": "内部凭据"},
    "objection_filed": {"id": "甲", "evidence": "来信", "postmarked": None},
    "objection_resolved": {"id": "甲"},
}
SHOWN = {status: group.code for group in words().groups for status in group.statuses}


def shown(office: Office, as_of: date | None = None) -> dict[str, Registered]:
    return {each.name: each for each in registry.registry(office.app, as_of).objects}


def led(office: Office, status: str, name: str) -> int:
    """A case on the plain way to a status."""
    with office.app.unit(office.staff) as unit:
        work = Casework(office.app, unit)
        number = work.begin(Identity(name, "虚构甲公司", ""), kind="platform", city=SHENYANG, standard_id=STANDARD)
        for event in path_to(status):
            data = GIVEN.get(event["type"], {}) | {
                key: value.isoformat() if isinstance(value, date) else value
                for key, value in event.items()
                if key not in ("type", "date")
            }
            work.enter(number, New(event["type"], event["date"], data, DOCUMENT, "内部的理由"))
        unit.record(Entry("case.acted", "case", number, name, "虚构", details=work.save()))
    return number


def led_to_notice(office: Office) -> int:
    """A case of 2026 under notice, called in the notice as its city corrected it."""
    number = recommended(office.app, office.staff, date(2026, 3, 2), "虚构错字平台", operator="虚构甲公司")
    entered(office.app, office.staff, number, "selected", date(2026, 5, 6))
    entered(office.app, office.staff, number, "notice_opened", date(2026, 5, 7), name="虚构甲平台", **NOTICE)
    return number


# ---------------------------------------------------------------- who is in it


@one_database
def test_the_four_groups_are_in_it_and_nobody_else(opened: Office) -> None:
    opened.on(LATE)
    for status in load().statuses:
        led(opened, status, status)
    groups = {name: each.group for name, each in shown(opened).items()}
    # one that passed its acceptance is still 创建对象 for the public
    assert groups == SHOWN | {"proposed_recognition": "creating"}
    assert registry.registry(opened.app).counts == {"recognized": 1, "creating": 4, "rectifying": 1, "revoked": 1}


@one_database
def test_what_has_been_decided_and_not_published_does_not_show(opened: Office) -> None:
    opened.on(LATE)
    number = led(opened, "extended", "虚构甲平台")
    before = shown(opened)["虚构甲平台"]
    entered(opened.app, opened.staff, number, "acceptance_passed", LATE, application_id=1)
    assert shown(opened)["虚构甲平台"] == before
    assert before.status == "创建对象（延长创建期）"
    entered(opened.app, opened.staff, number, "notice_opened", LATE, **NOTICE)
    assert shown(opened)["虚构甲平台"].status == "拟认定对象公示中"
    assert shown(opened)["虚构甲平台"].history[-1] == Step(LATE, "列入拟认定公示名单")


@one_database
def test_the_registry_stands_in_official_order_whatever_the_numbers(opened: Office) -> None:
    for name, city in (("乙", "沈抚示范区"), ("丙", "大连市"), ("乙", SHENYANG), ("甲", SHENYANG)):
        taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1), name, city=city)
    found = registry.registry(opened.app).objects
    # by the characters' codes, as every list
    assert [(each.city, each.name) for each in found] == [
        (SHENYANG, "乙"), (SHENYANG, "甲"), ("大连市", "丙"), ("沈抚示范区", "乙"),
    ]  # fmt: skip
    assert [each.id for each in found] == ["LN00003", "LN00004", "LN00002", "LN00001"]
    assert registry.registry(opened.app).updated == date(2025, 3, 1)


# ---------------------------------------------------------------- a life in public words


def test_a_life_is_told_in_public_words_with_the_numbers_of_what_was_published(opened: Office) -> None:
    app, staff = opened.app, opened.staff
    opened.on(date(2026, 5, 7))
    number = led_to_notice(opened)
    assert shown(opened) == {}
    opened.on(LATE)
    entered(app, staff, number, "objection_filed", date(2026, 5, 8), id="甲", postmarked=None, evidence="来信")
    entered(app, staff, number, "objection_resolved", date(2026, 5, 9), id="甲", upheld=False)
    entered(app, staff, number, "creation_confirmed", date(2026, 5, 20))
    entered(app, staff, number, "acceptance_failed", date(2028, 5, 22))
    entered(app, staff, number, "change_reported", date(2028, 6, 1), occurred="2028-05-25", evidence="工商")
    change = {"keep": True, "name": "虚构乙平台", "operator": "虚构乙公司", "uscc": "91210100MA0000002K"}
    entered(app, staff, number, "change_decided", date(2028, 7, 3), **change)
    entered(app, staff, number, "acceptance_passed", date(2029, 5, 21))
    entered(app, staff, number, "notice_opened", date(2029, 5, 28), **NOTICE)
    entered(app, staff, number, "recognized", date(2029, 6, 11))
    entered(app, staff, number, "review_failed", date(2031, 6, 12))
    entered(app, staff, number, "dishonesty_found", date(2031, 7, 1), evidence="内部凭据")
    assert shown(opened)["虚构乙平台"] == Registered(
        "210100", SHENYANG, "虚构乙平台", "platform", "虚构乙公司",
        number=number, group="revoked", status="撤销认定",
        # what it was called before the first notice was never public
        former=(FormerName("虚构甲平台", date(2028, 7, 3)),),
        created=date(2026, 5, 20), recognized=date(2029, 6, 11), revoked=date(2031, 7, 1),
        history=(
            Step(date(2026, 3, 2), "市级推荐"),
            Step(date(2026, 5, 7), "列入拟创建对象公示名单"),
            Step(date(2026, 5, 20), "确定为创建对象", DOCUMENT),
            Step(date(2028, 5, 22), "延长创建期"),
            Step(
                date(2028, 7, 3),
                "名称由“虚构甲平台”变更为“虚构乙平台”，运营主体由“虚构甲公司”变更为“虚构乙公司”", DOCUMENT, names=True,
            ),
            Step(date(2029, 5, 28), "列入拟认定公示名单"),
            Step(date(2029, 6, 11), "认定", DOCUMENT),
            Step(date(2031, 6, 12), "限期整改"),
            Step(date(2031, 7, 1), "撤销认定", DOCUMENT),
        ),
    )  # fmt: skip


@one_database
def test_a_change_that_keeps_the_names_is_told_as_such_and_a_voided_entry_not_at_all(opened: Office) -> None:
    opened.on(LATE)
    number = taken_over(opened.app, opened.staff, "recognized", date(2034, 3, 1))
    entered(
        opened.app, opened.staff, number, "change_reported", date(2034, 5, 1), occurred="2034-04-01", evidence="工商"
    )
    entered(opened.app, opened.staff, number, "change_decided", date(2034, 6, 1), keep=True)
    failed = entered(opened.app, opened.staff, number, "review_failed", date(2034, 7, 1))
    told = [Step(date(2034, 3, 1), "认定", "虚构工信〔2027〕1号"), Step(date(2034, 6, 1), "予以保留", DOCUMENT)]
    assert list(shown(opened)["虚构甲平台"].history) == [*told, Step(date(2034, 7, 1), "限期整改")]
    with opened.app.unit(opened.staff) as unit:
        work = Casework(opened.app, unit, [number])
        work.void(number, failed, "登记错了对象")
        unit.record(Entry("case.acted", "case", number, "虚构甲平台", "作废", details=work.save()))
    assert list(shown(opened)["虚构甲平台"].history) == told
    assert shown(opened)["虚构甲平台"].status == "省级示范平台（基地）"


def test_objects_of_former_years_bring_their_past(opened: Office) -> None:
    running = {"目前状态": "延长创建期", "确定为创建对象日期": "2024-01-10", "确定文号": "虚构发〔2024〕1号"}
    recognized = {"认定日期": "2021-11-05", "认定文号": "虚构发〔2021〕21号", "最近一次复核通过日期": "2023-12-01"}
    before = {"确定为创建对象日期": "2019-10-08", "确定文号": "虚构发〔2019〕9号", "复核未通过日期": "2025-12-10"}
    book = cohort_file(
        WHO | running | {"延长决定日期": "2026-01-15", "平台（基地）名称": "虚构甲平台"},
        WHO
        | recognized
        | before
        | {"目前状态": "整改期", "平台（基地）名称": "虚构乙平台", "备注": "电话 024-80000000"},
    )
    digest = hashlib.sha256(book).hexdigest()
    cohorts.import_cohort(opened.app, opened.staff, book, "存量.xlsx", expected_sha256=digest, why="存量")
    found = shown(opened)
    assert found["虚构甲平台"].history == (
        Step(date(2024, 1, 10), "确定为创建对象", "虚构发〔2024〕1号"),
        Step(date(2026, 1, 15), "延长创建期"),
    )
    assert found["虚构乙平台"].history == (
        Step(date(2019, 10, 8), "确定为创建对象", "虚构发〔2019〕9号"),
        Step(date(2021, 11, 5), "认定", "虚构发〔2021〕21号"),
        Step(date(2023, 12, 1), "复核通过"),
        Step(date(2025, 12, 10), "限期整改"),
    )
    assert (found["虚构乙平台"].group, found["虚构乙平台"].years) == ("rectifying", (2019, 2021))


def test_a_past_day_shows_what_was_known_then(opened: Office) -> None:
    opened.on(date(2026, 5, 7))
    number = led_to_notice(opened)
    opened.on(date(2026, 5, 20))
    entered(opened.app, opened.staff, number, "creation_confirmed", date(2026, 5, 20))
    opened.on(date(2026, 6, 1))
    now = registry.registry(opened.app)
    entered(opened.app, opened.staff, number, "dishonesty_found", date(2026, 5, 21), evidence="虚构")
    assert shown(opened) == {}
    assert shown(opened, date(2026, 5, 19)) == {}
    assert registry.registry(opened.app, date(2026, 5, 31)).objects == now.objects
    refused = opened.refuses(Refused, lambda: registry.registry(opened.app, date(2026, 6, 2)))
    assert refused == "2026年6月2日（周二）还没有到，不能查看那一天的名录。"


# ---------------------------------------------------------------- services and industry


def test_services_come_from_the_newest_application_as_verified(decided: Office) -> None:
    [one] = registry.registry(decided.app).objects
    assert (one.name, one.services, one.industry) == (
        "虚构市云帆服务平台",
        ("创业指导", "管理咨询", "人才培养", "市场拓展", "投融资", "诉求受理"),
        "",
    )
    past = decided.app.clock.today()
    decided.on(date(2026, 7, 1))
    version = decided.application(SHENYANG, "pt-001").version
    review.verify_value(
        decided.app, decided.staff, number_of(decided), version, sheet="平台指标", column="服务内容",
        text="投融资、创业指导、上门送餐", why="与服务台账不符", evidence="台账",
    )  # fmt: skip
    [again] = registry.registry(decided.app).objects
    # in the order of 附件1, and only what stands there
    assert again.services == ("创业指导", "投融资")
    assert registry.registry(decided.app, past).objects == (one,)


def test_an_application_tells_of_the_case_that_has_its_code_or_name(office: Office) -> None:
    # as 大连市 and 沈抚示范区 sent them, with nothing verified; the code is another's
    numbers = {
        name: taken_over(office.app, office.staff, "recognized", date(2025, 3, 1), name, city=city, kind=kind)
        for name, city, kind in (
            ("虚构区安山服务平台", "沈抚示范区", "platform"),
            ("虚构市望海基地", SHENYANG, "base"),
            ("虚构市无名平台", SHENYANG, "platform"),
        )
    }  # fmt: skip
    assert {name: (shown(office)[name].services, shown(office)[name].industry) for name in numbers} == {
        "虚构区安山服务平台": ((), ""), "虚构市望海基地": ((), ""), "虚构市无名平台": ((), ""),
    }  # fmt: skip
    office.put("沈抚示范区", applicant("platform", "PT-001", "虚构区安山服务平台", application="运行复核"))
    told = applicant("base", "JD-001", "虚构市望海基地", application="运行复核")
    silent = applicant("base", "JD-002", "虚构市望海基地", {"基地指标": {"主导产业名称": ""}}, application="运行复核")
    office.put(SHENYANG, told, silent)
    assert [each.ok for each in office.take()] == [True, True, True]
    assert {name: (shown(office)[name].services, shown(office)[name].industry) for name in numbers} == {
        "虚构区安山服务平台": (("创业指导", "管理咨询", "人才培养", "市场拓展", "投融资", "诉求受理"), ""),
        "虚构市望海基地": ((), "虚构轴承制造"),
        "虚构市无名平台": ((), ""),
    }


# ---------------------------------------------------------------- it leaves the house


@pytest.fixture
def held(opened: Office) -> Office:
    """Two objects."""
    taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1), "虚构甲平台")
    taken_over(opened.app, opened.staff, "creating", date(2026, 3, 1), "虚构乙基地", kind="base", city="大连市")
    return opened


def test_an_export_is_written_wholly_and_stands_in_the_ledger_with_every_hash(held: Office, tmp_path: Path) -> None:
    folder = tmp_path / "网站"
    made, paths = registry.export_to(held.app, held.staff, folder)
    files = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert sorted(path.name for path in paths) == sorted(files)
    assert files == registry.site(held.app)[1]
    hashes = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
    entry = held.last()
    assert (entry.action, entry.who, entry.what) == (
        "registry.exported", held.staff.name, "导出名录网站到文件夹 网站，共 2 个",
    )  # fmt: skip
    assert entry.details == {"list": "registry", "files": hashes, "data_sha256": made.data_sha256, "rows": 2}
    manifest = json.loads(files["manifest.json"])
    assert manifest == {
        "list": "registry", "title": words().title, "rows": 2, "data_sha256": made.data_sha256,
        "files": {name: one for name, one in hashes.items() if name != "manifest.json"},
        "as_of": "", "standard": STANDARD, "program": held.app.program,
    }  # fmt: skip


@one_database
def test_every_file_of_the_site_is_known_again(held: Office, tmp_path: Path) -> None:
    _, paths = registry.export_to(held.app, held.staff, tmp_path / "out")
    assert [path.name for path in paths if not verify_file(held.app, path).origins] == []


@one_database
def test_the_same_store_gives_the_same_bytes_on_another_day(held: Office) -> None:
    first = registry.archive(held.app, held.staff)
    held.on(LATE)
    again = registry.archive(held.app, held.admin)
    assert again == first
    name, content = first
    assert name == "示范平台（基地）名录.zip"
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        unpacked = {one.removeprefix("registry/"): packed.read(one) for one in packed.namelist()}
    assert unpacked == registry.site(held.app)[1]
    entered(held.app, held.staff, 2, "dishonesty_found", LATE, evidence="虚构")
    assert registry.archive(held.app, held.staff) != first


@one_database
def test_downloads_of_a_past_day_say_so(held: Office) -> None:
    held.on(LATE)
    name, content = registry.table(held.app, held.staff, TODAY)
    assert name == "示范平台（基地）名录（截至2026-05-20）.csv"
    assert held.last().what == f"导出名录表格：{name}（按2026年5月20日（周三）已知的），共 2 个"
    assert held.last().details["as_of"] == "2026-05-20"
    assert content.decode("utf-8-sig").splitlines()[1].startswith("LN00001,虚构甲平台,")
    assert "数据截至2026年5月20日。" in registry.site(held.app, TODAY)[1]["index.html"].decode()


@one_database
def test_what_must_not_be_public_stops_the_whole_export(held: Office, tmp_path: Path) -> None:
    operator = "虚构公司（电话 024-80000000）"
    taken_over(held.app, held.staff, "recognized", date(2025, 3, 1), "虚构丙平台", city="锦州市", operator=operator)
    acts = (
        lambda: registry.export_to(held.app, held.staff, tmp_path / "out"),
        lambda: registry.archive(held.app, held.staff),
        lambda: registry.table(held.app, held.staff),
    )
    for act in acts:
        assert held.refuses(Refused, act) == (
            "没有发出，有不能对外公开的内容：名录第3行“运营主体”列有电话号码“024-80000000”，不能对外公开，请去掉。"
        )
    assert not (tmp_path / "out").exists()


@one_database
def test_names_that_hold_such_words_by_chance_go_out(held: Office) -> None:
    number = taken_over(held.app, held.staff, "recognized", date(2025, 3, 1), "虚构满分平台排名前十")
    entered(held.app, held.staff, number, "change_reported", date(2026, 4, 1), occurred="2026-03-01", evidence="工商")
    entered(held.app, held.staff, number, "change_decided", date(2026, 4, 2), keep=True, name="虚构第一名平台")
    assert registry.unfit(registry.registry(held.app)) == []


@one_database
def test_the_registry_follows_the_notice(decided: Office) -> None:
    [one] = registry.registry(decided.app).objects
    assert [step.text for step in one.history] == ["市级推荐", "列入拟创建对象公示名单", "确定为创建对象"]
    assert one.history[1].day == PUBLISHED
