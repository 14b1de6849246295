"""A city's workbook with what no library keeps: WPS cell images, extended validations and formats, sparklines, threaded
comments, a chart, stored results of formulas, custom XML. Invented throughout."""

from __future__ import annotations

import io
import zipfile

import xlsxwriter

COLUMNS = ("编号", "工作表", "单元格", "列", "级别", "问题", "处理建议", "反馈时间")
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000 1f15c489"
    "0000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
CELL_IMAGES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    '<etc:cellImages xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:etc="http://www.wps.cn/officeDocument/2017/etCustomData"><etc:cellImage><xdr:pic><xdr:nvPicPr>'
    '<xdr:cNvPr id="2" name="ID_0A1B2C3D4E5F60718293A4B5C6D7E8F9"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
    '<a:blip r:embed="rId1"/><a:stretch><a:fillRect/></a:stretch></xdr:blipFill><xdr:spPr/></xdr:pic></etc:cellImage>'
    "</etc:cellImages>"
)
EXTENDED = (
    '<ext uri="{CCE6A557-97BC-4b89-ADB6-D9C93CAAB3DF}" '
    'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
    '<x14:dataValidations count="1" xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main">'
    '<x14:dataValidation type="list" allowBlank="1"><x14:formula1><xm:f>名单!$A$1:$A$2</xm:f></x14:formula1>'
    "<xm:sqref>B2:B50</xm:sqref></x14:dataValidation></x14:dataValidations></ext>"
)
MORE = {
    "xl/cellimages.xml": CELL_IMAGES,
    "xl/_rels/cellimages.xml.rels": '<?xml version="1.0" encoding="UTF-8"?><Relationships '
    'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image9.png"/>'
    "</Relationships>",
    "xl/media/image9.png": PIXEL,
    "xl/threadedComments/threadedComment1.xml": '<?xml version="1.0" encoding="UTF-8"?><ThreadedComments '
    'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><threadedComment ref="B2" '
    'dT="2026-03-01T08:00:00.00" personId="{00000000-0000-0000-0000-000000000001}" '
    'id="{00000000-0000-0000-0000-000000000002}"><text>请复核</text></threadedComment></ThreadedComments>',
    "xl/persons/person.xml": '<?xml version="1.0" encoding="UTF-8"?><personList '
    'xmlns="http://schemas.microsoft.com/office/spreadsheetml/2018/threadedcomments"><person displayName="示例联系人" '
    'id="{00000000-0000-0000-0000-000000000001}" userId="x" providerId="None"/></personList>',
    "customXml/item1.xml": '<?xml version="1.0"?><root xmlns="urn:example:custom"><值>一</值></root>',
}
WORKBOOK_RELATION = (
    '<Relationship Id="rIdWps1" Type="http://www.wps.cn/officeDocument/2020/cellImage" Target="cellimages.xml"/>'
)
TYPES = (
    '<Override PartName="/xl/cellimages.xml" ContentType="application/vnd.wps-officedocument.cellimage+xml"/>'
    '<Default Extension="png" ContentType="image/png"/>'
)


def feedback_lines(count: int) -> list[list[str]]:
    """Lines of an earlier feedback."""
    return [
        [f"SY-{n:03}", "平台指标", f"N{n}", "专家数（人）", "错误", "旧问题", "旧建议", "2026-03-01 09:00"]
        for n in range(1, count + 1)
    ]


def rich_workbook(earlier: int = 2, *, header: tuple[str, ...] = COLUMNS, feedback: str = "审核反馈") -> bytes:
    """The workbook; its feedback sheet holds so many lines already."""
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    data = book.add_worksheet("推荐汇总表")
    for column, title in enumerate(("编号", "类型", "家数", "合计")):
        data.write_string(0, column, title)
    for row in range(1, 4):
        data.write_string(row, 0, f"SY-{row:03}")
        data.write_string(row, 1, "平台")
        data.write_number(row, 2, row * 10)
        data.write_formula(row, 3, f"=C{row + 1}*2", None, row * 20)
    data.write_rich_string(5, 0, "专精特新", book.add_format({"bold": True}), "“小巨人”")
    data.write_formula(6, 0, '=_xlfn.DISPIMG("ID_0A1B2C3D4E5F60718293A4B5C6D7E8F9",1)', None, "=DISPIMG")
    data.write_comment("B2", "请复核")
    data.add_sparkline("F2", {"range": "推荐汇总表!C2:C4"})
    data.data_validation("B2:B50", {"validate": "list", "source": ["平台", "基地"]})
    chart = book.add_chart({"type": "column"})
    chart.add_series({"values": "=推荐汇总表!$C$2:$C$4"})
    data.insert_chart("H2", chart)
    names = book.add_worksheet("名单")
    names.write_column(0, 0, ["平台", "基地"])
    names.hide()
    answers = book.add_worksheet(feedback)
    head = book.add_format({"bold": True, "bg_color": "#D9E2F3"})
    body = book.add_format({"text_wrap": True, "num_format": "@"})
    for column, title in enumerate(header):
        answers.set_column(column, column, 12 + column, body)
        answers.write_string(0, column, title, head)
    for row, line in enumerate(feedback_lines(earlier), start=1):
        for column, text in enumerate(line[: len(header)]):
            answers.write_string(row, column, text, body)
    answers.protect("x", {"select_locked_cells": True})
    answers.conditional_format("A2:H500", {"type": "formula", "criteria": '=$E2="错误"', "format": head})
    answers.freeze_panes(1, 0)
    book.close()
    return _with_more(made.getvalue())


def members(data: bytes) -> dict[str, bytes]:
    """Content of every member, by name, in order."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {member.filename: archive.read(member) for member in archive.infolist()}


def headers(data: bytes) -> list[tuple[object, ...]]:
    """What the zip's directory says of every member but its size and place."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return [
            (m.filename, m.date_time, m.compress_type, m.extra, m.comment, m.external_attr, m.create_system)
            for m in archive.infolist()
        ]


def _with_more(data: bytes) -> bytes:
    content = members(data)
    sheet = "xl/worksheets/sheet1.xml"
    content[sheet] = content[sheet].replace(b"</extLst>", EXTENDED.encode() + b"</extLst>")
    assert EXTENDED.encode() in content[sheet]
    relations = "xl/_rels/workbook.xml.rels"
    content[relations] = content[relations].replace(
        b"</Relationships>", f"{WORKBOOK_RELATION}</Relationships>".encode()
    )
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(b"</Types>", f"{TYPES}</Types>".encode())
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for number, (name, part) in enumerate((content | {k: _bytes(v) for k, v in MORE.items()}).items()):
            member = zipfile.ZipInfo(name, (2026, 2, 3, 4, 5, 2 * (number % 30)))
            member.compress_type = zipfile.ZIP_STORED if name.endswith(".png") else zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            member.create_system = 0  # as WPS and Excel on Windows write it
            member.extra = b"\xfe\xca\x00\x00" if name == "xl/cellimages.xml" else b""
            archive.writestr(member, part)
        archive.comment = "示例".encode()
    return made.getvalue()


def _bytes(part: str | bytes) -> bytes:
    return part.encode() if isinstance(part, str) else part
