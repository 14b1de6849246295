"""Fills a template with fields: what goes in comes out whole, and nothing that is filled in is run."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from typing import Any, Final

from core.publication.docx_parts import saved, writable

_PROPERTIES: Final = (
    "title", "author", "last_modified_by", "comments", "keywords", "subject", "category", "identifier", "language",
    "content_status", "version",
)  # fmt: skip


@cache
def environment() -> Any:
    """Where templates run: no field they do not have, no reaching out of it, every text as it is."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    return SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)


def filled(template: bytes, fields: Mapping[str, Any], title: str) -> bytes:
    """The document: the template with its fields filled in, its properties our own. The same bytes for the same."""
    from core.publication.xlsx import FIXED_TIME

    document = _template_class()(io.BytesIO(template))
    document.init_docx()
    properties = document.core_properties
    for name in _PROPERTIES:  # they are run, too, and tell who worked on the template
        setattr(properties, name, "")
    document.render(_written(fields), environment())
    properties.title = writable(" ".join(title.split()))
    properties.created = properties.modified = FIXED_TIME
    properties.revision = 1
    return saved(document)


def runnable(document: Any) -> str:
    """What of an opened template is run: its body, headers and footers, with each mark in one piece."""
    reader = _template_class()(None)
    roots = [document.element.body]
    roots += [
        relation.target_part.element
        for relation in document.part.rels.values()
        if relation.reltype.endswith(("/header", "/footer"))
    ]
    return "\n".join(reader.patch_xml(reader.xml_to_string(root)) for root in roots)


def _written(value: Any) -> Any:
    """Texts without what no file can hold, in lists and rows too; a number stays a number."""
    if isinstance(value, str):
        return writable(value.replace("\r\n", "\n").replace("\r", "\n"))
    if isinstance(value, Mapping):
        return {name: _written(each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [_written(each) for each in value]
    return value


@cache
def _template_class() -> Any:
    """docxtpl's template, but for its own marks in what is filled in: it would turn `{_{` of a name into `{{`."""
    from docxtpl import DocxTemplate

    class Template(DocxTemplate):  # type: ignore[misc, unused-ignore]
        def render_xml_part(self, src_xml: str, part: Any, context: Any, jinja_env: Any = None) -> str:
            self.current_rendering_part = part
            made: str = self.resolve_listing(jinja_env.from_string(src_xml).render(context))
            return made

    return Template
