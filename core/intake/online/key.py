"""The service account's key: looked at before it is taken, kept in a file of its own that no backup holds."""

from __future__ import annotations

import contextlib
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from core.errors import Refused, system_reason
from core.intake.durable import settle
from core.intake.online.faults import OnlineFault, say
from core.settings import google_url_from_environment

TOKEN_URI: Final = "https://oauth2.googleapis.com/token"
_KIND: Final = "service_account"
_FIELDS: Final = ("project_id", "private_key_id", "private_key", "client_email", "token_uri")
_HEAD, _FOOT = "-----BEGIN PRIVATE KEY-----", "-----END PRIVATE KEY-----"


@dataclass(frozen=True, slots=True)
class ServiceKey:
    """A key that can be used. What is secret does not stand in its repr."""

    client_email: str
    project_id: str
    private_key_id: str = field(repr=False)
    private_key: str = field(repr=False)
    token_uri: str = field(default=TOKEN_URI, repr=False)

    def document(self) -> dict[str, str]:
        """The key as Google writes it, secret included: for its file and for google-auth, for nothing else."""
        return {"type": _KIND} | {name: str(getattr(self, name)) for name in _FIELDS}


def parse_key(text: str) -> ServiceKey:
    """Looks at what was pasted or uploaded. Raises Refused with the reason where it is no key that can be used."""
    document = _document(text.strip().lstrip("\ufeff").strip())
    if "installed" in document or "web" in document:
        raise _wrong("oauth_client")
    kind = document.get("type")
    if kind == "authorized_user":
        raise _wrong("authorized_user")
    if kind not in (None, _KIND):
        raise _wrong("other_kind")
    missing = [name for name in ("type", *_FIELDS) if not isinstance(document.get(name), str) or not document[name]]
    if missing:
        raise _wrong("lacks", names="、".join(missing))
    key = ServiceKey(**{name: document[name].strip() for name in _FIELDS})
    if "@" not in key.client_email:
        raise _wrong("bad_email", email=key.client_email)
    if key.token_uri != TOKEN_URI and not google_url_from_environment():
        raise _wrong("elsewhere", address=key.token_uri)
    if document.get("universe_domain", "googleapis.com") != "googleapis.com":
        raise _wrong("elsewhere", address=document["universe_domain"])
    _look_at_private_key(key.private_key)
    return key


def key_file(home: Path) -> Path:
    """Where the key of a home is kept."""
    return home / "secrets" / "google.json"


def named_key() -> Path | None:
    """The file that `SHIFAN_GOOGLE_KEY` names: it wins, and nobody replaces it from within. Never for the demo."""
    named = os.environ.get("SHIFAN_GOOGLE_KEY", "").strip()
    return Path(named).expanduser() if named and os.environ.get("SHIFAN_DEMO") != "1" else None


def keep_key(home: Path, text: str) -> ServiceKey:
    """Looks at a key and keeps it, in the place of one that is there. Raises Refused where it cannot."""
    if named_key():
        raise _wrong("named")
    key, target = parse_key(text), key_file(home)
    try:
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        target.parent.chmod(0o700)
        handle, name = tempfile.mkstemp(prefix=".google-", dir=target.parent)  # 0600 from its first byte
        temporary = Path(name)
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as opened:
                json.dump(key.document(), opened, indent=1)
                opened.flush()
                os.fsync(opened.fileno())
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _wrong("unwritable", reason=system_reason(error)) from error
    settle(target.parent)
    return key


def held_key(home: Path) -> ServiceKey | None:
    """The key that is in use, None where there is none. OnlineFault `key_damaged` where it cannot be used."""
    named = named_key()
    file = named or key_file(home)
    try:
        text = file.read_text("utf-8")
    except FileNotFoundError as error:
        if named is None:
            return None
        reason = system_reason(error)
    except (OSError, UnicodeDecodeError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else "不是文本"
    else:
        with contextlib.suppress(Refused):
            return parse_key(text)
        reason = "内容不完整或已被改动"
    if named:
        raise Refused(say("key", "named_missing", file=named, reason=reason))
    raise OnlineFault("key_damaged", reason=reason)


def forget_key(home: Path) -> None:
    """Deletes the key that is kept; nothing happens where there is none. Raises Refused where it cannot."""
    if named_key():
        raise _wrong("named")
    target = key_file(home)
    try:
        target.unlink(missing_ok=True)
    except OSError as error:
        raise _wrong("not_forgotten", reason=system_reason(error)) from error
    settle(target.parent)


def _document(text: str) -> Mapping[str, Any]:
    if not text:
        raise _wrong("empty")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        code = _why_not_json(text)
    else:
        if isinstance(document, dict):
            return document
        code = "not_json"
    raise _wrong(code)


def _why_not_json(text: str) -> str:
    """What happened to the text on its way, as far as it can be told."""
    if text.startswith("-----BEGIN"):
        return "only_private_key"
    if text.startswith("AIza") and len(text.split()) == 1:
        return "api_key"
    if any(mark in text for mark in "“”„＂") and '"private_key"' not in text:
        return "quotes"
    with contextlib.suppress(ValueError, RecursionError):
        if isinstance(json.loads(text, strict=False), dict):
            return "line_breaks"  # real ones within a text, where \n was
    named = any(f'"{name}"' in text for name in _FIELDS)
    return "not_whole" if named else "not_json"


def _look_at_private_key(text: str) -> None:
    if "\\n" in text or (text.startswith(_HEAD) and "\n" not in text):
        raise _wrong("line_breaks")
    if not text.startswith(_HEAD) or not text.endswith(_FOOT):
        raise _wrong("bad_private_key")
    if not _usable(text):
        raise _wrong("bad_private_key")


@lru_cache(maxsize=1)  # its primes are looked at, which takes longer than a request, and a sync asks for the key often
def _usable(text: str) -> bool:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    with contextlib.suppress(Exception):  # whatever it says of the key, it is not said on
        return isinstance(load_pem_private_key(text.encode(), password=None), RSAPrivateKey)
    return False


def _wrong(code: str, **values: object) -> Refused:
    return Refused(say("key", code, **values))
