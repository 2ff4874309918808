"""Recognition of scanned pages by tesseract, if it is installed.

See docs/decisions/0022-ocr-with-tesseract-if-installed.md.
"""

from __future__ import annotations

import shutil
import subprocess

from ingest.errors import Unreadable

TESSERACT_LANGUAGES = "kor+eng"
# One block of text: the search for columns takes Korean pages to pieces. See docs/parameters.md
TESSERACT_OPTIONS = ("-l", TESSERACT_LANGUAGES, "--psm", "6")


def find_tesseract() -> str | None:
    """The path of tesseract; None if it is not installed."""
    return shutil.which("tesseract")


def recognise_page(data: bytes, number: int, tesseract: str) -> str:
    """The recognised text of page `number` (from 1) of a PDF.

    Raises Unreadable with the message of tesseract if it fails.
    """
    from ingest.formats.pdf import reader  # pdfium, which only the child that reads files needs

    command = [tesseract, "stdin", "stdout", "--dpi", str(reader.OCR_DPI), *TESSERACT_OPTIONS]
    done = subprocess.run(command, input=reader.render_page(data, number), capture_output=True)  # noqa: S603
    if done.returncode:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Unreadable("not_recognised", page=number, why=lines[-1])
    return done.stdout.decode(errors="replace").replace("\f", "").strip()
