"""One-page sheets to hand out to founders and staff, with a QR code that opens the bot."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from markdown_it import MarkdownIt

from adapters.errors import CommandFailed
from knowledge.types import Language

Reader = Literal["founder", "staff"]
READERS: tuple[Reader, ...] = ("founder", "staff")
LONGEST_LINK = 300  # a longer one makes a code too fine for a phone at arm's length
_PAGE = """<!DOCTYPE html>
<html lang="{language}"><meta charset="utf-8"><title>Naru</title><style>
@page {{ size: A4; margin: 16mm }}
body {{ font: 11pt/1.45 "Noto Sans", "Noto Sans CJK KR", sans-serif; max-width: 178mm; margin: auto }}
h1 {{ font-size: 21pt; margin: 0 0 3mm }} h2 {{ font-size: 13pt; margin: 5mm 0 1mm }}
svg {{ float: right; width: 38mm; height: 38mm; margin: 0 0 4mm 6mm }}
table {{ border-collapse: collapse; width: 100% }} p, ol, ul {{ margin: 1mm 0 }}
th, td {{ border: 1px solid #bbb; padding: 1mm 2mm; text-align: left }}
footer {{ margin-top: 5mm; color: #555; font-size: 9pt; overflow-wrap: anywhere }}
</style>
{code}
{text}
<footer>{link}</footer>
</html>
"""


def render_sheet(link: str, reader: Reader, language: Language) -> str:
    """The sheet as a page of HTML that prints on one A4 page. Raises CommandFailed for a link that
    a phone would not open."""
    import segno

    if not link.startswith(("https://", "http://")) or len(link) > LONGEST_LINK:
        raise CommandFailed(f"{link} is no link a phone opens: https://t.me/YOUR_BOT")
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = Path(__file__).with_name(f"{reader}.{language}.md").read_text(encoding="utf-8")
    return _PAGE.format(
        language=language,
        code=segno.make(link, error="m").svg_inline(border=2, omitsize=True),
        text=markdown.render(text),
        link=markdown.renderInline(link),
    )
