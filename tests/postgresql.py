"""A throw-away PostgreSQL server for one test run: its own cluster, one Unix socket, no network."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from psycopg import Connection

BINARIES = "/usr/lib/postgresql/*/bin"
MISSING = (
    "the tests marked postgresql need PostgreSQL's server programs and found none: "
    "run `apt-get install postgresql` (Debian), or put initdb and pg_ctl on PATH"
)
# Nothing here outlives the run, so nothing has to survive a power cut. Databases live for a second: with hundreds of
# them the server would start somebody to tidy one up ten times a second.
_SETTINGS = (
    "-c fsync=off -c full_page_writes=off -c synchronous_commit=off -c listen_addresses='' -c max_connections=40 "
    "-c autovacuum=off -c wal_level=minimal -c max_wal_senders=0"
)
_STRATEGIES = 150000  # the version from which a server may be told how to copy

# in memory where there is room: every test has a database of its own, and each is three hundred files
_MEMORY, _ROOM = Path("/dev/shm"), 8 << 30


def memory() -> Path | None:
    """A folder whose files are never written to a disk, if there is one with room."""
    return _MEMORY if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM else None


class Missing(Exception):
    """There is no PostgreSQL on this machine; the text says how to get it."""


class Cluster:
    """A running server. `database` makes databases, `stop` ends it and removes every file."""

    def __init__(self) -> None:
        self._programs = _programs()
        self._folder = Path(tempfile.mkdtemp(prefix="pg-", dir=memory()))
        self._as_postgres: list[str] = []
        if os.geteuid() == 0:  # the server refuses to run as root
            self._as_postgres = ["runuser", "-u", "postgres", "--"]
            shutil.chown(self._folder, "postgres")
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        options = f"{_SETTINGS} -c unix_socket_directories='{self._folder}'"
        log = self._folder / "log"
        self._run("pg_ctl", "-D", str(self._data), "-w", "-o", options, "-l", str(log), "start")
        self._number = 0

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def url(self, database: str) -> str:
        """The address of a database, as SHIFAN_DATABASE_URL takes it."""
        return f"postgresql://postgres@/{database}?host={self._folder}"

    def database(self, template: str = "template0") -> str:
        """Makes a database out of another and gives its name."""
        self._number += 1
        name = f"test_{self._number}"
        # whole files: half of what writing each page to the log costs, which is what servers do unasked
        how = " STRATEGY file_copy" if self._maker.info.server_version >= _STRATEGIES else ""
        self._maker.execute(f'CREATE DATABASE {name} TEMPLATE "{template}"{how}')  # type: ignore[call-overload]
        return name

    @cached_property
    def _maker(self) -> Connection:
        """One connection for all that is made."""
        import psycopg

        return psycopg.connect(self.url("postgres"), autocommit=True)

    def stop(self) -> None:
        """Ends the server at once."""
        try:
            self._maker.close()
            self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")
        finally:
            # a few hundred databases are a few hundred thousand files: this takes a fifth of what shutil.rmtree does
            subprocess.run(["rm", "-rf", str(self._folder)], check=True)

    def _run(self, program: str, *arguments: str) -> None:
        command = [*self._as_postgres, str(self._programs / program), *arguments]
        # the server keeps what it inherits: a pipe here would never end
        with (self._folder / f"{program}.out").open("ab") as out:
            done = subprocess.run(command, stdout=out, stderr=out, cwd=self._folder, check=False)
        if done.returncode:
            raise RuntimeError(f"{program} failed:\n{(self._folder / f'{program}.out').read_text()}")


def _programs() -> Path:
    found = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if (path / "initdb").is_file()]
    if found:
        return max(found, key=lambda path: int(path.parent.name))
    named = shutil.which("initdb")
    if named is None:
        raise Missing(MISSING)
    return Path(named).resolve().parent
