"""What an uploaded template may hold: fields of its kind, rows of its list, and nothing else.

Templates are run, so that only the few forms that the office needs are let in; what is wrong is said by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from core.publication.documents.fill import environment
from core.publication.documents.kinds import Kind, words

MOST: Final = 400  # tags of a template: ours have some thirty
_LISTS: Final = ("正文", "名单")
_OPEN: Final = re.compile(r"\{\{|\{%|\{#")
_ANY: Final = re.compile(r"\{\{|\}\}|\{%|%\}|\{#|#\}")
_NAME: Final = r"[^\W\d]\w*"
_TAG: Final = re.compile(
    rf"\{{\{{ *{_NAME}(?:\.{_NAME})? *\}}\}}"
    rf"|\{{%(?:p|tr)? +(?:for +{_NAME} +in +{_NAME}|endfor|if +(?:not +)?{_NAME}|else|endif) *%\}}"
)
_SHOWN: Final = 24


@dataclass(slots=True)
class _Found:
    """What a walk through a template has come upon: fields that are always written, and what is wrong."""

    used: set[str] = field(default_factory=set)
    columns: set[str] = field(default_factory=set)
    problems: list[str] = field(default_factory=list)
    strangers: list[str] = field(default_factory=list)
    strange_columns: list[str] = field(default_factory=list)


def broken(paragraphs: Sequence[str]) -> list[str]:
    """Sentences about marks that are not whole, or of no form that is known, in the texts of paragraphs."""
    found = []
    for text in paragraphs:
        rest = _TAG.sub("", text)
        if left := _ANY.search(rest):
            near = rest[max(0, left.start() - _SHOWN // 2) : left.start() + _SHOWN].strip()
            found.append(
                f"“{near}”一处的标记不完整或者不认识，应当写成“{{{{ 字段 }}}}”：大括号、空格用半角，一个标记不要跨段。"
            )
    return found


def count(text: str) -> int:
    """How many marks begin in a text."""
    return len(_OPEN.findall(text))


def problems(kind: Kind, source: str) -> list[str]:
    """What is wrong with a template, in sentences: `source` is its text as it is going to be run."""
    from jinja2 import TemplateSyntaxError

    try:
        tree = environment().parse(source)
    except TemplateSyntaxError:
        return ["标记不成对：每个“{%p for … %}”“{%tr for … %}”要有“{%p endfor %}”“{%tr endfor %}”，“if”要有“endif”。"]
    except RecursionError:
        return ["标记套得太深，请改得简单些。"]
    found = _Found()
    _walk(tree.body, kind, found, {}, always=True)
    return [*dict.fromkeys(found.problems), *_unknown(kind, found), *_missing(kind, found)]


def _unknown(kind: Kind, found: _Found) -> Iterator[str]:
    if found.strangers:
        names = "".join(f"“{name}”" for name in dict.fromkeys(found.strangers))
        yield f"{names}不是{kind.name}的字段。可以用的有：{'、'.join(kind.fields)}。"
    if found.strange_columns:
        names = "".join(f"“{name}”" for name in dict.fromkeys(found.strange_columns))
        yield f"名单没有{names}这样的列。可以用的有：{'、'.join(column.field for column in kind.columns)}。"


def _missing(kind: Kind, found: _Found) -> Iterator[str]:
    lacking = [name for name in kind.required if name not in found.used]
    if lacking:
        yield f"缺少字段：{'、'.join(lacking)}。{_known(lacking)}"
    columns = [column.field for column in kind.columns if column.field not in found.columns]
    if columns and "名单" not in lacking:
        yield f"名单缺少：{'、'.join(f'行.{name}' for name in columns)}。名单各列都要有。"


def _known(names: Sequence[str]) -> str:
    said = words().fields
    return "".join(f"“{name}”是{said[name].partition('；')[0]}。" for name in names)


def _walk(nodes: Sequence[Any], kind: Kind, found: _Found, loops: Mapping[str, str], *, always: bool) -> None:
    """Takes down what nodes use. `loops`: the list that each name of a loop goes through."""
    from jinja2 import nodes as jinja

    for node in nodes:
        if isinstance(node, jinja.Output):
            for each in node.nodes:
                if not isinstance(each, jinja.TemplateData):
                    _output(each, kind, found, loops, always=always)
        elif isinstance(node, jinja.For) and _plain_loop(node):
            _loop(node, kind, found, loops, always=always)
        elif isinstance(node, jinja.If):
            _condition(node.test, kind, found)
            for part in (node.body, node.else_):
                _walk(part, kind, found, loops, always=False)
            if node.elif_:
                found.problems.append("不要用“elif”，请分成几个“if”写。")
        else:
            found.problems.append("有不认识的标记。模板里只能写字段、“for”和“if”。")


def _plain_loop(node: Any) -> bool:
    from jinja2 import nodes as jinja

    names = isinstance(node.target, jinja.Name) and isinstance(node.iter, jinja.Name)
    return names and node.test is None and not node.else_ and not node.recursive


def _loop(node: Any, kind: Kind, found: _Found, loops: Mapping[str, str], *, always: bool) -> None:
    over, target = node.iter.name, node.target.name
    if over not in _LISTS or over not in kind.fields:
        found.problems.append(f"“for {target} in {over}”：能逐行写的只有{_in(kind)}。")
        return
    if loops:
        found.problems.append("“for”里面不能再写“for”。")
        return
    if target in kind.fields:
        found.problems.append(f"“for {target} in {over}”：“{target}”是字段的名称，请换一个，例如“行”“段”。")
        return
    inner = _Found()
    _walk(node.body, kind, inner, {target: over}, always=True)
    found.problems += inner.problems
    found.strangers += inner.strangers
    found.strange_columns += inner.strange_columns
    if always:
        found.used |= inner.used
        found.columns |= inner.columns
        if inner.columns:
            found.used.add(over)


def _output(node: Any, kind: Kind, found: _Found, loops: Mapping[str, str], *, always: bool) -> None:
    from jinja2 import nodes as jinja

    if isinstance(node, jinja.Getattr) and isinstance(node.node, jinja.Name):
        _cell(node.node.name, node.attr, kind, found, loops, always=always)
    elif not isinstance(node, jinja.Name):
        found.problems.append("“{{ … }}”里只能写字段的名称，不能有运算、引号或者别的写法。")
    elif node.name in loops:
        if loops[node.name] == "名单":
            found.problems.append(f"“{{{{ {node.name} }}}}”要写明是哪一列，例如“{{{{ {node.name}.名称 }}}}”。")
        elif always:
            found.used.add(loops[node.name])
    elif node.name in _LISTS and node.name in kind.fields:
        found.problems.append(f"“{node.name}”要逐行写：{words().fields[node.name].partition('写成 ')[2]}。")
    elif node.name not in kind.fields:
        found.strangers.append(node.name)
    elif always:
        found.used.add(node.name)


def _cell(name: str, column: str, kind: Kind, found: _Found, loops: Mapping[str, str], *, always: bool) -> None:
    known = [each.field for each in kind.columns]
    if loops.get(name) != "名单":
        found.problems.append(f"“{{{{ {name}.{column} }}}}”只能写在“for {name} in 名单”和“endfor”之间。")
    elif column not in known:
        found.strange_columns.append(column)
    elif always:
        found.columns.add(column)


def _condition(node: Any, kind: Kind, found: _Found) -> None:
    from jinja2 import nodes as jinja

    held = node.node if isinstance(node, jinja.Not) else node
    if not isinstance(held, jinja.Name):
        found.problems.append("“if”后面只能写一个字段的名称。")
    elif held.name not in kind.fields:
        found.strangers.append(held.name)


def _in(kind: Kind) -> str:
    return "、".join(name for name in _LISTS if name in kind.fields)
