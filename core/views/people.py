"""Read models of 操作留痕 and 账户."""

from __future__ import annotations

from datetime import date, datetime, time

import pandas as pd
import sqlalchemy as sa

from core.accounts import Role
from core.bootstrap import App
from core.store import tables

ACTIONS: dict[str, str] = {
    "account.first": "建立首个管理员",
    "account.created": "新增账户",
    "account.changed": "修改账户",
    "account.reset": "重置密码",
    "account.password": "修改本人密码",
    "round.opened": "建立轮次",
    "round.changed": "修改轮次",
    "round.recommenders": "修改推荐单位",
    "round.contact": "登记联系方式",
    "round.templates": "生成模板",
    "round.rejudged": "重新审核",
    "online.key_registered": "登记密钥",
    "online.key_forgotten": "停用密钥",
    "online.sources": "设置报送方式",
    "online.settings": "设置在线表格",
    "online.created": "建立在线表格",
    "intake.taken": "受理",
    "intake.same": "核对一致",
    "intake.held": "登记逾期报送",
    "intake.late_accepted": "同意逾期受理",
    "intake.late_declined": "不予逾期受理",
    "intake.undone": "撤销受理",
    "intake.withdrawal": "撤回确认",
    "intake.feedback": "反馈",
    "review.verified": "核定",
    "review.verified_ended": "取消核定",
    "review.determined": "人工认定",
    "review.determination_ended": "取消认定",
    "review.noted": "备注",
    "list.exported": "导出名单",
    "registry.exported": "导出名录",
    "document.exported": "导出发文",
    "template.replaced": "更换发文模板",
    "template.restored": "改回自带模板",
    "publication.made": "登记公布",
    "publication.replaced": "重新公布",
    "decision.exported": "导出申报办理卷",
    "selection.applied": "确定拟创建对象",
    "scoring.settings": "确定评审设置",
    "expert.added": "登记专家",
    "expert.changed": "修改专家",
    "panel.changed": "确定评审专家",
    "recusal.pinned": "定为回避",
    "recusal.set_aside": "核对回避提示",
    "recusal.ended": "解除回避",
    "recusal.declared": "专家申请回避",
    "recusal.cleared": "专家声明无需回避",
    "assignment.applied": "按方案分派",
    "assignment.added": "分派专家",
    "assignment.ended": "撤回分派",
    "score.submitted": "提交评审",
    "score.reopened": "退回重评",
    "score.book_taken": "受理评分工作簿",
    "score.book_undone": "撤销受理评分工作簿",
    "notice.opened": "开始公示",
    "notice.confirmed": "公示确认",
    "notice.withdrawn": "撤回公示",
    "objection.filed": "登记异议",
    "objection.assigned": "指定核查人",
    "objection.resolved": "异议核查完毕",
    "objection.reopened": "取消异议核查结论",
    "objection.voided": "作废异议登记",
    "case.acted": "办理创建对象",
    "case.noted": "创建对象备注",
    "case.recounted": "重新推算期限",
    "change.registered": "登记变更报告",
    "cohort.imported": "存量对象建档",
    "cohort.taken_back": "撤销存量建档",
    "feed.made": "建立日历订阅",
    "feed.ended": "停用日历订阅",
    "calendar.set": "录入工作日安排",
    "calendar.ended": "终止工作日安排",
}


def ledger_actions() -> dict[str, str]:
    """The kinds of act in the ledger, by code."""
    return dict(ACTIONS)


def ledger(
    app: App,
    *,
    who: str = "",
    action: str = "",
    since: date | None = None,
    until: date | None = None,
    text: str = "",
    after_id: int = 0,
    limit: int = 500,
) -> pd.DataFrame:
    """Entries newest first: 序号, 时间, 办理人, 角色, 事项, 对象, 内容, 理由. All filters must hold."""
    table = tables.ledger
    query = sa.select(table).where(table.c.id > after_id).order_by(table.c.id.desc()).limit(limit)
    if who:
        query = query.where(table.c.who == who)
    if action:
        query = query.where(table.c.action == action)
    if since:
        query = query.where(table.c.at >= datetime.combine(since, time.min))
    if until:
        query = query.where(table.c.at <= datetime.combine(until, time.max))
    if text.strip():
        columns = (table.c.subject, table.c.what, table.c.why)
        query = query.where(sa.or_(*(column.contains(text.strip(), autoescape=True) for column in columns)))
    with app.reader.connect() as connection:
        rows = list(connection.execute(query))
    return pd.DataFrame(
        {
            "序号": [row.id for row in rows],
            "时间": pd.to_datetime([row.at for row in rows]),
            "办理人": [row.who for row in rows],
            "角色": [Role(row.role).label for row in rows],
            "事项": [ACTIONS[row.action] for row in rows],
            "对象": [row.subject for row in rows],
            "内容": [row.what for row in rows],
            "理由": [row.why for row in rows],
        }
    )


def accounts_frame(app: App) -> pd.DataFrame:
    """Accounts: id, 账号, 姓名, 角色, 单位, 状态, version and the plain values `role` and `active`."""
    with app.reader.connect() as connection:
        rows = list(connection.execute(sa.select(tables.accounts).order_by(tables.accounts.c.id)))
    return pd.DataFrame(
        {
            "id": [row.id for row in rows],
            "账号": [row.login for row in rows],
            "姓名": [row.name for row in rows],
            "角色": [Role(row.role).label for row in rows],
            "单位": [row.unit for row in rows],
            "状态": ["在用" if row.active else "停用" for row in rows],
            "role": [row.role for row in rows],
            "active": [bool(row.active) for row in rows],
            "version": [row.version for row in rows],
        }
    )
