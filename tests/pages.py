"""What a document or workbook looks like when it is printed: LibreOffice turns it into PDF, page by page."""

from __future__ import annotations

import subprocess
from pathlib import Path


def printed(folder: Path, name: str, data: bytes) -> list[str]:
    """The text of each page of a file, as it stands on the page."""
    file = folder / name
    file.write_bytes(data)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(file)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    told = subprocess.run(["pdftotext", "-layout", str(file.with_suffix(".pdf")), "-"], check=True, capture_output=True)
    return told.stdout.decode().rstrip("\f").split("\f")
