"""Cases of every kind in a server's store, led to where they stand on the days on which it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from core.accounts import Actor
from core.clock import Clock
from core.lifecycle.entries import Identity
from core.services import intake, notices, objections, rounds
from core.services.casework import Casework
from core.store.unit import Entry
from tests.begun import STANDARD, entered, recommended, taken_over
from tests.books import applicant, filled
from tests.browser.driver import Server
from tests.browser.seed import staff

TODAY = "2029-03-05"  # a Monday; the arrangement of 2029 is not known
MANY = 23
REPORTING, REVIEWED = "鞍山市", "大连市"  # whose workbooks come in


@dataclass(frozen=True, slots=True)
class Lives:
    """The numbers of the cases, and who entered them."""

    actor: Actor
    whole: int
    due: int
    soon: int
    new: int
    noticed: int
    ended: int


def reported(name: str) -> dict[str, str]:
    """A row of 变更报告 as a city types it."""
    return {
        "平台（基地）名称": name,
        "变更类型": "重组",
        "变更发生日期": "2028-10-09",
        "向市级报告日期": "2029-02-01",
        "变更内容": "运营主体重组",
        "市级意见": "保留",
    }


def lead(server: Server) -> Lives:
    """Enters everything in the order of time, each entry on its day."""
    app = server.app
    app.clock = Clock(date.fromisoformat(TODAY))
    actor = staff(server)
    folder = server.home / "folder"
    folder.mkdir()
    round_id = rounds.open_round(
        app, actor, year=2026, notice_number="虚构工信〔2026〕1号", notice_date=date(2026, 3, 2),
        deadline=date(2029, 12, 31), reference_day=date(2026, 6, 30), count_start=False, folder=str(folder),
    )  # fmt: skip

    # accounts are made on the last day, or their sessions would be over by then
    def on(day: date) -> date:
        app.clock = Clock(day)
        return day

    day = on(date(2026, 4, 10))
    whole = recommended(app, actor, day, "虚构星河服务平台", operator="虚构星河公司", round_id=round_id)
    entered(app, actor, whole, "selected", on(date(2026, 5, 20)))
    published = on(date(2026, 6, 1))
    contact = notices.Contact("024-00000000", "虚构市虚构路1号", "yiyi@example.invalid", "虚构处")
    notice = notices.open_notice(
        app, actor, round_id, "creation", published=published, signed=published, contact=contact
    )
    [objection] = objections.file(
        app, actor, notice, [whole], source="unit", from_name="虚构协会", contact="024-00000001", channel="letter",
        postmarked=date(2026, 6, 2), received=on(date(2026, 6, 3)), content="反映服务机构数不实", evidence="来信一封",
    )  # fmt: skip
    objections.resolve(
        app, actor, objection, 1, day=on(date(2026, 6, 10)), upheld=False, reason="台账齐全，反映不实", answer="已答复",
    )  # fmt: skip
    entered(app, actor, whole, "creation_confirmed", on(date(2026, 6, 15)), notice_id=notice)
    ended = recommended(app, actor, on(date(2026, 6, 16)), "虚构长庚服务平台", city="锦州市")
    entered(app, actor, ended, "not_selected", on(date(2026, 6, 17)))
    on(date(2027, 3, 22))
    due = taken_over(
        app, actor, "recognized", date(2027, 3, 1), "虚构北辰产业基地", city="大连市", kind="base",
        operator="虚构北辰公司", uscc="91210100MA0000003N",
    )  # fmt: skip
    soon = taken_over(app, actor, "creating", date(2027, 3, 20), "虚构天枢服务平台", city="鞍山市")
    wrong = entered(app, actor, whole, "change_reported", on(date(2027, 8, 2)), occurred="2027-07-01", evidence="误登")
    with app.unit(actor) as unit:
        work = Casework(app, unit, [whole])
        work.void(whole, wrong, "登记错了对象")
        unit.record(Entry("case.acted", "case", whole, "虚构星河服务平台", "作废误登的变更", details=work.save()))
    entered(app, actor, whole, "acceptance_failed", on(date(2028, 7, 3)))
    given = {"occurred": "2028-05-01", "evidence": "工商变更登记", "change": "更名", "opinion": "保留"}
    entered(app, actor, whole, "change_reported", on(date(2028, 9, 4)), **given)
    new = recommended(app, actor, on(date(2029, 2, 20)), "虚构开阳服务平台", city="沈抚示范区")
    noticed = recommended(app, actor, date(2029, 2, 20), "虚构玉衡服务平台", city="大连市")
    entered(app, actor, noticed, "selected", date(2029, 2, 20))
    entered(app, actor, noticed, "notice_opened", on(date(2029, 3, 2)), days=5, count_start=False)
    with app.unit(actor) as unit:
        work = Casework(app, unit)
        for number in range(1, MANY + 1):
            first = Identity(f"虚构第{number:02}基地", f"虚构第{number:02}公司", "")
            made = work.begin(first, kind="base", city="本溪市", standard_id=STANDARD)
            work.take_over(made, "creating", date(2028, 1, 4), date(2028, 1, 4), document="虚构〔2028〕1号", why="存量")
        unit.record(Entry("cohort.imported", "case", 0, "存量对象", f"{MANY} 个建档", "存量", details=work.save()))
    (folder / f"2026-{REPORTING}.xlsx").write_bytes(
        filled(REPORTING, {"变更报告": [reported("虚构天枢服务平台"), reported("虚构旧名平台")]})
    )
    (folder / f"2026-{REVIEWED}.xlsx").write_bytes(
        filled(REVIEWED, applicant("base", "JD-001", "虚构北辰产业基地", application="运行复核"))
    )
    for taken in intake.take_in(app, actor, round_id, [REPORTING, REVIEWED]):
        assert taken.ok, taken.sentence
    on(date.fromisoformat(TODAY))
    return Lives(actor, whole, due, soon, new, noticed, ended)
