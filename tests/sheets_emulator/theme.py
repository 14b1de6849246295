"""What a new spreadsheet looks like: its format and colours."""

from __future__ import annotations

from tests.sheets_emulator.problems import Json


def _colour(red: float, green: float, blue: float) -> Json:
    parts = {"red": red, "green": green, "blue": blue}
    return {"rgbColor": {name: part for name, part in parts.items() if part}}


WHITE = _colour(1, 1, 1)
FORMAT: Json = {
    "backgroundColor": WHITE["rgbColor"],
    "padding": {"top": 2, "right": 3, "bottom": 2, "left": 3},
    "verticalAlignment": "BOTTOM",
    "wrapStrategy": "OVERFLOW_CELL",
    "textFormat": {
        "foregroundColor": {},
        "fontFamily": "arial,sans,sans-serif",
        "fontSize": 10,
        "bold": False,
        "italic": False,
        "strikethrough": False,
        "underline": False,
        "foregroundColorStyle": {"rgbColor": {}},
    },
    "backgroundColorStyle": WHITE,
}
COLOURS = {
    "TEXT": _colour(0, 0, 0),
    "BACKGROUND": WHITE,
    "ACCENT1": _colour(0.25882354, 0.52156866, 0.95686275),
    "ACCENT2": _colour(0.91764706, 0.2627451, 0.20784314),
    "ACCENT3": _colour(0.9843137, 0.7372549, 0.015686275),
    "ACCENT4": _colour(0.20392157, 0.65882355, 0.3254902),
    "ACCENT5": _colour(1, 0.42745098, 0.003921569),
    "ACCENT6": _colour(0.27450982, 0.7411765, 0.7764706),
    "LINK": _colour(0.06666667, 0.33333334, 0.8),
}
DEFAULTS: Json = {
    "defaultFormat": FORMAT,
    "spreadsheetTheme": {
        "primaryFontFamily": "Arial",
        "themeColors": [{"colorType": name, "color": colour} for name, colour in COLOURS.items()],
    },
}


def effective(entered: Json) -> Json:
    """A cell's effectiveFormat: its own over the spreadsheet's."""
    text = FORMAT["textFormat"] | entered.get("textFormat", {})
    return FORMAT | {"hyperlinkDisplayType": "PLAIN_TEXT"} | entered | {"textFormat": text}
