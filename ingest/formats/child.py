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

Reader = Callable[[bytes, Mapping[str, Any]], tuple[str, dict[str, str]]]
STATM = Path("/proc/self/statm")


def serve(descriptor: int) -> None:
    """Answer requests until the other side closes: a JSON object and the file's bytes in,
    {"markdown", "properties"} or {"error"} out."""
    pipe = Connection(descriptor)
    while True:
        try:
            request, data = json.loads(pipe.recv_bytes()), pipe.recv_bytes()
        except EOFError:
            return
        _bound()
        pipe.send_bytes(json.dumps(_answer(request, data)).encode())


def _bound() -> None:
    """From now on so much memory and processor time; beyond it the kernel says no."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    seconds = int(used.ru_utime + used.ru_stime) + 1 + limits.SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, resource.RLIM_INFINITY))
    if STATM.exists():  # elsewhere than on Linux only time is bounded
        now = int(STATM.read_text().split()[0]) * resource.getpagesize()
        most = now + limits.MEMORY_BYTES
        resource.setrlimit(resource.RLIMIT_AS, (most, resource.RLIM_INFINITY))


def _answer(request: Mapping[str, Any], data: bytes) -> dict[str, Any]:
    kind = request["kind"]
    try:
        markdown, properties = _reader(kind)(data, request)
    except Unreadable as error:
        return {"error": error.remark.packed()}
    except MemoryError:
        most = limits.mb(limits.MEMORY_BYTES)
        return {"error": Remark("too_much_memory", {"most": most}).packed(), "spoilt": True}
    except RecursionError:
        return {"error": Remark("too_deep").packed()}
    except Exception as error:
        # Readers raise what they like at what they did not expect: this is the last door.
        said = f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
        return {"error": Remark("not_its_kind", {"kind": kind, "why": said}).packed()}
    if len(markdown) > limits.MARKDOWN_CHARACTERS:
        most = f"{limits.MARKDOWN_CHARACTERS:,}"
        return {"error": Remark("too_much_text", {"most": most}).packed()}
    return {"markdown": markdown, "properties": properties}


def _reader(kind: str) -> Reader:
    """The reader of a format; its library is loaded with the first file that needs it."""
    if kind == "pdf":
        return _pdf
    if kind == "xlsx":
        from ingest.formats import sheets

        return lambda data, request: sheets.read(data, request["columns"])
    if kind == "html":
        from ingest.formats import encoding, html

        return lambda data, _: html.read(encoding.decode(data))
    return _plainly(kind)


def _plainly(kind: str) -> Reader:
    if kind in ("hwpx", "hwpml"):
        from ingest.formats import hwpx

        read = hwpx.read if kind == "hwpx" else hwpx.read_hwpml
    elif kind == "docx":
        from ingest.formats.word import read
    elif kind == "pptx":
        from ingest.formats.slides import read
    else:
        from ingest.formats.ole import read
    return lambda data, _: read(data)


def _pdf(data: bytes, request: Mapping[str, Any]) -> tuple[str, dict[str, str]]:
    """A PDF, or what tesseract reads on one scanned page of it."""
    from ingest.formats import ocr, pdf

    if request.get("scanned"):
        return ocr.read(data, request["scanned"], request["tesseract"]), {}
    return pdf.read(data)
