"""The child process of `worker`: reads files one after the other within limits of time and memory.

A file that crashes a reader ends only this process.
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
    """Answer requests on a pipe until the parent closes it.

    A request is a JSON object and then the file's bytes; a reply is {"markdown", "properties"} or
    {"error"}. `descriptor` is the pipe's file descriptor.
    """
    pipe = Connection(descriptor)
    while True:
        try:
            request, data = json.loads(pipe.recv_bytes()), pipe.recv_bytes()
        except EOFError:
            return
        limit_resources()
        pipe.send_bytes(json.dumps(_handle_request(request, data)).encode())


def limit_resources(max_seconds: int = limits.READER_MAX_SECONDS) -> None:
    """Let the kernel bound the memory and processor time (seconds) of this process from now on."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + max_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    if STATM_PATH.exists():  # on Linux; elsewhere only time is bounded
        now = int(STATM_PATH.read_text().split()[0]) * resource.getpagesize()
        most = now + limits.READER_MEMORY_MAX_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _handle_request(request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    kind = request["kind"]
    try:
        markdown, properties = load_reader(kind)(data, request)
    except Unreadable as error:
        return {"error": error.remark.to_json()}
    except MemoryError:
        most = limits.format_megabytes(limits.READER_MEMORY_MAX_BYTES)
        return {"error": Remark("too_much_memory", {"most": most}).to_json(), "spoilt": True}
    except RecursionError:
        return {"error": Remark("too_deep").to_json()}
    except Exception as error:
        # Third-party readers raise any exception for a broken file: it must not end the child.
        reason = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return {"error": Remark("not_its_kind", {"kind": kind, "why": reason}).to_json()}
    if len(markdown) > limits.MARKDOWN_MAX_CHARACTERS:
        most = f"{limits.MARKDOWN_MAX_CHARACTERS:,}"
        return {"error": Remark("too_much_text", {"most": most}).to_json()}
    return {"markdown": markdown, "properties": properties}


def load_reader(kind: str) -> FormatReader:
    """The reader of a format; its library is imported with the first file that needs it."""
    if kind == "pdf":
        return _read_pdf_request
    if kind == "xlsx":
        from ingest.formats.office import sheets

        return lambda data, request: sheets.read_xlsx(data, request["columns"])
    if kind == "html":
        from ingest.formats.text import encoding, html

        return lambda data, _: html.read_html(encoding.decode_text(data))
    read_format = _load_office_reader(kind)
    return lambda data, _: read_format(data)


def _load_office_reader(kind: str) -> Callable[[bytes], tuple[str, dict[str, str]]]:
    """The reader of a format that is read without any option."""
    if kind in ("hwpx", "hwpml"):
        from ingest.formats.hangul import hwpx

        return hwpx.read_hwpx if kind == "hwpx" else hwpx.read_hwpml
    if kind == "docx":
        from ingest.formats.office import word

        return word.read_docx
    if kind == "pptx":
        from ingest.formats.office import slides

        return slides.read_pptx
    from ingest.formats.hangul import ole

    return ole.read_ole


def _read_pdf_request(data: bytes, request: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """Read a PDF, or recognise the one page that the request calls "scanned"."""
    from ingest.formats.pdf import ocr, reader

    if request.get("scanned"):
        return ocr.recognise_page(data, request["scanned"], request["tesseract"]), {}
    return reader.read_pdf(data)
