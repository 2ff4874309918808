"""The other side of `worker`: reads one file after the other, within limits, and says what it read.

Whatever a file does here, it does to this process alone.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from ingest.errors import Unreadable
from ingest.formats import limits
from ingest.remarks import Remark

FormatReader = Callable[[bytes, Mapping[str, Any]], tuple[str, dict[str, str]]]
STATM_PATH = Path("/proc/self/statm")


def serve_requests(descriptor: int) -> None:
    """Answer requests until the other side closes: a JSON object and the file's bytes in,
    {"markdown", "properties"} or {"error"} out."""
    pipe = Connection(descriptor)
    while True:
        try:
            request, data = json.loads(pipe.recv_bytes()), pipe.recv_bytes()
        except EOFError:
            return
        _limit_resources()
        pipe.send_bytes(json.dumps(_handle_request(request, data)).encode())


def _limit_resources() -> None:
    """From now on so much memory and processor time; beyond it the kernel says no."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.READER_MAX_SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    if STATM_PATH.exists():  # elsewhere than on Linux only time is bounded
        now = int(STATM_PATH.read_text().split()[0]) * resource.getpagesize()
        most = now + limits.READER_MEMORY_MAX_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _handle_request(request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    kind = request["kind"]
    try:
        markdown, properties = _load_reader(kind)(data, request)
    except Unreadable as error:
        return {"error": error.remark.to_json()}
    except MemoryError:
        most = limits.format_megabytes(limits.READER_MEMORY_MAX_BYTES)
        return {"error": Remark("too_much_memory", {"most": most}).to_json(), "spoilt": True}
    except RecursionError:
        return {"error": Remark("too_deep").to_json()}
    except Exception as error:
        # Readers raise what they like at what they did not expect: this is the last door.
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return {"error": Remark("not_its_kind", {"kind": kind, "why": said}).to_json()}
    if len(markdown) > limits.MARKDOWN_MAX_CHARACTERS:
        most = f"{limits.MARKDOWN_MAX_CHARACTERS:,}"
        return {"error": Remark("too_much_text", {"most": most}).to_json()}
    return {"markdown": markdown, "properties": properties}


def _load_reader(kind: str) -> FormatReader:
    """The reader of a format; its library is loaded with the first file that needs it."""
    if kind == "pdf":
        return _read_pdf_request
    if kind == "xlsx":
        from ingest.formats import sheets

        return lambda data, request: sheets.read_xlsx(data, request["columns"])
    if kind == "html":
        from ingest.formats import encoding, html

        return lambda data, _: html.read_html(encoding.decode_text(data))
    read_format = _load_office_reader(kind)
    return lambda data, _: read_format(data)


def _load_office_reader(kind: str) -> Callable[[bytes], tuple[str, dict[str, str]]]:
    """The reader of a format whose files say all that is needed to read them."""
    if kind in ("hwpx", "hwpml"):
        from ingest.formats import hwpx

        return hwpx.read_hwpx if kind == "hwpx" else hwpx.read_hwpml
    if kind == "docx":
        from ingest.formats import word

        return word.read_docx
    if kind == "pptx":
        from ingest.formats import slides

        return slides.read_pptx
    from ingest.formats import ole

    return ole.read_ole


def _read_pdf_request(data: bytes, request: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """A PDF, or what tesseract reads on one scanned page of it."""
    from ingest.formats import ocr, pdf

    if request.get("scanned"):
        return ocr.recognise_page(data, request["scanned"], request["tesseract"]), {}
    return pdf.read_pdf(data)
