"""The emulator by hand: `python -m tests.sheets_emulator --port N --key-out FILE`."""

from __future__ import annotations

import argparse
import json
import threading
from pathlib import Path

from tests.sheets_emulator.emulator import Emulator


def main() -> None:
    """Answer until interrupted."""
    parser = argparse.ArgumentParser(prog="python -m tests.sheets_emulator", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free one")
    parser.add_argument("--key-out", type=Path, help="where to put the service account's key")
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before each answer")
    options = parser.parse_args()
    with Emulator(port=options.port) as emulator:
        emulator.latency = options.latency
        if options.key_out:
            options.key_out.write_text(json.dumps(emulator.key_json(), indent=2), "utf-8")
            options.key_out.chmod(0o600)
        print(f"SHIFAN_GOOGLE_URL={emulator.url}", flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
