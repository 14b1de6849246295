"""Colours stand twice in what Google tells: as xColor and, with the same rgbColor, as xColorStyle."""

from __future__ import annotations

from typing import Any

from tests.sheets_emulator.masks import Mask

NAMES = ("backgroundColor", "foregroundColor", "color", "tabColor")


def both(value: Any) -> Any:
    """The same with each colour under both names; the style counts where both are given."""
    if isinstance(value, list):
        return [both(each) for each in value]
    if not isinstance(value, dict):
        return value
    result = {name: both(each) for name, each in value.items()}
    for name in NAMES:
        style = result.get(name + "Style")
        if style is not None:
            if "rgbColor" in style:
                result[name] = style["rgbColor"]
        elif name in result:
            result[name + "Style"] = {"rgbColor": result[name]}
    return result


def mask(given: Mask) -> Mask:
    """A mask that sets a colour sets it under both names."""
    parts = {name: mask(below) for name, below in given.parts.items()}
    for name in NAMES:
        if name in parts or name + "Style" in parts:
            parts |= {name: Mask(), name + "Style": Mask()}
    return Mask(parts)
