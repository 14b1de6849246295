"""The text of a public notice, word for word, and that its file asks for nothing the program does not know."""

from __future__ import annotations

import string
import tomllib
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

from core.publication import notice_text as module
from core.publication.lists import ListedObject, PublicList
from core.publication.notice_text import NoticeFacts, chinese_day, from_plain, notice_text

LISTED = PublicList(
    "creation_candidates",
    2026,
    (
        ListedObject("210100", "沈阳市", "虚构甲平台", "platform", "虚构甲中心"),
        ListedObject("210200", "大连市", "虚构乙基地", "base", "虚构乙公司"),
    ),
)
FACTS = NoticeFacts(
    stage="creation",
    listed=LISTED,
    measure="虚构办法",
    number="虚构工信〔2026〕7号",
    published=date(2026, 6, 1),
    last=date(2026, 6, 8),
    days=5,
    count_start=False,
    signed=date(2026, 6, 1),
    unit="虚构处",
    phone="024-00000000",
    address="虚构市示例路1号",
    mailbox="yiyi@example.cn",
)


def test_the_whole_text_of_a_creation_notice() -> None:
    assert notice_text(FACTS).whole == (
        "关于2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象名单的公示\n"
        "\n"
        "根据《虚构办法》和年度创建工作通知（虚构工信〔2026〕7号），经运营机构申报、市级中小企业主管部门初审推荐、"
        "省工业和信息化厅审核，按程序择优确定2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象2个"
        "（名单见附件，按行政区划排列，排名不分先后），现予公示。\n"
        "公示时间：2026年6月1日至2026年6月8日，共5个工作日，自发布次日起计算，发布当日不计入。\n"
        "公示期间，任何单位和个人对公示名单有异议的，请以书面形式向我厅反映，写明反映的对象、具体事实和理由，"
        "并附佐证材料。单位反映的，应加盖单位公章，并写明联系人和联系方式；个人反映的，请署真实姓名和联系方式；"
        "匿名反映的，请提供可以核查的具体线索和材料。\n"
        "以信函反映的，时间以发信邮戳日期为准；以其他方式反映的，以我厅收到的日期为准。\n"
        "公示期间无异议，或者经调查核实异议不属实的，由省工业和信息化厅确定为创建对象；异议属实的，不确定为创建对象。\n"
        "联系单位：虚构处\n"
        "联系电话：024-00000000\n"
        "通讯地址：虚构市示例路1号\n"
        "电子邮箱：yiyi@example.cn\n"
        "\n"
        "附件：2026年度辽宁省中小企业公共服务示范平台（基地）拟创建对象公示名单\n"
        "\n"
        "辽宁省工业和信息化厅\n"
        "2026年6月1日"
    )


def test_what_another_notice_says_otherwise() -> None:
    listed = replace(LISTED, kind="recognition_candidates")
    other = notice_text(
        replace(FACTS, stage="recognition", listed=listed, number="", count_start=True, days=7, mailbox="")
    )
    assert other.title == "关于2026年度辽宁省中小企业公共服务示范平台（基地）拟认定名单的公示"
    assert other.paragraphs[0] == (
        "根据《虚构办法》，省工业和信息化厅对创建期满的创建对象组织了评估验收，对照认定标准和创建方案确定的目标任务，"
        "择优确定2026年度辽宁省中小企业公共服务示范平台（基地）拟认定对象2个"
        "（名单见附件，按行政区划排列，排名不分先后），现予公示。"
    )
    assert other.paragraphs[1] == "公示时间：2026年6月1日至2026年6月8日，共7个工作日，自发布当日起计算。"
    assert other.paragraphs[4] == (
        "公示无异议，或者经调查核实异议不属实的，由省工业和信息化厅发文公告正式认定；公示期间异议属实的，不予认定。"
    )
    assert other.paragraphs[-1] == "通讯地址：虚构市示例路1号"
    assert other.attachment == "附件：2026年度辽宁省中小企业公共服务示范平台（基地）拟认定公示名单"


def test_a_text_with_signs_of_a_template_in_it_stays_as_it_is() -> None:
    said = notice_text(replace(FACTS, unit="{title}", address="虚构路 %s {0}"))
    assert said.paragraphs[5:8] == ("联系单位：{title}", "联系电话：024-00000000", "通讯地址：虚构路 %s {0}")


def test_what_the_ledger_keeps_is_the_text() -> None:
    text = notice_text(FACTS)
    assert from_plain(text.plain()) == text
    assert set(text.plain()) == {field.name for field in fields(text)}
    assert chinese_day(date(2026, 12, 28)) == "2026年12月28日"


def test_the_file_asks_for_nothing_unknown_and_both_stages_say_the_same_things() -> None:
    words = tomllib.loads(Path(module.__file__).with_suffix(".toml").read_text("utf-8"))
    known = {
        "number", "first", "last", "days", "rule", "unit", "phone", "address", "mailbox", "list", "year", "measure",
        "annual", "count",
    }  # fmt: skip
    asked = {
        name
        for section in words.values()
        for text in section.values()
        for _, name, _, _ in string.Formatter().parse(text)
        if name is not None
    }
    assert asked == known
    assert set(words["creation"]) == set(words["recognition"])
