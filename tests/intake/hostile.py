"""Files that ask for more than they are worth, and files that are not what their name says. Made here, never kept."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Iterable, Mapping

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

LAUGHS = (
    "<!DOCTYPE lolz [<!ENTITY l0 'ha'>" + "".join(f"<!ENTITY l{n} '{f'&l{n - 1};' * 10}'>" for n in range(1, 10)) + "]>"
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY secret SYSTEM "file:///etc/hostname">]>'


def sheet(rows: str, *, dimension: str = "A1", tail: str = "") -> str:
    """A worksheet part around its rows."""
    return (
        f'{HEAD}<worksheet xmlns="{MAIN}"><dimension ref="{dimension}"/><sheetData>{rows}</sheetData>{tail}</worksheet>'
    )


def text_cell(address: str, text: str, more: str = "") -> str:
    """A cell with a text of its own."""
    return f'<c r="{address}"{more} t="inlineStr"><is><t>{text}</t></is></c>'


GOOD_SHEET = sheet(f'<row r="1">{text_cell("A1", "编号")}</row><row r="2">{text_cell("A2", "SY-001")}</row>')


def parts(**given: str) -> dict[str, str]:
    """The parts of a small good workbook; `sheet1`, `strings`, `styles`, `workbook` replace one."""
    return {
        "[Content_Types].xml": f'{HEAD}<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/sharedStrings.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/>'
        '<Override PartName="/xl/styles.xml" ContentType='
        '"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>',
        "_rels/.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{RELATED}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": given.get(
            "workbook",
            f'{HEAD}<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets>'
            '<sheet name="推荐汇总表" sheetId="1" r:id="rId1"/></sheets></workbook>',
        ),
        "xl/_rels/workbook.xml.rels": f'{HEAD}<Relationships xmlns="{PACKAGE}/relationships">'
        f'<Relationship Id="rId1" Type="{RELATED}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{RELATED}/sharedStrings" Target="sharedStrings.xml"/>'
        f'<Relationship Id="rId3" Type="{RELATED}/styles" Target="styles.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": given.get("sheet1", GOOD_SHEET),
        "xl/sharedStrings.xml": given.get("strings", f'{HEAD}<sst xmlns="{MAIN}"><si><t>沈阳市</t></si></sst>'),
        "xl/styles.xml": given.get(
            "styles",
            f'{HEAD}<styleSheet xmlns="{MAIN}"><fonts count="1"><font/></fonts><fills count="1"><fill/></fills>'
            '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs>'
            '<cellXfs count="1"><xf numFmtId="0"/></cellXfs></styleSheet>',
        ),
    }


def zipped(content: Mapping[str, str | bytes]) -> bytes:
    """A deflated zip of these members."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in content.items():
            archive.writestr(name, part)
    return target.getvalue()


def book(**given: str) -> bytes:
    """A small workbook, good but for the parts given."""
    return zipped(parts(**given))


def one_cell_at(address: str) -> bytes:
    """A good workbook with one more cell, far away."""
    row = "".join(letter for letter in address if letter.isdigit())
    return book(
        sheet1=sheet(f'<row r="1">{text_cell("A1", "编号")}</row><row r="{row}">{text_cell(address, "x")}</row>')
    )


def styled_blanks(rows: int, columns: int, *, addresses: bool = False) -> bytes:
    """Cells without content, by the million: what formatting a whole sheet leaves behind."""
    if addresses:
        made = (
            f'<row r="{row}">'
            + "".join(f'<c r="{chr(65 + column)}{row}" s="1"/>' for column in range(columns))
            + "</row>"
            for row in range(1, rows + 1)
        )
        return book(sheet1=sheet("".join(made)))
    row = b"<row>" + b'<c s="1"/>' * columns + b"</row>"
    return _streamed((row * 100 for _ in range(rows // 100)), "row")


def blanks(megabytes: int, level: int = 1) -> bytes:
    """A sheet part of so many megabytes of blanks."""
    return _streamed((b" " * (1 << 20) for _ in range(megabytes)), "blank", level)


def nested(levels: int) -> bytes:
    """A sheet whose elements lie in each other."""
    return book(sheet1=sheet("<row>" * levels + "</row>" * levels))


def filled(rows: int, columns: int) -> bytes:
    """A large sheet of numbers."""
    cells = "<c><v>12.5</v></c>" * columns
    return book(sheet1=sheet("".join(f'<row r="{row}">{cells}</row>' for row in range(1, rows + 1))))


def empty_rows(count: int) -> bytes:
    """Rows without cells, by the million."""
    return _streamed((b"<row/>" * 10_000 for _ in range(count // 10_000)), "row")


def lying_sizes(megabytes: int) -> bytes:
    """A bomb whose directory says that the part unpacks to 100 bytes."""
    data = bytearray(blanks(megabytes))
    at = 0
    while (at := data.find(b"PK\x01\x02", at)) >= 0:
        length = struct.unpack_from("<H", data, at + 28)[0]
        if data[at + 46 : at + 46 + length] == b"xl/worksheets/sheet1.xml":
            struct.pack_into("<I", data, at + 24, 100)
        at += 46
    return bytes(data)


def many_members(count: int) -> bytes:
    """A workbook with thousands of small members."""
    return zipped(parts() | {f"xl/media/image{n}.png": b"x" for n in range(count)})


def many_strings(count: int, *, differing: bool = False) -> bytes:
    """A table of so many shared strings."""
    items = "".join(f"<si><t>{number * 7919}</t></si>" for number in range(count)) if differing else ""
    return book(strings=f'{HEAD}<sst xmlns="{MAIN}">' + (items or "<si><t>x</t></si>" * count) + "</sst>")


def repeated_string(times: int, length: int) -> bytes:
    """One long shared string that many cells point at."""
    cells = (f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, times + 1))
    strings = f'{HEAD}<sst xmlns="{MAIN}"><si><t>{"甲" * length}</t></si></sst>'
    return book(sheet1=sheet("".join(cells)), strings=strings)


def with_doctype(part: str, doctype: str, comment: int = 0) -> bytes:
    """A document type before the first element of a part, behind a comment of so many characters."""
    content = dict(parts())
    before = f"<!--{'x' * comment}-->" if comment else ""
    content[part] = content[part].replace(HEAD, HEAD + before + doctype, 1)
    return zipped(content)


def in_utf16(part: str, doctype: str) -> bytes:
    """The same in UTF-16, where no search for bytes finds it."""
    text = parts()[part].replace(HEAD, '<?xml version="1.0" encoding="UTF-16"?>' + doctype, 1)
    return zipped({**parts(), part: text.encode("utf-16")})


def with_part(name: str, content: str) -> bytes:
    """A good workbook with one more part, well-formed behind what is given."""
    return zipped({**parts(), name: f"{HEAD}{content}<root/>"})


def twice(part: str) -> bytes:
    """A workbook with two members of one name."""
    stand_in = part[:-1] + "~"
    return zipped({**parts(), stand_in: GOOD_SHEET}).replace(stand_in.encode(), part.encode())


def encrypted_member() -> bytes:
    """A good workbook whose members say that they are encrypted."""
    data = bytearray(book())
    for mark, offset in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = 0
        while (at := data.find(mark, at)) >= 0:
            data[at + offset] |= 1
            at += 4
    return bytes(data)


def flipped(part: str) -> bytes:
    """A workbook in which one part's stored bytes have been damaged."""
    data = bytearray(book())
    with zipfile.ZipFile(io.BytesIO(bytes(data))) as archive:
        member = archive.getinfo(part)
        start = member.header_offset + 30 + len(member.filename.encode()) + member.compress_size // 2
    for at in range(start, start + 4):
        data[at] ^= 0xFF
    return bytes(data)


def _streamed(chunks: Iterable[bytes], inside: str, level: int = 1) -> bytes:
    """A workbook whose sheet part is deflated piece by piece, for parts too large to hold."""
    before, after = sheet("@").encode().split(b"@")
    if inside == "blank":
        before, after = before.replace(b"<sheetData>", b""), after.replace(b"</sheetData>", b"")
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=level) as archive:
        for name, part in parts().items():
            if name != "xl/worksheets/sheet1.xml":
                archive.writestr(name, part)
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as member:
            member.write(before)
            for chunk in chunks:
                member.write(chunk)
            member.write(after)
    return target.getvalue()


def declared(size: int) -> bytes:
    """A workbook whose zip directory declares so many bytes for one picture, which holds four."""
    data = bytearray(zipped(parts() | {"xl/media/image1.png": b"\x89PNG"}))
    at = data.rfind(b"xl/media/image1.png") - 46
    struct.pack_into("<I", data, at + 24, size)
    return bytes(data)


def compound(*streams: str) -> bytes:
    """An OLE compound file (MS-CFB) with empty streams of these names."""
    free, end, fat = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<10I", 0, 1, 1, 0, 4096, end, 0, end, 0, 0)
    header += struct.pack("<I", free) * 108
    table = struct.pack("<II", fat, end) + struct.pack("<I", free) * 126
    entries = [_entry("Root Entry", 5, 1 if streams else free)]
    for number, name in enumerate(streams, start=1):
        entries.append(_entry(name, 2, free, number + 1 if number < len(streams) else free))
    entries += [bytes(64) + b"\0" * 2 + b"\0" * 62] * (4 - len(entries))
    return header + table + b"".join(entries)


def _entry(name: str, kind: int, child: int, right: int = 0xFFFFFFFF) -> bytes:
    raw = name.encode("utf-16-le") + b"\0\0"
    made = raw.ljust(64, b"\0") + struct.pack("<HBB", len(raw), kind, 1)
    made += struct.pack("<III", 0xFFFFFFFF, right, child if kind == 5 else 0xFFFFFFFF)
    return made + bytes(36) + struct.pack("<IQ", 0xFFFFFFFE, 0)
