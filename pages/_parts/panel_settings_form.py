"""The form of 评审设置. Nothing in it is chosen beforehand; what is typed stays until it is saved or the page left."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any, Final

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import Refused
from core.scoring.settings import AGGREGATIONS, COMMENTS, FULL, VISIBILITIES, cautions
from core.scoring.settings_document import SettingsRefused, document, read
from core.services import scoring_settings as service
from core.services.panel import Panel
from core.standards.rubric import Rubric
from core.views import RoundView
from pages._parts.forms import act, pin, unpin
from pages._shell import Desk
from sheets_schema.fold import fold_width

Draft = dict[str, Any]
SET: Final = {"set": "设", "none": "不设"}
SAME_CITY: Final = {True: "同市专家回避", False: "不因同市回避"}
GRADES: Final = "优秀 90\n良好 75\n一般 60"


def settings_form(desk: Desk, chosen: RoundView, seen: Panel) -> None:
    """All settings, what is still wrong with them, and the act that decides them."""
    held = f"scoring-settings-{chosen.id}"
    version: int = pin(held, lambda: seen.settings_version)
    name = f"{held}-{version}"
    fields = _Fields(name, pin(f"{name}-typed", lambda: _begin(seen)))
    _weights(fields, seen.rubric)
    _figures(fields)
    _choices(fields)
    content = fields.content(seen.rubric)
    _look(content, seen.rubric)
    one, two, three = st.columns([2, 3, 1], vertical_alignment="bottom")
    paper = fields.text(one, "document", "依据文件（必填）", placeholder="例如：虚构工信〔2026〕7号", max_chars=128)
    why = fields.text(two, "why", "理由（必填）", placeholder="例如：按本年度工作方案确定", max_chars=500)
    if three.button("保存评审设置", type="primary", key=f"{name}-save", width="stretch"):

        def work() -> str:
            try:
                service.decide(desk.app, desk.actor, chosen.id, content, paper, version, why)
            except SettingsRefused as refused:
                lines = "\n".join(f"- {each}" for each in refused.sentences)
                raise Refused(f"评审设置还不能保存，请逐条改正：\n\n{lines}") from None
            unpin(held)
            unpin(f"{name}-typed")
            return "评审设置已保存。下一步：在“专家”中登记并勾选本轮的专家。"

        act(work)


class _Fields:
    """Boxes whose contents outlive a look at another tab: the browser's own would be forgotten there."""

    def __init__(self, name: str, kept: Draft) -> None:
        self._name, self._kept = name, kept

    def _key(self, field: str) -> str:
        key = f"{self._name}-{field}"
        if key not in st.session_state:
            st.session_state[key] = self._kept.get(field)
        return key

    def _keep(self, field: str, value: Any) -> Any:
        self._kept[field] = value
        return value

    def get(self, field: str) -> Any:
        """What stands in a box."""
        return self._kept.get(field)

    def text(self, where: DeltaGenerator, field: str, label: str, **options: Any) -> str:
        """A line."""
        return str(self._keep(field, where.text_input(label, key=self._key(field), **options)) or "")

    def lines(self, where: DeltaGenerator, field: str, label: str, **options: Any) -> None:
        """Several lines."""
        self._keep(field, where.text_area(label, key=self._key(field), **options))

    def tick(self, field: str, label: str) -> bool:
        """A box to tick."""
        self._kept.setdefault(field, False)
        return bool(self._keep(field, st.checkbox(label, key=self._key(field))))

    def radio(self, where: DeltaGenerator, field: str, label: str, options: Mapping[Any, str], **more: Any) -> Any:
        """One of several, none to begin with."""
        chosen = where.radio(label, list(options), format_func=options.get, key=self._key(field), index=None, **more)
        return self._keep(field, chosen)

    def optional(self, where: DeltaGenerator, field: str, label: str, hint: str) -> None:
        """A figure, or that there is to be none."""
        if self.radio(where, field, label, SET, horizontal=True) == "set":
            self.text(where, f"{field}-value", f"{label}：多少分", placeholder=hint, max_chars=12)

    def content(self, rubric: Rubric) -> Draft:
        """The document of settings; what is not decided is not in it."""
        got = self._kept.get
        made: Draft = {
            "weights": {code: text for code in rubric.names if (text := got(f"weight-{code}"))},
            "scale": _scale(got("top"), got("step")),
            "own_scales": {},
        }
        if got("own"):
            own = {code: _scale(got(f"top-{code}"), got(f"step-{code}")) for code in rubric.names}
            made["own_scales"] = {code: scale for code, scale in own.items() if scale}
        chosen = ("experts", "aggregation", "same_city", "comments", "visibility")
        made |= {field: got(field) for field in chosen if got(field) not in (None, "")}
        if got("aggregation") == "trimmed_mean":
            made["trim_from"] = got("trim_from") or None
        for field in ("pass_line", "range_mark", "deviation_mark"):
            if got(field):
                made[field] = None if got(field) == "none" else got(f"{field}-value") or ""
        if got("grades"):
            made["grades"] = None if got("grades") == "none" else _grades(got("grades-lines") or "")
        return made


def _weights(fields: _Fields, rubric: Rubric) -> None:
    """The indicators with their weights, how far they are from the whole, and scales of their own where asked for."""
    st.markdown(f"**权重**　六项指标的权重合计应当正好是 {FULL}。")
    _row(fields, rubric, "weight", "{}", "权重")
    st.caption(_total([fields.get(f"weight-{code}") for code in rubric.names]))
    st.markdown("**分值**　每项指标从 0 分打到满分，再按权重折算成总分。")
    one, two, _ = st.columns([1, 1, 2])
    fields.text(one, "top", "各项指标的满分", placeholder="例如：100", max_chars=12)
    fields.text(two, "step", "打分间隔（每多少分一档）", placeholder="例如：0.5", max_chars=12)
    if fields.tick("own", "有的指标单独规定满分和打分间隔"):
        _row(fields, rubric, "top", "{}：满分", "同上的不填")
        _row(fields, rubric, "step", "{}：间隔", "同上的不填")


def _row(fields: _Fields, rubric: Rubric, field: str, label: str, hint: str) -> None:
    """A box for each indicator beside each other."""
    for where, (code, name) in zip(st.columns(len(rubric.names)), rubric.names.items(), strict=True):
        fields.text(where, f"{field}-{code}", label.format(name), placeholder=hint, max_chars=12)


def _total(texts: list[str | None]) -> str:
    """`权重合计 95，还差 5。`"""
    total = Decimal(0)
    for text in texts:
        try:
            total += Decimal(fold_width(text or "0"))
        except InvalidOperation:
            return f"权重中有不是数的，请改正（“{text}”）。"
    if not total.is_finite():
        return "权重中有不是数的，请改正。"
    if total == FULL:
        return f"权重合计 {total.normalize():f}，正好。"
    word = "还差" if total < FULL else "多出"
    return f"权重合计 {total.normalize():f}，{word} {abs(FULL - total).normalize():f}。"


def _figures(fields: _Fields) -> None:
    st.markdown("**人数和合成**")
    one, two, three = st.columns([1, 2, 2])
    fields.text(one, "experts", "每项申报的评审专家人数", placeholder="例如：5", max_chars=4)
    if fields.radio(two, "aggregation", "合成办法", AGGREGATIONS) == "trimmed_mean":
        label = "满几位专家起去掉最高分和最低分"
        fields.text(three, "trim_from", label, placeholder="例如：5", max_chars=4)
    st.markdown("**合格线、等次和提示**　不要的，选“不设”。")
    boxes = st.columns(4)
    fields.optional(boxes[0], "pass_line", "合格线（总分，满分 100）", "例如：60")
    if fields.radio(boxes[1], "grades", "等次", SET, horizontal=True) == "set":
        label = "等次：一行一个，名称和起点分，从高到低"
        fields.lines(boxes[1], "grades-lines", label, placeholder=GRADES, height=110)
    fields.optional(boxes[2], "range_mark", "分歧提示：最高分与最低分之差", "例如：20")
    fields.optional(boxes[3], "deviation_mark", "分歧提示：标准差", "例如：10")


def _choices(fields: _Fields) -> None:
    st.markdown("**回避、评语和可见**")
    boxes = st.columns([1, 1, 2])
    fields.radio(boxes[0], "same_city", "同市专家是否回避", SAME_CITY)
    fields.radio(boxes[1], "comments", "评语", COMMENTS)
    fields.radio(boxes[2], "visibility", "其他专家的评分是否可见", VISIBILITIES)


def _look(content: Draft, rubric: Rubric) -> None:
    """What is still open or wrong, or what may not have been meant."""
    try:
        made = read(content, rubric)
    except SettingsRefused as refused:
        with st.expander(f"还有 {len(refused.sentences)} 处没有定或者要改正"):
            st.markdown("\n".join(f"- {each}" for each in refused.sentences))
        return
    for said in cautions(made):
        st.warning(said)


def _scale(top: str | None, step: str | None) -> dict[str, str]:
    return {key: text for key, text in (("top", top), ("step", step)) if text}


def _grades(lines: str) -> list[dict[str, str]]:
    """`优秀 90` line by line: the last word of a line is the bound."""
    found = []
    for line in filter(None, map(str.strip, lines.splitlines())):
        name, *start = line.rsplit(maxsplit=1)
        found.append({"name": name, "from": "".join(start)})
    return found


def _begin(seen: Panel) -> Draft:
    """What stands in the boxes to begin with: nothing, or what was decided."""
    if seen.settings is None:
        return {}
    content = document(seen.settings)
    made: Draft = {f"weight-{code}": text for code, text in content["weights"].items()}
    made |= {"top": content["scale"]["top"], "step": content["scale"]["step"], "own": bool(content["own_scales"])}
    for code, scale in content["own_scales"].items():
        made |= {f"top-{code}": scale["top"], f"step-{code}": scale["step"]}
    made |= {field: content[field] for field in ("aggregation", "same_city", "comments", "visibility")}
    made |= {"experts": str(content["experts"]), "trim_from": str(content["trim_from"] or "")}
    for field in ("pass_line", "range_mark", "deviation_mark"):
        made |= {field: "none" if content[field] is None else "set", f"{field}-value": content[field] or ""}
    grades = content["grades"]
    made |= {"grades": "none" if grades is None else "set"}
    made["grades-lines"] = "\n".join(f"{one['name']} {one['from']}" for one in grades or ())
    return made | {"document": seen.document}
