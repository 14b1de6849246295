"""What 公布 shows: what was made public and how it stands, what is still to be made public, and the countdown."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core import views
from core.errors import Refused
from core.services import cases, notices, rounds
from core.services.publishing import Given, Place, publish, published_file
from core.store import tables
from core.views.publication_rows import difference
from core.views.publications import (
    ToPublish,
    choices,
    countdown,
    files_view,
    publication_view,
    publications,
    to_publish,
)
from core.views.today import Step, Waiting
from tests.begun import entered, taken_over
from tests.notices import AFTER, LAST, PUBLISHED, SELECTED, confirm, events, proposed
from tests.notices import publish as open_notice
from tests.office import Office

WEBSITE = "虚构服务网"
NOTICE = "2026年度拟创建对象公示（2026年6月1日）"


def made(office: Office, place: Place, published: date = PUBLISHED, **more: Any) -> int:
    office.on(max(published, office.app.clock.today()))
    given = Given(published, WEBSITE, document=place.notice_id is not None)
    return publish(office.app, office.staff, place, given, **more)


@pytest.fixture
def noticed(opened: Office) -> tuple[Office, Place]:
    """A notice of three that runs from today; nothing has been registered of it."""
    proposed(opened)
    return opened, Place("notice_creation", opened.round_id, open_notice(opened))


def waits(office: Office) -> list[tuple[str, str, int, bool]]:
    return [(each.place.kind, each.text, each.count, each.urgent) for each in to_publish(office.app, office.round_id)]


def stand(office: Office, on: date | None = None) -> list[tuple[int, str, str]]:
    return [(each.id, each.state, each.text) for each in publications(office.app, office.round_id, on)]


# ---------------------------------------------------------------- what waits


def test_a_notice_waits_from_its_first_day_and_what_is_confirmed_after_it(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    running = "公示首日，不计入公示期，还有 5 个，最后一日是2026年6月8日（周一）。"
    assert to_publish(office.app, office.round_id) == (ToPublish(place, NOTICE, running, 3, urgent=True),)
    office.on(AFTER)
    assert waits(office) == [("notice_creation", "公示期已满，还没有登记公布。", 3, False)]
    made(office, place)
    assert waits(office) == []
    assert place.notice_id is not None
    confirm(office, place.notice_id, AFTER)
    assert waits(office) == [("creation_objects", "有 3 个，还没有公布。", 3, False)]
    made(office, Place("creation_objects", office.round_id), AFTER)
    assert waits(office) == []


def test_a_list_that_changed_after_its_publication_waits_again(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    assert place.notice_id is not None
    confirm(office, place.notice_id, AFTER)
    objects = Place("creation_objects", office.round_id)
    first = made(office, objects, AFTER)
    proposed(office, [("虚构丁平台", "沈阳市")])
    second = open_notice(office, day=AFTER)
    confirm(office, second, AFTER + timedelta(days=10))
    text = "公布以后，增加 1 行。"
    waiting = to_publish(office.app, office.round_id)
    assert waiting[-1] == ToPublish(objects, "创建对象名单", text, 4, supersedes=first)
    assert stand(office) == [(first, "changed", text)]
    seen = publication_view(office.app, first)
    assert seen.difference.added == (("沈阳市", "虚构丁平台", "平台", "虚构丁平台中心"),)
    later = made(office, objects, AFTER + timedelta(days=10), supersedes=first, why="增加第二批")
    assert stand(office) == [
        (later, "standing", "与现在的名单一致。"),
        (first, "superseded", "已由2026年6月19日（周五）公布的替代，留着备查。"),
    ]
    assert (seen.superseded_by, publication_view(office.app, first).superseded_by) == (None, later)
    assert [each.place.kind for each in to_publish(office.app, office.round_id)] == ["notice_creation"] * 2


def test_a_notice_that_was_taken_back_does_not_wait_and_its_publication_holds_no_more(
    noticed: tuple[Office, Place],
) -> None:
    office, place = noticed
    number = made(office, place)
    assert place.notice_id is not None
    notices.withdraw_notice(office.app, office.staff, place.notice_id, 1, "名单漏列")
    assert waits(office) == []
    assert stand(office) == [
        (number, "withdrawn", "公示已经撤回，这次公布不再有效。网站上的请一并撤下。"),
    ]


def test_a_notice_that_was_taken_back_before_its_publication_does_not_wait(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    assert place.notice_id is not None
    notices.withdraw_notice(office.app, office.staff, place.notice_id, 1, "名单漏列")
    assert to_publish(office.app, office.round_id) == ()
    assert place not in dict(choices(office.app, office.round_id))


def test_today_says_what_waits_and_where_publication_stands(noticed: tuple[Office, Place]) -> None:
    office, place = noticed

    def told() -> tuple[list[Waiting], Step]:
        shown = views.today(office.app, office.staff)
        return [each for each in shown.waiting if each.page == "publications"], shown.steps[-1]

    waiting = Waiting("个名单待登记公布", 1, "publications", urgent=True)
    assert told() == ([waiting], Step("公布", "now", "待公布 1 项", "publications"))
    made(office, place)
    assert told() == ([], Step("公布", "done", "已公布 1 次", "publications"))


def test_today_says_which_notice_of_a_former_round_is_not_registered(noticed: tuple[Office, Place]) -> None:
    office, _ = noticed
    later = rounds.open_round(office.app, office.admin, year=2027)
    assert views.newest_round_id(office.app) == later

    def waits_today() -> list[Waiting]:
        return [each for each in views.today(office.app, office.staff).waiting if each.page == "publications"]

    text = "个2026年度的公示正在进行，还没有登记公布"
    assert waits_today() == [Waiting(text, 1, "publications", (("year", "2026年度"),), urgent=True)]
    office.on(AFTER)
    assert waits_today() == []


def test_everything_that_can_be_published_is_offered(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    offered = dict(choices(office.app, office.round_id))
    assert offered[place] == NOTICE
    assert offered[Place("in_force", None)] == "现有示范平台（基地）名单"
    assert list(offered.values())[1:] == [
        "创建对象名单", "认定公告", "更名变更公告", "复核结果", "撤销认定公告", "现有示范平台（基地）名单",
    ]  # fmt: skip


# ---------------------------------------------------------------- what was published


def test_a_publication_is_shown_as_it_was_made(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    number = made(office, place, why="第一批")
    seen = publication_view(office.app, number)
    assert (seen.kind_name, seen.place, seen.published, seen.as_of) == ("拟创建对象公示", WEBSITE, PUBLISHED, PUBLISHED)
    assert (seen.who, seen.why, seen.of, seen.stands) == ("李经办", "第一批", place, True)
    assert seen.header[:3] == ("序号", "地区", "平台（基地）名称")
    assert [row[2] for row in seen.rows] == ["虚构甲平台", "虚构乙平台", "虚构丙平台"]
    assert seen.standard == "辽宁省中小企业公共服务示范平台（基地）创建管理办法（征求意见稿）"
    with pytest.raises(Refused) as caught:
        publication_view(office.app, 9)
    assert str(caught.value) == "没有这次公布，请回到列表重新选择。"


def test_a_running_notice_counts_down_and_then_is_over(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    number = made(office, place)
    told = []
    for day in (PUBLISHED, date(2026, 6, 3), date(2026, 6, 6), LAST, AFTER):
        office.on(day)
        told += [(state, text) for _, state, text in stand(office)]
    assert told == [
        ("running", "公示首日，不计入公示期，还有 5 个，最后一日是2026年6月8日（周一）。"),
        ("running", "公示第 2 个工作日，还有 3 个，最后一日是2026年6月8日（周一）。"),
        ("running", "公示已过 4 个工作日，还有 1 个，最后一日是2026年6月8日（周一）。"),
        ("running", "公示第 5 个工作日，今天是最后一日，最后一日是2026年6月8日（周一）。"),
        ("over", "公示期已满，最后一日是2026年6月8日（周一）。"),
    ]
    assert place.notice_id is not None
    notice = views.notice_view(office.app, place.notice_id)
    assert countdown(notice, date(2026, 6, 2)) == "公示第 1 个工作日，还有 4 个，最后一日是2026年6月8日（周一）。"
    assert publication_view(office.app, number).difference.count == 0


def test_a_past_day_shows_what_was_published_by_then(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    first = made(office, place)
    later = made(office, place, date(2026, 6, 3), supersedes=first, why="更正")
    office.on(AFTER)
    assert stand(office, SELECTED) == []
    assert stand(office, date(2026, 6, 2)) == [
        (first, "running", "公示第 1 个工作日，还有 4 个，最后一日是2026年6月8日（周一）。")
    ]
    assert [(number, state) for number, state, _ in stand(office, date(2026, 6, 3))] == [
        (later, "running"),
        (first, "superseded"),
    ]
    with pytest.raises(Refused) as caught:
        publication_view(office.app, later, date(2026, 6, 2))
    assert str(caught.value) == (
        "2026年6月2日（周二）还没有登记“关于2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象名单的公示”的公布，"
        "请选择以后的日期。"
    )


def test_files_are_looked_at_whenever_they_are_shown(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    number = made(office, place)
    found = files_view(office.app, number)
    assert [(each.name, each.problem) for each in found] == [
        ("2026年度拟创建对象公示.docx", ""), ("2026年度拟创建对象公示名单.docx", ""),
        ("2026年度拟创建对象公示名单.xlsx", ""), ("2026年度拟创建对象公示名单.csv", ""),
        ("2026年度拟创建对象公示名单.manifest.json", ""),
    ]  # fmt: skip
    assert all(len(published_file(office.app, office.admin, number, each.name)) == each.size for each in found)
    path = office.app.snapshots.path(found[0].sha256)
    path.chmod(0o640)
    path.write_bytes(b"x")
    [damaged, *rest] = files_view(office.app, number)
    assert damaged.problem.startswith(f"存档中的原件（{found[0].sha256[:12]}…）")
    assert [each.problem for each in rest] == [""] * 4


def test_the_list_of_all_that_hold_belongs_to_no_round(opened: Office) -> None:
    opened.on(AFTER)
    number = taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1), "虚构己平台")
    taken_over(opened.app, opened.staff, "recognized", date(2025, 3, 1), "虚构庚平台")
    place = Place("in_force", None)
    first = made(opened, place, AFTER)
    assert opened.row(tables.publications, id=first).round_id is None
    assert publication_view(opened.app, first).title.endswith("（截至2026年6月9日）")
    entered(opened.app, opened.staff, number, "dishonesty_found", AFTER, evidence="虚构凭据")
    assert stand(opened) == [(first, "changed", "公布以后，减少 1 行。")]
    assert "in_force" not in [kind for kind, *_ in waits(opened)]
    cases.void(opened.app, opened.staff, number, 2, events(opened, number)[-1][0], "登记错了对象")
    assert stand(opened) == [(first, "standing", "与现在的名单一致。")]


# ---------------------------------------------------------------- what differs


HEADER = ("序号", "地区", "平台（基地）名称", "类型", "运营主体")
A, B, C = ("沈阳市", "甲", "平台", "甲公司"), ("大连市", "乙", "基地", "乙公司"), ("大连市", "丙", "平台", "丙公司")


def numbered(*rows: tuple[str, ...]) -> list[list[str]]:
    return [[str(number), *row] for number, row in enumerate(rows, start=1)]


@pytest.mark.parametrize(
    ("then", "now", "text"),
    [
        ((A, B), (A, B), ""),
        ((A, B), (B, A), ""),
        ((A,), (A, B, C), "增加 2 行"),
        ((A, B, C), (B,), "减少 2 行"),
        ((A, B), (A, (*B[:3], "乙集团")), "改动 1 行"),
        ((A, B), (C, (*A[:3], "=1+1")), "增加 1 行，减少 1 行，改动 1 行"),
        ((A, A), (A,), "减少 1 行"),
    ],
)
def test_lines_that_came_went_and_changed(
    then: tuple[tuple[str, ...], ...], now: tuple[tuple[str, ...], ...], text: str
) -> None:
    assert difference(HEADER, numbered(*then), numbered(*now)).text == text


def test_a_changed_line_is_told_as_it_was_and_as_it_is() -> None:
    found = difference(HEADER, numbered(A, B), numbered(A, (*B[:3], "乙集团")))
    assert found.header == HEADER[1:]
    assert (found.added, found.gone, found.changed) == ((), (), ((B, (*B[:3], "乙集团")),))
