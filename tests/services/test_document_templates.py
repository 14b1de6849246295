"""The office puts its own template in the place of ours; what cannot be filled is refused by name (GB/T 9704-2012)."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from random import Random
from typing import Any

import docx
import pytest

from core.errors import Refused, Stale
from core.publication.documents.kinds import words
from core.publication.documents.template import template
from core.services import document_templates
from core.services.document_templates import own_template, replace_template, restore_template
from core.services.template_reading import read_template
from core.store import tables
from tests.conftest import one_database
from tests.documents import built, lines
from tests.notices import proposed, publish
from tests.office import Office

KIND = "notice_creation"
randbytes = Random(1).randbytes
NAME = "本厅模板.docx"
AGAIN = "请从本页下载模板，用 WPS 文字或 Word 修改后，另存为“Word 文档（*.docx）”再上传。"
BROKEN = "一处的标记不完整或者不认识，应当写成“{{ 字段 }}”：大括号、空格用半角，一个标记不要跨段。"
BODY = "word/document.xml"


def ours(code: str = KIND) -> bytes:
    return template(words().kinds[code])


def edited(change: Callable[[Any], object], code: str = KIND) -> bytes:
    """Our template after a change to it as an opened document."""
    document = docx.Document(io.BytesIO(ours(code)))
    change(document)
    made = io.BytesIO()
    document.save(made)
    return made.getvalue()


def said(text: str, instead: str, code: str = KIND) -> bytes:
    """Our template with a text of a paragraph or cell in the place of another."""

    def change(document: Any) -> None:
        cells = [cell for row in document.tables[0].rows for cell in row.cells]
        runs = [run for holder in (document, *cells) for each in holder.paragraphs for run in each.runs]
        [run] = [run for run in runs if run.text == text]
        run.text = instead

    return edited(change, code)


def added(text: str, code: str = KIND) -> bytes:
    """Our template with one paragraph more, above that of the attachment."""

    def change(document: Any) -> None:
        [below] = [each for each in document.paragraphs if each.text == "{{ 附件说明 }}"]
        below.insert_paragraph_before(text)

    return edited(change, code)


def packed(change: Callable[[dict[str, bytes]], object]) -> bytes:
    """Our template after a change to its parts."""
    with zipfile.ZipFile(io.BytesIO(ours())) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return made.getvalue()


def refused(data: bytes, name: str = NAME, code: str = KIND) -> str:
    """The sentence with which a file is refused."""
    with pytest.raises(Refused) as caught:
        read_template(words().kinds[code], name, data)
    return str(caught.value)


def replace(office: Office, data: bytes, seen: int | None = None) -> None:
    replace_template(office.app, office.staff, KIND, NAME, data, seen, "按本厅格式")


# ---------------------------------------------------------------- in the place of ours


def test_documents_are_made_with_the_offices_own_until_it_goes_back(office: Office) -> None:
    proposed(office)
    notice = publish(office)
    before = built(office, KIND, notice_id=notice)
    replace(office, added("本公示同时在{{ 署名 }}网站发布。"))
    own = own_template(office.app, KIND)
    assert own is not None
    assert (own.file_name, own.who) == (NAME, "李经办")
    last = office.last()
    assert (last.action, last.subject, last.what, last.why) == (
        "template.replaced", "“拟创建对象公示”的模板", f"更换“拟创建对象公示”的模板：{NAME}", "按本厅格式",
    )  # fmt: skip
    made = built(office, KIND, notice_id=notice)
    assert set(lines(made)) - set(lines(before)) == {"本公示同时在辽宁省工业和信息化厅网站发布。"}
    assert (made.template, before.template) == (own.sha256, "")
    restore_template(office.app, office.staff, KIND, own.id, "不再适用")
    assert own_template(office.app, KIND) is None
    assert built(office, KIND, notice_id=notice).files == before.files
    last = office.last()
    assert (last.action, last.what) == ("template.restored", f"“拟创建对象公示”改回自带的模板，停用{NAME}")
    kept = office.row(tables.document_templates, id=own.id)
    assert office.app.snapshots.has(kept.sha256)
    assert kept.ended_at is not None


def test_whoever_comes_second_is_told_who_came_first(opened: Office) -> None:
    replace(opened, added("甲"))
    own = own_template(opened.app, KIND)
    assert own is not None
    at = f"{opened.last().at:%Y-%m-%d %H:%M}"
    sentence = f"“拟创建对象公示”的模板已由李经办于{at}修改，您的改动没有写入。请刷新页面，核对后再办。"
    assert opened.refuses(Stale, lambda: replace(opened, added("乙"))) == sentence
    replace(opened, added("乙"), own.id)
    assert opened.refuses(Stale, lambda: restore_template(opened.app, opened.staff, KIND, own.id, "x")) == sentence


@one_database
def test_what_changes_nothing_is_refused(opened: Office) -> None:
    data = added("甲")  # made once: a document saved two seconds later is another file
    replace(opened, data)
    own = own_template(opened.app, KIND)
    assert own is not None
    assert opened.refuses(Refused, lambda: replace(opened, data, own.id)) == f"{NAME}就是现在用的模板，无需更换。"
    reason = opened.refuses(
        Refused, lambda: replace_template(opened.app, opened.staff, KIND, NAME, ours(), own.id, " ")
    )
    assert reason == "请写明理由，供日后核查。"


@one_database
def test_both_templates_can_be_taken_out(opened: Office) -> None:
    data = added("甲")
    replace(opened, data)
    take = document_templates.template_file
    assert take(opened.app, opened.staff, KIND) == ("模板-拟创建对象公示.docx", data)
    assert take(opened.app, opened.staff, KIND, ours=True) == ("模板-拟创建对象公示.docx", ours())


@pytest.mark.parametrize("code", list(words().kinds))
def test_our_own_templates_are_taken(code: str) -> None:
    read_template(words().kinds[code], NAME, ours(code))


# ---------------------------------------------------------------- fields


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            added("{{ 标头 }}"),
            "“标头”不是拟创建对象公示的字段。可以用的有：标题、正文、附件说明、署名、日期、附件标题、名单、文号、年度、数量、"
            "列举、首日、末日、工作日数、起算、联系单位、联系电话、通讯地址、电子邮箱。",
        ),
        (said("{{ 标题 }}", "公示"), "缺少字段：标题。“标题”是文件的标题。"),
        (said("{{ 行.名称 }}", ""), "名单缺少：行.名称。名单各列都要有。"),
        (added("{{ 行.名称 }}"), "“{{ 行.名称 }}”只能写在“for 行 in 名单”和“endfor”之间。"),
        (
            said("{{ 行.类型 }}", "{{ 行.类别 }}"),
            "名单没有“类别”这样的列。可以用的有：序号、地区、名称、类型、运营主体。名单缺少：行.类型。名单各列都要有。",
        ),
        (added("{{ 名单 }}"), "“名单”要逐行写：{%tr for 行 in 名单 %}、{{ 行.序号 }} 等、{%tr endfor %}。"),
        (
            said("{%p endfor %}", ""),
            "标记不成对：每个“{%p for … %}”“{%tr for … %}”要有“{%p endfor %}”“{%tr endfor %}”，“if”要有“endif”。",
        ),
        (
            said("{{ 标题 }}", "{{ 标题"),
            f"“{{{{ 标题”{BROKEN}",
        ),
        (
            added("{{ 日期|upper }}"),
            f"“{{{{ 日期|upper }}}}”{BROKEN}",
        ),
        (
            added("{% for 甲 in 正文 %}{% for 乙 in 名单 %}{{ 乙.名称 }}{% endfor %}{% endfor %}"),
            "“for”里面不能再写“for”。",
        ),
        (
            said("{{ 标题 }}", "{% if 文号 %}{{ 标题 }}{% endif %}"),
            "缺少字段：标题。“标题”是文件的标题。",
        ),
        (added("咨询电话：024-22223333"), "文件“本厅模板.docx”第8段有电话号码“024-22223333”，不能对外公开，请去掉。"),
    ],
    ids=lambda value: value[:24] if isinstance(value, str) else "",
)
def test_what_a_template_may_not_say(data: bytes, sentence: str) -> None:
    assert refused(data) == f"{NAME}没有采用。{sentence}"


@pytest.mark.parametrize(
    "text",
    [
        "{{ ''.__class__.__mro__ }}",
        "{% set x = 1 %}",
        "{{ 标题.__class__ }}",
        "{% include '/etc/passwd' %}",
        "{{ range(999999999) }}",
        "{# 标题 #}",
        "{{r 标题 }}",
        "{%p for 行 in range(10) %}",
    ],
)
def test_templates_run_nothing(text: str) -> None:
    assert refused(added(text)).startswith(f"{NAME}没有采用。")


def test_what_does_not_show_is_found() -> None:
    def attribute(parts: dict[str, bytes]) -> None:
        parts[BODY] = (
            parts[BODY]
            .replace(b'w:val="Normal"', 'w:val="{{ 标题 }}"'.encode())
            .replace(b"<w:body>", '<w:body><w:p w:rsidR="{{ 标题 }}"/>'.encode())
        )

    assert "看不见的标记" in refused(packed(attribute))


# ---------------------------------------------------------------- files


def test_only_a_plain_docx_is_taken() -> None:
    assert refused(b"", "x.docx") == f"x.docx：不是 Word 文档（docx）。{AGAIN}"
    assert refused(b"%PDF-1.7", "x.docx") == f"x.docx：不是 Word 文档（docx）。{AGAIN}"
    assert refused(b"PK\x03\x04broken", "x.docx") == f"x.docx：文件已损坏，无法读取。{AGAIN}"
    assert refused(ours()[:-400], "x.docx") == f"x.docx：文件已损坏，无法读取。{AGAIN}"
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert refused(old, "x.docx").startswith("x.docx：内容是旧版 .doc 格式，或者设有打开密码。请去掉密码，")
    assert refused(b"PK" + b"\0" * (5 * 1024 * 1024)) == f"{NAME}：文件超过 5 MB。模板只要文字，请去掉图片后再上传。"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda parts: parts.pop(BODY), "不是 Word 文档（docx）"),
        (lambda parts: parts.update({"word/vbaProject.bin": b"x"}), "文件带有宏（程序代码），不能采用"),
        (lambda parts: parts.update({"word/embeddings/a.xlsx": b"x"}), "嵌有别的文件或者链接着别的模板"),
        (lambda parts: parts.update({BODY: b"<w:document"}), "文件已损坏，无法读取"),
        (lambda parts: parts.update({BODY: b'<!DOCTYPE x [<!ENTITY a "b">]>' + parts[BODY]}), "含有不允许的定义"),
        (lambda parts: parts.update({"word/media/a.xml": b" " * 30_000_000}), "文件的压缩比例异常"),
        (lambda parts: parts.update({"word/a.xml": randbytes(4_200_000)}), "文件展开后过大"),
    ],
)
def test_files_that_could_hurt_are_refused(change: Callable[[dict[str, bytes]], object], told: str) -> None:
    assert told in refused(packed(change))


def test_comments_and_changes_that_are_not_accepted_are_refused() -> None:
    def track(parts: dict[str, bytes]) -> None:
        inserted = '<w:p><w:ins w:id="1" w:author="虚构某"><w:r><w:t>改</w:t></w:r></w:ins></w:p>'
        parts[BODY] = parts[BODY].replace(b"<w:body>", b"<w:body>" + inserted.encode())

    sentence = "正文里有批注或者没有接受的修订，会随文件发出去。请先接受或者删除。"
    assert refused(packed(track)) == f"{NAME}没有采用。{sentence}"
