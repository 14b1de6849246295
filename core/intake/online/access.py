"""The access token of the service account: one for all threads, asked for anew before it ends or once it is refused."""

from __future__ import annotations

from collections.abc import Mapping
from threading import Lock
from typing import Any, Final

import google.auth.exceptions
import google.auth.transport
import requests
from google.oauth2 import service_account

from core.intake.online.key import ServiceKey
from core.intake.online.verdicts import RETRIED, ForLater, refused_token

SCOPES: Final = ("https://www.googleapis.com/auth/spreadsheets", "https://www.googleapis.com/auth/drive")


class Access:
    """Tokens out of a key. What the assertion is for stays Google's own address, wherever it is sent."""

    def __init__(self, key: ServiceKey, base_url: str) -> None:
        document = key.document() | {"token_uri": f"{base_url}/token" if base_url else key.token_uri}
        self._key = key
        self._credentials = service_account.Credentials.from_service_account_info(document, scopes=list(SCOPES))
        self._lock = Lock()

    @property
    def held(self) -> str:
        """The token that is held, `""` where none is."""
        return str(self._credentials.token or "")

    def token(self, session: requests.Session, timeout: tuple[float, float], refused: str = "") -> str:
        """A token that holds. `refused` is one that Google has just turned down: it is not given again.

        Raises OnlineFault where Google refuses the key, ForLater and requests' own exceptions where one may try again.
        """
        if not self._lock.acquire(timeout=sum(timeout)):
            raise requests.Timeout  # whoever asks for a token gets no answer: we would get none either
        fault = None
        try:
            if not self._credentials.valid or self._credentials.token == refused:
                self._credentials.refresh(_Asking(session, timeout))
        except google.auth.exceptions.RefreshError as error:
            fault = refused_token(error.args[1] if len(error.args) > 1 else None, self._key)
        except (ValueError, TypeError):  # a page where a token should be
            fault = refused_token(None, self._key)
        finally:
            self._lock.release()
        if fault:
            raise fault
        return str(self._credentials.token)


class _Asking(google.auth.transport.Request):
    """google-auth's way to ask for a token. It would wait and ask again by itself, on a clock of its own."""

    def __init__(self, session: requests.Session, timeout: tuple[float, float]) -> None:
        self._session, self._timeout = session, timeout

    def __call__(
        self,
        url: str,
        method: str = "GET",
        body: Any = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002
        **_kwargs: Any,
    ) -> _Answer:
        answer = self._session.request(
            method, url, data=body, headers=headers, timeout=self._timeout, allow_redirects=False
        )
        if answer.status_code in RETRIED:
            raise ForLater(answer)
        return _Answer(answer)


class _Answer(google.auth.transport.Response):
    def __init__(self, answer: requests.Response) -> None:
        self._answer = answer

    @property
    def status(self) -> int:
        return self._answer.status_code

    @property
    def headers(self) -> Mapping[str, str]:
        return self._answer.headers

    @property
    def data(self) -> bytes:
        return self._answer.content
