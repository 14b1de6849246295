"""A few formulas: arithmetic, comparison, joining, references and a handful of functions; everything else is #NAME?."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from tests.sheets_emulator import cells, grid
from tests.sheets_emulator.problems import Json

if TYPE_CHECKING:
    from tests.sheets_emulator.book import Book

REFERENCE = r"(?:(?:'(?:[^']|'')+'|[\w.]+)!)?\$?[A-Za-z]{1,3}\$?[1-9]\d*(?::\$?[A-Za-z]{1,3}\$?[1-9]\d*)?(?![\w(])"
TOKEN = re.compile(
    rf"\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|(?P<text>\"(?:[^\"]|\"\")*\")|(?P<error>#[A-Z/0!?]+)"
    rf"|(?P<ref>{REFERENCE})|(?P<name>[A-Za-z_][\w.]*)|(?P<sign><>|<=|>=|[-+*/^&=<>(),;%{{}}]))"
)
MESSAGES = {
    "DIVIDE_BY_ZERO": "Function DIVIDE parameter 2 cannot be zero.",
    "NAME": "Unknown function or name.",
    "REF": "Reference does not exist.",
    "VALUE": "Function parameter expects number values.",
    "ERROR": "Formula parse error.",
    "N_A": "Value not available.",
    "NUM": "Result is not a number.",
}


class Fault(Exception):
    """A formula that ends in an error value."""

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Worth:
    """What the cells of a book are worth; each formula is worked out once."""

    def __init__(self, book: Book) -> None:
        self.book = book
        self.known: dict[tuple[int, int, int], Json | None] = {}

    def of(self, sheet_id: int, row: int, column: int) -> Json | None:
        """The effective value of a cell, None where it is blank."""
        entered = cells.value_of(self.book.sheet(sheet_id).cells.get((row, column)))
        if entered is None or "formulaValue" not in entered:
            return entered
        place = (sheet_id, row, column)
        if place not in self.known:
            self.known[place] = _error("REF")  # a formula that leads back to itself
            self.known[place] = self._result(entered["formulaValue"], sheet_id)
        return self.known[place]

    def _result(self, formula: str, sheet_id: int) -> Json:
        try:
            value = Reading(self, formula[1:], sheet_id).whole()
            if isinstance(value, list):
                value = value[0] if value else None
            value = 0 if value is None else value
        except Fault as fault:
            return _error(fault.kind)
        except OverflowError:
            return _error("NUM")
        if isinstance(value, bool):
            return {"boolValue": value}
        if isinstance(value, str):
            return {"stringValue": value}
        return {"numberValue": int(value) if value == int(value) and abs(value) < 1e15 else value}

    def values(self, text: str, sheet_id: int) -> Any:
        """What a reference is worth: one value, or a list of them for a range."""
        title, rest = grid.split(text)
        sheet = self.book.sheet(sheet_id) if title is None else self.book.titled(title)
        span = grid.span(rest)
        if sheet is None or span is None or span.top is None or span.left is None:
            raise Fault("REF")
        area = grid.Area(sheet.id, span.top, span.bottom or span.top + 1, span.left, span.right or span.left + 1)
        if area.bottom > sheet.rows or area.right > sheet.columns:
            raise Fault("REF")
        found = [
            self._plain(self.of(sheet.id, row, column))
            for row in range(area.top, area.bottom)
            for column in range(area.left, area.right)
        ]
        return found if ":" in rest else found[0]

    def _plain(self, effective: Json | None) -> Any:
        if effective is None:
            return None
        ((kind, value),) = effective.items()
        if kind == "errorValue":
            raise Fault(value["type"])
        return value


def _error(kind: str) -> Json:
    return {"errorValue": {"type": kind, "message": MESSAGES.get(kind, "")}}


def number(value: Any) -> float:
    """A value where a number is asked for."""
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return 0
    if isinstance(value, int | float):
        return value
    read, _ = cells.typed(value, None)
    if read and "numberValue" in read:
        return float(read["numberValue"])
    raise Fault("VALUE")


def text(value: Any) -> str:
    """A value where a text is asked for."""
    if isinstance(value, list):
        value = value[0] if value else None
    if value is None:
        return ""
    return cells.shown(cells.raw(value), None) if value != "" else ""


def _flat(arguments: list[Any]) -> Iterator[Any]:
    for each in arguments:
        if isinstance(each, list):
            yield from each
        else:
            yield each


def _numbers(arguments: list[Any]) -> list[float]:
    found = []
    for each in arguments:
        if isinstance(each, list):
            found += [value for value in each if isinstance(value, int | float) and not isinstance(value, bool)]
        elif each is not None:
            found.append(number(each))
    return found


def _average(arguments: list[Any]) -> float:
    found = _numbers(arguments)
    if not found:
        raise Fault("DIVIDE_BY_ZERO")
    return sum(found) / len(found)


def _missing(_: list[Any]) -> Any:
    raise Fault("N_A")


def _if(arguments: list[Any]) -> Any:
    chosen = 1 if arguments[0] else 2
    return arguments[chosen] if chosen < len(arguments) else False


def _countif(arguments: list[Any]) -> int:
    wanted = arguments[1]
    return sum(_same(each, wanted) for each in _flat(arguments[:1]))


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, str) and isinstance(other, str):
        return one.casefold() == other.casefold()
    if one is None or other is None:
        return (one or "") == (other or "") or (one or 0) == (other or 0)
    return type(one) is not str and type(other) is not str and bool(one == other)


FUNCTIONS: dict[str, Callable[[list[Any]], Any]] = {
    "SUM": lambda arguments: sum(_numbers(arguments)),
    "AVERAGE": _average,
    "MIN": lambda arguments: min(_numbers(arguments), default=0),
    "MAX": lambda arguments: max(_numbers(arguments), default=0),
    "COUNT": lambda arguments: len(_numbers([list(_flat(arguments))])),
    "COUNTA": lambda arguments: sum(each is not None for each in _flat(arguments)),
    "COUNTIF": _countif,
    "ROUND": lambda arguments: round(number(arguments[0]), int(number(arguments[1])) if len(arguments) > 1 else 0),
    "ABS": lambda arguments: abs(number(arguments[0])),
    "LEN": lambda arguments: len(text(arguments[0])),
    "CONCATENATE": lambda arguments: "".join(text(each) for each in _flat(arguments)),
    "TRIM": lambda arguments: " ".join(text(arguments[0]).split()),
    "AND": lambda arguments: all(_flat(arguments)),
    "OR": lambda arguments: any(_flat(arguments)),
    "NOT": lambda arguments: not arguments[0],
    "IF": _if,
    "TRUE": lambda _: True,
    "FALSE": lambda _: False,
    "NA": _missing,
}
COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": _same,
    "<>": lambda one, other: not _same(one, other),
    "<": lambda one, other: number(one) < number(other),
    ">": lambda one, other: number(one) > number(other),
    "<=": lambda one, other: number(one) <= number(other),
    ">=": lambda one, other: number(one) >= number(other),
}


class Reading:
    """A formula read from left to right and worked out at once."""

    def __init__(self, worth: Worth, formula: str, sheet_id: int) -> None:
        self.worth, self.sheet_id = worth, sheet_id
        self.tokens: list[tuple[str, str]] = []
        place = 0
        while formula[place:].strip():
            found = TOKEN.match(formula, place)
            if not found or not found.lastgroup:
                raise Fault("ERROR")
            self.tokens.append((found.lastgroup, found[found.lastgroup]))
            place = found.end()
        self.at = 0

    def whole(self) -> Any:
        """What the formula is worth."""
        value = self._comparison()
        if self.at < len(self.tokens):
            raise Fault("ERROR")
        return value

    def _next(self, *signs: str) -> str:
        if self.at < len(self.tokens):
            kind, written = self.tokens[self.at]
            if kind == "sign" and written in signs:
                self.at += 1
                return written
        return ""

    def _comparison(self) -> Any:
        value = self._joined()
        while sign := self._next("=", "<>", "<", ">", "<=", ">="):
            value = COMPARE[sign](value, self._joined())
        return value

    def _joined(self) -> Any:
        value = self._sum()
        while self._next("&"):
            value = text(value) + text(self._sum())
        return value

    def _sum(self) -> Any:
        value = self._product()
        while sign := self._next("+", "-"):
            other = number(self._product())
            value = number(value) + (other if sign == "+" else -other)
        return value

    def _product(self) -> Any:
        value = self._power()
        while sign := self._next("*", "/"):
            other = number(self._power())
            if sign == "/" and other == 0:
                raise Fault("DIVIDE_BY_ZERO")
            value = number(value) * other if sign == "*" else number(value) / other
        return value

    def _power(self) -> Any:
        value = self._signed()
        while self._next("^"):
            value = number(value) ** number(self._signed())
        return value

    def _signed(self) -> Any:
        if sign := self._next("-", "+"):
            value = number(self._signed())
            return -value if sign == "-" else value
        value = self._single()
        while self._next("%"):
            value = number(value) / 100
        return value

    def _single(self) -> Any:
        if self._next("("):
            value = self._comparison()
            if not self._next(")"):
                raise Fault("ERROR")
            return value
        if self.at >= len(self.tokens):
            raise Fault("ERROR")
        kind, written = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return float(written) if re.search(r"[.eE]", written) else int(written)
        if kind == "text":
            return written[1:-1].replace('""', '"')
        if kind == "error":
            raise Fault(cells.ERRORS.get(written, "ERROR"))
        if kind == "ref":
            return self.worth.values(written, self.sheet_id)
        if kind == "name":
            return self._called(written.upper())
        raise Fault("ERROR")

    def _called(self, name: str) -> Any:
        if not self._next("("):
            if name in ("TRUE", "FALSE"):
                return name == "TRUE"
            raise Fault("NAME")
        arguments = []
        while not self._next(")"):
            arguments.append(self._comparison())
            if not self._next(",", ";") and self.tokens[self.at : self.at + 1] != [("sign", ")")]:
                raise Fault("ERROR")
        if name not in FUNCTIONS:
            raise Fault("NAME")
        try:
            return FUNCTIONS[name](arguments)
        except IndexError:
            raise Fault("N_A") from None
