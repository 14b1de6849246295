"""The `q` of files.list."""

from __future__ import annotations

import re
from collections.abc import Callable

from tests.sheets_emulator.problems import drive
from tests.sheets_emulator.state import File, State, iso

Meant = Callable[[State, File], bool]
TOKEN = re.compile(r"""\s*(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)"|(<=|>=|!=|[=<>(){}])|([A-Za-z]+))""")
OPERATORS = ("=", "!=", "contains", "<", "<=", ">", ">=")


def compiled(text: str) -> Meant:
    """A search as a question to each file; an empty one finds all."""
    if not text.strip():
        return _anything
    tokens, place = [], 0
    while text[place:].strip():
        found = TOKEN.match(text, place)
        if not found:
            raise _invalid()
        quoted, doubled, sign, word = found.groups()
        quoted = doubled if quoted is None else quoted
        tokens.append(("text", re.sub(r"\\(.)", r"\1", quoted)) if quoted is not None else ("word", sign or word))
        place = found.end()
    search = _Search(tokens)
    meant = search.either()
    if search.tokens:
        raise _invalid()
    return meant


def _anything(_: State, __: File) -> bool:
    return True


def _nothing(_: State, __: File) -> bool:
    return False


def _invalid() -> Exception:
    return drive(400, "invalid", "Invalid Value")


class _Search:
    """Tokens read from left to right."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.tokens = tokens

    def take(self, *words: str) -> str:
        """The next word, if it is one of these."""
        if self.tokens and self.tokens[0][0] == "word" and self.tokens[0][1] in words:
            return self.tokens.pop(0)[1]
        return ""

    def need(self, *words: str) -> str:
        """The next word, which has to be one of these."""
        word = self.take(*words)
        if not word:
            raise _invalid()
        return word

    def text(self) -> str:
        """A quoted text."""
        if not self.tokens or self.tokens[0][0] != "text":
            raise _invalid()
        return self.tokens.pop(0)[1]

    def either(self) -> Meant:
        """Terms with `or` between them."""
        parts = [self.both()]
        while self.take("or"):
            parts.append(self.both())
        return lambda state, file: any(part(state, file) for part in parts)

    def both(self) -> Meant:
        """Terms with `and` between them."""
        parts = [self.term()]
        while self.take("and"):
            parts.append(self.term())
        return lambda state, file: all(part(state, file) for part in parts)

    def term(self) -> Meant:
        """One term."""
        if self.take("not"):
            inner = self.term()
            return lambda state, file: not inner(state, file)
        if self.take("("):
            whole = self.either()
            self.need(")")
            return whole
        if self.tokens and self.tokens[0][0] == "text":
            return self._inside(self.text())
        name = self.need(
            "name",
            "fullText",
            "mimeType",
            "trashed",
            "starred",
            "appProperties",
            "properties",
            "modifiedTime",
            "sharedWithMe",
            "parents",
        )
        if name == "parents":
            self.need("in")
            parent = self.text()
            return lambda _, file: parent in file.parents
        if name in ("appProperties", "properties"):
            return self._has(name)
        if name == "sharedWithMe":
            return _nothing
        operator = self.need(*OPERATORS)
        if name in ("trashed", "starred"):
            wanted = (self.need("true", "false") == "true") == (operator == "=")
            return lambda _, file: (file.trashed if name == "trashed" else False) == wanted
        return _compared(name, operator, self.text())

    def _inside(self, text: str) -> Meant:
        self.need("in")
        where = self.need("parents", "owners", "writers", "readers")
        if where == "parents":
            return lambda _, file: text in file.parents
        role = {"owners": "owner", "writers": "writer", "readers": "reader"}[where]
        return lambda state, file: state.may(file, text, role)

    def _has(self, name: str) -> Meant:
        self.need("has")
        self.need("{")
        found = {}
        while not self.take("}"):
            key = self.need("key", "value")
            self.need("=")
            found[key] = self.text()
            self.take("and")
        if set(found) != {"key", "value"}:
            raise _invalid()

        def meant(_: State, file: File) -> bool:
            kept = file.app_properties if name == "appProperties" else file.properties
            return kept.get(found["key"]) == found["value"]

        return meant


def _compared(name: str, operator: str, wanted: str) -> Meant:
    def meant(state: State, file: File) -> bool:
        have = {
            "name": file.name,
            "fullText": file.name,
            "mimeType": file.mime,
            "modifiedTime": iso(state.shown(file)[0]),
        }[name]
        if operator == "contains":
            return wanted.casefold() in have.casefold()
        if operator in ("=", "!="):
            return (have == wanted) == (operator == "=")
        if name != "modifiedTime":
            raise _invalid()
        return {"<": have < wanted, "<=": have <= wanted, ">": have > wanted, ">=": have >= wanted}[operator]

    return meant
