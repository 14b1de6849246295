"""The declarations' files, read key by key; a wrong one is refused by file, key and reason."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from pathlib import Path
from typing import Any


class SchemaRefused(Exception):
    """A declaration cannot be used: names the file, the key and the reason."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file, self.key, self.reason = file, key, reason


def toml_file(path: Path) -> dict[str, Any]:
    """What a file declares. Raises SchemaRefused where it is missing or not TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SchemaRefused(path.name, "", "file is missing") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaRefused(path.name, "", f"not TOML: {error}") from None


_UNSET: Any = object()


class Table:
    """A TOML table that is read key by key; what nobody asked for is refused at the end."""

    def __init__(self, file: str, place: str, values: dict[str, Any]) -> None:
        self.file, self.place, self.values = file, place, dict(values)

    def refuse(self, key: str, reason: str) -> SchemaRefused:
        """The error that says what is wrong with a key."""
        return SchemaRefused(self.file, f"{self.place}.{key}" if self.place else key, reason)

    def take(self, key: str, kind: type, default: Any = _UNSET) -> Any:
        """The value of a key, of exactly this type; without a default it must be there."""
        value = self.values.pop(key, default)
        if value is _UNSET:
            raise self.refuse(key, "is missing")
        if value is not default and type(value) is not kind:
            raise self.refuse(key, f"must be {kind.__name__}, is {value!r}")
        return value

    def texts(self, key: str, default: Any = _UNSET) -> tuple[str, ...]:
        """A list of texts."""
        value = self.take(key, list, default)
        if any(type(item) is not str for item in value):
            raise self.refuse(key, f"must be texts, is {value!r}")
        return tuple(value)

    def one_of(self, key: str, allowed: Iterable[str], default: Any = _UNSET) -> Any:
        """A text out of a few."""
        value = self.take(key, str, default)
        if value is not default and value not in allowed:
            raise self.refuse(key, f"must be one of {', '.join(allowed)}, is {value!r}")
        return value

    def done(self) -> None:
        """Refuses the keys that nobody asked for."""
        for key in self.values:
            raise self.refuse(key, "is not known here")
