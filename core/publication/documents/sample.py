"""Examples of every field of a kind, to try a template with, and what a document says, read back."""

from __future__ import annotations

import io
from typing import Any, Final

from core.publication.documents.kinds import Kind

_ROWS: Final = 2
_NUMBERS: Final = ("年度", "数量", "工作日数", "创建期", "变更期限", "复核间隔", "入选数", "未入选数")


def sample(kind: Kind) -> dict[str, Any]:
    """A value for each field, no two the same, so that each can be found again."""
    made: dict[str, Any] = {name: f"示例{name}" for name in kind.fields}
    made |= {name: f"{900 + place}" for place, name in enumerate(_NUMBERS) if name in made}
    if "正文" in made:
        made["正文"] = ["示例正文甲", "示例正文乙"]
    made["名单"] = [
        {column.field: f"示例{column.field}{'甲乙'[number]}" for column in kind.columns} | {"序号": str(number + 1)}
        for number in range(_ROWS)
    ]
    return made


def told(data: bytes) -> str:
    """The text of a document, paragraph by paragraph, with those of its tables, headers and footers."""
    from docx import Document
    from docx.oxml.ns import qn

    document = Document(io.BytesIO(data))
    roots = [document.element]
    roots += [
        relation.target_part.element
        for relation in document.part.rels.values()
        if relation.reltype.endswith(("/header", "/footer"))
    ]
    lines = []
    for root in roots:
        for paragraph in root.iter(qn("w:p")):
            pieces = [
                "\n" if element.tag == qn("w:br") else element.text or ""
                for element in paragraph.iter(qn("w:t"), qn("w:br"))
            ]
            lines.append("".join(pieces))
    return "\n".join(lines)
