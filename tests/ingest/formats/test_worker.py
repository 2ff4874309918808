"""The child that reads: its limits, its end, and that it is used again."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import suppress
from itertools import islice
from pathlib import Path

import pytest

from ingest.document.convert import convert_bytes
from ingest.errors import Unreadable
from ingest.formats import limits, worker
from knowledge.child_variables import select_variables
from knowledge.types import LANGUAGES
from tests.samples.office_files import make_pdf, make_xlsx, make_zip, repack_zip

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No child from another test, and none left behind."""
    worker.stop_idle_workers()
    yield
    worker.stop_idle_workers()


@pytest.fixture
def slow() -> bytes:
    """A workbook that takes seconds to read."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    cells = (f"<c t='inlineStr'><is><t>{n:x}</t></is></c>" for n in range(600_000))
    rows = "".join(f"<row r='{n}'>{''.join(islice(cells, 150))}</row>" for n in range(1, 4_001))
    sheet = f"<worksheet xmlns='{space}'><sheetData>{rows}</sheetData></worksheet>"
    return repack_zip(
        make_xlsx({"a": [["x"]]}),
        lambda name, part: sheet.encode() if name == "xl/worksheets/sheet1.xml" else part,
    )


def list_child_pids() -> list[int]:
    return [one.pid for one in worker._idle_workers]


def test_what_a_reader_raised_is_logged_and_not_said(caplog: pytest.LogCaptureFixture) -> None:
    """An admin read "no pdf its reader knows (PdfiumError: Failed to load page.)"."""
    with pytest.raises(Unreadable, match="cannot be read: it is damaged") as raised:
        worker.read_in_child({"kind": "pdf", "scanned": 9, "tesseract": ""}, make_pdf())
    for language in LANGUAGES:
        assert "Error" not in raised.value.remark.render(language)
    (note,) = raised.value.__notes__
    assert note.startswith("pdf: PdfiumError") and note in caplog.text


def test_one_child_reads_one_file_after_the_other(notices: Mapping[str, bytes]) -> None:
    convert_bytes(notices["docx"], "a")
    first = list_child_pids()
    for kind in ("hwp", "pdf", "xlsx"):
        convert_bytes(notices[kind], "a")
    assert len(first) == 1 and list_child_pids() == first


def test_a_hundred_files_cost_no_hundred_starts(notices: Mapping[str, bytes]) -> None:
    convert_bytes(notices["hwp"], "a")
    first = list_child_pids()
    for _ in range(100):
        convert_bytes(notices["hwp"], "a")
    assert list_child_pids() == first and len(first) == 1


@pytest.mark.parametrize(
    ("data", "name"),
    [(b"# Title\ntext", "a.md"), (b"a,b\n1,2", "a.csv"), (make_zip(("a.md", b"text")), "a.zip")],
)
def test_even_text_and_archives_are_read_in_the_child(data: bytes, name: str) -> None:
    with suppress(Unreadable):
        convert_bytes(data, name)
    assert len(list_child_pids()) == 1


def test_a_child_that_died_is_replaced(notices: Mapping[str, bytes]) -> None:
    convert_bytes(notices["hwp"], "a")
    (first,) = list_child_pids()
    os.kill(first, signal.SIGKILL)
    while worker._idle_workers[0].is_usable:
        time.sleep(0.01)
    assert convert_bytes(notices["hwp"], "a").kind == "hwp"
    assert list_child_pids() != [first]


def test_a_child_that_dies_over_a_file_names_the_limit_and_the_rest_goes_on(
    slow: bytes, notices: Mapping[str, bytes]
) -> None:
    convert_bytes(notices["xlsx"], "a")
    (first,) = list_child_pids()
    threading.Timer(0.3, os.kill, [first, signal.SIGSEGV]).start()
    with pytest.raises(
        Unreadable, match=r"died of it \(code -11\).*512 MB of memory.*Save it anew"
    ):
        convert_bytes(slow, "a")
    assert convert_bytes(notices["hwp"], "a").kind == "hwp"
    assert list_child_pids() != [first]


def test_a_file_that_takes_too_long_ends_its_child(
    slow: bytes, notices: Mapping[str, bytes]
) -> None:
    convert_bytes(notices["xlsx"], "a")
    (first,) = list_child_pids()
    with pytest.raises(Unreadable, match=r"longer than 0\.3 seconds"):
        worker.read_in_child({"kind": "xlsx", "columns": {}}, slow, max_seconds=0.3)
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)
    assert convert_bytes(notices["hwp"], "a").kind == "hwp"


def make_pdf_bomb() -> bytes:
    """A PDF of a few kB whose page unpacks to 700 MB."""
    packer = zlib.compressobj(1)
    once = b"".join(packer.compress(b" " * 2**20) for _ in range(700)) + packer.flush()
    stream = zlib.compress(once, 9)
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 99 99]/Contents 4 0 R>>endobj\n"
        b"4 0 obj<</Filter[/FlateDecode/FlateDecode]/Length "
        + str(len(stream)).encode()
        + b">>stream\n"
        + stream
        + b"\nendstream endobj\ntrailer<</Root 1 0 R>>\n"
    )


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is bounded on Linux only")
def test_a_file_that_takes_too_much_memory_is_refused(notices: Mapping[str, bytes]) -> None:
    data = make_pdf_bomb()
    assert len(data) < 10_000
    with pytest.raises(Unreadable, match="more than 512 MB of memory"):
        convert_bytes(data, "a")
    assert convert_bytes(notices["pdf"], "a").kind == "pdf"


def test_too_much_text_is_refused() -> None:
    text = b"word " * (limits.MARKDOWN_MAX_CHARACTERS // 5 + 1)
    for data in (text, b"<html><body><p>" + text + b"</p></body></html>"):
        with pytest.raises(Unreadable, match="more than 20,000,000 characters"):
            convert_bytes(data, "a.txt")


def run_program(program: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60
    )


def test_processor_time_is_bounded_by_the_kernel() -> None:
    program = "from ingest.formats import child; child.limit_resources(0)\nwhile 1: pass"
    assert run_program(program).returncode == -signal.SIGXCPU


def test_the_child_loads_nothing_that_answers_questions() -> None:
    program = (
        "import sys\nfrom ingest.formats import child\n"
        "for kind in 'hwp hwpx hwpml pdf docx xlsx pptx html'.split(): child.load_reader(kind)\n"
        "print(*sorted({one.partition('.')[0] for one in sys.modules}))"
    )
    loaded = set(run_program(program).stdout.split())
    assert {"unhwp", "pptx", "openpyxl", "lxml"} <= loaded
    assert not loaded & {"torch", "chromadb", "langchain", "sqlalchemy", "kiwipiepy"}


def test_several_threads_read_at_once(notices: Mapping[str, bytes]) -> None:
    found: list[str] = []
    threads = [
        threading.Thread(
            target=lambda kind=kind: found.append(convert_bytes(notices[kind], "a").kind)
        )
        for kind in ("hwp", "pdf", "docx", "pptx")
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == ["docx", "hwp", "pdf", "pptx"]
    assert 1 <= len(list_child_pids()) <= 4


class TestConfinement:
    """A reader that is taken over by a file finds nothing and reaches nobody."""

    def test_the_child_does_not_inherit_secrets(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("NARU_SECRET", "xoxb-secret")
        convert_bytes(b"text", "a.md")
        (pid,) = list_child_pids()
        environ = Path(f"/proc/{pid}/environ")
        if environ.exists():
            assert b"xoxb-secret" not in environ.read_bytes()
        kept = select_variables()
        assert "PATH" in kept and "NARU_SECRET" not in kept

    def test_the_child_opens_no_socket_no_secret_and_writes_nothing(self, tmp_path: Path) -> None:
        (tmp_path / "secret").write_text("secret")
        program = (
            "import os, socket\nfrom pathlib import Path\nimport ingest, knowledge\n"
            "from ingest.formats.confine import confine_process\n"
            "measures = confine_process([Path(m.__file__).parent for m in (ingest, knowledge)])\n"
            f"tries = {{'socket': socket.socket, 'secret': Path('{tmp_path}/secret').read_text,\n"
            "  'parent': Path(f'/proc/{os.getppid()}/environ').read_bytes,\n"
            f"  'write': lambda: os.write(os.open('{tmp_path}/new', os.O_CREAT | os.O_WRONLY), b'x')}}\n"
            "def is_refused(attempt):\n"
            "    try: attempt()\n    except OSError: return True\n"
            "print(*measures, '|', *(name for name, attempt in tries.items() if is_refused(attempt)))\n"
            "import lxml.etree, openpyxl, pptx, unhwp, pypdfium2"
        )
        done = run_program(program)
        measures, _, refused = done.stdout.partition("|")
        assert done.returncode == 0, done.stderr
        if "calls" in measures:
            assert "socket" in refused.split()
        if "paths" in measures:
            assert {"secret", "parent", "write"} <= set(refused.split())
