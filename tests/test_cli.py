"""The command `shifan` as scripts meet it: real processes, exit codes, what stands on which stream (contract §1)."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.books import applicant, filled
from tests.intake import hostile
from tests.office import DALIAN, SHENYANG, dalian, shenyang

ROOT = Path(__file__).parent.parent
CITIES = (
    "沈阳市、大连市、鞍山市、抚顺市、本溪市、丹东市、锦州市、营口市、阜新市、辽阳市、盘锦市、铁岭市、"
    "朝阳市、葫芦岛市、沈抚示范区"
)
ENCRYPTED = hostile.compound("EncryptedPackage", "EncryptionInfo")
LOCKED = "文件设有打开密码，无法读取。请在 WPS 表格“文件—文档加密—密码加密”中清除密码，保存后重新发送。"
AS_OF = ("--as-of", "2026-06-30")


class Shell:
    """Runs the command on a home and in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        kept = {name: value for name, value in os.environ.items() if not name.startswith("SHIFAN_")}
        self.environment = kept | {
            "SHIFAN_HOME": str(folder / "home"),
            "SHIFAN_TODAY": "2026-05-20",
            "PYTHONPATH": str(ROOT),
            "PYTHONIOENCODING": "utf-8",
        }

    def run(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "core.cli", *map(str, arguments)]
        return subprocess.run(
            command, capture_output=True, encoding="utf-8", env=self.environment, cwd=self.folder, check=False
        )

    def ends(self, code: int, *arguments: str | Path) -> str:
        """Standard output of a run that ends so and says nothing on standard error."""
        done = self.run(*arguments)
        assert (done.returncode, done.stderr) == (code, "")
        return done.stdout

    def impossible(self, *arguments: str | Path) -> str:
        """The one line on standard error of a run that could not do it."""
        done = self.run(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr.count("\n") == 1
        return done.stderr.removesuffix("\n")

    def put(self, name: str, data: bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        return path


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


# ---------------------------------------------------------------- help


@pytest.mark.parametrize(
    "command",
    [
        (),
        *((name,) for name in ("template", "check", "intake", "export", "backup", "restore", "verify", "app", "demo")),
    ],
)
def test_help_is_in_chinese(shell: Shell, command: tuple[str, ...]) -> None:
    text = shell.ends(0, *command, "--help")
    assert text.startswith(f"用法：shifan {' '.join(command)}".rstrip())
    assert [line for line in text.splitlines() if line.endswith(":")] == []
    for english in ("usage", "options", "positional", "arguments", "show this", "commands"):
        assert english not in text.lower()
    assert "\n选项：\n" in text


def test_the_help_names_each_command_once(shell: Shell) -> None:
    text = shell.ends(0, "--help")
    listed = text.partition("\n命令：\n")[2].splitlines()
    assert all(re.fullmatch(r"    [a-z]+ +\S.*", line) for line in listed)
    names = [line.split()[0] for line in listed]
    assert names[:4] == ["template", "check", "intake", "export"]
    assert names[-2:] == ["app", "demo"]
    assert len(set(names)) == len(names)


# ---------------------------------------------------------------- misuse


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ((), "shifan：命令写得不对：缺少 命令。用 shifan --help 查看说明。"),
        (("check",), "shifan：命令写得不对：缺少 工作簿、--as-of。用 shifan check --help 查看说明。"),
        (
            ("check", "a.xlsx", "--as-of", "2026-6-31"),
            "shifan：命令写得不对：--as-of “2026-6-31”不是日期，请写成 2026-06-30 的样子。"
            "用 shifan check --help 查看说明。",
        ),
        (
            ("check", "a.xlsx", "--as-of"),
            "shifan：命令写得不对：--as-of 后面要跟一个值。用 shifan check --help 查看说明。",
        ),
        (
            ("check", "a.xlsx", *AS_OF, "--baseline"),
            "shifan：命令写得不对：--baseline 后面至少要跟一个值。用 shifan check --help 查看说明。",
        ),
        (
            ("check", "a.xlsx", *AS_OF, "--base", "b.xlsx"),
            "shifan：命令写得不对：不认识 --base b.xlsx。用 shifan --help 查看说明。",
        ),
        (
            ("template", "--year", "2026", "--out", "out"),
            "shifan：命令写得不对：要写明 --city --all 之一。用 shifan template --help 查看说明。",
        ),
        (
            ("template", "--year", "2026", "--all", "--city", "沈阳市", "--out", "out"),
            "shifan：命令写得不对：--city 和 --all 只能用一个。用 shifan template --help 查看说明。",
        ),
        (
            ("template", "--year", "99999", "--all", "--out", "out"),
            "shifan：命令写得不对：--year “99999”不是年度，请写四位年份，如 2026。用 shifan template --help 查看说明。",
        ),
        (
            ("app", "--port", "x"),
            "shifan：命令写得不对：--port 后面的“x”不是整数。用 shifan app --help 查看说明。",
        ),
        (
            ("template", "--year", "2026", "--city", "长春市", "--out", "out"),
            f"shifan：没有“长春市”这个推荐单位。可以用的有：{CITIES}。",
        ),
        (("check", "a.xlsx", *AS_OF), "shifan：a.xlsx：找不到这个文件。"),
        (("check", ".", *AS_OF), "shifan：.：这是文件夹，不是文件。"),
        (
            ("check", "a.xlsx", *AS_OF, "--standard", "ln-1999"),
            "shifan：没有“ln-1999”这一版标准（现有：ln-2025-draft）。",
        ),
        (("intake", "没有"), "shifan：没有：找不到这个文件夹。"),
        (
            ("export", "creation_candidates", "--round", "2026", "--out", "out"),
            "shifan：还没有2026年度轮次。请先在工作台“年度轮次”中建立。",
        ),
    ],
)
def test_what_cannot_be_done_is_told_in_one_line(shell: Shell, arguments: tuple[str, ...], line: str) -> None:
    assert shell.impossible(*arguments) == line
    assert not (shell.folder / "out").exists()


def test_an_unknown_command_is_told_with_those_there_are(shell: Shell) -> None:
    line = shell.impossible("judge")
    assert line.startswith("shifan：命令写得不对：没有“judge”这个命令，可以用 template、check、intake、export、")
    assert line.endswith("、app、demo。用 shifan --help 查看说明。")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            filled(SHENYANG)[:20_000],
            "文件不完整，可能正在保存或同步。请稍后重试；仍然如此时，请用 WPS 表格重新保存后再发送。",
        ),
        (b"", "文件为空（0 字节），可能仍在同步或上传没有完成。请稍后再查看；仍为空时请重新发送。"),
        (
            ENCRYPTED,
            LOCKED,
        ),
    ],
)
def test_a_file_that_cannot_be_read_is_named(shell: Shell, data: bytes, sentence: str) -> None:
    shell.put("2026-沈阳市.xlsx", data)
    assert shell.impossible("check", "2026-沈阳市.xlsx", *AS_OF, "--json") == f"shifan：2026-沈阳市.xlsx：{sentence}"


def test_a_wrong_environment_is_told(shell: Shell) -> None:
    shell.environment["SHIFAN_TODAY"] = "明天"
    shell.put("round/x", b"")
    assert shell.impossible("intake", "round", "--round", "2026") == (
        "shifan：环境变量 SHIFAN_TODAY 的值“明天”不是日期，请写成 2026-06-30 的样子。"
    )


# ---------------------------------------------------------------- check


def test_check_prints_one_json_document(shell: Shell) -> None:
    shell.put("2026-沈阳市.xlsx", filled(SHENYANG, *shenyang()))
    report = json.loads(shell.ends(0, "check", "2026-沈阳市.xlsx", *AS_OF, "--json"))
    assert list(report) == ["standard", "as_of", "applications", "errors"]
    assert [(one["id"], one["verdict"]) for one in report["applications"]] == [
        ("PT-001", "review"),
        ("JD-001", "review"),
    ]
    assert report["errors"] == []


def test_data_in_error_ends_with_1_and_stands_in_the_output(shell: Shell) -> None:
    shell.put("2026-大连市.xlsx", filled(DALIAN, *dalian()))
    report = json.loads(shell.ends(1, "check", "2026-大连市.xlsx", *AS_OF, "--json"))
    assert [(one["code"], one["cell"]) for one in report["errors"]] == [("not_a_number", "L3")]
    text = shell.ends(1, "check", "2026-大连市.xlsx", *AS_OF)
    assert text.endswith("共 2 个申报：不达标 ✗ 1，缺数据 – 1；表格错误 1 处。\n")


def base(
    residents: str, application: str = "创建申报", name: str = "虚构市望海基地", tech: str = "30000"
) -> dict[str, Any]:
    figures = {"入驻中小企业数（家）": residents, "高技术产业企业营业收入（万元）": tech}
    return applicant("base", "JD-001", name, {"基地指标": figures}, application)


@pytest.mark.parametrize(
    "arguments",
    [
        ("a.xlsx", *AS_OF, "--baseline", "b.xlsx", "c.xlsx", "--baseline", "d.xlsx"),
        ("--baseline", "b.xlsx", "c.xlsx", "--baseline", "d.xlsx", *AS_OF, "a.xlsx"),
        ("a.xlsx", "--baseline", "d.xlsx", "--baseline", "b.xlsx", "c.xlsx", *AS_OF),
    ],
)
def test_baselines_may_be_several_and_given_several_times(shell: Shell, arguments: tuple[str, ...]) -> None:
    names = ("甲基地", "乙基地", "丙基地")
    rows = [base("120", "期满验收", name) for name in names]
    for number, row in enumerate(rows):
        for sheet in row.values():
            sheet[0]["编号"] = f"JD-{number}"
    shell.put("a.xlsx", filled(SHENYANG, *rows))
    # of three objects of one operator each has its figures at creation in another book: less, equal, more
    for book, name, tech in zip(("b", "c", "d"), names, ("29999", "30000", "30001"), strict=True):
        shell.put(f"{book}.xlsx", filled(SHENYANG, base("120", name=name, tech=tech), year=2024))
    report = json.loads(shell.ends(0, "check", *arguments, "--json"))
    found = {
        one["name"]: finding["verdict"]
        for one in report["applications"]
        for finding in one["findings"]
        if finding["criterion"] == "annex2.high_tech"
    }
    assert found == {"甲基地": "pass", "乙基地": "fail", "丙基地": "fail"}


# ---------------------------------------------------------------- template, intake, export


def test_a_template_is_made_and_never_overwritten(shell: Shell) -> None:
    out = shell.ends(0, "template", "--year", "2026", "--city", "沈阳", "--out", "out/一")
    path = shell.folder / "out" / "一" / "2026-沈阳市.xlsx"
    assert out == f"{Path('out', '一', path.name)}\n"
    report = json.loads(shell.ends(0, "check", path, *AS_OF, "--json"))
    assert (report["applications"], report["errors"]) == ([], [])
    before = path.read_bytes()
    assert shell.impossible("template", "--year", "2026", "--city", "沈阳市", "--out", "out/一") == (
        f"shifan：{Path('out', '一', path.name)}：文件已经存在，为免覆盖已填的内容没有生成。请换一个文件夹或先移走它。"
    )
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_folder_that_cannot_be_made_is_told(shell: Shell) -> None:
    shell.put("file", b"")
    assert shell.impossible("template", "--year", "2026", "--city", "沈阳市", "--out", "file/out") == (
        "shifan：file/out：路径中有一段不是文件夹。"
    )


def test_intake_on_a_new_store_and_a_list_after_it(shell: Shell) -> None:
    shell.put("round/2026-沈阳市.xlsx", filled(SHENYANG, *shenyang()))
    shell.put("round/2026-大连市.xlsx", filled(DALIAN, *dalian()))
    shell.put("round/2026-鞍山市.xlsx", ENCRYPTED)
    out = shell.ends(1, "intake", "round", "--round", "2026")
    assert out.splitlines() == [
        "2026年度 round",
        "2026-沈阳市.xlsx：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 0 处。",
        "  2026-沈阳市.xlsx：反馈内容与工作簿中已有的一致，没有改动文件。",
        "2026-大连市.xlsx：已受理。新增 2 个，修改 0 个，消失 0 个，填报错误 1 处。",
        "  2026-大连市.xlsx：反馈已写入工作簿的“审核反馈”页，共 2 条。",
        f"2026-鞍山市.xlsx：{LOCKED}",
        "共 3 个工作簿，受理 2 个，不能受理 1 个。",
    ]
    (shell.folder / "round" / "2026-鞍山市.xlsx").unlink()
    (shell.folder / "round" / "2026-大连市.xlsx").unlink()
    assert shell.ends(0, "intake", "round").splitlines()[1:] == [
        "2026-沈阳市.xlsx：与已受理的内容一致，无需重复受理。",
        "共 1 个工作簿，受理 1 个，不能受理 0 个。",
    ]
    done = shell.run("export", "creation_candidates", "--round", "2026", "--out", "out")
    assert (done.returncode, done.stderr) == (
        0, "shifan：名单是空的。还没有结论为“达标”的创建申报。请到“条件审核”逐项认定。\n",
    )  # fmt: skip
    stem = "2026年度拟创建对象公示名单"
    assert done.stdout.splitlines() == [f"out/{stem}.{suffix}" for suffix in ("xlsx", "docx", "csv", "manifest.json")]
    assert (shell.folder / "out" / f"{stem}.csv").read_text("utf-8-sig") == "序号,地区,平台（基地）名称,类型,运营主体\n"
    assert shell.impossible("export", "winners", "--round", "2026", "--out", "out") == (
        "shifan：没有“winners”这种名单。可以用的有："
        "creation_candidates、creation_objects、recognition_candidates、recognized、revoked、renamed、review_results、"
        "in_force。"
    )
    assert shell.impossible("export", "revoked", "--round", "2026", "--out", "out", "--as-of", "2099-01-01") == (
        "shifan：2099年1月1日（周四）还没有到，不能查看那一天的名单。"
    )
    assert shell.impossible("export", "creation_candidates", "--round", "2025", "--out", "out") == (
        "shifan：还没有2025年度轮次。请先在工作台“年度轮次”中建立。"
    )
    shutil.rmtree(shell.folder / "round")
    assert shell.impossible("intake", "round") == "shifan：round：找不到这个文件夹。"


def test_a_folder_that_does_not_say_its_year_needs_one(shell: Shell) -> None:
    shell.put("round/推荐.xlsx", filled(SHENYANG, *shenyang()))
    assert shell.impossible("intake", "round") == "shifan：round：文件名中看不出年度，请用 --round 写明。"
