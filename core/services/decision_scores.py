"""The section 专家评审 of the 申报办理卷: settings that held, recusals, what each expert gave, what it came to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from core.publication.dossier import Block, Line, Table, heading, note
from core.scoring.method import method
from core.scoring.results import MARKS, Summary, grade, nearest_bound
from core.scoring.settings import AGGREGATIONS, OPEN, ScoringSettings
from core.scoring.settings_words import setting_words
from core.scoring.sheets import total
from core.scoring.shown import shown, shown_root
from core.services.decision_data import About
from core.services.decision_ledger import Entries
from core.services.decision_scoring import Asked, Scoring
from core.services.decision_words import Naming, moment
from core.services.panel import SUBMITTED, sheet_of
from core.services.recusals import KINDS
from core.services.scoring_books import BOOK_UNDONE, WORKBOOK

NOT_SCORED: Final = "专家评审只评创建申报；这个申报不在评审之列。"
WITHDRAWN: Final = "这个申报已经撤回，或者是否撤回还没有确认，不在评审之列。"
UNDECIDED: Final = "本轮没有定评审设置，没有评审。"
NOBODY: Final = "没有分派过专家。"
_VIA: Final[Mapping[str, str]] = {"app": "在线提交", "workbook": "由评分工作簿受理"}
_UNDONE: Final = "撤销评分工作簿的受理"
_ABREAST: Final = 6  # experts side by side in a table
_NONE: Final = "—"


def scores(about: About, seen: Scoring, entries: Entries, named: Naming) -> tuple[Block, ...]:
    """Everything about the scoring of an application, or the sentence why there is none."""
    if not about.creation:
        return (Line(NOT_SCORED),)
    found: list[Block] = [] if seen.subject is not None else [Line(WITHDRAWN)]
    found += [Line(UNDECIDED)] if seen.settings is None else _settings(seen, seen.settings)
    if seen.settings is not None or seen.asked or seen.recused:
        found += [heading("回避"), *_recusals(seen, entries, named)]
        found += [heading("评审结果"), *_result(seen, named)]
    for each in seen.asked:
        found += [heading(f"{named.labels[each.row.expert_id]}的评审"), *_expert(seen, each, entries, named)]
    return tuple(found)


def _settings(seen: Scoring, settings: ScoringSettings) -> tuple[Block, ...]:
    return (
        heading("评审设置"),
        Line(f"以下各项{OPEN}本轮依据：{seen.document}。"),
        Table(("设置", "内容"), setting_words(settings, seen.rubric), (46, 110)),
    )


def _recusals(seen: Scoring, entries: Entries, named: Naming) -> Iterator[Block]:
    rows = []
    for row in seen.recused:
        ended = ""
        if row.ended_at is not None:
            ended = _ended(row, entries, named)
        by = f"{named.text(row.who)}\n{moment(row.at)}"
        rows.append((named.labels[row.expert_id], KINDS[row.kind], named.text(row.reason), by, ended))
    if rows:
        yield Table(("专家", "情形", "理由", "办理", "后来"), tuple(rows), (24, 30, 48, 27, 27))
    barred = [each for each in seen.asked if each.stands and each.grounds]
    for each in barred:
        said = "".join(named.text(one.sentence) for one in each.grounds)
        yield Line(f"{named.labels[each.row.expert_id]}不计入评审：{said}")
    if not rows and not barred:
        yield Line("没有专家回避。")


def _ended(row: Any, entries: Entries, named: Naming) -> str:
    """How a recusal ended: by an act of its own, with the workbook that brought it, or by one that took its place."""
    act, how = entries.of("recusal.ended", row.id), "解除"
    if act is None:
        undone = (one for one in entries.rows if one.action == BOOK_UNDONE)
        act, how = next((one for one in undone if row.id in one.details.get("recusals", [])), None), _UNDONE
    return moment(row.ended_at) + ("改为回避" if act is None else f"{act.who}{how}：{named.text(act.why)}")


def _result(seen: Scoring, named: Naming) -> Iterator[Block]:
    if not seen.asked:
        yield Line(NOBODY)
    made, settings = seen.result, seen.settings
    if made is None or settings is None:
        return
    if made.gap:
        yield Line(made.gap)
    counted = [each for each in seen.asked if each.code in made.handed_in and each.counts]
    for start in range(0, len(counted), _ABREAST):
        yield _side_by_side(seen, settings, counted[start : start + _ABREAST], named)
    whole = made.total
    if whole.aggregate is not None:
        yield Line(f"得分：{shown(whole.aggregate, nearest_bound(whole.aggregate, settings))} 分。")
        yield Line(_how(seen, settings, whole, named))
        for sentence in _against(settings, whole.aggregate, passed=made.passed):
            yield Line(sentence)
    if whole.range is not None and whole.variance is not None:
        yield Line(f"极差 {shown(whole.range)} 分，标准差 {shown_root(whole.variance)} 分。{_marks(seen)}")
    for text in method().of_score(settings):
        yield note(text)


def _side_by_side(seen: Scoring, settings: ScoringSettings, some: list[Asked], named: Naming) -> Table:
    """Indicators down, experts across, and what the scores of all experts come to."""
    made = seen.result
    assert made is not None
    heads = ("指标（权重）", *(named.labels[each.row.expert_id] for each in some), "合成")
    rows = [
        (
            f"{name}（{settings.weights[code].normalize():f}）",
            *(shown(Fraction(made.indicators[code].by_expert[each.code])) for each in some),
            _aggregate(made.indicators[code]),
        )
        for code, name in seen.rubric.names.items()
    ]
    rows.append(("总分", *(shown(made.total.by_expert[each.code]) for each in some), _aggregate(made.total)))
    return Table(heads, tuple(rows), (48, *(15 for _ in some), 18), numeric=tuple(range(1, len(heads))))


def _aggregate(summary: Summary) -> str:
    return _NONE if summary.aggregate is None else shown(summary.aggregate)


def _how(seen: Scoring, settings: ScoringSettings, whole: Summary, named: Naming) -> str:
    """Which totals count, which are left out, and the way from them to the score."""
    labels = {each.code: named.labels[each.row.expert_id] for each in seen.asked}
    kept = "、".join(
        f"{labels[code]} {shown(score)}" for code, score in whole.by_expert.items() if code not in whole.dropped
    )
    left_out = "、".join(f"{labels[code]} {shown(whole.by_expert[code])}" for code in whole.dropped)
    dropped = f"；去掉 {left_out}" if left_out else ""
    return f"合成办法：{AGGREGATIONS[settings.aggregation]}。计入的总分：{kept}{dropped}。"


def _against(settings: ScoringSettings, score: Fraction, *, passed: bool | None) -> Iterator[str]:
    if passed is not None and settings.pass_line is not None:
        yield f"合格线 {settings.pass_line.normalize():f} 分：{'达到' if passed else '没有达到'}。"
    if settings.grades:
        yield f"等次：{grade(score, settings) or '不属于任何等次'}。"


def _marks(seen: Scoring) -> str:
    marks = () if seen.result is None else seen.result.marks
    return f"分歧提示：{'；'.join(MARKS[mark] for mark in marks)}。" if marks else ""


def _expert(seen: Scoring, each: Asked, entries: Entries, named: Naming) -> Iterator[Block]:
    row = each.row
    why = f"，理由：{named.text(row.reason)}" if row.reason else ""
    yield Line(f"{moment(row.at)}由{named.text(row.who)}分派{why}。")
    if row.cleared_at is not None:
        yield Line(f"{moment(row.cleared_at)}专家本人声明与申报单位没有利害关系。")
    for entry in each.entries:
        act = entries.one(entry.ledger_id)
        undone = act is not None and act.action == BOOK_UNDONE
        if entry.kind == SUBMITTED:
            state = "（已失效，不计入）" if entry is not each.held else "" if each.counts else "（不计入）"
            yield Line(f"{moment(entry.at)}{_handed(entry, named, undone=undone)}{state}：")
            yield _sheet(seen, each.code, entry, named)
        else:
            how = f"{_UNDONE}，恢复为未交" if undone else "退回重评"
            yield Line(f"{moment(entry.at)}由{named.text(entry.who)}{how}，理由：{named.text(entry.why)}。")
    if row.ended_at is not None:
        yield Line(f"{moment(row.ended_at)}撤回分派，理由：{named.text(row.end_reason)}。")
    elif not each.entries:
        yield Line("还没有交评分。")


def _handed(entry: Any, named: Naming, *, undone: bool) -> str:
    """How a sheet came to hold: handed in, by workbook, or again when a workbook was undone."""
    why = f"，理由：{named.text(entry.why)}" if entry.why else ""
    if undone:
        return f"由{named.text(entry.who)}{_UNDONE}，恢复以前交的评分{why}"
    return f"{_VIA[entry.via]}（{named.text(entry.who)}）{why}" if entry.via == WORKBOOK else _VIA[entry.via]


def _given(score: Decimal) -> str:
    """A score as it was given: no digit of it is lost."""
    text = shown(score)
    return text if Decimal(text) == score else f"{score:f}"


def _sheet(seen: Scoring, code: str, entry: Any, named: Naming) -> Table:
    """One sheet as it was handed in."""
    sheet, settings = sheet_of(code, entry.content), seen.settings
    rows = []
    for one in seen.rubric.indicators:
        count = sheet.counts.get(one.code)
        counted = "" if count is None else f"{count} 条"
        score = sheet.scores.get(one.code)
        said = _NONE if score is None else _given(score)
        rows.append((one.name, said, counted, named.text(sheet.comments.get(one.code, ""))))
    if settings is not None and all(one in sheet.scores for one in settings.weights):
        rows.append(("总分", shown(total(sheet, settings)), "", ""))
    return Table(("指标", "得分", "条数", "评语"), tuple(rows), (44, 20, 18, 74), numeric=(1,))
