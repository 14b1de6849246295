"""The command `shifan`: a thin face over the use cases (contract §1). Imports only what the called command uses.

Exit 0: done, nothing wrong in the data. 1: done, but the data has errors. 2: could not do it; one line on
standard error says why.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NoReturn

from core import cli_cases, cli_registry, cli_upkeep
from core.errors import FileRefused, Refused, system_reason

DONE, DATA_ERRORS, IMPOSSIBLE = 0, 1, 2


class _Help(argparse.HelpFormatter):
    """Help with Chinese headings."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)

    def _format_action(self, action: argparse.Action) -> str:
        text = super()._format_action(action)
        # the commands stand below their heading, without a line that says 命令 once more
        return text.split("\n", 1)[1] if action.nargs == argparse.PARSER else text

    def format_help(self) -> str:
        return re.sub(r"(?m)^(参数|选项|命令):$", r"\1：", super().format_help())


class _Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese and says what is wrong in one line."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options | {"add_help": False, "formatter_class": _Help, "allow_abbrev": False})
        self._positionals.title, self._optionals.title = "参数", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        raise Refused(f"命令写得不对：{_chinese(message)}。用 {self.prog} --help 查看说明。")


# what argparse says, and what a person reads; what matches none of these stays as it is
_PHRASES = (
    (r"^argument 命令: invalid choice: '(.*)' \(choose from (.*)\)$", r"没有“\1”这个命令，可以用 \2"),
    (r"^argument (.*): invalid choice: '(.*)' \(choose from (.*)\)$", r"\1 不能是“\2”，可以用 \3"),
    (r"^argument (.*): invalid int value: '(.*)'$", r"\1 后面的“\2”不是整数"),
    (r"^argument (.*): expected one argument$", r"\1 后面要跟一个值"),
    (r"^argument (.*): expected at least one argument$", r"\1 后面至少要跟一个值"),
    (r"^argument (.*): ignored explicit argument '.*'$", r"\1 后面不能跟值"),
    (r"^argument (.*): not allowed with argument (.*)$", r"\1 和 \2 只能用一个"),
    (r"^one of the arguments (.*) is required$", r"要写明 \1 之一"),
    (r"^the following arguments are required: (.*)$", r"缺少 \1"),
    (r"^unrecognized arguments: (.*)$", r"不认识 \1"),
    (r"^argument (.*?): (.*)$", r"\1 \2"),
)


def _chinese(message: str) -> str:
    for english, chinese in _PHRASES:
        if re.search(english, message):
            told = re.sub(english, chinese, message)
            return told.replace("', '", "、").replace(", ", "、").replace("'", "")
    return message


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    parser = _parser()
    try:
        chosen = parser.parse_args(arguments)
        run: Callable[[argparse.Namespace], int] = chosen.run
        return run(chosen)
    except Refused as refused:
        return _impossible(str(refused))
    except BrokenPipeError:
        return IMPOSSIBLE
    except KeyboardInterrupt:
        return _impossible("已中断。")
    except OSError as error:
        return _impossible(f"{error.filename or '文件'}：{system_reason(error)}。")
    except Exception:  # noqa: BLE001 - people get a sentence, whoever mends it gets the traceback
        return _impossible(f"程序内部出错，这次操作没有完成。详情已写入 {_note_fault()}，请转交维护人员。")


def _note_fault() -> Path:
    import tempfile
    import traceback

    path = Path(tempfile.gettempdir()) / "shifan-error.log"
    with path.open("a", encoding="utf-8") as log:
        traceback.print_exc(file=log)
    return path


def _impossible(sentence: str) -> int:
    print("shifan：" + " ".join(sentence.split()), file=sys.stderr)
    return IMPOSSIBLE


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"“{text}”不是日期，请写成 2026-06-30 的样子") from None


def _year(text: str) -> int:
    if not re.fullmatch(r"20[0-9]{2}|2100", text):
        raise argparse.ArgumentTypeError(f"“{text}”不是年度，请写四位年份，如 2026")
    return int(text)


def _parser() -> _Parser:
    parser = _Parser(prog="shifan", description="示范创建工作台：中小企业公共服务示范平台（基地）年度创建工作")
    commands = parser.add_subparsers(title="命令", metavar="命令", required=True, parser_class=_Parser)

    template = commands.add_parser("template", help="生成下发给各市的推荐工作簿")
    template.add_argument("--year", type=_year, required=True, metavar="年度", help="如 2026")
    which = template.add_mutually_exclusive_group(required=True)
    which.add_argument("--city", metavar="城市", help="如 沈阳市")
    which.add_argument("--all", action="store_true", help="全部 15 个推荐单位")
    template.add_argument("--out", type=Path, required=True, metavar="文件夹", help="存放的文件夹")
    template.set_defaults(run=_template)

    check = commands.add_parser("check", help="读取工作簿，对照标准审核每个申报（不需要数据库）")
    check.add_argument("books", nargs="+", type=Path, metavar="工作簿", help="一个或多个 .xlsx 文件")
    check.add_argument("--as-of", type=_day, required=True, metavar="日期", help="审核基准日，如 2026-06-30")
    check.add_argument("--standard", metavar="标准", help="标准的编号，默认用最新的")
    check.add_argument(
        "--baseline", nargs="+", action="extend", default=[], type=Path, metavar="工作簿", help="创建时的工作簿"
    )
    check.add_argument("--json", action="store_true", help="输出 JSON")
    check.set_defaults(run=_check)

    intake = commands.add_parser("intake", help="受理文件夹或在线表格中的全部工作簿，并写回反馈")
    intake.add_argument("source", metavar="来源", help="各市工作簿所在的文件夹；写 google 是本轮次设置好的在线表格")
    intake.add_argument("--round", type=_year, metavar="年度", help="年度轮次，默认用最近的一个")
    intake.set_defaults(run=_intake)

    export = commands.add_parser("export", help="导出名单（xlsx、docx、csv 和校验清单）")
    export.add_argument(
        "list",
        metavar="名单",
        help="creation_candidates 拟创建对象公示，creation_objects 创建对象，"
        "recognition_candidates 拟认定公示，recognized 认定，revoked 撤销，renamed 更名变更，review_results 复核结果，"
        "in_force 现有的全部；registry 名录，是一个网站",
    )
    export.add_argument("--round", type=_year, metavar="年度", help="年度轮次，如 2026；现有名单、名录不分年度，不用写")
    export.add_argument("--out", type=Path, required=True, metavar="文件夹", help="存放的文件夹")
    export.add_argument("--as-of", type=_day, metavar="日期", help="按以前某一天当天已知的情况，默认按现在的")
    export.set_defaults(run=_export)

    cli_cases.add_commands(commands)
    cli_upkeep.add_commands(commands)

    for name, text, run in (("app", "启动工作台", _app), ("demo", "用虚构的一轮数据启动演示", _demo)):
        server = commands.add_parser(name, help=text)
        server.add_argument("--address", default="127.0.0.1", metavar="地址", help="监听的地址，默认只限本机")
        server.add_argument("--port", type=int, default=8501, metavar="端口", help="默认 8501，被占用时顺延")
        if name == "demo":
            server.add_argument("--fresh", action="store_true", help="清空演示数据，从头再来")
            server.add_argument("--no-app", action="store_true", help="只生成演示数据，不启动")
        server.set_defaults(run=run)
    return parser


def _template(chosen: argparse.Namespace) -> int:
    from core.settings import program_version
    from core.standards import loader
    from core.standards.recommenders import city_name, recommenders
    from sheets_schema.template import build_template

    cities = [each.name for each in recommenders()]
    if not chosen.all:
        city = city_name(chosen.city)
        if city not in cities:
            raise Refused(f"没有“{chosen.city}”这个推荐单位。可以用的有：{'、'.join(cities)}。")
        cities = [city]
    edition = loader.load(loader.default())
    guide = edition.guide(date(chosen.year, 12, 31))
    chosen.out.mkdir(parents=True, exist_ok=True)
    for city in cities:
        path = chosen.out / f"{chosen.year}-{city}.xlsx"
        if path.exists():
            raise Refused(f"{path}：文件已经存在，为免覆盖已填的内容没有生成。请换一个文件夹或先移走它。")
        draft = path.with_name(f".{path.name}.tmp")
        draft.write_bytes(build_template(year=chosen.year, city=city, guide=guide, program_version=program_version()))
        draft.replace(path)
        print(path)
    return DONE


def _check(chosen: argparse.Namespace) -> int:
    from core.checks.report import check_books
    from core.intake.workbooks import read_books
    from core.standards import loader
    from sheets_schema.parse import parse

    edition = loader.load(chosen.standard or loader.default())
    paths = [*chosen.books, *chosen.baseline]
    for path in paths:
        if not path.is_file():
            raise FileRefused(str(path), "missing", "这是文件夹，不是文件。" if path.is_dir() else "找不到这个文件。")
    parsed = []
    for path, book in zip(paths, read_books(paths), strict=True):
        if book.raw is None:
            raise book.problem or FileRefused(path.name, "unreadable", "读取失败，请稍后重试。")
        parsed.append(parse(book.raw))
    count = len(chosen.books)
    report = check_books(parsed[:count], parsed[count:], edition, chosen.as_of)
    if chosen.json:
        print(json.dumps(report, ensure_ascii=False, indent=2))
    else:
        from core.checks.text import report_text

        print(report_text(report))
    return DATA_ERRORS if any(error["level"] == "error" for error in report["errors"]) else DONE


def _intake(chosen: argparse.Namespace) -> int:
    from core.accounts import command_line_actor
    from core.bootstrap import build
    from core.services.command import ONLINE, take_in_folder, take_in_online

    app = build()
    try:
        # a folder of that name is meant where there is one
        if chosen.source == ONLINE and not Path(chosen.source).is_dir():
            lines, wrong = take_in_online(app, command_line_actor(), chosen.round)
        else:
            lines, wrong = take_in_folder(app, command_line_actor(), Path(chosen.source), chosen.round)
    finally:
        app.close()
    print("\n".join(lines))
    return DATA_ERRORS if wrong else DONE


def _export(chosen: argparse.Namespace) -> int:
    if chosen.list == cli_registry.LIST:
        return cli_registry.export_registry(chosen)
    from core.accounts import command_line_actor
    from core.bootstrap import build
    from core.services.command import round_of_year
    from core.services.lists import export_to, listing, of_year

    app = build()
    try:
        if chosen.round is None and of_year(chosen.list):
            raise Refused("缺少 --round。请写明是哪个年度的名单，如 --round 2026。")
        asked = round_of_year(app, chosen.round), chosen.list
        empty = listing(app, *asked, chosen.as_of).empty
        paths = export_to(app, command_line_actor(), *asked, chosen.out, chosen.as_of)
    finally:
        app.close()
    print("\n".join(str(path) for path in paths))
    if empty:
        print(f"shifan：名单是空的。{empty}", file=sys.stderr)
    return DONE


def _app(chosen: argparse.Namespace) -> int:
    from core.serve import serve

    return serve(chosen.address, chosen.port, demo=False)


def _demo(chosen: argparse.Namespace) -> int:
    from core.demo.build import make_demo
    from core.serve import serve

    for line in make_demo(fresh=chosen.fresh):
        print(line, flush=True)
    return DONE if chosen.no_app else serve(chosen.address, chosen.port, demo=True)


if __name__ == "__main__":
    sys.exit(main())
