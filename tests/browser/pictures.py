"""Pictures of the manual: what a window shows, as a small file."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

HEAVIEST = 250 * 1024
COLOURS = 256
RENAME = """(names) => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode())
    for (const [from, to] of names) walker.currentNode.data = walker.currentNode.data.replaceAll(from, to);
}"""


def keep_picture(shown: Page, name: str, elsewhere: Path, size: tuple[int, int], names: Mapping[str, str]) -> None:
    """Takes a picture into the folder that `SHIFAN_PICTURES` names, else into another; `names` are replaced first."""
    target = Path(os.environ.get("SHIFAN_PICTURES") or elsewhere)
    target.mkdir(parents=True, exist_ok=True)
    shown.evaluate(RENAME, list(names.items()))
    with Image.open(io.BytesIO(shown.screenshot())) as taken:
        assert taken.size == size
        small = taken.convert("RGB").quantize(COLOURS, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
    small.save(target / f"{name}.png", optimize=True)
    assert (target / f"{name}.png").stat().st_size < HEAVIEST
