"""Small sound files to damage, by the parser that reads them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from reportlab.pdfgen.canvas import Canvas

from tests.samples.office_files import (
    FAQ,
    draw_pdf,
    make_docx,
    make_hangul,
    make_html,
    make_hwpml,
    make_pdf,
    make_pptx,
    make_xlsx,
    make_zip,
    render_delimited,
)

FAULTY_FILES = Path(__file__).parents[1] / "ingest" / "formats" / "faults"
NOTICE = """---
title: 수출바우처 공고
language: ko
published: 2026-03-02
---
# 수출바우처 2026

| 구분 | 한도 |
| --- | --- |
| 내수기업 | 3천만 원 |

Q. 얼마까지 받나요?
A. 3천만 원입니다. 근거: https://example.org/a (2026-03-02)

1. 신청 기간: 2026. 3. 2. ~ 3. 31.
   가. 사업자등록증 사본
"""
MAIL = """From: =?utf-8?b?66+464KY?= <mina@startup.test>
To: naru@provider.test
Subject: =?euc-kr?Q?=B9=AE=C0=C7?=
Message-ID: <m1@startup.test>
In-Reply-To: <m0@provider.test>
References: <m9@a.test> <m0@provider.test>
Date: Wed, 02 Dec 2026 10:00:00 +0900
Authentication-Results: mx.test; dkim=pass header.d=startup.test; spf=pass
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b"

--b
Content-Type: multipart/alternative; boundary="c"

--c
Content-Type: text/plain; charset="utf-8"
Content-Transfer-Encoding: 8bit

안녕하세요. 하노이에서 잔금을 못 받고 있습니다.

2026년 12월 1일 (화) 오전 9:00, 나루 <naru@provider.test>님이 작성:
> 1. 접수번호 #3

--c
Content-Type: text/html; charset="euc-kr"
Content-Transfer-Encoding: quoted-printable

<html><body><p>=BE=C8=B3=E7</p><table><tr><td>a</td></tr></table></body></html>
--c--
--b
Content-Type: application/pdf; name="=?utf-8?b?6rOE7JW97IScLnBkZg==?="
Content-Disposition: attachment; filename*=utf-8''%EA%B3%84.pdf
Content-Transfer-Encoding: base64

JVBERi0xLjQK
--b
Content-Type: message/rfc822

Subject: inner

words
--b--
"""
RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>공고</title>
<item><title>수출바우처 &amp; 공고</title><link>https://example.org/a?b=1&amp;c=2#top</link>
<pubDate>Thu, 05 Mar 2026 00:30:00 +0900</pubDate></item>
<item><title><![CDATA[<b>2차</b> 모집]]></title><link>/b</link><dc:date>2026.03.05</dc:date></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>n</title><entry><title>Call</title>
<link rel="alternate" href="https://example.org/call"/><updated>2026-03-09T00:00:00Z</updated>
<published>2026-03-05T23:30:00+09:00</published></entry></feed>"""


def make_seeds(folder: Path, further: Path | None = None) -> dict[str, list[bytes]]:
    """The files by kind; those of the folder `further` as well, at whatever depth they lie. `folder`
    is a place to make files in."""
    book = make_xlsx({"한도": [("구분", "한도"), ("내수", 3.5)], "일정": FAQ}, B2="#,##0.0")
    table = render_delimited([[f'"{cell}"' for cell in row] for row in FAQ])
    seeds: dict[str, list[bytes]] = {
        "hwp": [make_hangul(".hwp", folder)],
        "hwpx": [make_hangul(".hwpx", folder)],
        "hwpml": [make_hwpml()],
        "pdf": [make_pdf(), draw_pdf(_draw_page, pageCompression=0)],
        "docx": [make_docx()],
        "xlsx": [book],
        "pptx": [make_pptx()],
        "html": [make_html()],
        "csv": [table.encode(), table.encode("cp949"), table.replace(",", "\t").encode("utf-16")],
        "txt": [NOTICE.encode(), NOTICE.encode("cp949"), NOTICE.encode("utf-16")],
        "mail": [MAIL.encode(), MAIL.replace("\n", "\r\n").encode()],
        "feed": [RSS.encode(), ATOM.encode()],
    }
    inner = make_zip(("공고.txt", NOTICE.encode()), ("b.html", seeds["html"][0]))
    named = {"공고.txt": NOTICE.encode(), "공고.meta.yaml": b"title: x\nlanguage: ko\n",
             "a/faq.csv": seeds["csv"][0], "inner.zip": inner}  # fmt: skip
    seeds["zip"] = [make_zip(*named.items())]
    folders = [FAULTY_FILES, *([further] if further else [])]
    _add_files(seeds, (path for one in folders for path in sorted(one.rglob("*"))))
    return seeds


def _add_files(seeds: Mapping[str, list[bytes]], paths: Iterable[Path]) -> None:
    for path in paths:
        kind = path.suffix.removeprefix(".").lower()
        kind = {"md": "txt", "xml": "feed", "eml": "mail", "hml": "hwpml"}.get(kind, kind)
        if kind in seeds and path.is_file():
            seeds[kind].append(path.read_bytes())


def _draw_page(sheet: Canvas) -> None:
    """Words and a table's lines, in content streams that are not compressed."""
    for row in range(3):
        sheet.drawString(50, 700 - 20 * row, f"row {row} left")
        sheet.drawString(250, 700 - 20 * row, f"{row},000")
        sheet.line(40, 695 - 20 * row, 400, 695 - 20 * row)
    sheet.showPage()
    sheet.drawString(50, 700, "second page")
