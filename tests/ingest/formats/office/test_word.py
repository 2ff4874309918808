"""Word documents: what only they have."""

from __future__ import annotations

import io
import zipfile
from typing import Any

import docx
from docx.oxml import parse_xml

from ingest.document.convert import convert_bytes
from tests.samples.office_files import repack_zip

SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def render_run(text: str) -> str:
    return f"<w:r><w:t xml:space='preserve'>{text}</w:t></w:r>"


def save_docx(doc: Any) -> bytes:
    stream = io.BytesIO()
    doc.save(stream)
    return stream.getvalue()


def make_docx_with_body(*elements: str) -> bytes:
    """A document of paragraphs and tables written by hand."""
    doc = docx.Document()
    for number, element in enumerate(elements):
        head, _, rest = element.partition(">")
        doc.element.body.insert(number, parse_xml(f"{head} {SPACE}>{rest}"))
    return save_docx(doc)


def render_markdown(data: bytes) -> str:
    return convert_bytes(data, "a.docx").markdown


def test_merged_cells_and_a_table_in_a_cell() -> None:
    doc = docx.Document()
    table = doc.add_table(3, 3)
    texts = ["구분", "한도", "", "내수", "3천만", "70%", "", "5천만", "50%"]
    for place, text in enumerate(texts):
        table.cell(*divmod(place, 3)).text = text
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(1, 0).merge(table.cell(2, 0))
    inner = table.cell(2, 2).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "안 1", "안 2"
    lines = render_markdown(save_docx(doc)).splitlines()
    assert lines[0] == "| 구분 | 한도 |  |"
    assert lines[2:] == ["| 내수 | 3천만 | 70% |", "| 내수 | 5천만 | 50% 안 1 안 2 |"]


NUMBERING = f"""<w:numbering {SPACE}><w:abstractNum w:abstractNumId="7">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="제%1조"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="ganada"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:lvlText w:val="%1-%3)"/></w:lvl>
</w:abstractNum><w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num></w:numbering>"""


def render_numbered(text: str, level: int, more: str = "") -> str:
    about = f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='3'/></w:numPr>{more}"
    return f"<w:p><w:pPr>{about}</w:pPr>{render_run(text)}</w:p>"


def test_numbers_that_word_only_shows_are_written() -> None:
    outline = "<w:outlineLvl w:val='0'/>"
    data = make_docx_with_body(
        render_numbered("(목적)", 0, outline), render_numbered("수출", 1), render_numbered("진출", 1), render_numbered("세부", 2),
        render_numbered("(대상)", 0, outline), render_numbered("기업", 1),
    )  # fmt: skip
    data = repack_zip(
        data, lambda name, part: NUMBERING.encode() if name == "word/numbering.xml" else part
    )
    assert render_markdown(data).split("\n\n") == [
        "# 제1조 (목적)", "  가. 수출", "  나. 진출", "    1-1) 세부", "# 제2조 (대상)", "  가. 기업",
    ]  # fmt: skip


def test_notes_stand_below_their_paragraph() -> None:
    reference = "<w:r><w:footnoteReference w:id='5'/></w:r>"
    note = f"<w:footnotes {SPACE}><w:footnote w:id='5'><w:p>{render_run('각주입니다')}</w:p></w:footnote></w:footnotes>"
    data = make_docx_with_body(
        f"<w:p>{render_run('본문')}{reference}</w:p>", f"<w:p>{render_run('다음')}</w:p>"
    )
    stream = io.BytesIO(data)
    with zipfile.ZipFile(stream, "a") as packed:
        packed.writestr("word/footnotes.xml", note)
    assert render_markdown(stream.getvalue()).split("\n\n") == ["본문", "각주입니다", "다음"]


def test_boxes_links_and_controls_are_read_and_what_was_deleted_is_not() -> None:
    box = f"<w:r><w:pict><w:txbxContent><w:p>{render_run('상자')}</w:p></w:txbxContent></w:pict></w:r>"
    deleted = "<w:del><w:r><w:delText>지운 글</w:delText></w:r></w:del>"
    data = make_docx_with_body(
        f"<w:p>{render_run('앞 ')}<w:hyperlink>{render_run('링크')}</w:hyperlink>{deleted}<w:ins>{render_run(' 넣은 글')}</w:ins>"
        f"<w:r><w:br/></w:r>{render_run('둘째 줄')}{box}</w:p>",
        f"<w:sdt><w:sdtContent><w:p>{render_run('칸의 글')}</w:p></w:sdtContent></w:sdt>",
    )
    assert render_markdown(data).split("\n\n") == ["앞 링크 넣은 글\n둘째 줄", "상자", "칸의 글"]


def test_headings_of_styles_that_are_based_on_others() -> None:
    doc = docx.Document()
    own = doc.styles.add_style("공고 제목", 1)
    own.base_style = doc.styles["Heading 2"]
    doc.add_heading("장", 1)
    doc.add_paragraph("절", style=own)
    doc.add_paragraph("글")
    assert render_markdown(save_docx(doc)).split("\n\n") == ["# 장", "## 절", "글"]


def test_styles_that_are_based_on_each_other_end() -> None:
    doc = docx.Document()
    first, second = doc.styles.add_style("가", 1), doc.styles.add_style("나", 1)
    first.base_style, second.base_style = second, first
    doc.add_paragraph("글", style=first)
    assert render_markdown(save_docx(doc)) == "글"
