"""sources.yaml: what it may say, and the sentence for what it may not."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from ingest.errors import BadSources
from ingest.sources.config import parse_duration, read_sources
from ingest.types import FetchedIdentity, SourceConfig

GOOD = """
- name: 중기부-공고
  owner: 김나루
  language: ko
  kind: rss
  url: https://www.mss.go.kr/rss/공고.xml
  max_age: 90d
  every: 12h
- {name: guide, owner: desk, kind: url, url: "https://example.org/guide.pdf"}
- {name: shared, owner: desk, kind: folder, path: documents, every: 30m}
"""


def write_sources(folder: Path, text: str) -> Path:
    path = folder / "sources.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_sources_come_as_they_are_listed_with_what_is_left_out_filled_in(tmp_path: Path) -> None:
    day, half = timedelta(days=1), timedelta(days=180)
    assert read_sources(write_sources(tmp_path, GOOD)) == [
        SourceConfig("중기부-공고", "김나루", "rss",
               "https://www.mss.go.kr/rss/%EA%B3%B5%EA%B3%A0.xml",
               timedelta(hours=12), timedelta(days=90), "ko"),
        SourceConfig("guide", "desk", "url", "https://example.org/guide.pdf", day, half),
        SourceConfig("shared", "desk", "folder", str(tmp_path / "documents"),
               timedelta(minutes=30), half),
    ]  # fmt: skip


def test_a_file_that_is_not_there_or_empty_lists_none(tmp_path: Path) -> None:
    assert read_sources(tmp_path / "sources.yaml") == []
    assert read_sources(write_sources(tmp_path, "# none yet\n")) == []


@pytest.mark.parametrize(
    ("text", "long"),
    [("30m", timedelta(minutes=30)), ("24h", timedelta(days=1)), (" 180d ", timedelta(days=180)),
     ("2 w", timedelta(weeks=2)), ("0h", None), ("24", None), (24, None), ("-1d", None),
     ("1y", None), ("999999d", None), (None, None)],
)  # fmt: skip
def test_durations(text: object, long: timedelta | None) -> None:
    assert parse_duration(text) == long


def render_source(**changed: str) -> str:
    entry = {"name": "guide", "owner": "desk", "kind": "url", "url": "https://e.org/"} | changed
    return "- {" + ", ".join(f'{key}: "{value}"' for key, value in entry.items() if value) + "}\n"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("name: guide", "not a list"),
        ("- guide", "source 1 is not `key: value`"),
        ("- {name: [", "cannot be read.*YAML"),
        (render_source(name=""), "source 1 has no name"),
        (render_source(owner=""), r"source 1 \(guide\) has no owner"),
        (render_source(url=""), "has no url"),
        (render_source(nmae="x"), "unknown keys: nmae. Known: name, owner"),
        (render_source(name="../guide"), "letters, digits"),
        (render_source(name="a b"), "letters, digits"),
        (render_source(name="a" * 61), "60 at most"),
        (render_source(kind="page"), "kind is 'page'.*folder, url, rss"),
        (render_source(kind="folder"), "has no path|no url"),
        (render_source(path="documents"), "no path"),
        (render_source(language="jp"), "language is 'jp'.*ko, en, vi"),
        (render_source(every="daily"), "every 'daily' is no duration.*24h"),
        (render_source(max_age="6 months"), "max_age '6 months' is no duration"),
        (render_source(every="5m"), "at least 15m"),
        (render_source(every="10d", max_age="5d"), "no shorter"),
        (render_source(url="ftp://e.org/"), r"\(guide\): ftp://e.org/ is not a web address"),
        (render_source(url="https://u:p@e.org/"), "user name"),
        (
            render_source() + render_source(url="https://e.org/two"),
            "two sources with the name guide",
        ),
        (
            render_source() + render_source(name="GUIDE", url="https://e.org/two"),
            "two sources with the name guide",
        ),
        (
            render_source() + render_source(name="other"),
            "two sources with the place https://e.org/",
        ),
    ],
)
def test_what_is_wrong_is_named_with_what_to_write(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadSources, match=says) as raised:
        read_sources(write_sources(tmp_path, text))
    assert "\n" not in str(raised.value)


def test_a_file_in_another_encoding_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "sources.yaml").write_bytes("- name: 공고".encode("cp949"))
    with pytest.raises(BadSources, match="UTF-8"):
        read_sources(tmp_path / "sources.yaml")


def test_an_entry_says_who_speaks_in_what_it_fetches(tmp_path: Path) -> None:
    entry = "- {name: a, owner: x, kind: rss, url: 'https://a.kr/rss', issuer: 가 진흥원, id_prefix: ga, hosts: [B.kr]}"
    (source,) = read_sources(write_sources(tmp_path, entry))
    assert (source.issuer, source.id_prefix, source.hosts) == ("가 진흥원", "ga", ("b.kr",))
    assert source.fetched == FetchedIdentity("ga", "가 진흥원")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "- {name: a, owner: x, kind: folder, path: /a, issuer: 가}",
            "issuer is for fetched pages",
        ),
        (
            "- {name: a, owner: x, kind: url, url: 'https://a.kr', hosts: ['https://b']}",
            "hosts has",
        ),
        (
            "- {name: a, owner: x, kind: url, url: 'https://a.kr', id_prefix: a/b}",
            "an id_prefix has",
        ),
        (
            "- {name: a, owner: x, kind: url, url: 'https://a.kr'}\n"
            "- {name: b, owner: x, kind: url, url: 'https://b.kr', id_prefix: A}",
            "two sources with the id_prefix",
        ),
    ],
)
def test_an_identity_that_cannot_be_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadSources, match=says):
        read_sources(write_sources(tmp_path, text))
