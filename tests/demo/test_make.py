"""Making the demo: what it tells, what it keeps, what it never touches."""

from __future__ import annotations

import re
import stat
from pathlib import Path

import pytest

from core.accounts import Role
from core.clock import Clock
from core.demo.build import make_demo
from core.errors import Refused
from core.services.accounts import actor_of, sign_in
from tests.demo.made import TODAY, Demo


def test_tells_where_it_is_and_how_to_sign_in(demo: Demo) -> None:
    told = demo.lines[-8:]
    assert told[0] == f"共享文件夹：{demo.folder}"
    assert told[1] == f"登录信息（也保存在 {demo.home / '登录信息.txt'}）："
    assert [re.sub("密码 .*", "密码 …", line) for line in told[2:]] == [
        "  管理员　账号 admin　密码 …",
        "  省厅经办　账号 jingban　密码 …",
        "  评审专家　账号 zhuanjia　密码 …",
        "  评审专家　账号 zhuanjia2　密码 …",
        "  评审专家　账号 zhuanjia3　密码 …",
        "  监督只读　账号 jiandu　密码 …",
    ]


def test_printed_passwords_sign_in_with_their_roles(demo: Demo) -> None:
    found = {}
    for line in demo.lines[-6:]:
        login, password = re.search("账号 (.+)　密码 (.+)", line).groups()
        actor = actor_of(demo.app, sign_in(demo.app, login=login, password=password))
        found[login] = (actor.role, actor.must_change)
    assert found == {
        "admin": (Role.ADMIN, False),
        "jingban": (Role.STAFF, False),
        "zhuanjia": (Role.EXPERT, False),
        "zhuanjia2": (Role.EXPERT, False),
        "zhuanjia3": (Role.EXPERT, False),
        "jiandu": (Role.SUPERVISOR, False),
    }


def test_sign_in_file_is_its_owners(demo: Demo) -> None:
    path = demo.home / "登录信息.txt"
    assert path.read_text(encoding="utf-8").splitlines() == [line.strip() for line in demo.lines[-6:]]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_second_start_keeps_what_there_is(demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFAN_HOME", str(demo.base))
    before = sorted((path, path.stat().st_size) for path in demo.folder.rglob("*") if path.is_file())
    told = list(make_demo(fresh=False, clock=Clock(TODAY)))
    assert told == ["演示数据已经有了，直接使用（要从头再来，请加 --fresh）。", *demo.lines[-8:]]
    assert sorted((path, path.stat().st_size) for path in demo.folder.rglob("*") if path.is_file()) == before


def test_touches_nothing_beside_its_home(demo: Demo) -> None:
    assert sorted(path.name for path in demo.base.iterdir()) == ["demo", "别的.txt"]
    assert (demo.base / "别的.txt").read_text(encoding="utf-8") == "与演示无关"


def test_fresh_clears_its_own_home_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFAN_HOME", str(tmp_path))
    home = tmp_path / "demo"
    (home / "共享文件夹").mkdir(parents=True)
    (home / "演示数据.txt").write_text("这个文件夹由演示程序生成。\n已生成完毕。\n", encoding="utf-8")
    (home / "共享文件夹" / "旧.xlsx").write_bytes(b"old")
    (tmp_path / "shifan.db").write_bytes(b"real")
    telling = make_demo(fresh=True, clock=Clock(TODAY))
    assert [next(telling), next(telling)] == ["正在清空上一次的演示数据……", "正在建立演示账户……"]
    telling.close()
    assert not (home / "共享文件夹").exists()
    assert (tmp_path / "shifan.db").read_bytes() == b"real"


def test_one_that_was_cut_short_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFAN_HOME", str(tmp_path))
    telling = make_demo(fresh=False, clock=Clock(TODAY))
    assert next(telling) == "正在建立演示账户……"
    telling.close()
    again = make_demo(fresh=False, clock=Clock(TODAY))
    assert next(again) == "正在清空上一次的演示数据……"
    again.close()


def test_a_folder_that_is_not_the_demos_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFAN_HOME", str(tmp_path))
    home = tmp_path / "demo"
    home.mkdir()
    (home / "要紧的.xlsx").write_bytes(b"mine")
    with pytest.raises(Refused) as refused:
        list(make_demo(fresh=True, clock=Clock(TODAY)))
    assert str(refused.value) == f"{home} 里有不是演示程序生成的内容，没有改动。请先移走它，或另设 SHIFAN_HOME。"
    assert (home / "要紧的.xlsx").read_bytes() == b"mine"


def test_a_link_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SHIFAN_HOME", str(tmp_path))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "demo").symlink_to(elsewhere)
    with pytest.raises(Refused) as refused:
        list(make_demo(fresh=True, clock=Clock(TODAY)))
    assert str(refused.value) == f"{tmp_path / 'demo'} 是一个链接，演示数据不放在这里。请先移走它。"
