"""Fields masks: what of an answer is asked for, what of a thing an update sets."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from tests.sheets_emulator.problems import Json, invalid


class Mask:
    """A tree of names; a mask without names is everything below its place."""

    def __init__(self, parts: dict[str, Mask] | None = None) -> None:
        self.parts: dict[str, Mask] = parts or {}

    @property
    def whole(self) -> bool:
        """Whether it asks for everything."""
        return not self.parts

    def asks(self, name: str) -> bool:
        """Whether it asks for this name or for something below it."""
        return self.whole or name in self.parts

    def below(self, name: str) -> Mask:
        """The mask of what stands under a name it asks for."""
        return self.parts.get(name, Mask()) if self.parts else self

    def _add(self, path: list[str], below: Mask) -> None:
        here = self
        for name in path[:-1]:
            here = here.parts.setdefault(name, Mask())
        known = here.parts.get(path[-1])
        if known is None:
            here.parts[path[-1]] = below
        elif known.parts and below.parts:
            for name, mask in below.parts.items():
                known._add([name], mask)
        else:
            here.parts[path[-1]] = Mask()


@lru_cache(maxsize=256)
def parse(text: str) -> Mask:
    """`a,b(c,d.e),f/g` as a mask, which nobody changes any more; empty and `*` ask for everything."""
    mask, rest = _parse(text.replace(" ", ""))
    if rest:
        raise invalid(f"Request contains an invalid argument. Invalid field mask: {text}")
    return mask


def _parse(text: str) -> tuple[Mask, str]:
    mask, everything = Mask(), False
    while text and text[0] != ")":
        length = next((i for i, sign in enumerate(text) if sign in ",()"), len(text))
        name, text = text[:length].replace("/", ".").strip("."), text[length:]
        below = Mask()
        if text.startswith("("):
            below, text = _parse(text[1:])
            if not text.startswith(")"):
                raise invalid("Request contains an invalid argument. Invalid field mask: unbalanced parentheses")
            text = text[1:]
        path = [part for part in name.split(".") if part]
        if path and path[-1] == "*":
            path = path[:-1]
        if path:
            mask._add(path, below)
        else:
            everything = True
        text = text.removeprefix(",")
    return (Mask() if everything else mask), text


def pick(mask: Mask, value: Any) -> Any:
    """What the mask asks for of an answer."""
    if not mask.parts:
        return value
    if isinstance(value, list):
        return [pick(mask, each) for each in value]
    if not isinstance(value, dict):
        return value
    parts = mask.parts
    return {name: pick(parts[name], value[name]) for name in value if name in parts}


def merge(mask: Mask, old: Json, new: Json) -> Json:
    """`old` with everything that the mask names taken from `new`; what is named and not there is cleared."""
    if mask.whole:
        return dict(new)
    result = dict(old)
    for name, below in mask.parts.items():
        value: Any = new.get(name)
        if not below.whole:
            before, after = old.get(name), new.get(name)
            value = merge(below, before if isinstance(before, dict) else {}, after if isinstance(after, dict) else {})
        if value is None or (value == {} and not below.whole):
            result.pop(name, None)
        else:
            result[name] = value
    return result
