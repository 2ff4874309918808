"""HTML to PDF, in a child process with a limit of time: a page that hangs the layout ends only it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

from adapters.errors import PdfFailed
from knowledge.child_variables import select_variables

PDF_MAX_SECONDS = 60.0  # a page takes half a second, the start of the library a second
NO_LIBRARIES_CODE = 3  # the child's exit code where Pango is missing
_PROJECT_ROOT = str(Path(__file__).parents[3])
_CHILD_SCRIPT = """\
import sys
sys.path.insert(0, sys.argv[1])
from adapters.serve.desk.pdf_child import convert_stdin
sys.exit(convert_stdin())
"""


def convert_to_pdf(html: str, max_seconds: float = PDF_MAX_SECONDS) -> bytes:
    """The PDF of a page of HTML, which may refer to nothing outside itself. Raises PdfFailed, with
    what to do about it."""
    command = [sys.executable, "-P", "-c", _CHILD_SCRIPT, _PROJECT_ROOT]
    with subprocess.Popen(  # noqa: S603
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        start_new_session=True, env=select_variables(), cwd="/",
    ) as child:  # fmt: skip
        try:
            pdf, said = child.communicate(html.encode(), max_seconds)
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
            raise PdfFailed(
                f"The PDF took longer than {max_seconds:g} seconds. Take --format html instead."
            ) from None
    if child.returncode == NO_LIBRARIES_CODE:
        raise PdfFailed(
            "PDF needs Pango, a library of the system: on Debian and Ubuntu "
            "`apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-cjk`, "
            "on macOS `brew install pango`. --format html needs nothing."
        )
    if child.returncode or not pdf.startswith(b"%PDF"):
        last = said.decode(errors="replace").strip().splitlines()[-1:] or ["it died"]
        raise PdfFailed(f"The PDF could not be made: {last[0][:200]}. Take --format html instead.")
    return pdf
