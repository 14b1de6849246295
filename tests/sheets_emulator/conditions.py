"""The conditions of drop-downs, limits and conditional formats: how many values each kind takes, and of what sort."""

from __future__ import annotations

from tests.sheets_emulator.problems import Json, invalid

MANY = 1000
# kind: fewest and most values
COUNTS = {
    "NUMBER_GREATER": (1, 1), "NUMBER_GREATER_THAN_EQ": (1, 1), "NUMBER_LESS": (1, 1), "NUMBER_LESS_THAN_EQ": (1, 1),
    "NUMBER_EQ": (1, 1), "NUMBER_NOT_EQ": (1, 1), "NUMBER_BETWEEN": (2, 2), "NUMBER_NOT_BETWEEN": (2, 2),
    "TEXT_CONTAINS": (1, 1), "TEXT_NOT_CONTAINS": (1, 1), "TEXT_STARTS_WITH": (1, 1), "TEXT_ENDS_WITH": (1, 1),
    "TEXT_EQ": (1, MANY), "TEXT_NOT_EQ": (1, MANY), "TEXT_IS_EMAIL": (0, 0), "TEXT_IS_URL": (0, 0),
    "DATE_EQ": (1, MANY), "DATE_NOT_EQ": (1, MANY), "DATE_BEFORE": (1, 1), "DATE_AFTER": (1, 1),
    "DATE_ON_OR_BEFORE": (1, 1), "DATE_ON_OR_AFTER": (1, 1), "DATE_BETWEEN": (2, 2), "DATE_NOT_BETWEEN": (2, 2),
    "DATE_IS_VALID": (0, 0), "ONE_OF_RANGE": (1, 1), "ONE_OF_LIST": (1, MANY), "BLANK": (0, 0), "NOT_BLANK": (0, 0),
    "CUSTOM_FORMULA": (1, 1), "BOOLEAN": (0, 2), "FILTER_EXPRESSION": (1, 1),
}  # fmt: skip
ONLY_VALIDATION = {"TEXT_IS_EMAIL", "TEXT_IS_URL", "DATE_IS_VALID", "ONE_OF_RANGE", "ONE_OF_LIST", "BOOLEAN"}
ONLY_VALIDATION |= {"DATE_ON_OR_BEFORE", "DATE_ON_OR_AFTER", "DATE_BETWEEN", "DATE_NOT_BETWEEN"}
NOT_VALIDATION = {"BLANK", "NOT_BLANK", "TEXT_STARTS_WITH", "TEXT_ENDS_WITH", "TEXT_NOT_EQ", "DATE_NOT_EQ"}
NOT_VALIDATION |= {"FILTER_EXPRESSION"}


def checked(condition: Json | None, where: str) -> None:
    """Refuse a BooleanCondition that Google does not take."""
    if not condition or "type" not in condition:
        raise invalid(f"{where}.condition.type is required")
    kind, values = condition["type"], condition.get("values", [])
    if kind not in COUNTS:
        raise invalid(f"Unsupported condition type: {kind}")
    if where == "booleanRule" and kind in ONLY_VALIDATION:
        raise invalid(f"ConditionType '{kind}' is not supported by conditional formatting.")
    if where != "booleanRule" and kind in NOT_VALIDATION:
        raise invalid(f"ConditionType '{kind}' is not supported by data validation.")
    fewest, most = COUNTS[kind]
    if not fewest <= len(values) <= most:
        expected = str(fewest) if fewest == most else f"at least {fewest}"
        raise invalid(f"ConditionType '{kind}' requires {expected} ConditionValues, but {len(values)} were supplied.")
    if where != "booleanRule" and any("relativeDate" in each for each in values):
        raise invalid("Relative dates are not supported in data validation.")
    for each in values:
        text = each.get("userEnteredValue", "")
        if not text and "relativeDate" not in each:
            raise invalid("ConditionValue.userEnteredValue is required.")
        if kind in ("CUSTOM_FORMULA", "ONE_OF_RANGE") and not text.startswith("="):
            raise invalid(f"Invalid ConditionValue.userEnteredValue: {text}")
        if kind.startswith("NUMBER") and not text.startswith("=") and not _number(text):
            raise invalid(f"Invalid ConditionValue.userEnteredValue: {text}")
    if kind == "ONE_OF_LIST" and len({each["userEnteredValue"] for each in values}) < len(values):
        raise invalid("ConditionValues of ONE_OF_LIST must be unique.")


def checked_format(form: Json) -> None:
    """Refuse what a conditional format cannot give a cell: it gives bold, italic, lines and colours only."""
    cell = {"backgroundColor", "backgroundColorStyle", "textFormat"}
    text = {"bold", "italic", "strikethrough", "underline", "foregroundColor", "foregroundColorStyle"}
    if strange := (form.keys() - cell) | (form.get("textFormat", {}).keys() - text):
        raise invalid(f"Conditional formatting does not support the format: {min(strange)}")


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
