"""The child process of `pdf`: one page of HTML from stdin, its PDF to stdout, no network, no files."""

from __future__ import annotations

import sys
from pathlib import Path

import adapters
import ingest
from adapters.serve.desk.pdf import NO_LIBRARIES_CODE, PDF_MAX_SECONDS
from ingest.formats.child import limit_resources
from ingest.formats.confine import confine_process

FONT_SETTINGS = ("/etc/fonts", "/var/cache/fontconfig", "/opt/homebrew/etc/fonts")


def convert_stdin() -> int:
    """Convert one page; the exit code. Libraries are loaded before the process is confined."""
    try:
        import weasyprint
    except OSError:  # cffi's, where a library of the system is not there
        return NO_LIBRARIES_CODE
    packages = [Path(package.__file__ or "").parent for package in (adapters, ingest)]
    confine_process([*packages, *map(Path, FONT_SETTINGS)])
    limit_resources(int(PDF_MAX_SECONDS))
    html = sys.stdin.buffer.read().decode()
    fetcher = weasyprint.URLFetcher(allowed_protocols=("data",))
    document = weasyprint.HTML(string=html, url_fetcher=fetcher)
    sys.stdout.buffer.write(document.write_pdf())
    return 0
