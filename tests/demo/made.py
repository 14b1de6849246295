"""What the tests of this folder know of the demo that was made for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from core.bootstrap import App

TODAY = date(2026, 9, 14)


@dataclass(frozen=True)
class Demo:
    """What `shifan demo` made beneath `base`, and what it told."""

    base: Path
    lines: tuple[str, ...]
    app: App
    round: int

    @property
    def home(self) -> Path:
        """The demo's own home."""
        return self.base / "demo"

    @property
    def folder(self) -> Path:
        """The shared folder of the round under way."""
        return self.home / "共享文件夹"
