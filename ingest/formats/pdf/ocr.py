"""Recognition of scanned pages by tesseract, if it is installed.

See docs/decisions/0022-ocr-with-tesseract-if-installed.md.
"""

from __future__ import annotations

import shutil
import subprocess

from ingest.errors import Unreadable
from ingest.formats.pdf import reader

TESSERACT_LANGUAGES = "kor+eng"


def find_tesseract() -> str | None:
    """The path of tesseract; None if it is not installed."""
    return shutil.which("tesseract")


def recognise_page(data: bytes, number: int, tesseract: str) -> str:
    """The recognised text of page `number` (from 1) of a PDF.

    Raises Unreadable with the message of tesseract if it fails.
    """
    command = [tesseract, "stdin", "stdout", "-l", TESSERACT_LANGUAGES]
    done = subprocess.run(command, input=reader.render_page(data, number), capture_output=True)  # noqa: S603
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Unreadable("not_recognised", page=number, why=lines[-1])
    return done.stdout.decode(errors="replace").replace("\f", "").strip()
