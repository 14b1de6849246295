"""An uploaded template looked through before it is taken: a plain docx, with the fields of its kind and no others."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from core.errors import FileRefused, Refused
from core.intake.prescreen import prescreen
from core.publication.documents import tags
from core.publication.documents.fill import filled, runnable
from core.publication.documents.kinds import Kind
from core.publication.documents.sample import sample, told
from core.publication.lint import check_file

MEGABYTE: Final = 1024 * 1024
MAX_FILE: Final = 5 * MEGABYTE
MAX_BODY: Final = 4 * MEGABYTE  # of one part of the document; ours has some 40 KB
_BODY: Final = "word/document.xml"
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_AGAIN: Final = "请从本页下载模板，用 WPS 文字或 Word 修改后，另存为“Word 文档（*.docx）”再上传。"
_CODES: Final = {
    "zip_bomb": "文件展开后过大，不像正常的文档，已拒绝读取。",
    "bad_ratio": "文件的压缩比例异常，不像正常的文档，已拒绝读取。",
    "entities": "文件内部含有不允许的定义，不像文字处理软件保存的文档，已拒绝读取。",
}
_DAMAGED: Final = "文件已损坏，无法读取。"
_MACROS: Final = ("vbaproject", "vbadata", "activex")
_FOREIGN: Final = ("oleobject", "embeddings/", "afchunk", "attachedtemplate")
_TRACKED: Final = ("ins", "del", "moveFrom", "moveTo", "commentReference")


def read_template(kind: Kind, name: str, data: bytes) -> None:
    """Nothing, where the bytes of an uploaded file can stand in the place of our template of a kind.

    Raises Refused with everything that is wrong: no docx, macros, broken, unknown or missing fields, contents that
    may not go out.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(_docx(name, data))) as archive:
            _screened(archive, name)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError):
        raise Refused(f"{name}：{_DAMAGED}{_AGAIN}") from None
    document = _opened(name, data)
    wrong = list(_marks(document)) or tags.problems(kind, runnable(document))
    if not wrong:
        wrong = list(_tried(kind, name, data))
    if wrong:
        raise Refused(f"{name}没有采用。{''.join(wrong)}")


def _docx(name: str, data: bytes) -> bytes:
    if len(data) > MAX_FILE:
        raise Refused(f"{name}：文件超过 {MAX_FILE // MEGABYTE} MB。模板只要文字，请去掉图片后再上传。")
    if data.startswith(_OLE):
        raise Refused(f"{name}：内容是旧版 .doc 格式，或者设有打开密码。请去掉密码，{_AGAIN.removeprefix('请')}")
    if not data.startswith(b"PK"):
        raise Refused(f"{name}：不是 Word 文档（docx）。{_AGAIN}")
    return data


def _screened(archive: zipfile.ZipFile, name: str) -> None:
    members = {member.filename: member for member in archive.infolist()}
    if _BODY not in members:
        raise Refused(f"{name}：不是 Word 文档（docx）。{_AGAIN}")
    if any(member.flag_bits & 1 for member in members.values()):
        raise Refused(f"{name}：文件设有打开密码。请去掉密码，{_AGAIN.removeprefix('请')}")
    try:
        prescreen(archive, name)
    except FileRefused as refused:
        raise Refused(f"{name}：{_CODES.get(refused.code, _DAMAGED)}{_AGAIN}") from None
    if any(member.file_size > MAX_BODY for part, member in members.items() if part.startswith("word/")):
        raise Refused(f"{name}：文件展开后过大，不像正常的文档，已拒绝读取。{_AGAIN}")
    markup = "".join(
        archive.read(part).decode("utf-8", "replace").lower()
        for part in members
        if part == "[Content_Types].xml" or part.endswith(".rels")
    )
    known = markup + "\n".join(members).lower()
    if any(word in known for word in _MACROS) or "macroenabled" in markup:
        raise Refused(f"{name}：文件带有宏（程序代码），不能采用。{_AGAIN}")
    if any(word in known for word in _FOREIGN):
        raise Refused(f"{name}：文件里嵌有别的文件或者链接着别的模板，不能采用。请去掉后再上传。")


def _opened(name: str, data: bytes) -> Any:
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    try:
        document = Document(io.BytesIO(data))
        document.element.body.sectPr  # noqa: B018 - a body without its page is no document
        for _, root in _roots(document):
            next(root.iter(), None)
    except (OpcError, LxmlError, KeyError, ValueError, AttributeError, AssertionError, IndexError, TypeError):
        raise Refused(f"{name}：{_DAMAGED}{_AGAIN}") from None
    return document


def _roots(document: Any) -> Iterator[tuple[str, Any]]:
    """A copy of the root of each part with text, as plain elements, and what the part is called."""
    yield "正文", _plain(etree.tostring(document.element))
    for relation in document.part.rels.values():
        kind = relation.reltype.rpartition("/")[2]
        if relation.is_external:
            if kind != "hyperlink":
                raise ValueError(kind)
        elif kind in ("header", "footer"):
            yield "页眉页脚", _plain(etree.tostring(relation.target_part.element))
        elif kind in ("footnotes", "endnotes"):
            yield "脚注", _plain(relation.target_part.blob)


def _plain(data: bytes) -> Any:
    return etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True))


def _marks(document: Any) -> Iterator[str]:
    """What is wrong with the marks as they stand in paragraphs, before anything is run."""
    from docx.oxml.ns import qn

    count = 0
    for place, root in _roots(document):
        texts = ["".join(t.text or "" for t in paragraph.iter(qn("w:t"))) for paragraph in root.iter(qn("w:p"))]
        whole = "\n".join(texts)
        count += tags.count(whole)
        yield from tags.broken(texts)
        if place == "脚注" and tags.count(whole):
            yield "脚注里不能写标记，请移到正文。"
        if any(tags.count(text) for text in _hidden(root, qn("w:t"))):
            yield f"{place}里有看不见的标记（例如在域代码或者格式里），请删去后重新输入。"
        if any(next(root.iter(qn(f"w:{tag}")), None) is not None for tag in _TRACKED):
            yield f"{place}里有批注或者没有接受的修订，会随文件发出去。请先接受或者删除。"
    if count > tags.MOST:
        yield f"标记超过 {tags.MOST} 处，不像正常的模板。"


def _hidden(root: Any, shown: str) -> Iterator[str]:
    """Texts of a part that stand in no run of text: attributes, codes of fields."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        yield from element.attrib.values()
        if element.tag != shown and element.text:
            yield element.text


def _tried(kind: Kind, name: str, data: bytes) -> Iterator[str]:
    """What goes wrong when the template is filled with examples."""
    from jinja2 import TemplateError
    from lxml.etree import LxmlError

    fields = sample(kind)
    try:
        made = filled(data, fields, "示例")
        text = told(made)
    except (TemplateError, LxmlError, KeyError, ValueError, AttributeError, IndexError, TypeError, RecursionError):
        yield "试填以后打不开，标记可能放错了位置（例如把逐行的标记放在别的文字中间）。请对照自带的模板修改。"
        return
    lost = [field for field in kind.required if isinstance(fields[field], str) and fields[field] not in text]
    rows = [row for row in fields["名单"] if not all(value in text for value in row.values())]
    if lost or rows:
        yield f"试填以后，{'、'.join(lost) or '名单'}没有写出来，标记可能放错了位置。请对照自带的模板修改。"
        return
    yield from (str(each) for each in check_file(name, made))
