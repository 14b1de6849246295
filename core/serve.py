"""Starts the app's server as a process of its own. Imports no Streamlit: the command line stays quick."""

from __future__ import annotations

import os
import signal
import socket
import sys
import sysconfig
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.errors import Refused
from core.settings import PROJECT

DEFAULT_ADDRESS = "127.0.0.1"
DEFAULT_PORT = 8501
PORTS_TRIED = 100


def serve(address: str = DEFAULT_ADDRESS, port: int = DEFAULT_PORT, demo: bool = False) -> int:
    """Runs the app until it is stopped and gives its exit code.

    Takes the next free port where `port` is busy, and says so. `demo` chooses the demo's own folder and store.
    Raises Refused where no port is free or the address is not this machine's.
    """
    import subprocess

    chosen = free_port(address, port)
    if chosen != port:
        print(f"端口 {port} 已被其他程序占用，改用 {chosen}。", flush=True)
    environment = dict(os.environ)
    if demo:
        environment["SHIFAN_DEMO"] = "1"
    process = subprocess.Popen(command_line(address, chosen), env=environment)
    # a service manager stops this process; the server must not outlive it
    signal.signal(signal.SIGTERM, lambda *_: process.terminate())
    try:
        return process.wait()
    except KeyboardInterrupt:
        # the terminal has sent the same signal to the server, which is closing its sessions
        return process.wait()


def command_line(address: str, port: int) -> list[str]:
    """The command that starts the server: the same settings as `streamlit run streamlit_app.py`, wherever it is run."""
    script = PROJECT / "streamlit_app.py"
    flags = [] if (PROJECT / ".streamlit" / "config.toml").is_file() else list(_flags(_installed_settings()))
    wanted = [f"--server.address={address}", f"--server.port={port}"]
    return [sys.executable, "-m", "streamlit", "run", str(script), *flags, *wanted]


def free_port(address: str, port: int) -> int:
    """The first port from `port` on that nobody listens on."""
    for candidate in range(port, min(port + PORTS_TRIED, 65536)):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as probe:
            # as the server will bind it: a port that is only winding down counts as free
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, candidate))
            except socket.gaierror:
                raise Refused(f"地址“{address}”不是本机的地址，请改用 127.0.0.1 或 0.0.0.0。") from None
            except OSError as error:
                import errno

                if error.errno == errno.EADDRNOTAVAIL:
                    raise Refused(f"地址“{address}”不是本机的地址，请改用 127.0.0.1 或 0.0.0.0。") from None
                continue
            return candidate
    raise Refused(f"从 {port} 起的 {PORTS_TRIED} 个端口都被占用，请用 --port 另选一个。")


def _installed_settings() -> Mapping[str, Any]:
    """Where the program is installed and no `.streamlit` stands beside it, its settings lie in the shared folder."""
    path = Path(sysconfig.get_path("data")) / "share" / "shifan" / "config.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def _flags(settings: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in settings.items():
        name = f"{prefix}{key}"
        if isinstance(value, Mapping):
            yield from _flags(value, f"{name}.")
        elif isinstance(value, list):
            yield from (f"--{name}={item}" for item in value)
        else:
            yield f"--{name}={str(value).lower() if isinstance(value, bool) else value}"
