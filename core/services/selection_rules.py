"""What a choice of 拟创建对象 must hold to, told all at once: pure, on what has been read before."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from core.lifecycle.table import load
from core.publication.lint_words import ranked
from core.scoring.results import Result
from core.services.candidates import WAITING, Candidate
from core.services.review import VERDICT_WORDS
from core.services.subjects import PASS
from core.standards.rubric import Outcome, Reason, Rubric

OPEN: Final = ("review", "")  # verdicts of checks that people have not ended
WORDS: Final[Mapping[Outcome, str]] = {"selected": "列入", "not_selected": "不列入"}
_TURNED_DOWN: Final = (None, WAITING, "not_selected", "withdrawn")
_NAMED: Final = 20  # named in a sentence; of more the number is told
_VERDICTS: Final[Mapping[str, str]] = {str(code): word for code, word in VERDICT_WORDS.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decides of an application. `reason`: a code of the rubric; `words`: what it was in this case.

    `equal`: the name of the group of equals (同等条件) that a person has put it in; "" for none.
    """

    outcome: Outcome
    reason: str
    words: str = ""
    equal: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """What a choice is made on. `results` by application, None where the round has decided nothing about scoring.

    `quotas` by recommender, None where it has none; `strict`: more than the quota is refused. `gone`: whose row has
    disappeared and is still to be decided on, by recommender and name; they are no candidates, and easily forgotten.
    """

    rubric: Rubric
    candidates: Mapping[int, Candidate]
    results: Mapping[int, Result] | None
    quotas: Mapping[str, int | None]
    strict: bool
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quota:
    """How far the quota of a recommender has been filled: `quota` None is no limit.

    What the measure limits is recommending (`recommended`); `chosen` counts those listed up to now, with this act.
    """

    city: str
    quota: int | None
    recommended: int
    chosen: int

    @property
    def over(self) -> bool:
        """Whether more are listed than could be recommended."""
        return self.quota is not None and self.chosen > self.quota


@dataclass(frozen=True, slots=True)
class Weighed:
    """What an act would come to. `problems`: sentences, each of which stands in its way; `cautions` do not.

    `forgotten`: those who wait and are neither decided on nor left for later, in official order.
    """

    selected: tuple[int, ...]
    declined: tuple[int, ...]
    later: tuple[int, ...]
    forgotten: tuple[Candidate, ...]
    quotas: tuple[Quota, ...]
    problems: tuple[str, ...]
    cautions: tuple[str, ...]


def weigh(ground: Ground, choices: Mapping[int, Choice], later: Collection[int]) -> Weighed:
    """Holds an act against everything at once; what is no candidate any more is told alone."""
    found = ground.candidates
    gone = {*choices, *later} - found.keys()
    if gone:
        text = f"所选的申报中有 {len(gone)} 个已撤回、待确认或者不是创建申报，请刷新页面后重新选择。"
        return Weighed((), (), (), (), (), (text,), ())
    order = list(found)
    chosen = {number: choices[number] for number in order if number in choices}
    forgotten = [each for each in found.values() if each.waits and each.application_id not in {*choices, *later}]
    filled = tuple(quotas(ground, chosen))
    cautions = []
    if ground.gone:
        cautions.append(f"从工作簿中消失、还没有确认是否撤回的 {len(ground.gone)} 个不在其中：{_first(ground.gone)}。")
    over = [f"{one.city}列为拟创建对象 {one.chosen} 个，超过推荐名额 {one.quota} 个" for one in filled if one.over]
    problems = [*_problems(ground, chosen, later)]
    if forgotten:
        problems.append(
            f"还有 {len(forgotten)} 个申报没有选定：{named(forgotten)}。请选“列入”或者“不列入”；"
            "这次不定的，请留待以后，并写明理由。"
        )
    if over and ground.strict:
        problems.append(f"{'；'.join(over)}。本轮次的设置是超出名额不予受理，请减少后再办。")
    return Weighed(
        tuple(number for number, one in chosen.items() if one.outcome == "selected"),
        tuple(number for number, one in chosen.items() if one.outcome == "not_selected"),
        tuple(number for number in order if number in later),
        tuple(forgotten),
        filled,
        tuple(problems),
        (*cautions, *(f"{one}，请注意。" for one in over)),
    )


def quotas(ground: Ground, choices: Mapping[int, Choice]) -> Iterable[Quota]:
    """How the quotas of the recommenders with candidates are filled by what was decided and by these choices."""
    for city in dict.fromkeys(each.city for each in ground.candidates.values()):
        own = [each for each in ground.candidates.values() if each.city == city]
        chosen = sum(
            choices[each.application_id].outcome == "selected"
            if each.waits and each.application_id in choices
            else each.status not in _TURNED_DOWN
            for each in own
        )
        yield Quota(city, ground.quotas.get(city), len(own), chosen)


def named(some: Sequence[Candidate]) -> str:
    """`沈阳市“甲”、大连市“乙”`, of many the first and how many there are."""
    texts = [f"{each.city}“{each.name}”" for each in some[:_NAMED]]
    return "、".join(texts) + (f"等 {len(some)} 个" if len(some) > _NAMED else "")


def reasons_open_to(ground: Ground, each: Candidate) -> dict[Outcome, tuple[Reason, ...]]:
    """The reasons that an application can be given, by outcome; none of an outcome that it cannot have."""
    if not each.waits or each.verdict in OPEN:
        return {"selected": (), "not_selected": ()}
    fits: Callable[[Reason], bool] = lambda one: not _against(ground, each, one)  # noqa: E731
    listed = each.verdict == PASS and not _gap(ground, each)
    return {
        "selected": tuple(filter(fits, ground.rubric.reasons_for("selected"))) if listed else (),
        "not_selected": tuple(filter(fits, ground.rubric.reasons_for("not_selected"))),
    }


def _problems(ground: Ground, choices: Mapping[int, Choice], later: Collection[int]) -> Iterable[str]:
    of = ground.candidates
    some = [of[number] for number in {**choices, **dict.fromkeys(later)} if number in of]
    if twice := [each for each in some if each.application_id in choices and each.application_id in later]:
        yield f"{named(twice)}已经选定，又留待以后，请只选一种。"
    if decided := [each for each in some if not each.waits]:
        status = {each.application_id: load().statuses[each.status or WAITING].name for each in decided}
        yield f"{_told(decided, status)}已经办理过，请刷新页面后重新选择。"
    open_ = [each for number in choices if (each := of[number]).waits]
    if unsettled := [each for each in open_ if each.verdict in OPEN]:
        words = {each.application_id: _VERDICTS.get(each.verdict, "未审核") for each in unsettled}
        yield f"{_told(unsettled, words)}的条件审核还没有办完，不能选定。请先在“条件审核”中办完，或者留待以后。"
    settled = [each for each in open_ if each.verdict not in OPEN]
    listed = [each for each in settled if choices[each.application_id].outcome == "selected"]
    if failing := [each for each in listed if each.verdict != PASS]:
        words = {each.application_id: _VERDICTS[each.verdict] for each in failing}
        yield f"{_told(failing, words)}的审核结论不是“达标”，不能列为拟创建对象。"
    passing = [each for each in listed if each.verdict == PASS]
    if gaps := {each.application_id: gap for each in passing if (gap := _gap(ground, each))}:
        told = [each for each in passing if each.application_id in gaps]
        yield f"{_told(told, gaps)}的专家评分没有交齐，不能列为拟创建对象。"
    yield from _reason_problems(ground, [each for each in settled if each not in failing], choices)


def _reason_problems(ground: Ground, some: Sequence[Candidate], choices: Mapping[int, Choice]) -> Iterable[str]:
    """What stands against the reasons given, one sentence for each kind of mistake."""
    without: dict[Outcome, list[Candidate]] = {"selected": [], "not_selected": []}
    silent, scored, against, alone = [], [], [], []
    groups = [one.equal for one in choices.values() if one.equal]
    for each in some:
        choice = choices[each.application_id]
        reason = ground.rubric.reason(choice.reason)
        if reason is None or reason.of != choice.outcome:
            without[choice.outcome].append(each)
            continue
        if why := _against(ground, each, reason):
            against.append(f"{named([each])}{why}，不能用“{reason.text}”")
        elif reason.ground and groups.count(choice.equal) < 2:
            alone.append(each)
        if reason.words and not choice.words.strip():
            silent.append(each)
        if piece := ranked(choice.words):
            scored.append(f"{named([each])}（{piece}）")
    for outcome, these in without.items():
        if these:
            yield f"请给{named(these)}选一条{WORDS[outcome]}的理由。"
    if against:
        yield f"{_first(against)}，请另选理由。"
    if alone:
        yield f"{named(alone)}按同等条件优先列入，请把与它同等条件的申报标成同一组。"
    if silent:
        yield f"{named(silent)}所选的理由还要写明具体情况。"
    if scored:
        yield f"{_first(scored)}的具体情况里有得分或者名次：理由要答复申报单位，不写得分和名次（第八条），请改写。"


def _against(ground: Ground, each: Candidate, reason: Reason) -> str:
    """Why a reason cannot be said of an application whose checks are settled; "" where it can."""
    met = each.verdict == PASS
    if not reason.fits(met=met):
        return f"的审核结论是“{_VERDICTS[each.verdict]}”"
    merits = {one.code for one in ground.rubric.merits_for(each.kind)}
    if reason.ground and reason.ground not in {*each.preferences, *merits}:
        return "不属于这种情形"
    result = None if ground.results is None else ground.results.get(each.application_id)
    if not reason.line or result is None:
        return ""
    if reason.line == "below" and not result.complete:
        return "的评分还没有交齐"
    if result.passed is None or result.passed == (reason.line == "reached"):
        return ""
    return "已经达到合格线" if result.passed else "没有达到合格线"


def _gap(ground: Ground, each: Candidate) -> str:
    """What its scores lack; "" where nothing is asked or nothing lacks."""
    result = None if ground.results is None else ground.results.get(each.application_id)
    return "" if result is None else result.gap.removesuffix("。")


def _told(some: Sequence[Candidate], words: Mapping[int, str]) -> str:
    return _first([f"{named([each])}（{words[each.application_id]}）" for each in some])


def _first(texts: Sequence[str]) -> str:
    more = f"等 {len(texts)} 个" if len(texts) > _NAMED else ""
    return "、".join(texts[:_NAMED]) + more
