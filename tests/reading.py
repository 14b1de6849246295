"""Children that read workbooks, kept for the next test.

Half of the tests read a book or two, and a child takes longer to start than to read: it reads book after book in the
program too. Where it falls, as where it belongs to a test of the child itself, it is started anew.
"""

from __future__ import annotations

import subprocess
from collections import defaultdict
from typing import ClassVar

from core.intake.workbooks import Limits, Reader


class KeptReader(Reader):
    """A reader that leaves its child to the next one with the same limits."""

    idle: ClassVar[defaultdict[Limits, list[subprocess.Popen[bytes]]]] = defaultdict(list)

    def _start(self) -> subprocess.Popen[bytes]:
        if not self.idle[self._limits]:
            return super()._start()
        self._child = self.idle[self._limits].pop()
        return self._child

    def close(self) -> None:
        """The child waits for another reader."""
        if self._child is not None:
            self.idle[self._limits].append(self._child)
            self._child = None

    @classmethod
    def end_all(cls) -> None:
        """No child waits any more."""
        for limits, children in cls.idle.items():
            for child in children:
                last = Reader(limits)
                last._child = child
                last.end()
        cls.idle.clear()
