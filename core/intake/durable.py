"""What survives a power cut: a renamed file is only sure to be there once its folder's entry is on the disk."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path


def settle(folder: Path) -> None:
    """Brings a folder's own entry onto the disk, where the system can (not on Windows, nor on some shares)."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
