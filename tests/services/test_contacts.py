"""The contact of a round: entered once, changed with a reason, and what notices and documents begin with."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import views
from core.errors import Refused, Stale
from core.services import contacts
from core.services.contacts import Contact, RoundContact
from tests.conftest import one_database
from tests.notices import CONTACT, proposed, publish
from tests.office import Office

GIVEN = Contact(" 024-00000000 ", "虚构市\n示例路1号", "", "虚构处")
KEPT = Contact("024-00000000", "虚构市 示例路1号", "", "虚构处")


def enter(office: Office, contact: Contact = GIVEN, version: int = 0, why: str = "") -> None:
    contacts.set_contact(office.app, office.staff, office.round_id, version, contact, why)


def test_it_is_entered_once_and_changed_with_a_reason(opened: Office) -> None:
    assert views.round_contact(opened.app, opened.round_id) == RoundContact(None, 0)
    enter(opened)
    assert views.round_contact(opened.app, opened.round_id) == RoundContact(KEPT, 1)
    last = opened.last()
    assert (last.action, last.subject, last.what, last.details) == (
        "round.contact", "2026年度的联系方式", "填写2026年度的联系方式：联系电话、通讯地址、联系单位", KEPT.plain(),
    )  # fmt: skip
    enter(opened, replace(KEPT, unit="示例处"), 1, "处室调整")
    assert views.round_contact(opened.app, opened.round_id) == RoundContact(replace(KEPT, unit="示例处"), 2)
    last = opened.last()
    assert (last.what, last.why, last.based_on) == ("修改2026年度的联系方式：联系单位", "处室调整", 1)


def test_whoever_comes_second_is_told_who_came_first(opened: Office) -> None:
    enter(opened)
    first = opened.last()
    at = f"{first.at:%Y-%m-%d %H:%M}"
    sentence = f"2026年度的联系方式已由李经办于{at}修改，您的改动没有写入。请刷新页面，核对后再办。"
    other = replace(KEPT, unit="另一处")
    assert opened.refuses(Stale, lambda: enter(opened, other)) == sentence
    assert opened.refuses(Stale, lambda: enter(opened, other, 2, "调整")) == sentence


@one_database
@pytest.mark.parametrize(
    ("contact", "version", "why", "sentence"),
    [
        (replace(KEPT, unit=" ", phone=""), 0, "", "请填写联系单位、联系电话，对外文稿中要写明。"),
        (KEPT, 1, "x", "没有改动，无需保存。"),
        (replace(KEPT, unit="甲"), 1, " ", "请写明理由，供日后核查。"),
        (replace(KEPT, mailbox="甲" * 129), 0, "", "电子邮箱太长，请不要超过 128 个字。"),
        (
            replace(KEPT, unit="虚构处31210000MD0052502C"),
            0,
            "",
            "联系方式里有像统一社会信用代码或身份证号的内容，对外文稿中不能写，请改正。",
        ),
    ],
)
def test_what_is_not_taken(opened: Office, contact: Contact, version: int, why: str, sentence: str) -> None:
    if version:
        enter(opened)
    assert opened.refuses(Refused, lambda: enter(opened, contact, version, why)) == sentence


@one_database
def test_a_notice_begins_with_it_and_keeps_what_it_went_out_with(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    assert views.notice_form(office.app, office.round_id, "creation").contact == CONTACT
    enter(office)
    assert views.notice_form(office.app, office.round_id, "creation").contact == KEPT
    assert views.notice_view(office.app, notice).contact == CONTACT
