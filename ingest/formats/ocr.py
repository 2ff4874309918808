"""Scanned pages, read by tesseract where it is installed."""

from __future__ import annotations

import shutil
import subprocess

from ingest.errors import Unreadable
from ingest.formats import pdf

TESSERACT_LANGUAGES = "kor+eng"


def find_tesseract() -> str | None:
    """Where tesseract is, if it is anywhere."""
    return shutil.which("tesseract")


def recognise_page(data: bytes, number: int, tesseract: str) -> str:
    """The text that page `number` of a PDF shows. Raises Unreadable with tesseract's own words."""
    command = [tesseract, "stdin", "stdout", "-l", TESSERACT_LANGUAGES]
    done = subprocess.run(command, input=pdf.render_page(data, number), capture_output=True)  # noqa: S603
    if done.returncode:
        said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise Unreadable("not_recognised", page=number, why=said[-1])
    return done.stdout.decode(errors="replace").replace("\f", "").strip()
