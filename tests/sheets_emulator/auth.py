"""The token endpoint: service accounts whose assertion is signed and in time get a token that runs out."""

from __future__ import annotations

import base64
import json
import secrets
import time
from functools import cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from tests.sheets_emulator import problems
from tests.sheets_emulator.problems import Json, Problem
from tests.sheets_emulator.state import Clock

TOKEN_URI = "https://oauth2.googleapis.com/token"
GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
SCOPES = {
    "sheets": {
        "https://www.googleapis.com/auth/spreadsheets",
        "https://www.googleapis.com/auth/drive",
        "https://www.googleapis.com/auth/drive.file",
        "https://spreadsheets.google.com/feeds",
    },
    "drive": {"https://www.googleapis.com/auth/drive", "https://www.googleapis.com/auth/drive.file"},
}
PROJECT = "shifan-emulated"


@cache
def _made(_: str) -> rsa.RSAPrivateKey:
    """A key for a name, made once in a process: making one takes a while."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


class Account:
    """A service account: its address and its key."""

    def __init__(self, name: str) -> None:
        self.email = f"{name}@{PROJECT}.iam.gserviceaccount.com"
        self.key_id = secrets.token_hex(20)
        self.private = _made(name)

    def key_json(self, token_uri: str = TOKEN_URI) -> Json:
        """The key file as Google hands it out."""
        pem = self.private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return {
            "type": "service_account",
            "project_id": PROJECT,
            "private_key_id": self.key_id,
            "private_key": pem.decode(),
            "client_email": self.email,
            "client_id": "100000000000000000001",
            "auth_uri": "https://accounts.google.com/o/oauth2/auth",
            "token_uri": token_uri,
            "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
            "client_x509_cert_url": f"https://www.googleapis.com/robot/v1/metadata/x509/{self.email}",
            "universe_domain": "googleapis.com",
        }


class Tokens:
    """Accounts that are known, tokens that have been given out."""

    def __init__(self, clock: Clock) -> None:
        self.clock = clock
        self.lifetime = 3600.0  # seconds by the emulator's clock
        self.skew = 0.0  # seconds by which Google's clock is ahead of this machine's
        self.accounts: dict[str, Account] = {}
        self.disabled: set[str] = set()
        self.audiences = {TOKEN_URI}
        self._given: dict[str, tuple[str, float, frozenset[str]]] = {}

    def give(self, email: str, scopes: frozenset[str] | None = None, token: str = "") -> str:
        """A token for someone, without further ado."""
        token = token or "ya29." + secrets.token_urlsafe(24)
        every = SCOPES["sheets"] | SCOPES["drive"]
        self._given[token] = (email, self.clock.now() + self.lifetime, scopes or frozenset(every))
        return token

    def expire(self, email: str = "") -> None:
        """Every token (of this person) is worth nothing from now on."""
        self._given = {token: each for token, each in self._given.items() if email and each[0] != email}

    def user(self, header: str, service: str) -> str:
        """Whose token an Authorization header carries; refused where it has run out or is for something else."""
        token = header.removeprefix("Bearer ").strip()
        email, until, scopes = self._given.get(token, ("", 0.0, frozenset()))
        if not header.startswith("Bearer ") or not email or self.clock.now() >= until:
            raise problems.unauthenticated()
        if not scopes & SCOPES[service]:
            raise problems.sheets(403, "Request had insufficient authentication scopes.")
        return email

    def exchange(self, form: dict[str, str]) -> Json:
        """A token for a signed assertion."""
        if form.get("grant_type") != GRANT:
            raise _refused("unsupported_grant_type", f"Invalid grant_type: {form.get('grant_type', '')}")
        email, scopes = self._checked(form.get("assertion", ""))
        token = self.give(email, scopes)
        return {"access_token": token, "expires_in": int(self.lifetime), "token_type": "Bearer"}

    def _checked(self, assertion: str) -> tuple[str, frozenset[str]]:
        parts = assertion.split(".")
        try:
            header, claims = (json.loads(_decoded(part)) for part in parts[:2])
            signature = _decoded(parts[2])
        except (ValueError, IndexError):
            raise _refused("invalid_request", "Bad Request") from None
        account = self.accounts.get(claims.get("iss", ""))
        if account is None:
            raise _refused("invalid_grant", "Invalid grant: account not found")
        if account.email in self.disabled:
            raise _refused("invalid_grant", "Invalid grant: account disabled")
        if header.get("kid") != account.key_id or header.get("alg") != "RS256":
            raise _refused("invalid_grant", "Invalid JWT Signature.")
        try:
            account.private.public_key().verify(
                signature, ".".join(parts[:2]).encode(), padding.PKCS1v15(), hashes.SHA256()
            )
        except InvalidSignature:
            raise _refused("invalid_grant", "Invalid JWT Signature.") from None
        now, issued, until = time.time() + self.skew, claims.get("iat", 0), claims.get("exp", 0)
        if issued > now + 300 or until <= now - 300 or until - issued > 3600:
            raise _refused(
                "invalid_grant",
                "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
                "Check your iat and exp values in the JWT claim.",
            )
        if claims.get("aud") not in self.audiences:
            raise _refused("invalid_grant", "Invalid JWT: Failed audience check.")
        scopes = frozenset(str(claims.get("scope", "")).split())
        if not scopes:
            raise _refused("invalid_scope", "Invalid OAuth scope or ID token audience provided.")
        return account.email, scopes


def _decoded(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def _refused(error: str, description: str) -> Problem:
    code: Any = {"error": error, "error_description": description}
    return Problem(400, code)
