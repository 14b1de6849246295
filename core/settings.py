"""Where things are kept (contract §7), from the environment."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path

from core.errors import Refused

PROJECT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True, slots=True)
class Settings:
    """`home` holds store, snapshots, backups; `database_url` is the store's address; `demo` marks the demo round.

    `google_url` stands in for the addresses of Google where it is set: in tests, never in real use.
    """

    home: Path
    database_url: str
    demo: bool = False
    google_url: str = ""

    @property
    def snapshots(self) -> Path:
        """Folder of the bytes received, named by their SHA-256."""
        return self.home / "snapshots"

    def for_demo(self) -> Settings:
        """The demo's own folder and store beneath the home; never a database given by URL."""
        home = self.home / "demo"
        return replace(self, home=home, database_url=sqlite_url(home), demo=True)


def sqlite_url(home: Path) -> str:
    """The address of the store that lives in a home folder."""
    return f"sqlite:///{home / 'shifan.db'}"


def settings_from_environment() -> Settings:
    """`SHIFAN_HOME`, else `var/` in a checkout, else the user's data folder; `SHIFAN_DATABASE_URL` wins over the file.

    `SHIFAN_DEMO=1` (set by `shifan demo` for the server that it starts) chooses the demo's folder.
    """
    named = os.environ.get("SHIFAN_HOME", "").strip()
    if named:
        home = Path(named).expanduser().resolve()
    elif (PROJECT / "pyproject.toml").is_file():
        home = PROJECT / "var"
    else:
        import platformdirs  # only where there is no checkout

        home = Path(platformdirs.user_data_dir("shifan", appauthor=False))
    url = os.environ.get("SHIFAN_DATABASE_URL", "").strip() or sqlite_url(home)
    settings = Settings(home, url, google_url=google_url_from_environment())
    return settings.for_demo() if os.environ.get("SHIFAN_DEMO") == "1" else settings


def google_url_from_environment() -> str:
    """`SHIFAN_GOOGLE_URL` without a slash at its end, `""` where it is not set. Refuses what is no address."""
    url = os.environ.get("SHIFAN_GOOGLE_URL", "").strip().rstrip("/")
    if url and not url.startswith(("http://", "https://")):
        raise Refused(
            f"环境变量 SHIFAN_GOOGLE_URL 的值“{url}”不是网址，请以 http:// 或 https:// 开头；正式使用不要设。"
        )
    return url


def program_version() -> str:
    """The version of the installed program."""
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("shifan")
    except PackageNotFoundError:  # run from a folder that was never installed
        return "0"
