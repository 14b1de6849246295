"""专家评审, the tab 分派: a plan to look at and apply, what stands, and single experts by hand."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from core.accounts import Permission
from core.errors import Refused, Stale
from core.services import assigning as service
from core.services.assigning import Drawn
from core.services.panel import NOT_OPEN, STATES, Panel, PanelExpert
from core.views import RoundView
from core.views.panel import Pair, pairs
from pages._parts.assign_hand import by_hand
from pages._parts.assign_tables import Marks, assign_html, legend_html, loads_html
from pages._parts.forms import act, pin, unpin
from pages._parts.tables import empty, page_of
from pages._shell import Desk

PAGE = 50
NAMED = 5  # told by name at once; of more the number, or they are folded
ALL, LACKING, ADDED = "全部", "专家不够的", "有新派的"


def show_assign(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """The plan that is being looked at, or what stands and what can be done."""
    if seen.settings is None:
        empty(NOT_OPEN)
        return
    eligible = [each for each in seen.subjects.values() if each.eligible]
    if not eligible:
        empty("还没有审核达标的创建申报，没有可以分派的。请先办完条件审核。", page="checks.py", label="去条件审核")
        return
    if not seen.members:
        empty("本轮还没有评审专家。请先在“专家”中登记并勾选，再来分派。")
        return
    found = pairs(desk.app, chosen.id)
    may = desk.may(Permission.MANAGE_SCORING)
    _conflicts(found)
    if may and _plan(desk, chosen, seen, found):
        return
    if may:
        _begin(chosen, seen)
    _standing(seen, found)
    if may:
        st.subheader("逐个办理", anchor=False)
        by_hand(desk, chosen, seen)


def _conflicts(found: Mapping[tuple[int, int], Pair]) -> None:
    """Assignments that stand although something is against them: a hint came up, or an expert's unit changed."""
    wrong = [each for each in found.values() if each.assigned]
    if wrong:
        named = "、".join(f"“{each.subject.name}”—{each.expert.code} {each.expert.name}" for each in wrong[:NAMED])
        more = f"等 {len(wrong)} 项" if len(wrong) > NAMED else ""
        st.warning(
            f"已有的分派与回避相冲突：{named}{more}。这些评审已对专家停用、不计入。"
            "请到“回避”中核对，确实要回避的定为回避，或者在下面撤回分派。"
        )


def _begin(chosen: RoundView, seen: Panel) -> None:
    """How far it is, and the button that draws a plan."""
    settings = seen.required()
    counts = [len(seen.of(each.id)) for each in seen.subjects.values() if each.eligible]
    done = sum(count >= settings.experts for count in counts)
    left, right = st.columns([3, 1], vertical_alignment="center")
    left.write(
        f"达标的创建申报 {len(counts):,} 个，每个由 {settings.experts} 位专家评审；已派足的 {done:,} 个。"
        "程序先使各位专家的件数相近，再看领域是否相符，都一样的由抽签定；先看方案，确认后才分派。"
    )
    if right.button("生成分派方案", type="primary", width="stretch"):
        st.session_state["pins"][f"seed-{chosen.id}"] = 1
        unpin(f"drawn-{chosen.id}-1")
        st.rerun()


def _plan(desk: Desk, chosen: RoundView, seen: Panel, found: Mapping[tuple[int, int], Pair]) -> bool:
    """The plan being looked at, and the act that applies it; False where there is none."""
    seed: int | None = st.session_state["pins"].get(f"seed-{chosen.id}")
    if seed is None:
        return False
    name = f"drawn-{chosen.id}-{seed}"
    try:
        with st.spinner("正在拟订方案，申报多时约需几秒……"):
            drawn = pin(name, lambda: service.draw(desk.app, chosen.id, seed))
    except Refused as refused:
        _leave(chosen, seed)
        st.error(str(refused))
        return False
    st.subheader(f"分派方案（第 {seed} 签）", anchor=False)
    _told(seen, drawn)
    _apply(desk, chosen, drawn)
    experts = {each.code: each for each in seen.experts.values()}
    st.html(loads_html({experts[code]: load for code, load in drawn.plan.loads.items()}))
    marks = _marks(seen, found) | {
        (experts[code].id, number): ("new", "") for number, codes in drawn.plan.added.items() for code in codes
    }
    columns = _columns(seen)
    _table(seen, columns, marks, set(drawn.plan.added), set(drawn.plan.impossible))
    return True


def _told(seen: Panel, drawn: Drawn) -> None:
    """What the plan comes to: how much is new, who got nobody and why, who is left out."""
    plan = drawn.plan
    st.write(
        f"新派 {drawn.count:,} 项，涉及 {len(plan.added):,} 个申报；分派以后，各位专家最多与最少相差 {plan.spread} 件。"
    )
    if drawn.unplaced:
        names = "、".join(f"{each.code} {each.name}" for each in drawn.unplaced)
        st.warning(f"本轮规定同市专家回避，{names}没有填所在城市，没有参加分派。请先在“专家”中补填。")
    if plan.impossible:
        said = [f"- {plan.impossible[number]}" for number in seen.subjects if number in plan.impossible]
        lines = "\n".join(said[:NAMED])
        st.warning(f"有 {len(said):,} 个申报派不成，方案中一位也没有新派：\n\n{lines}")
        if len(said) > NAMED:
            with st.expander(f"其余派不成的 {len(said) - NAMED:,} 个"):
                st.markdown("\n".join(said[NAMED:]))


def _apply(desk: Desk, chosen: RoundView, drawn: Drawn) -> None:
    name = f"apply-{chosen.id}-{drawn.seed}"
    boxes = st.columns([3, 1, 1, 1], vertical_alignment="bottom")
    why = boxes[0].text_input("理由（必填）", placeholder="例如：按工作方案抽签分派", max_chars=500, key=f"{name}-why")
    applied = boxes[1].button("按方案分派", type="primary", width="stretch", key=name, disabled=not drawn.count)
    if boxes[2].button("换一个签", width="stretch", key=f"{name}-next", help="件数和领域不变，只换抽签的结果"):
        st.session_state["pins"][f"seed-{chosen.id}"] = drawn.seed + 1
        unpin(f"drawn-{chosen.id}-{drawn.seed + 1}")
        st.rerun()
    if boxes[3].button("不用方案", width="stretch", key=f"{name}-leave"):
        _leave(chosen, drawn.seed)
        st.rerun()
    if applied:

        def work() -> str:
            try:
                count = service.apply_plan(desk.app, desk.actor, chosen.id, drawn.seed, drawn.fingerprint, why)
            except Stale:
                unpin(f"drawn-{chosen.id}-{drawn.seed}")  # what is drawn now is looked at first
                raise
            _leave(chosen, drawn.seed)
            return f"已按第 {drawn.seed} 签分派 {count:,} 项。专家登录后在“我的评审”中办理。"

        act(work)


def _leave(chosen: RoundView, seed: int) -> None:
    unpin(f"drawn-{chosen.id}-{seed}")
    unpin(f"seed-{chosen.id}")


def _standing(seen: Panel, found: Mapping[tuple[int, int], Pair]) -> None:
    """What stands: how much each expert has, and the matrix."""
    counts = Counter(each.expert_id for each in seen.assignments)
    columns = _columns(seen)
    st.html(loads_html({each: counts[each.id] for each in columns}))
    few = {each.id for each in seen.subjects.values() if len(seen.of(each.id)) < seen.required().experts}
    _table(seen, columns, _marks(seen, found), set(), few)


def _table(seen: Panel, columns: Sequence[PanelExpert], marks: Marks, added: set[int], lacking: set[int]) -> None:
    """A page of applications in official order, all of them or those to look at."""
    eligible = [each for each in seen.subjects.values() if each.eligible]
    parts = {LACKING: lacking, ADDED: added}
    options = [ALL, *(name for name, some in parts.items() if 0 < len(some) < len(eligible))]
    wanted = ALL
    if len(options) > 1 and len(eligible) > PAGE:
        wanted = st.segmented_control("看哪些", options, default=ALL, required=True, label_visibility="collapsed")
    chosen = parts.get(wanted)
    rows = [each for each in eligible if chosen is None or each.id in chosen]
    shown = rows[page_of(len(rows), size=PAGE, key=f"page-of-assignments-{wanted}")]
    st.html(assign_html(shown, columns, marks))
    kinds = {mark for mark, _ in marks.values()}
    st.html(legend_html(*[kind for kind in ("standing", "new", "barred", "conflict") if kind in kinds]))


def _marks(seen: Panel, found: Mapping[tuple[int, int], Pair]) -> dict[tuple[int, int], tuple[str, str]]:
    """What stands and what is barred, by expert and application."""
    marks = {key: ("barred", "".join(one.sentence for one in pair.grounds)) for key, pair in found.items()}
    for each in seen.assignments:
        key = each.expert_id, each.application_id
        marks[key] = ("conflict", marks[key][1]) if key in marks else ("standing", f"已分派，{STATES[each.state]}")
    return marks


def _columns(seen: Panel) -> list[PanelExpert]:
    """The members, and whoever else still has something, by code."""
    busy = {each.expert_id for each in seen.assignments}
    return [each for each in seen.experts.values() if (each.member and each.active) or each.id in busy]
