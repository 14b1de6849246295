"""Who may do what: four roles, each a fixed set of permissions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from core.errors import NotAllowed


class Role(StrEnum):
    """The roles of the house; the value is what the store holds, `label` what people read."""

    ADMIN = "admin"
    STAFF = "staff"
    EXPERT = "expert"
    SUPERVISOR = "supervisor"

    @property
    def label(self) -> str:
        """The role's Chinese name."""
        return _LABELS[self]


_LABELS = {
    Role.ADMIN: "管理员",
    Role.STAFF: "省厅经办",
    Role.EXPERT: "评审专家",
    Role.SUPERVISOR: "监督只读",
}


class Permission(StrEnum):
    """What a use case or a page asks for; the value is what a refusal says."""

    READ_ROUND = "查看年度轮次"
    MANAGE_ROUND = "设置年度轮次"
    READ_INTAKE = "查看推荐接收"
    TAKE_IN = "受理推荐材料"
    READ_CHECKS = "查看条件审核"
    DECIDE = "作出审核认定"
    READ_LISTS = "查看名单"
    EXPORT_LISTS = "导出名单"
    READ_CASES = "查看创建对象"
    ACT_ON_CASES = "办理创建对象"
    RUN_NOTICES = "办理公示与异议"
    MANAGE_SCORING = "组织评审"
    READ_SCORES = "查看评审"
    SCORE = "评审打分"
    READ_CALENDAR = "查看工作日历"
    MANAGE_CALENDAR = "维护工作日历"
    MANAGE_ACCOUNTS = "管理账户"
    MANAGE_ONLINE = "管理在线表格的密钥"
    READ_LEDGER = "查看操作留痕"


_READ = frozenset(
    {
        Permission.READ_ROUND,
        Permission.READ_INTAKE,
        Permission.READ_CHECKS,
        Permission.READ_LISTS,
        Permission.READ_CASES,
        Permission.READ_SCORES,
        Permission.READ_CALENDAR,
        Permission.READ_LEDGER,
    }
)
_STAFF = _READ | {
    Permission.MANAGE_ROUND,
    Permission.TAKE_IN,
    Permission.DECIDE,
    Permission.EXPORT_LISTS,
    Permission.ACT_ON_CASES,
    Permission.RUN_NOTICES,
    Permission.MANAGE_SCORING,
}

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.ADMIN: _STAFF | {Permission.MANAGE_CALENDAR, Permission.MANAGE_ACCOUNTS, Permission.MANAGE_ONLINE},
    Role.STAFF: _STAFF,
    Role.EXPERT: frozenset({Permission.SCORE}),
    Role.SUPERVISOR: _READ,
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who acts: an account (`id`), or the command line (`id` None). `must_change` asks for a new password first."""

    id: int | None
    login: str
    name: str
    role: Role
    must_change: bool = False

    def may(self, permission: Permission) -> bool:
        """Whether the role holds the permission."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Raises NotAllowed with a sentence that names role and permission."""
        if not self.may(permission):
            raise NotAllowed(f"您的角色“{self.role.label}”不能{permission.value}。如需办理，请联系管理员。")


# acts that nobody in particular does: judging again after an update of the program
SYSTEM = Actor(None, "system", "系统", Role.ADMIN)
# who synchronises online sheets by the clock
SCHEDULE = Actor(None, "schedule", "定时同步", Role.STAFF)


def command_line_actor() -> Actor:
    """The person at the command line, who already holds the server's files."""
    import getpass

    return Actor(None, getpass.getuser(), f"命令行（{getpass.getuser()}）", Role.ADMIN)
