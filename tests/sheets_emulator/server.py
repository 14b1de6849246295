"""The emulator over HTTP: one thread a connection, connections kept open, every answer in one packet."""

from __future__ import annotations

import contextlib
import json
import socket
import threading
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

from tests.sheets_emulator.calls import Call, Raw
from tests.sheets_emulator.faults import Outcome
from tests.sheets_emulator.problems import Problem, invalid

if TYPE_CHECKING:
    from tests.sheets_emulator.emulator import Emulator

JSON = "application/json; charset=UTF-8"


class Dropped(Exception):
    """The connection is to break off without an answer."""


class Answered(Exception):
    """Something else is answered than what was found."""

    def __init__(self, code: int, body: bytes, mime: str) -> None:
        super().__init__(code)
        self.code, self.body, self.mime = code, body, mime


class Server:
    """Listens from the beginning, answers from start() to stop()."""

    def __init__(self, emulator: Emulator, port: int) -> None:
        self._http = _Http(("127.0.0.1", port), _Handler)
        self._http.emulator = emulator
        self.port = int(self._http.server_address[1])
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def stop(self) -> None:
        """Answer no more; open connections are cut."""
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()
        for each in list(self._http.connections):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 64
    emulator: Emulator

    def __init__(self, *arguments: Any) -> None:
        self.connections: set[socket.socket] = set()
        super().__init__(*arguments)

    def handle_error(self, *_: Any) -> None:
        """A caller that has gone away is no error here."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True
    server: _Http
    server_version = "ESF"
    sys_version = ""

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)

    def finish(self) -> None:
        self.server.connections.discard(self.connection)
        super().finish()

    def log_message(self, *_: Any) -> None:
        """The emulator keeps its own log."""

    def do_GET(self) -> None:
        """Any method."""
        emulator = self.server.emulator
        call = self._call()
        if emulator.latency:
            emulator.stopping.wait(emulator.latency)
        code, content, mime, headers = 200, b"", JSON, {}
        try:
            content, mime = _written(self._answer(emulator, call))
            code = 200 if content else 204
        except Problem as problem:
            code, headers = problem.code, problem.headers
            content = json.dumps(problem.body, ensure_ascii=False, indent=2).encode()
        except Answered as answered:
            code, content, mime = answered.code, answered.body, answered.mime
        except Dropped:
            emulator.note(call, 0)
            self.close_connection = True
            with contextlib.suppress(OSError):
                self.connection.shutdown(socket.SHUT_RDWR)
            return
        emulator.note(call, code)
        self._send(code, content, mime, headers)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_GET  # noqa: N815

    def _send(self, code: int, content: bytes, mime: str, headers: dict[str, str]) -> None:
        self.send_response(code)
        if code != 204:
            self.send_header("Content-Type", mime)
        self.send_header("Content-Length", str(len(content)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)
        self.wfile.flush()

    def _call(self) -> Call:
        path, _, query = self.path.partition("?")
        length = int(self.headers.get("Content-Length") or 0)
        content = self.rfile.read(length) if length else b""
        method = self.headers.get("X-HTTP-Method-Override") or self.command
        return Call("", method, path, urllib.parse.parse_qs(query, keep_blank_values=True), content)

    def _answer(self, emulator: Emulator, call: Call) -> Any:
        content = call.body if isinstance(call.body, bytes) else b""
        if call.kind != "token":
            service = "drive" if call.kind == "drive" else "sheets"
            call.user = emulator.tokens.user(self.headers.get("Authorization") or "", service)
            emulator.quota.spend(call.kind, call.user)
        call.body = _read(content, call, self.headers.get("Content-Type") or "")
        self._strike(emulator, call, after=False)
        if call.kind == "token":
            answer: Any = emulator.tokens.exchange(call.body)
        else:
            answer = emulator.answer(call)
        self._strike(emulator, call, after=True)
        return answer

    def _strike(self, emulator: Emulator, call: Call, *, after: bool) -> None:
        for outcome in emulator.struck(call, after=after):
            _strike(emulator, call, outcome)


def _strike(emulator: Emulator, call: Call, outcome: Outcome) -> None:
    if outcome.run is not None:
        outcome.run(call)
    if outcome.seconds:
        emulator.stopping.wait(outcome.seconds)
    if outcome.kind in ("hang", "drop"):
        raise Dropped
    if outcome.problem is not None:
        raise outcome.problem
    if outcome.kind == "body":
        raise Answered(outcome.code, outcome.body, outcome.mime)


def _read(content: bytes, call: Call, mime: str) -> Any:
    if call.kind == "token":
        return {name: values[0] for name, values in urllib.parse.parse_qs(content.decode()).items()}
    if call.path.startswith("/upload/"):
        return content
    if not content:
        return None
    try:
        return json.loads(content)
    except ValueError:
        raise invalid(f"Invalid JSON payload received. Unexpected token. {mime}") from None


def _written(answer: Any) -> tuple[bytes, str]:
    if answer is None:
        return b"", JSON
    if isinstance(answer, Raw):
        return answer.content, answer.mime
    return json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode(), JSON
