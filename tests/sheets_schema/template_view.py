"""What we rely on in a template, read back from the file: the same view before and after another program saved it."""

from __future__ import annotations

import io
import subprocess
import warnings
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from sheets_schema.schema import BookSchema, load

FAR_ROW = 900


def opened(source: bytes | Path) -> Workbook:
    """The workbook as openpyxl sees it."""
    with warnings.catch_warnings():
        # LibreOffice writes extensions that openpyxl says it leaves out.
        warnings.simplefilter("ignore", UserWarning)
        return load_workbook(io.BytesIO(source) if isinstance(source, bytes) else source)


def saved(path: Path, folder: Path) -> Path:
    """The workbook, opened and saved by LibreOffice into `folder`."""
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    target = folder / "saved"
    asked = ["soffice", profile, "--headless", "--convert-to", "xlsx", "--outdir", str(target), str(path)]
    subprocess.run(asked, check=True, capture_output=True, timeout=180)
    return target / path.name


def fill(source: bytes, target: Path, schema: BookSchema | None = None) -> None:
    """Types the schema's example rows into a template."""
    book = opened(source)
    for sheet in (schema or load()).city_sheets:
        for column in sheet.columns:
            for row, example in enumerate(column.examples, start=2):
                if example:
                    figure = column.type in ("integer", "decimal")
                    book[sheet.name].cell(row, column.index).value = float(example) if figure else example
    book.save(target)


def effective(sheet: Worksheet, row: int, column: int) -> tuple[bool, str]:
    """(locked, number format) as a person meets it: the cell's own, else the column's."""
    if (row, column) in sheet._cells:
        found: Any = sheet.cell(row, column)
        return bool(found.protection.locked), found.number_format.replace("\\", "")
    for group in sheet.column_dimensions.values():
        if group.min <= column <= group.max:
            return bool(group.protection.locked), group.number_format.replace("\\", "")
    return True, "General"


def validations(sheet: Worksheet) -> list[tuple[Any, ...]]:
    """Every limit with its words, by place."""
    return sorted(
        (
            str(found.sqref),
            found.type or "none",
            # What an absent attribute means, for comparison.
            found.operator or "between",
            found.errorStyle or "stop",
            found.formula1 if found.type else None,
            found.errorTitle,
            found.error,
            found.promptTitle,
            found.prompt,
            bool(found.showInputMessage),
            bool(found.showErrorMessage),
        )
        for found in sheet.data_validations.dataValidation
    )


def colours(sheet: Worksheet) -> list[tuple[str, str, str]]:
    """Every conditional format: range, formula without needless quotes, fill; in order of precedence."""
    found = [
        (rule.priority, str(ranges.sqref), rule.formula[0].replace("'", ""), rule.dxf.fill.bgColor.rgb)
        for ranges, rules in sheet.conditional_formatting._cf_rules.items()
        for rule in rules
    ]
    return [rest for _, *rest in sorted(found)]  # type: ignore[misc]


def relied_on(source: bytes | Path, schema: BookSchema | None = None) -> dict[str, Any]:
    """All of it."""
    book = opened(source)
    schema = schema or load()
    view: dict[str, Any] = {
        "sheets": [(sheet.title, sheet.sheet_state) for sheet in book],
        "names": {name: found.attr_text.replace("'", "") for name, found in book.defined_names.items()},
        "properties": {found.name: found.value for found in book.custom_doc_props.props},
        "meta": [[found.value for found in row] for row in book[schema.meta].iter_rows()],
        "dictionary": [[found.value for found in row] for row in book[schema.dictionary].iter_rows()],
        "help": [[found.value for found in row] for row in book[schema.help].iter_rows()],
    }
    for declared in schema.sheets:
        sheet = book[declared.name]
        width = len(declared.columns)
        view[declared.name] = {
            "header": [found.value for found in sheet[1]],
            "header cells": [effective(sheet, 1, at)[0] for at in range(1, width + 1)],
            "first cells": [effective(sheet, 2, at) for at in range(1, width + 1)],
            "far cells": [effective(sheet, FAR_ROW, at) for at in range(1, width + 1)],
            "beside": effective(sheet, 2, width + 1)[0],
            "protected": {
                name: getattr(sheet.protection, name)
                for name in ("sheet", "insertRows", "deleteRows", "formatColumns", "sort", "autoFilter")
            },
            "password": sheet.protection.password or sheet.protection.hashValue,
            "filter": sheet.auto_filter.ref,
            "validations": validations(sheet),
            "colours": colours(sheet),
        }
    return view
