"""A file such as WPS and Excel write with a password: an OLE container that holds an encrypted package.

What is in the package is noise: the demo only shows how such a file is met. Layout after [MS-CFB], version 3.
"""

from __future__ import annotations

import struct
from random import Random

_SECTOR = 512
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_NONE = 0xFFFFFFFF
_ROOT, _STREAM = 5, 2
_MINI_CUTOFF = 4096  # streams from this size on lie in plain sectors
_FAT_ENTRIES = _SECTOR // 4


def encrypted_package(seed: int, size: int = 40_960) -> bytes:
    """The bytes of such a file; `size` of the package in bytes, a multiple of 512 from 4096 on."""
    package = size.to_bytes(8, "little") + Random(seed).randbytes(size - 8)
    info = struct.pack("<HHI", 4, 4, 0x40) + b"<encryption/>".ljust(_MINI_CUTOFF - 8, b" ")
    # sector 0: the allocation table, 1: the directory, then the two streams one after the other
    first_info = 2
    first_package = first_info + len(info) // _SECTOR
    last = first_package + len(package) // _SECTOR
    table = [_FAT, _END, *_chain(first_info, first_package), *_chain(first_package, last)]
    table += [_FREE] * (_FAT_ENTRIES - len(table))
    entries = (
        # siblings: EncryptionInfo is the root of the tree, EncryptedPackage hangs on its right
        _entry("Root Entry", _ROOT, child=1, start=_END, size=0)
        + _entry("EncryptionInfo", _STREAM, right=2, start=first_info, size=len(info))
        + _entry("EncryptedPackage", _STREAM, start=first_package, size=len(package))
        + _entry("", 0, start=0, size=0)
    )
    return _header() + struct.pack(f"<{_FAT_ENTRIES}I", *table) + entries + info + package


def _header() -> bytes:
    signature = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    versions = struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    places = struct.pack("<IIIIIIIII", 0, 1, 1, 0, _MINI_CUTOFF, _END, 0, _END, 0)
    difat = struct.pack("<109I", 0, *[_FREE] * 108)
    return signature + versions + places + difat


def _chain(first: int, after: int) -> list[int]:
    """Allocation of the sectors from `first` up to `after`: each names the next, the last says end."""
    return [*range(first + 1, after), _END]


def _entry(name: str, kind: int, *, start: int, size: int, right: int = _NONE, child: int = _NONE) -> bytes:
    text = (name + "\0").encode("utf-16-le") if name else b""
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(text), kind, 1, _NONE, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
