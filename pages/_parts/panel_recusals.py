"""专家评审, the tab 回避: what to look at, what was decided, what holds by rule; and a form to decide by hand."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import streamlit as st

from core.accounts import Permission
from core.services import recusals as service
from core.services.assigning import pair_words
from core.services.panel import Panel
from core.services.recusals import KINDS
from core.views import RoundView
from core.views.panel import Decided, Pair, decisions, pairs
from pages._parts.forms import act, reason_form, unpin
from pages._parts.linked import link, linked
from pages._parts.tables import Html, empty, page_of, show_table, table_html
from pages._parts.words import moment
from pages._shell import Desk


@dataclass(frozen=True, slots=True)
class Way:
    """What can be decided of a pair: its word, what comes of it, an example of a reason, the use case."""

    name: str
    says: str
    hint: str
    work: Callable[..., str]


WAYS: Final[Mapping[str, Way]] = {
    "pin": Way(
        "定为回避",
        "专家从此看不到这个申报，不能分派；已经分派的随之撤回，已交的评分留存、不计入。",
        "例如：曾任该单位顾问",
        service.pin,
    ),
    "aside": Way("核对无关", "这条提示不再挡住分派。", "例如：电话核实，同名不同人", service.set_aside),
}
ASKED = "recusal-asked"
PAGE = 20
HINTS_SAY = "程序按单位名称和申报、审核中写的文字找出来的，不一定真有关系。核对以前，这些专家不能评对应的申报。"
RULES_SAY = "专家就在运营主体（或者它的分支机构）工作的，以及本轮规定同市回避的，不需要办理，也不能解除。"


def show_recusals(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """What matters among the round's experts and the applications that pass."""
    may = desk.may(Permission.MANAGE_SCORING)
    if not seen.members:
        empty("本轮还没有评审专家。请先在“专家”中登记并勾选，这里再列出要核对和要回避的。")
    found = pairs(desk.app, chosen.id)
    if may:
        _act(desk, chosen, seen, {each.id: each for each in decisions(desk.app, chosen.id)})
    _hints([each for each in found.values() if each.hints], may=may)
    _decided(decisions(desk.app, chosen.id), may=may)
    _rules([each for each in found.values() if each.rules])
    if may and seen.members:
        st.subheader("另外定一项回避", anchor=False)
        _pin(desk, chosen, seen)


def _hints(found: list[Pair], *, may: bool) -> None:
    st.subheader(f"需要核对 {len(found):,} 项", anchor=False)
    if not found:
        st.caption("没有需要核对的提示。")
        return
    st.caption(HINTS_SAY)
    rows = []
    for each in found[page_of(len(found), size=PAGE, key="page-of-hints")]:
        pair = f"{each.expert.id}/{each.subject.id}"
        says = "\n".join(ground.sentence for ground in each.hints)
        acts = [_button("定为回避", f"pin/{pair}"), _button("核对无关", f"aside/{pair}")] if may else []
        rows.append([each.subject.city, each.subject.name, _who(each), says, Html(" ".join(acts))])
    heads = ["地区", "名称", "专家", "提示", "办理"]
    _follow(linked(table_html(heads, rows, nowrap=["地区", "专家", "办理"]), "recusal-hints"))


def _decided(found: tuple[Decided, ...], *, may: bool) -> None:
    st.subheader(f"已经决定 {len(found):,} 项", anchor=False)
    if not found:
        st.caption("还没有人定为回避，也没有专家申请回避。")
        return
    rows = []
    for each in found[page_of(len(found), size=PAGE, key="page-of-decisions")]:
        about = (each.subject.city, each.subject.name) if each.subject else ("", "（已撤回的申报）")
        says = f"{each.reason}\n{each.who}，{moment(each.at)}"
        acts = Html(_button("解除", f"end/{each.id}") if may else "")
        rows.append([*about, f"{each.expert.code} {each.expert.name}", KINDS[each.kind], says, acts])
    heads = ["地区", "名称", "专家", "决定", "理由", "办理"]
    _follow(linked(table_html(heads, rows, nowrap=["地区", "专家", "决定", "办理"]), "recusal-decisions"))


def _rules(found: list[Pair]) -> None:
    if not found:
        return
    with st.expander(f"按规定回避 {len(found):,} 项"):
        st.caption(RULES_SAY)
        rows = [
            [each.subject.city, each.subject.name, _who(each), "\n".join(ground.sentence for ground in each.rules)]
            for each in found[page_of(len(found), size=PAGE, key="page-of-rules")]
        ]
        show_table(["地区", "名称", "专家", "依据"], rows, nowrap=["地区", "专家"])


def _who(each: Pair) -> str:
    more = "\n（已分派）" if each.assigned else ""
    return f"{each.expert.code} {each.expert.name}{more}"


def _button(text: str, go: str) -> str:
    return link(text, go, "?tab=recusals", css="sf-button")


def _follow(clicked: str | None) -> None:
    """Keeps what was asked for; the form for it stands above the tables."""
    if clicked:
        st.session_state["pins"][ASKED] = clicked
        st.rerun()


def _act(desk: Desk, chosen: RoundView, seen: Panel, decided: dict[int, Decided]) -> None:
    """The form for the line that was clicked; nothing where that line is gone meanwhile."""
    asked = st.session_state["pins"].get(ASKED)
    if asked is None:
        return
    what, *numbers = asked.split("/")
    key = tuple(map(int, numbers))
    if what == "end" and (one := decided.get(key[0])) is not None:
        _end(desk, asked, one)
    elif what in WAYS and key[0] in seen.experts and key[1] in seen.subjects:
        _decide(desk, chosen, asked, WAYS[what], pair_words(seen, *key), key)
    else:
        unpin(ASKED)
        return
    if st.button("不办了", key="recusal-cancel"):
        unpin(ASKED)
        st.rerun()


def _end(desk: Desk, asked: str, one: Decided) -> None:
    about = f"{one.subject.city}“{one.subject.name}”" if one.subject else "（已撤回的申报）"
    says = f"解除“{KINDS[one.kind]}”：{one.expert.code} {one.expert.name}—{about}。"
    says += "原来的分派不恢复，需要的请重新分派。"
    if one.kind == "declared":
        says += "这是专家本人申请的，只有本人说明不再需要回避才能解除；请写明本人何时、怎样说明的。"
    why = reason_form(asked, says, "解除", hint="例如：本人6月1日来函说明")
    if why is not None:
        _done(lambda: service.end(desk.app, desk.actor, one.id, why))


def _decide(desk: Desk, chosen: RoundView, asked: str, way: Way, words: str, key: tuple[int, ...]) -> None:
    why = reason_form(asked, f"{way.name}：{words}。{way.says}", way.name, hint=way.hint)
    if why is not None:
        _done(lambda: way.work(desk.app, desk.actor, chosen.id, *key, why))


def _done(work: Callable[[], str]) -> None:
    def run() -> str:
        said = work()
        unpin(ASKED)
        return said

    act(run)


def _pin(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """A form for any pair."""
    number = st.session_state.setdefault("pin-done", 0)
    eligible = {each.id: each for each in seen.subjects.values() if each.eligible}
    with st.form(f"pin-{number}"):
        one, two, three = st.columns([2, 1, 2])
        application = one.selectbox(
            "申报",
            list(eligible),
            index=None,
            format_func=lambda key: f"{eligible[key].city}　{eligible[key].name}",
            placeholder="请选择",
            key=f"pin-{number}-application",
        )
        expert = two.selectbox(
            "专家",
            [each.id for each in seen.members],
            index=None,
            format_func=lambda key: f"{seen.experts[key].code} {seen.experts[key].name}",
            placeholder="请选择",
            key=f"pin-{number}-expert",
        )
        reason = three.text_input(
            "理由（必填）", placeholder="例如：近三年与运营主体有合作项目", max_chars=500, key=f"pin-{number}-why"
        )
        pressed = st.form_submit_button("定为回避", type="primary")
    if pressed:
        if application is None or expert is None:
            st.error("请选好申报和专家。")
            return

        def work() -> str:
            said = service.pin(desk.app, desk.actor, chosen.id, expert, application, reason)
            st.session_state["pin-done"] = number + 1
            return said

        act(work)
