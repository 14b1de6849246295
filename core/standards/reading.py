"""Reads tables of a data file key by key and refuses what it does not know, by file, key and reason."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, NoReturn, TypeVar

from core.errors import StandardRefused

CLAUSES_FILE: Final = "clauses.toml"

One = TypeVar("One")

_NAMES = {str: "文字", bool: "true 或 false", list: "列表", dict: "表", date: "日期", int: "数", Decimal: "数"}


class Table:
    """One TOML table; every key must be asked for exactly once before `done()`."""

    def __init__(self, content: dict[str, Any], file: str, path: str = "") -> None:
        self.file, self.path = file, path
        self._content, self._left = content, dict.fromkeys(content)

    def refuse(self, key: str, reason: str) -> NoReturn:
        """Stops reading: the sentence names file, key and reason."""
        raise StandardRefused(f"标准文件 {self.file} 的 {self._at(key)}：{reason}。")

    def has(self, key: str) -> bool:
        """Whether the key is there."""
        return key in self._content

    def text(self, key: str, default: str | None = None, *, blank: bool = False) -> str:
        """A text; empty only where `blank` allows it. The default where the key is left out."""
        if default is not None and key not in self._content:
            return default
        found: str = self._take(key, str)
        if not found.strip() and not blank:
            self.refuse(key, "不能是空的")
        return found

    def one_of(self, key: str, options: tuple[str, ...], default: str | None = None) -> str:
        """A text out of a list."""
        found = self.text(key, default)
        if found not in options:
            self.refuse(key, f"“{found}”不在可用的值里（{'、'.join(options)}）")
        return found

    def some_of(self, key: str, options: tuple[str, ...]) -> tuple[str, ...]:
        """At least one text, each out of a list."""
        found = self.texts(key)
        for one in found:
            if one not in options:
                self.refuse(key, f"“{one}”不在可用的值里（{'、'.join(options)}）")
        if not found:
            self.refuse(key, "至少要写一个")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts without repeats; may be empty."""
        found = self._take(key, list)
        if not all(isinstance(one, str) and one.strip() for one in found):
            self.refuse(key, "应当是文字的列表")
        if len(set(found)) != len(found):
            self.refuse(key, "列表里有重复")
        return tuple(found)

    def flag(self, key: str, *, default: bool) -> bool:
        """true or false."""
        return bool(self._take(key, bool)) if key in self._content else default

    def day(self, key: str) -> date:
        """A date without a time."""
        found = self._take(key, date)
        if isinstance(found, datetime):
            self.refuse(key, "应当只写日期，不带时间")
        return date(found.year, found.month, found.day)

    def number(self, key: str, default: Decimal | None = None) -> Decimal:
        """A number that is not negative, exact."""
        if default is not None and key not in self._content:
            return default
        found = self._take(key, Decimal)
        value = Decimal(found)
        if not value.is_finite() or value < 0:
            self.refuse(key, "应当是不小于零的数")
        return value

    def whole(self, key: str) -> int:
        """A whole number that is not negative."""
        value = self.number(key)
        if value != value.to_integral_value():
            self.refuse(key, "应当是整数")
        return int(value)

    def table(self, key: str) -> Table:
        """A table below this one."""
        return Table(self._take(key, dict), self.file, self._at(key))

    def tables(self, key: str, *, at_least: int = 1) -> Iterator[Table]:
        """A list of tables below this one."""
        found = self._take(key, list)
        if len(found) < at_least:
            self.refuse(key, "一行也没有")
        for position, one in enumerate(found, start=1):
            where = f"{self._at(key)}[{position}]"
            if not isinstance(one, dict):
                raise StandardRefused(f"标准文件 {self.file} 的 {where}：应当是表。")
            yield Table(one, self.file, where)

    def keyed(self, key: str, read: Callable[[Table], One]) -> dict[str, One]:
        """A list of tables below this one, read one by one, by their `code`; no code comes twice."""
        found: dict[str, One] = {}
        for table in self.tables(key):
            code = table.text("code")
            if code in found:
                table.refuse("code", f"“{code}”重复")
            found[code] = read(table)
            table.done()
        return found

    def clause(self, numbers: Collection[str]) -> str:
        """The number of a clause that is there."""
        number = self.text("clause")
        if number not in numbers:
            self.refuse("clause", f"{CLAUSES_FILE} 里没有“{number}”这一条")
        return number

    def lists(self) -> dict[str, tuple[str, ...]]:
        """The whole table as lists of texts by name."""
        return {key: self.texts(key) for key in list(self._content)}

    def done(self) -> None:
        """Refuses what nobody asked for."""
        for key in self._left:
            self.refuse(key, "不认识这一项，请核对拼写")

    def _take(self, key: str, kind: type[Any]) -> Any:
        if key not in self._content:
            self.refuse(key, "缺少这一项")
        self._left.pop(key, None)
        found = self._content[key]
        right = (
            isinstance(found, (int, Decimal)) and not isinstance(found, bool)
            if kind is Decimal
            else isinstance(found, kind)
        )
        if not right:
            self.refuse(key, f"应当是{_NAMES[kind]}")
        return found

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key
