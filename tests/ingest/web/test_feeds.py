"""What feeds list, as they are written in the wild."""

from __future__ import annotations

import time

import pytest

from ingest.errors import NotFetched
from ingest.web.feeds import FEED_MAX_BYTES, FEED_MAX_ENTRIES, FeedEntry, parse_feed

AT = "https://www.example.org/rss/notices.xml"


def make_rss(*items: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    inner = "".join(f"<item>{item}</item>" for item in items)
    return f'{head}<rss version="2.0"><channel><title>공고</title>{inner}</channel></rss>'


def test_an_entry_is_its_page_its_title_and_the_day_the_feed_prints() -> None:
    feed = make_rss(
        "<title>수출바우처 &amp; 공고</title><link>https://example.org/a?b=1&amp;c=2#top</link>"
        "<pubDate>Thu, 05 Mar 2026 00:30:00 +0900</pubDate>",
        "<title><![CDATA[<b>2차</b> 모집]]></title><link>/b</link>",
    )
    assert parse_feed(feed.encode(), AT) == [
        FeedEntry("https://example.org/a?b=1&c=2", "수출바우처 & 공고", "2026-03-05"),
        FeedEntry("https://www.example.org/b", "2차 모집", None),
    ]


def test_an_atom_feed_is_one_too() -> None:
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>n</title><entry><title>Call</title>
    <link rel="alternate" href="https://example.org/call"/><updated>2026-03-09T00:00:00Z</updated>
    <published>2026-03-05T23:30:00+09:00</published></entry></feed>"""
    assert parse_feed(feed.encode(), AT) == [
        FeedEntry("https://example.org/call", "Call", "2026-03-05")
    ]


@pytest.mark.parametrize(
    ("printed", "day"),
    [
        ("Wed, 31 Dec 2025 23:59:00 KST", "2025-12-31"), ("2026-03-05 10:00:00", "2026-03-05"),
        ("2026-03-05", "2026-03-05"), ("2026-02-30", None),
        ("Thu, 05 Mar 99999999999999 00:30:00 +0900", None),
        ("Thu, 05 Mar 2026 00:30:00 +99999999999999", None), ("last spring", None), ("", None),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_read_is_left_out(printed: str, day: str | None) -> None:
    item = f"<title>t</title><link>https://example.org/a</link><pubDate>{printed}</pubDate>"
    (entry,) = parse_feed(make_rss(item).encode(), AT)
    assert entry.published == day


def test_korean_letters_and_a_bare_ampersand_are_read() -> None:
    feed = make_rss("<title>수출 & 물류</title><link>https://example.org/a?x=1&y=2</link>",
               head='<?xml version="1.0" encoding="euc-kr"?>')  # fmt: skip
    assert parse_feed(feed.encode("euc-kr"), AT) == [
        FeedEntry("https://example.org/a?x=1&y=2", "수출 & 물류", None)
    ]


def test_each_page_comes_once_and_only_pages_of_the_web_come() -> None:
    links = ["https://example.org/a", "https://example.org/a#two", "javascript:alert(1)",
             "http://[::1", "https://u:p@example.org/", "", "https://example.org/b"]  # fmt: skip
    found = parse_feed(make_rss(*(f"<link>{link}</link>" for link in links)).encode(), AT)
    assert [one.url for one in found] == ["https://example.org/a", "https://example.org/b"]


def test_of_a_long_feed_the_first_entries_are_read() -> None:
    items = [
        f"<link>https://example.org/{number}</link>" for number in range(FEED_MAX_ENTRIES + 50)
    ]
    found = parse_feed(make_rss(*items).encode(), AT)
    assert len(found) == FEED_MAX_ENTRIES and found[0].url == "https://example.org/0"


def test_a_feed_without_entries_is_a_feed() -> None:
    assert parse_feed(make_rss().encode(), AT) == []


@pytest.mark.parametrize("body", [b"<html><body>Notices</body></html>", b"", b"%PDF-1.7", b"<" * 9])
def test_what_is_no_feed_is_a_sentence(body: bytes) -> None:
    with pytest.raises(NotFetched, match=r"not an RSS or Atom feed.*kind: url"):
        parse_feed(body, AT)


def test_a_feed_of_many_megabytes_is_refused() -> None:
    with pytest.raises(NotFetched, match="too large for a feed"):
        parse_feed(b" " * (FEED_MAX_BYTES + 1), AT)


def test_entities_that_multiply_do_not() -> None:
    steps = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    head = f'<?xml version="1.0"?><!DOCTYPE bomb [<!ENTITY e0 "lol">{steps}]>'
    began = time.process_time()
    found = parse_feed(
        make_rss("<title>&e11;</title><link>https://e.org/a</link>", head=head).encode(), AT
    )
    assert len(found[0].title) < 100
    assert time.process_time() - began < 20  # .5 s where nothing else runs; else hours


def test_no_entity_reads_a_file() -> None:
    head = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    feed = make_rss("<title>a &f; b</title><link>https://example.org/a</link>", head=head)
    assert "root" not in parse_feed(feed.encode(), AT)[0].title


def render_feed(date: str, declared: str = "utf-8") -> str:
    return (
        f'<?xml version="1.0" encoding="{declared}"?><rss version="2.0" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>공고</title><item>'
        f"<title>수출바우처 모집 공고</title><link>https://a.kr/1</link>{date}</item></channel></rss>"
    )


@pytest.mark.parametrize(
    ("date", "day"),
    [
        ("<pubDate>2026.03.02</pubDate>", "2026-03-02"),
        ("<pubDate>2026. 3. 2.</pubDate>", "2026-03-02"),
        ("<pubDate>20260302</pubDate>", "2026-03-02"),
        ("<pubDate>20260302093000</pubDate>", "2026-03-02"),
        ("<pubDate>2026/03/02 09:30</pubDate>", "2026-03-02"),
        ("<pubDate>2026년 3월 2일</pubDate>", "2026-03-02"),
        ("<dc:date>2026-03-02T00:30:00+09:00</dc:date>", "2026-03-02"),
        ("<dc:date>2026.03.02</dc:date>", "2026-03-02"),
        ("<pubDate>Mon, 02 Mar 2026 00:30:00 +0900</pubDate>", "2026-03-02"),
        ("<pubDate>2026.13.02</pubDate>", None),
        ("<pubDate>202603</pubDate>", None),
    ],
)
def test_dates_as_korean_feeds_write_them(date: str, day: str | None) -> None:
    (entry,) = parse_feed(render_feed(date).encode(), "https://a.kr/rss")
    assert entry.published == day


@pytest.mark.parametrize("declared", ["utf-8", "euc-kr", "iso-8859-1", "ks_c_5601-1987"])
@pytest.mark.parametrize("used", ["utf-8", "cp949"])
def test_a_feed_is_read_whatever_encoding_it_declares(declared: str, used: str) -> None:
    (entry,) = parse_feed(render_feed("", declared).encode(used), "https://a.kr/rss")
    assert entry.title == "수출바우처 모집 공고"


def test_an_encoding_whose_name_is_no_text_makes_no_feed() -> None:
    body = make_rss("<title>x</title>", head='<?xml version="1.0" encoding="').encode()
    with pytest.raises(NotFetched):
        parse_feed(body.replace(b'encoding="', b'encoding="e\x80"?>'), AT)
