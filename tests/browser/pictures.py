"""How a picture of the manual is taken: the window as it is, in few colours, light enough for a page of text."""

from __future__ import annotations

import io
import os
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page, ViewportSize

WIDTH, HEIGHT = 1440, 900
SIZE: ViewportSize = {"width": WIDTH, "height": HEIGHT}
HEAVIEST = 250 * 1024
COLOURS = 256


def keep_picture(shown: Page, name: str, otherwise: Path) -> None:
    """Takes a picture of what a window shows into the folder that `SHIFAN_PICTURES` names, else into another."""
    target = Path(os.environ.get("SHIFAN_PICTURES") or otherwise)
    target.mkdir(parents=True, exist_ok=True)
    with Image.open(io.BytesIO(shown.screenshot())) as taken:
        assert taken.size == (WIDTH, HEIGHT)
        small = taken.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(target / f"{name}.png", optimize=True)
    assert (target / f"{name}.png").stat().st_size < HEAVIEST
