"""A folder of many files in every format of an office, each with something of its own to say."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from tests.samples import office_files

FILE_KINDS = ("md", "html", "docx", "xlsx", "csv", "hwpx", "pdf")
WORDS = (
    "수출",
    "물류",
    "인증",
    "전시",
    "관세",
    "환급",
    "보험",
    "특허",
    "통관",
    "계약",
    "송금",
    "운송",
)


def generate_corpus(folder: Path, files: int, articles: int = 5) -> None:
    """Write `files` files of seven kinds, and `articles` of 60 kB each."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(files):
        write_numbered_file(folder, number)
    for number in range(articles):
        sections = [f"## 제{number}부 {part}항은 무엇인가요?\n{_make_sentence(number, part) * 6}\n"
                    for part in range(120)]  # fmt: skip
        (folder / f"article-{number}.md").write_text(f"# 글 {number}\n\n" + "\n".join(sections))


def write_numbered_file(folder: Path, number: int, edition: str = "올해") -> None:
    """Write the file of a number, as it is in an edition."""
    kind = FILE_KINDS[number % len(FILE_KINDS)]
    (folder / f"{number:04}.{kind}").write_bytes(_render_file(kind, number, edition, folder.parent))


def _render_file(kind: str, number: int, edition: str, folder: Path) -> bytes:
    says = f"{edition} {number}호 사업은 {_make_sentence(number, 1)}"
    if kind == "md":
        return f"# {number}호 안내\n\n## 얼마인가요?\n{says}\n\n## 언제인가요?\n{says}\n".encode()
    if kind == "html":
        body = f"<h1>{number}호 안내</h1><h2>누가 받나요?</h2><p>{says}</p>"
        return f"<html><body><main>{body}</main></body></html>".encode()
    if kind == "csv":
        return f"질문,답변\n{number}호는 얼마인가요?,{says}\n{number}호는 언제인가요?,{says}\n".encode()
    if kind == "pdf":
        return _render_pdf(
            f"Notice {number}", f"Programme {number} pays {number + 7} million, {edition!a}."
        )
    return _replace_in_zip(_make_office_file(kind, folder), office_files.ROWS[1][1], says)


def _make_sentence(number: int, part: int) -> str:
    words = " ".join(WORDS[(number * 7 + part * step) % len(WORDS)] for step in (1, 5, 7))
    return f"{words} 비용을 {number * 3 + part}만 원까지 {part + 1}회 지원합니다. "


@cache
def _make_office_file(kind: str, folder: Path) -> bytes:
    """One file of an office program, to be varied: making each anew takes minutes."""
    if kind == "docx":
        return office_files.make_docx()
    return (
        office_files.make_hangul(".hwpx", folder)
        if kind == "hwpx"
        else office_files.make_xlsx({"표": office_files.ROWS})
    )


def _replace_in_zip(data: bytes, old: str, new: str) -> bytes:
    """A packed document in which `old` reads `new`."""
    packed = io.BytesIO()
    forms = [(old.encode(code, "xmlcharrefreplace"), new.encode(code, "xmlcharrefreplace"))
             for code in ("utf-8", "ascii")]  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(packed, "w") as after:
        for info in before.infolist():
            part = before.read(info)
            for form in forms:
                part = part.replace(*form)
            after.writestr(info, part)
    return packed.getvalue()


def _render_pdf(*lines: str) -> bytes:
    written = io.BytesIO()
    page = Canvas(written, invariant=1)
    for row, line in enumerate(lines):
        page.drawString(72, 720 - 30 * row, line)
    page.save()
    return written.getvalue()
