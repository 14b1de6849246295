"""Makes the demo: a home of its own with shared folder, store and accounts, by the same use cases as real work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date, datetime, time
from pathlib import Path

import sqlalchemy as sa

from core.accounts import Actor
from core.bootstrap import App, build
from core.clock import Clock, clock_from_environment
from core.demo.accounts import SIGN_IN_FILE, make_accounts, sign_in_lines
from core.demo.encrypted import encrypted_package
from core.demo.fill import fill
from core.demo.former import open_former, send_former, set_taking_part
from core.demo.invent import Book, invent
from core.demo.past import Past
from core.demo.plan import Plan, load_plan
from core.demo.reviewing import review
from core.demo.scoring import Panelling
from core.errors import Refused
from core.intake.locks import marks_of
from core.services.intake import take_in
from core.services.rounds import change_round, open_round, round_row, templates_into_folder
from core.settings import Settings, settings_from_environment
from core.store.tables import cases

MARK = "演示数据.txt"
FOLDER, LATER = "共享文件夹", "稍后报送"
_MADE = "这个文件夹由演示程序生成，内容全部虚构；重新生成时会整个清空。\n"
_COMPLETE = "已生成完毕。\n"


def make_demo(*, fresh: bool, clock: Clock | None = None) -> Iterator[str]:
    """Makes the demo where there is none, or again with `fresh`; yields what to tell the person, line by line.

    Touches nothing outside the demo's own home beneath SHIFAN_HOME. Raises Refused where that home is not a demo's.
    """
    settings = settings_from_environment()
    settings = settings if settings.demo else settings.for_demo()
    home = settings.home
    state = _state(home)
    if state == "complete" and not fresh:
        _renew_lock(home / FOLDER)
        yield "演示数据已经有了，直接使用（要从头再来，请加 --fresh）。"
    else:
        if state != "none":
            yield "正在清空上一次的演示数据……"
            _wipe(home)
        yield from _make(settings, clock or clock_from_environment())
    yield f"共享文件夹：{home / FOLDER}"
    yield f"登录信息（也保存在 {home / SIGN_IN_FILE}）："
    yield from (f"  {line}" for line in sign_in_lines(home))


def _state(home: Path) -> str:
    """none, partly or complete; Refused where the folder holds something that is not the demo's."""
    if home.is_symlink():
        raise Refused(f"{home} 是一个链接，演示数据不放在这里。请先移走它。")
    if not home.exists() or not any(home.iterdir()):
        return "none"
    try:
        text = (home / MARK).read_text(encoding="utf-8")
    except OSError:
        raise Refused(f"{home} 里有不是演示程序生成的内容，没有改动。请先移走它，或另设 SHIFAN_HOME。") from None
    return "complete" if text.endswith(_COMPLETE) else "partly"


def _wipe(home: Path) -> None:
    try:
        for path in sorted(home.iterdir(), key=lambda each: each.name == MARK):  # the mark last: a cut is told apart
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink()
    except OSError as error:
        raise Refused(f"清不空 {home}：{error.strerror}。请先关闭正在运行的演示，再试一次。") from None


def _make(settings: Settings, clock: Clock) -> Iterator[str]:
    plan = load_plan()
    today = clock.today()
    home = settings.home
    home.mkdir(parents=True, exist_ok=True)
    (home / MARK).write_text(_MADE, encoding="utf-8")
    # the story is told in the order in which it happened: the clock goes along
    app = build(settings, Clock(plan.first_day(today)))
    try:
        yield from _Story(app, plan, home, today).tell()
    finally:
        app.close()
    (home / MARK).write_text(_MADE + _COMPLETE, encoding="utf-8")


class _Story:
    """What happened up to today, step by step."""

    def __init__(self, app: App, plan: Plan, home: Path, today: date) -> None:
        self.app, self.plan, self.today = app, plan, today
        self.home, self.folder = home, home / FOLDER
        self.invented = invent(plan)
        self.people: dict[str, Actor] = {}
        self.past: Past
        self.round = 0

    def tell(self) -> Iterator[str]:
        """Everything in order; a line for each step."""
        yield "正在建立演示账户……"
        self.people = make_accounts(self.app, self.plan, self.home)
        yield f"正在生成 {self.plan.earlier_year} 年度（创建时的数据）……"
        self._earlier_round()
        self.past = Past(self.app, self.people, self.plan, self.invented, self.home, self.today)
        self.past.add_reports()
        yield f"正在导入存量对象，办理 {self.plan.last.year} 年度轮次……"
        self._until("opened")
        yield f"正在建立 {self.plan.year} 年度轮次，生成 15 个推荐工作簿……"
        self._open()
        yield "正在填写各市工作簿（虚构的平台和基地）……"
        count = self._send_first()
        for part in ("first_intake", "second_intake"):
            cities = self.plan.place(part)
            yield f"正在受理 {len(cities)} 个市的推荐材料并反馈……"
            self._take_in(part, cities)
        yield "正在审核：核定值、逐项认定……"
        self._on("reviewed")
        determined, verified = review(self.app, self.people["staff"], self.plan, self.round)
        yield "正在接收修改后的第二版，办理验收、公示和异议……"
        self._later_versions()
        self._last_scene()
        yield "正在组织专家评审：分派、打分……"
        self._on("scored")
        handed_in = Panelling(self.app, self.people, self.plan, self.round).tell()
        self.past.until(0)
        determined += self.past.determined
        with self.app.reader.connect() as connection:
            known = connection.execute(sa.select(sa.func.count()).select_from(cases)).scalar_one()
        yield (
            f"演示数据已备好：推荐单位 15 个，申报 {count} 个，人工认定 {determined} 项，核定值 {verified} 个，"
            f"专家评分 {handed_in} 份，创建对象 {known} 个。"
        )

    def _on(self, day: str) -> None:
        """Goes on to a day, with all that happened to cases up to it."""
        self._until(day)
        self.app.clock = Clock(self.plan.day(day, self.today))

    def _until(self, day: str) -> None:
        self.past.until(int(self.plan.main["days"][day]))

    def _earlier_round(self) -> None:
        plan, books = self.plan, self.invented.earlier
        folder = self.folder / str(plan.earlier_year)
        round_id = open_former(
            self.app,
            self.people["admin"],
            plan.earlier_year,
            dict.fromkeys(books),
            folder,
            notice_number=plan.main["earlier_notice_number"],
            notice_date=plan.main["earlier_notice_date"],
            deadline=plan.main["earlier_reference_day"],
            reference_day=plan.main["earlier_reference_day"],
        )
        send_former(self.app, books, folder, plan.main["earlier_reference_day"])
        take_in(self.app, self.people["staff"], round_id)

    def _open(self) -> None:
        self._on("opened")
        self.round = open_round(
            self.app,
            self.people["admin"],
            year=self.plan.year,
            notice_number=self.plan.main["notice_number"],
            notice_date=min(self.plan.main["notice_date"], self.plan.day("opened", self.today)),
            deadline=self.plan.day("first_deadline", self.today),
            reference_day=self.plan.main["reference_day"],
            count_start=False,
            folder=str(self.folder),
        )
        self.past.set_contact(self.round)
        quotas = {each["name"]: each.get("quota") for each in self.plan.main["city"]}
        set_taking_part(self.app, self.people["admin"], self.round, quotas, "（演示）按通知分配名额")
        templates_into_folder(self.app, self.people["admin"], self.round)

    def _send(self, folder: Path, city: str, book: Book, to: Path | None = None) -> None:
        """A city fills in what lies in the folder, and saves it."""
        path = folder / f"{book.year}-{city}.xlsx"
        _put(to or path, fill(path.read_bytes(), book))

    def _send_first(self) -> int:
        """The first version of every city: in the folder, but for the one that has not sent yet."""
        not_sent = self.plan.place("not_sent")
        (self.home / LATER).mkdir()
        for city, book in self.invented.first.items():
            path = self.folder / f"{book.year}-{city}.xlsx"
            self._send(self.folder, city, book, self.home / LATER / path.name if city == not_sent else None)
        (self.folder / f"{self.plan.year}-{not_sent}.xlsx").unlink()
        return sum(len(book.rows["推荐汇总表"]) for book in self.invented.first.values())

    def _take_in(self, day: str, cities: list[str]) -> None:
        self._on(day)
        locked = self.plan.place("locked_at_intake")
        if locked in cities:
            self._lock(locked)
        take_in(self.app, self.people["staff"], self.round, cities)
        if locked in cities:
            _mark(self.folder, f"{self.plan.year}-{locked}.xlsx").unlink()

    def _later_versions(self) -> None:
        """A version with a row less, taken in; one past the deadline, held; then a longer time for all."""
        for part in ("withdrawn", "late"):
            self._on(part)
            city = self.plan.place(part)
            self._send(self.folder, city, self.invented.second[city])
            take_in(self.app, self.people["staff"], self.round, [city])
        self._on("extended")
        held = round_row(self.app, self.round)
        change_round(
            self.app,
            self.people["admin"],
            self.round,
            held.version,
            notice_number=held.notice_number,
            notice_date=held.notice_date,
            standard_id=held.standard_id,
            deadline=self.plan.day("last_deadline", self.today),
            reference_day=held.reference_day,
            count_start=held.count_start,
            over_quota=held.over_quota,
            folder=held.folder,
            why=self.plan.place("late_reason"),
        )

    def _last_scene(self) -> None:
        """What lies in the folder today and waits for somebody."""
        plan, year = self.plan, self.plan.year
        for city in (*plan.place("waiting"), plan.place("open_now"), plan.place("truncated")):
            self._send(self.folder, city, self.invented.second[city])
        self._lock(plan.place("open_now"))
        cut = self.folder / f"{year}-{plan.place('truncated')}.xlsx"
        data = cut.read_bytes()
        _put(cut, data[: len(data) // 2])
        _put(self.folder / f"{year}-{plan.place('encrypted')}.xlsx", encrypted_package(plan.main["seed"]))
        copied, other = plan.place("copied"), plan.place("other_year")
        shutil.copyfile(self.folder / f"{year}-{copied}.xlsx", self.folder / f"{year}-{copied} - 副本.xlsx")
        earlier = self.folder / str(plan.earlier_year) / f"{plan.earlier_year}-{other}.xlsx"
        shutil.copyfile(earlier, self.folder / earlier.name)

    def _lock(self, city: str) -> None:
        """The mark that LibreOffice leaves beside a workbook while it is open."""
        mark = _mark(self.folder, f"{self.plan.year}-{city}.xlsx")
        user = self.plan.place("lock_user")
        mark.write_text(f",{user},演示电脑,{datetime.combine(self.today, time(9)):%d.%m.%Y %H:%M},;", encoding="utf-8")


def _mark(folder: Path, name: str) -> Path:
    return next(folder / mark for mark in marks_of(name) if mark.startswith(".~lock."))


def _renew_lock(folder: Path) -> None:
    """Keeps the open workbook open: a mark of yesterday would count as left behind."""
    plan = load_plan()
    mark = _mark(folder, f"{plan.year}-{plan.place('open_now')}.xlsx")
    if mark.is_file():
        mark.touch()


def _put(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.tmp")
    draft.write_bytes(data)
    draft.replace(path)
