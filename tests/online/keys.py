"""Keys of made-up service accounts, real ones to every library: each has its own RSA key."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from core.intake.online.key import ServiceKey, parse_key

EMAIL = "shifan@fictional-project.iam.gserviceaccount.com"
PROJECT = "fictional-project"


@cache
def private_key(name: str = "first") -> str:
    """An RSA key in PEM; the same one for the same name, made anew in each run."""
    assert name
    made = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def document(**changed: Any) -> dict[str, Any]:
    """The content of a key file as Google writes it, some of it changed; None takes a field out."""
    whole = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "0123456789abcdef0123456789abcdef01234567",
        "private_key": private_key(),
        "client_email": EMAIL,
        "client_id": "100000000000000000001",
        "auth_uri": "https://accounts.google.com/o/oauth2/auth",
        "token_uri": "https://oauth2.googleapis.com/token",
        "auth_provider_x509_cert_url": "https://www.googleapis.com/oauth2/v1/certs",
        "client_x509_cert_url": "https://www.googleapis.com/robot/v1/metadata/x509/shifan",
        "universe_domain": "googleapis.com",
    }
    return {name: value for name, value in (whole | changed).items() if value is not None}


def key_text(**changed: Any) -> str:
    """A key file."""
    return json.dumps(document(**changed), indent=2)


def service_key(**changed: Any) -> ServiceKey:
    """A key that was looked at."""
    return parse_key(key_text(**changed))


def secrets_of(text: str) -> list[str]:
    """What of a private key must be found nowhere: every line of it."""
    return [line for line in text.splitlines() if line and not line.startswith("-----")]
