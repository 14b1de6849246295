"""Words that go out of the house carry no score and no rank (第八条): finds what looks like one."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import Final

from core.standards.reading import Table

FILE: Final = Path(__file__).with_name("unranked.toml")


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    """Those of the file beside this one, read once."""
    top = Table(tomllib.loads(FILE.read_text("utf-8")), FILE.name)
    top.day("checked_on")
    made = tuple(re.compile(one) for one in top.texts("patterns"))
    top.done()
    return made


def ranked(text: str) -> str:
    """The first piece of a text that looks like a score or a rank, as `85.5分`; "" where there is none."""
    folded = unicodedata.normalize("NFKC", text)
    return next((found.group() for one in _patterns() if (found := one.search(folded))), "")
