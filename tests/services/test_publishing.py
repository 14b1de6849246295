"""公布: a list is made public with its files and kept as it was; nothing of it changes, it is only superseded."""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

import docx
import openpyxl
import pytest
import sqlalchemy as sa

from core.clock import Clock
from core.errors import Refused, Stale
from core.services import contacts, lists, notices
from core.services.document_facts import NotYet
from core.services.publishing import Given, Place, publication_problems, publish, published_file
from core.store import tables
from tests.conftest import one_database
from tests.notices import AFTER, CONTACT, DOCUMENT, LAST, NAMES, PUBLISHED, confirm, proposed
from tests.notices import publish as open_notice
from tests.office import Office
from tests.services.test_case_together import at_once

WEBSITE = "虚构服务网"
ROWS = [
    ["1", "沈阳市", "虚构甲平台", "平台", "虚构甲平台中心"],
    ["2", "大连市", "虚构乙平台", "平台", "虚构乙平台中心"],
    ["3", "沈抚示范区", "虚构丙平台", "平台", "虚构丙平台中心"],
]
STEM = "2026年度拟创建对象公示名单"


@pytest.fixture
def noticed(opened: Office) -> tuple[Office, Place]:
    """A notice of three that runs from today; nothing has been registered of it."""
    proposed(opened)
    notice = open_notice(opened)
    return opened, Place("notice_creation", opened.round_id, notice)


def made(office: Office, place: Place, published: date = PUBLISHED, **more: Any) -> int:
    """Registers a publication on its day."""
    office.on(max(published, office.app.clock.today()))
    given = {name: more.pop(name) for name in ("signed", "number", "document") if name in more}
    given = {"document": place.notice_id is not None} | given
    return publish(office.app, office.staff, place, Given(published, more.pop("where", WEBSITE), **given), **more)


def row(office: Office, number: int) -> Any:
    return office.row(tables.publications, id=number)


def files(office: Office, number: int) -> dict[str, Any]:
    table = tables.publication_files
    with office.app.reader.connect() as connection:
        held = connection.execute(sa.select(table).where(table.c.publication_id == number))
        return {each.name: each for each in held}


def test_a_notice_is_kept_with_its_list_its_files_and_its_terms(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    number = made(office, place, signed=PUBLISHED, number=" 虚构工信〔2026〕8号 ", where=f" {WEBSITE}\n公告栏 ")
    held = row(office, number)
    assert (held.kind, held.round_id, held.notice_id) == ("notice_creation", office.round_id, place.notice_id)
    assert (held.published, held.signed, held.as_of) == (PUBLISHED, PUBLISHED, PUBLISHED)
    assert (held.number, held.place, held.supersedes) == ("虚构工信〔2026〕8号", f"{WEBSITE} 公告栏", None)
    assert held.title == "关于2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象名单的公示"
    assert (held.content["rows"], held.content["fields"]["数量"]) == (ROWS, 3)
    assert held.data_sha256 == office.row(tables.notices, id=place.notice_id).sha256
    kept = files(office, number)
    names = [f"{STEM}.{suffix}" for suffix in ("csv", "docx", "manifest.json", "xlsx")]
    assert sorted(kept) == sorted([*names, "2026年度拟创建对象公示.docx"])
    for name, each in kept.items():
        data = published_file(office.app, office.supervisor, number, name)
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (each.sha256, each.size)
    manifest = json.loads(published_file(office.app, office.staff, number, f"{STEM}.manifest.json"))
    others = {name: each.sha256 for name, each in kept.items() if not name.endswith(".json")}
    assert (manifest["files"], manifest["data_sha256"], manifest["who"]) == (others, held.data_sha256, "李经办")
    entry = office.last()
    assert (entry.action, entry.subject_kind, entry.subject_id) == ("publication.made", "publication", str(number))
    assert entry.what == f"2026年6月1日（周一）在{WEBSITE} 公告栏公布 3 个（虚构工信〔2026〕8号）"
    assert entry.details["files"] == {name: [each.sha256, each.size] for name, each in kept.items()}


def test_what_was_published_is_given_as_it_was_whatever_comes_later(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    number = made(office, place)
    before = {name: published_file(office.app, office.staff, number, name) for name in files(office, number)}
    assert place.notice_id is not None
    confirm(office, place.notice_id, AFTER)
    assert {name: published_file(office.app, office.staff, number, name) for name in before} == before
    book = openpyxl.load_workbook(io.BytesIO(before[f"{STEM}.xlsx"]))
    assert [[cell.value for cell in line][:5] for line in book.active.iter_rows(min_row=3, max_row=5)] == ROWS


def test_a_list_of_a_round_is_taken_as_it_is_now(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    objects = Place("creation_objects", office.round_id)
    assert office.refuses(Refused, lambda: made(office, objects)) == (
        "名单是空的，不能公布。2026年度还没有确定创建对象。公示期满、在“公示与异议”确认之后，会列在这里。"
    )
    assert place.notice_id is not None
    confirm(office, place.notice_id, AFTER)
    number = made(office, objects, AFTER, number=DOCUMENT)
    assert row(office, number).content["rows"] == ROWS
    listed = lists.public_list(office.app, office.round_id, "creation_objects")
    assert row(office, number).data_sha256 == listed.data_sha256


def test_a_document_goes_out_with_its_list_and_says_its_own_number(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    assert place.notice_id is not None
    confirm(office, place.notice_id, AFTER)
    objects = Place("creation_objects", office.round_id)
    assert office.refuses(NotYet, lambda: made(office, objects, AFTER, document=True)) == (
        "公布创建对象的通知要写明联系方式。请先在“年度轮次”的“联系方式”中填写。"
    )
    contacts.set_contact(office.app, office.staff, office.round_id, 0, CONTACT)
    number = made(office, objects, AFTER, document=True, number="虚构工信[2026]第09号")
    held = row(office, number)
    assert (held.number, held.signed) == (DOCUMENT, AFTER)
    assert "2026年度公布创建对象的通知.docx" in files(office, number)
    opened = docx.Document(
        io.BytesIO(published_file(office.app, office.staff, number, "2026年度公布创建对象的通知.docx"))
    )
    assert [[cell.text for cell in line.cells] for line in opened.tables[0].rows][1:] == ROWS
    assert office.last().what == f"2026年6月9日（周二）在{WEBSITE}公布 3 个（{DOCUMENT}）"


# ---------------------------------------------------------------- nothing is published twice, only superseded


def test_a_list_is_not_published_twice_but_superseded_with_a_reason(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    first = made(office, place)
    at = f"{office.last().at:%Y-%m-%d %H:%M}"
    assert office.refuses(Refused, lambda: made(office, place)) == (
        f"“{row(office, first).title}”已由李经办于{at}登记公布，不能再公布一次。"
        "内容有改动的，请打开这次公布，办理“重新公布”，写明理由。"
    )
    assert office.refuses(Refused, lambda: made(office, place, supersedes=first, why=" ")) == (
        "请写明理由，供日后核查。"
    )
    later = PUBLISHED + timedelta(days=1)
    second = made(office, place, later, supersedes=first, why="更正文号", number="虚构工信〔2026〕10号")
    assert (row(office, second).supersedes, row(office, first).number) == (first, "")
    entry = office.last()
    assert (entry.action, entry.why) == ("publication.replaced", "更正文号")
    assert entry.what == (
        f"2026年6月2日（周二）在{WEBSITE}公布 3 个（虚构工信〔2026〕10号），替代2026年6月1日（周一）公布的"
    )
    # the chain goes on from what stands
    again = office.refuses(Stale, lambda: made(office, place, later, supersedes=first, why="再改"))
    assert again.endswith("重新公布，您的公布没有登记。请刷新页面，核对后再办。")
    third = made(office, place, later, supersedes=second, why="再改")
    assert row(office, third).supersedes == second


def test_a_later_publication_is_not_of_an_earlier_day_and_needs_what_it_supersedes(
    noticed: tuple[Office, Place],
) -> None:
    office, place = noticed
    assert place.notice_id is not None
    confirm(office, place.notice_id, AFTER)
    objects = Place("creation_objects", office.round_id)
    assert office.refuses(Refused, lambda: made(office, objects, AFTER, supersedes=9, why="x")) == (
        "没有要替代的公布，请刷新页面后重新选择。"
    )
    first = made(office, objects, AFTER)
    assert office.refuses(Refused, lambda: made(office, objects, LAST, supersedes=first, why="x")) == (
        "公布日期2026年6月8日（周一）早于原来公布的2026年6月9日（周二），请核对。"
    )


def test_notices_and_rounds_are_published_each_for_itself(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    proposed(office, [("虚构丁平台", "沈阳市")])
    other = Place("notice_creation", office.round_id, open_notice(office))
    assert [made(office, each) for each in (place, other)] == [1, 2]
    assert [len(row(office, number).content["rows"]) for number in (1, 2)] == [3, 1]


def test_a_list_that_changed_since_it_was_looked_at_is_not_published(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    assert place.notice_id is not None
    confirm(office, place.notice_id, AFTER)
    objects = Place("creation_objects", office.round_id)
    seen = lists.public_list(office.app, office.round_id, "creation_objects").data_sha256
    proposed(office, [("虚构丁平台", "沈阳市")])
    second = open_notice(office, day=AFTER)
    confirm(office, second, AFTER + timedelta(days=10))
    assert office.refuses(Stale, lambda: made(office, objects, AFTER, expected_sha256=seen)) == (
        "您打开以后，名单有变化，没有公布。请刷新页面，核对最新的名单后再办。"
    )


@dataclass(frozen=True)
class Meanwhile(Clock):
    """A clock that lets something happen when it is asked for the second time."""

    act: Callable[[], object] = field(default=lambda: None)
    asked: list[None] = field(default_factory=list)

    def now(self) -> datetime:
        """The time, after what happened meanwhile."""
        self.asked.append(None)
        if len(self.asked) == 2:
            self.act()
        return super().now()


def test_what_happens_while_the_files_are_made_is_not_overlooked(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    assert place.notice_id is not None
    withdraw = partial(notices.withdraw_notice, office.app, office.second, place.notice_id, 1, "名单漏列")
    office.app.clock = Meanwhile(PUBLISHED, withdraw)
    with pytest.raises(Refused) as caught:
        publish(office.app, office.staff, place, Given(PUBLISHED, WEBSITE))
    assert str(caught.value) == ("2026年度拟创建对象公示（2026年6月1日）已经撤回，不能公布。请先重新登记公示。")
    assert office.last().action == "notice.withdrawn"


def test_of_two_who_publish_at_once_one_is_heard(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    given = Given(PUBLISHED, WEBSITE)
    acts = [partial(publish, office.app, who, place, given) for who in (office.staff, office.second)]
    ended = at_once(acts)
    [number] = [each for each in ended if isinstance(each, int)]
    [refused] = [each for each in ended if not isinstance(each, int)]
    assert type(refused) is Refused
    assert f"已由{row(office, number).who}于" in str(refused)
    with office.app.reader.connect() as connection:
        assert list(publication_problems(connection)) == []
    assert [each.action for each in office.entries()].count("publication.made") == 1


# ---------------------------------------------------------------- what cannot be


@one_database
@pytest.mark.parametrize(
    ("published", "more", "said"),
    [
        (date(2026, 6, 2), {}, "公布日期2026年6月2日（周二）还没有到；请在公布的当天或之后登记。"),
        (PUBLISHED, {"where": " "}, "请写明在哪里公布，例如：辽宁省中小企业服务网。"),
        (PUBLISHED, {"where": "网" * 501}, "公布的地方太长，请不要超过 500 个字。"),
        (PUBLISHED, {"number": "号" * 129}, "发文字号太长，请不要超过 128 个字。"),
        (
            PUBLISHED,
            {"signed": date(2026, 6, 2)},
            "落款日期2026年6月2日（周二）晚于公布日期2026年6月1日（周一），请核对文件上的落款日期。",
        ),
        (
            date(2026, 5, 29),
            {},
            "2026年度拟创建对象公示（2026年6月1日）的公示首日是2026年6月1日（周一），公布日期就是这一天。"
            "实际公布的日期不同的，请先撤回公示，按实际的首日重新登记。",
        ),
    ],
)
def test_days_and_texts_that_cannot_be_are_refused(
    noticed: tuple[Office, Place], published: date, more: dict[str, Any], said: str
) -> None:
    office, place = noticed
    given = {"place": more.pop("where", WEBSITE)} | more
    act = Given(published, given["place"], given.get("signed"), given.get("number", ""))
    assert office.refuses(Refused, lambda: publish(office.app, office.staff, place, act)) == said


def test_a_notice_is_superseded_only_while_it_runs(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    first = made(office, place)
    assert office.refuses(Refused, lambda: made(office, place, AFTER, supersedes=first, why="更正")) == (
        "公布日期2026年6月9日（周二）不在公示期内。2026年度拟创建对象公示（2026年6月1日）"
        "从2026年6月1日（周一）到2026年6月8日（周一），请核对公布日期。"
    )
    assert row(office, made(office, place, LAST, supersedes=first, why="更正")).supersedes == first


def test_a_notice_may_be_registered_after_its_end_for_its_first_day(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    office.on(AFTER)
    held = row(office, made(office, place))
    assert (held.published, held.as_of, held.at.date()) == (PUBLISHED, AFTER, AFTER)


def test_a_notice_that_was_taken_back_cannot_be_published(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    assert place.notice_id is not None
    notices.withdraw_notice(office.app, office.staff, place.notice_id, 1, "名单漏列")
    assert office.refuses(Refused, lambda: made(office, place)) == (
        "2026年度拟创建对象公示（2026年6月1日）已经撤回，不能公布。请先重新登记公示。"
    )


@one_database
@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place("notice_creation", 1, 9), "没有这次公示，请回到列表重新选择。"),
        (Place("notice_recognition", 1, 1), "没有这次公示，请回到列表重新选择。"),
        (Place("notice_creation", 9, 1), "没有这次公示，请回到列表重新选择。"),
        (Place("creation_objects", 9), "没有这个年度轮次。"),
    ],
)
def test_what_there_is_not_cannot_be_published(noticed: tuple[Office, Place], place: Place, said: str) -> None:
    office, _ = noticed
    assert office.refuses(Refused, lambda: made(office, place)) == said


@one_database
def test_an_unknown_kind_is_told_with_those_there_are(opened: Office) -> None:
    said = opened.refuses(Refused, lambda: made(opened, Place("winners", 1)))
    assert said.startswith("没有“winners”这种公布。可以公布的有：拟创建对象公示、创建对象名单、")


@one_database
def test_what_may_not_be_public_is_told_with_its_place(opened: Office) -> None:
    proposed(opened, [*NAMES, ("虚构戊平台13900000000", "鞍山市")])
    place = Place("notice_creation", opened.round_id, open_notice(opened))
    # told of the list, and not once more of each file that it is written in
    told = (
        f"拟创建对象公示名单第3行“{column}”列有电话号码“13900000000”，不能对外公开，请去掉。"
        for column in ("平台（基地）名称", "运营主体")
    )
    assert opened.refuses(Refused, lambda: made(opened, place)) == (f"没有发出，有不能对外公开的内容：{''.join(told)}")


@one_database
def test_a_file_that_there_is_not_and_one_that_is_lost_are_refused(noticed: tuple[Office, Place]) -> None:
    office, place = noticed
    number = made(office, place)
    assert office.refuses(Refused, lambda: published_file(office.app, office.staff, number, "别的.csv")) == (
        "没有这个公布的文件，请刷新页面后重新选择。"
    )
    [name, held] = next(iter(files(office, number).items()))
    office.app.snapshots.path(held.sha256).unlink()
    said = office.refuses(Refused, lambda: published_file(office.app, office.staff, number, name))
    assert said.startswith(f"存档中找不到收到时的原件（{held.sha256[:12]}…）")


@pytest.mark.parametrize("act", ["UPDATE publications SET title = 'x'", "DELETE FROM publication_files"])
def test_the_store_itself_refuses_to_change_what_was_published(noticed: tuple[Office, Place], act: str) -> None:
    office, place = noticed
    made(office, place)
    before = office.dump()
    with pytest.raises(sa.exc.DatabaseError), office.app.writer.begin() as connection:
        connection.execute(sa.text(act))
    assert office.dump() == before
