"""申报办理卷: everything that was decided of an application, and by whom; no names, no phones, no time of making."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from core.errors import Refused
from core.scoring.method import method
from core.services import decision_file, intake, recusals, review
from core.store import tables
from tests.books import applicant
from tests.chosen import chosen
from tests.conftest import one_database
from tests.decided import COMMENT, NAMES, PHONES, all_texts, at, number_of, scores, section
from tests.office import DALIAN, SHENFU, SHENYANG, Office
from tests.panels import YUNFAN, assigned, seen

Act = Callable[[Office], object]


def test_it_begins_with_who_applied_for_what(decided: Office) -> None:
    made = decision_file.decision_file(decided.app, number_of(decided), names=False)
    assert (made.dossier.warning, made.dossier.title) == ("内部资料：载有评审情况，不得公开", "申报办理卷")
    assert made.dossier.subject == "2026年度　沈阳市　虚构市云帆服务平台（PT-001）"
    assert [each.title for each in made.dossier.sections] == [
        "一、申报基本情况",
        "二、报送的工作簿",
        "三、填报数据和核定",
        "四、条件审核",
        "五、专家评审",
        "六、选定",
        "七、公示与异议",
        "八、办理经过",
        "九、操作留痕",
        "十、本卷依据",
    ]
    assert section(decided, "申报基本情况") == [
        "轮次 | 2026年度",
        "推荐单位 | 沈阳市",
        "编号 | PT-001",
        "平台（基地）名称 | 虚构市云帆服务平台",
        "类型 | 平台，综合服务",
        "申报类别 | 创建申报",
        "运营主体 | 虚构市云帆服务中心",
        "统一社会信用代码 | 12210100MB0000001P",
        "审核结论 | 达标",
        "创建对象 | “虚构市云帆服务平台”，创建期",
    ]


def test_data_stand_beside_what_was_verified_and_say_which_workbook(decided: Office) -> None:
    held = decided.row(tables.intakes, city=SHENYANG)
    [heads, row] = section(decided, "报送的工作簿")
    assert heads == "报送 | 工作簿 | 收到时间 | 受理情况 | 原件校验值"
    when = at(decided, "intake.taken")
    assert row == f"第 1 次 | 2026-沈阳市.xlsx | {when} | 已受理，本卷依据 | {held.snapshot}"
    data = section(decided, "填报数据和核定")
    assert "年服务中小企业数（家） | N2 | 5000 | 4800" in data
    assert data[-3:] == [
        "核定经过",
        "数据 | 核定值 | 理由和依据 | 办理 | 后来",
        "平台指标\n年服务中小企业数（家） | 4800 | 与审计报告不符\n依据：审计报告第 7 页"
        f" | 李经办\n{at(decided, 'review.verified')} | ",
    ]


def test_findings_have_their_clause_and_determinations_that_ended_stay(decided: Office) -> None:
    found = section(decided, "条件审核")
    assert (
        "服务企业\n附件1 服务成效/服务企业情况 | ≥ 1,000 | 4,800 | 达标 | "
        "“年服务中小企业数（家）”为 4800，要求不低于 1000，达标（附件1 服务成效/服务企业情况；平台指标!N2）。"
    ) in found
    when, ended = at(decided, "review.noted"), at(decided, "review.determination_ended")
    assert f"运营保障机制 | 不达标 | 制度不全 | 李经办\n{when} | {ended}李经办取消：制度已补" in found
    assert f"运营保障机制 | 达标 | 现场查看属实 | 李经办\n{when} | " in found
    assert found[-3:] == ["备注", "时间 | 办理人 | 备注", f"{when} | 李经办 | 聘书一份，受聘人专家02"]


def test_scores_stand_by_expert_and_indicator_with_how_they_came_about(decided: Office) -> None:
    found = section(decided, "专家评审")
    assert found[:3] == [
        "评审设置",
        "以下各项办法未规定，由本年度工作方案确定。本轮依据：虚构工信〔2026〕7号。",
        "设置 | 内容",
    ]
    begin, end = found.index("评审结果"), found.index(method().texts["total"])
    assert found[begin + 1 : end] == [
        "指标（权重） | 专家01 | 专家02 | 合成",
        "创建内容（20） | 82.00 | 61.00 | 71.50",
        "创新特色（20） | 82.00 | 61.00 | 71.50",
        "示范引领（20） | 82.00 | 61.00 | 71.50",
        "实施路径（15） | 82.00 | 61.00 | 71.50",
        "预期导向（15） | 82.00 | 61.00 | 71.50",
        "保障协同（10） | 82.00 | 61.00 | 71.50",
        "总分 | 82.00 | 61.00 | 71.50",
        "得分：71.50 分。",
        "合成办法：平均分。计入的总分：专家01 82.00、专家02 61.00。",
        "合格线 60 分：达到。",
        "极差 21.00 分，标准差 14.85 分。分歧提示：最高分与最低分相差较大。",
    ]
    first, second = found.index("专家01的评审"), found.index("专家02的评审")
    own, when = found[first + 1 : second], at(decided, "score.submitted")
    assert [line for line in own if " | " not in line] == [
        f"{when}由李经办分派。",
        f"{when}专家本人声明与申报单位没有利害关系。",
        f"{when}在线提交（已失效，不计入）：",
        f"{when}由李经办退回重评，理由：“实施路径”的评语写到了别处。",
        f"{when}在线提交：",
    ]
    assert own.count("创建内容 | 80.00 | 3 条 | ") == own.count("创建内容 | 82.00 | 3 条 | ") == 1
    assert f"实施路径 | 82.00 |  | {COMMENT}" in own
    assert found[second + 3] == f"{at(decided, 'score.book_taken')}由评分工作簿受理（李经办）："


def test_recusals_and_assignments_that_ended_say_why(decided: Office) -> None:
    found, when = section(decided, "专家评审"), at(decided, "score.submitted")
    begin = found.index("回避")
    assert found[begin + 1 : begin + 4] == [
        "专家 | 情形 | 理由 | 办理 | 后来",
        f"专家02 | 核对无关 | 同名，不是同一人 | 李经办\n{when} | ",
        f"专家03 | 专家本人申请回避 | 专家03曾在该单位任职 | 李经办\n{when} | ",
    ]
    last = found.index("专家04的评审")
    assert found[last + 3 :] == [f"{when}撤回分派，理由：褚老师出国。"]


def test_selection_notice_and_objection_are_told_with_their_documents(decided: Office) -> None:
    when = at(decided, "selection.applied")
    assert section(decided, "选定") == [
        "结果 | 列为拟创建对象",
        "日期 | 2026年5月28日（周四）",
        "依据文件（纪要） | 虚构纪要1号",
        "理由 | 符合申报条件，达到创建标准，创建方案评价符合要求。",
        "理由的依据 | 第七条（二）",
        "全案依据 | 择优；留待以后：待定",
        f"办理 | 李经办，{when}",
    ]
    notice, opened = decided.row(tables.notices, stage="creation"), at(decided, "notice.opened")
    confirmed = at(decided, "notice.confirmed")
    assert section(decided, "公示与异议") == [
        "2026年度拟创建对象公示（2026年6月1日）",
        "公示期 | 2026年6月1日（周一）至2026年6月8日（周一）",
        "计算规则 | 5 个工作日，发布当日不计入",
        "落款日期 | 2026年6月1日（周一）",
        "名单中的一行 | 虚构市云帆服务平台（虚构市云帆服务中心）",
        f"名单校验值 | {notice.sha256}",
        f"登记 | 李经办，{opened}",
        f"结果 | 2026年6月9日（周二）确定为创建对象（虚构工信〔2026〕9号），李经办，{confirmed}登记",
        "异议2026-1",
        "来源和方式 | 实名（个人），信函",
        "收到日期 | 2026年6月1日（周一）",
        "发信邮戳日 | 2026年6月1日（周一）",
        "是否逾期 | 在公示期内",
        "内容 | 服务家数不实",
        "佐证材料 | 清单一份",
        f"登记 | 李经办，{at(decided, 'objection.filed')}",
        "核查结论 | 不属实",
        "办结日期 | 2026年6月1日（周一）",
        "核查情况和理由 | 现场核查",
        "答复 | 已书面答复",
        "异议人的姓名（名称）和联系方式不列入本卷。",
    ]
    past = section(decided, "办理经过")
    assert [line.split(" | ")[:3] for line in past[1:7]] == [
        ["2026年5月20日（周三）", "受理市级推荐", ""],
        ["2026年5月28日（周四）", "列为拟创建对象", "虚构纪要1号"],
        ["2026年6月1日（周一）", "公示拟创建对象", ""],
        ["2026年6月1日（周一）", "登记异议", ""],
        ["2026年6月1日（周一）", "异议不属实", ""],
        ["2026年6月9日（周二）", "确定为创建对象，进入创建期", "虚构工信〔2026〕9号"],
    ]
    assert past[-1] == f"{confirmed} | 李经办 | 虚构函〔2026〕1号 | 来函询问进度"


def test_it_ends_with_the_ledger_and_the_entry_that_it_rests_on(decided: Office) -> None:
    newest = decided.last()
    assert newest.action == "case.noted"
    told = section(decided, "操作留痕")
    what = "“虚构市云帆服务平台”备注：来函询问进度（虚构函〔2026〕1号）"
    assert told[-1] == f"{newest.id} | {at(decided, 'case.noted')} | 李经办 | {what} | "
    assert f"{at(decided, 'score.submitted')} | 专家01 | 提交对沈阳市“虚构市云帆服务平台”的评审。" in "\n".join(told)
    assert "收下专家02的评分工作簿" in "\n".join(told)
    assert section(decided, "本卷依据")[:4] == [
        f"本卷依据操作留痕中与这个申报有关的登记编成，最近一条是第 {newest.id} 号。",
        f"最近一条的时间 | {at(decided, 'case.noted')}",
        "办理人 | 李经办",
        f"校验值 | {newest.hash}",
    ]


def test_experts_are_codes_and_nobody_can_be_called(decided: Office) -> None:
    made = {names: decision_file.decision_file(decided.app, number_of(decided), names=names) for names in (False, True)}
    plain, named = (all_texts(made[names].dossier) for names in (False, True))
    assert [name for name in NAMES if name in plain] == []
    assert [text for text in (*PHONES, "张某某", "虚构某\n") if text in plain + named] == []
    assert "核定“联系电话”（个人联系方式，内容略）" in plain
    assert [name for name in NAMES if name not in named] == []
    assert "专家01 王专家的评审" in named
    assert made[True].dossier.warning == "内部资料：载有评审情况和专家姓名，仅限内部，不得公开"


def test_an_application_that_was_not_listed_says_why(decided: Office) -> None:
    other = number_of(decided, key="jd-001")
    assert section(decided, "选定", other)[:4] == [
        "结果 | 不列为拟创建对象",
        "日期 | 2026年5月28日（周四）",
        "依据文件（纪要） | 虚构纪要1号",
        "理由 | 其他情况。具体情况：方案与专家01意见不符",
    ]
    assert section(decided, "公示与异议", other) == ["没有公示过。"]


def test_one_left_for_another_day_says_so(decided: Office) -> None:
    left = number_of(decided, DALIAN)
    when = at(decided, "selection.applied")
    told = [f"{when}李经办办理选定时，这个申报留待以后：待定。"]
    assert section(decided, "选定", left) == told
    decided.on(date(2026, 6, 10))
    chosen(
        decided.app, decided.staff, decided.round_id, date(2026, 6, 10), [], {number_of(decided, SHENFU): "材料不实"}
    )
    again = f"{at(decided, 'selection.applied')}李经办办理选定时，这个申报留待以后：待定。"
    assert section(decided, "选定", left) == [*told, again]


def test_scoring_that_is_not_complete_is_told_and_nothing_averaged(convened: Office) -> None:
    number = number_of(convened)
    assert "没有分派过专家。" in section(convened, "专家评审", number)
    [one, _] = assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN))
    scores(convened, one, 80)
    found = section(convened, "专家评审", number)
    assert "还差 1 位专家的评分（专家02），暂不计算得分。" in found
    assert "总分 | 80.00 | —" in found
    assert found[-1] == "还没有交评分。"
    assert not [line for line in found if line.startswith(("得分：", "合格线 60 分："))]


def test_a_recused_expert_counts_for_nothing_and_it_says_why(convened: Office) -> None:
    number = number_of(convened)
    review.add_note(convened.app, convened.staff, number, "聘书一份，受聘人虚构冯某")
    assigned(convened, ("专家01", YUNFAN), ("专家02", YUNFAN))
    found = section(convened, "专家评审", number)
    assert "专家02不计入评审：〔经办备注〕里有“专家02”，请核对是不是这位专家。" in found
    assert "应由 2 位专家评审，只分派了 1 位；还差 1 位专家的评分（专家01），暂不计算得分。" in found


def test_a_recusal_that_was_ended_says_by_whom_and_why(convened: Office) -> None:
    number, known = number_of(convened), seen(convened)
    expert = next(each.id for each in known.experts.values() if each.code == "专家03")
    recusals.pin(convened.app, convened.staff, convened.round_id, expert, number, "曾任职")
    held = convened.row(tables.recusals, expert_id=expert)
    recusals.end(convened.app, convened.staff, held.id, "查无此事")
    when = at(convened, "recusal.ended")
    row = f"专家03 | 工作人员定为回避 | 曾任职 | 李经办\n{when} | {when}李经办解除：查无此事"
    assert row in section(convened, "专家评审", number)


@one_database
def test_without_scoring_it_says_so(office: Office) -> None:
    assert section(office, "专家评审") == ["本轮没有定评审设置，没有评审。"]
    assert section(office, "选定") == ["还没有选定。"]
    assert section(office, "办理经过") == ["没有据此办理的创建对象。"]


@one_database
def test_an_acceptance_is_not_scored(opened: Office) -> None:
    opened.put(SHENYANG, applicant("platform", "PT-009", "虚构市旧平台", {"推荐汇总表": {"申报类别": "期满验收"}}))
    opened.take(SHENYANG)
    number = number_of(opened, key="pt-009")
    assert section(opened, "专家评审", number) == ["专家评审只评创建申报；这个申报不在评审之列。"]
    assert section(opened, "选定", number) == ["选定拟创建对象只就创建申报办理。"]


@one_database
def test_what_is_not_there_is_refused(decided: Office) -> None:
    with pytest.raises(Refused) as none:
        decision_file.decision_file(decided.app, 999, names=False)
    assert str(none.value) == "没有这个申报，请回到列表重新选择。"
    only = number_of(decided, DALIAN)
    intake.undo(decided.app, decided.staff, decided.row(tables.intakes, city=DALIAN).id, "误受理")
    with pytest.raises(Refused) as undone:
        decision_file.decision_file(decided.app, only, names=False)
    assert str(undone.value) == "这个申报的受理已全部撤销，目前没有可以成卷的内容。"
