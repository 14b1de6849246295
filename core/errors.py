"""What stops a piece of work. Each carries a Chinese sentence that a person can act on.

Findings about data are returned, not raised; these are for what cannot go on at all.
"""

from __future__ import annotations


class Refused(Exception):
    """A thing could not be done. `str(error)` is the sentence shown, in the app and on the command line."""


class FileRefused(Refused):
    """A file cannot be used: names the file and what is wrong with it. `code` is stable, for tests and icons."""

    def __init__(self, name: str, code: str, sentence: str) -> None:
        super().__init__(f"{name}：{sentence}")
        self.name, self.code, self.sentence = name, code, sentence


class StandardRefused(Refused):
    """An edition's data file is wrong: names file, key and reason."""


class NotAllowed(Refused):
    """The account may not do this."""


class Stale(Refused):
    """Somebody else changed the thing first: says who, when and what to do."""
