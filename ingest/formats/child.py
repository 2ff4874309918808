"""The child process of `worker`: reads files one after the other within limits of time and memory.

A file that crashes a reader ends only this process.
"""

from __future__ import annotations

import json
import resource
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import ingest
import knowledge
from ingest.errors import Unreadable
from ingest.formats import limits, unpack
from ingest.formats.confine import confine_process
from ingest.formats.sniff import detect_format
from ingest.remarks import Remark
from ingest.types import ReadFile

FormatReader = Callable[[bytes, Mapping[str, Any]], ReadFile]
STATM_PATH = Path("/proc/self/statm")


def serve_requests(descriptor: int, programs: Sequence[str] = ()) -> None:
    """Answer requests on a pipe until the parent closes it.

    A request is a JSON object and then the file's bytes; a reply is {"kind", "markdown",
    "properties", "remarks"} or {"error"}. To the kind "members" it replies with {"member",
    "remark"}, the member's bytes and those of its side-car, for each member, and {"end"}. `descriptor` is the pipe's file descriptor, `programs`
    are other programs that a reader may run.
    """
    pipe = Connection(descriptor)
    packages = [Path(package.__file__ or "").parent for package in (ingest, knowledge)]
    confine_process([*packages, *map(Path, programs)])
    while True:
        try:
            request, data = json.loads(pipe.recv_bytes()), pipe.recv_bytes()
        except EOFError:
            return
        limit_resources()
        if request.get("kind") == "members":
            reply = _answer(partial(_send_members, pipe, data, request["name"]), "zip")
        else:
            reply = _handle_request(request, data)
        pipe.send_bytes(json.dumps(reply).encode())


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
    kind = request.get("kind") or ""

    def read() -> dict[str, Any]:
        detected = kind or detect_format(data, request["name"])
        if detected == "zip":
            raise Unreadable("is_archive")
        found = load_reader(detected)(data, request)
        if len(found.markdown) > limits.MARKDOWN_MAX_CHARACTERS:
            raise Unreadable("too_much_text", most=f"{limits.MARKDOWN_MAX_CHARACTERS:,}")
        remarks = [remark.to_json() for remark in found.remarks]
        return {"kind": detected, "markdown": found.markdown, "remarks": remarks,
                "properties": dict(found.properties)}  # fmt: skip

    return _answer(read, kind or "?")


def _answer(read: Callable[[], dict[str, Any]], kind: str) -> dict[str, Any]:
    """The reply of `read`, or the error that it raises as a reply."""
    try:
        return read()
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
        return {"error": Remark("not_its_kind").to_json(), "raised": f"{kind}: {reason}"}


def _send_members(pipe: Connection, data: bytes, name: str) -> dict[str, Any]:
    """Send the members of an archive one by one; none for a file that is not an archive."""
    if detect_format(data, name) == "zip":
        for member in unpack.list_members(data):
            remark = member.remark.to_json() if member.remark else None
            pipe.send_bytes(json.dumps({"member": member.name, "remark": remark,
                                        "sidecar": member.sidecar_name}).encode())  # fmt: skip
            pipe.send_bytes(member.data)
            pipe.send_bytes(member.sidecar)
    return {"end": True}


def load_reader(kind: str) -> FormatReader:
    """The reader of a format; its library is imported with the first file that needs it."""
    if kind == "pdf":
        return _read_pdf_request
    if kind in ("text", "csv"):
        from ingest.formats.text import delimited, encoding

        return lambda data, request: ReadFile(
            encoding.decode_text(data)
            if kind == "text"
            else delimited.read_delimited(encoding.decode_text(data), request["columns"]),
            {},
        )
    if kind == "xlsx":
        from ingest.formats.office import sheets

        return lambda data, request: sheets.read_xlsx(data, request["columns"])
    if kind == "html":
        from ingest.formats.text import encoding, html

        return lambda data, request: html.read_html(
            encoding.decode_text(data), request.get("address", "")
        )
    read_format = _load_office_reader(kind)
    return lambda data, _: read_format(data)


def _load_office_reader(kind: str) -> Callable[[bytes], ReadFile]:
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


def _read_pdf_request(data: bytes, request: Mapping[str, Any]) -> ReadFile:
    """Read a PDF, or recognise the one page that the request calls "scanned"."""
    from ingest.formats.pdf import ocr, reader

    if request.get("scanned"):
        text = ocr.recognise_page(data, request["scanned"], request["tesseract"])
        return ReadFile(text, {})
    return reader.read_pdf(data)
