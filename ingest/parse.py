"""From a file's bytes to a Document and its Markdown."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from ingest.errors import Unreadable
from knowledge.language import detect
from knowledge.types import LANGUAGES, Document, Language

KNOWN = (".md", ".markdown", ".txt")
FIELDS = frozenset(
    [
        "id",
        "title",
        "issuer",
        "language",
        "url",
        "published",
        "effective_from",
        "expires",
        "supersedes",
        "topics",
        "translation_of",
        "audience",
    ]
)
_FRONT = re.compile(r"\A\s*---[ \t]*\n(.*?\n)?---[ \t]*(?:\n|\Z)", re.DOTALL)
_UNCLOSED = re.compile(r"\A\s*---[ \t]*\n\s*\w+[ \t]*:")
_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document as it was read: what it is, and its Markdown."""

    document: Document
    markdown: str


def parse(path: Path, name: str, language: Language | None = None) -> Parsed:
    """Read one file; `name` is how the admin knows it, `language` its own where it says none.

    Raises Unreadable with a sentence that says what is wrong and what to do.
    """
    if path.suffix.lower() not in KNOWN:
        raise Unreadable(
            f"its type ({path.suffix or 'no ending'}) is not one Naru reads: "
            f"{', '.join(KNOWN)}. Convert it to one of these."
        )
    text = _text(path)
    front = _FRONT.match(text)
    if front is None and _UNCLOSED.match(text):
        raise Unreadable("its front matter has no end. Close it with a line `---`.")
    meta = _front_matter(front.group(1) or "") if front else {}
    body = text[front.end() :] if front else text
    if not body.strip():
        raise Unreadable("it has no text. An empty document cannot answer anything.")
    return Parsed(_document({"language": language} | meta, body, name), body.strip() + "\n")


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable("it is not UTF-8 text. Save it as UTF-8.") from error
    except OSError as error:
        raise Unreadable(f"it cannot be read ({error.strerror}).") from error
    if "\x00" in text:
        raise Unreadable("it is not text. Export it as Markdown or plain text.")
    return unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))


def _front_matter(block: str) -> dict[str, Any]:
    try:
        meta = yaml.safe_load(block) or {}
    except yaml.YAMLError as error:
        problem = str(error).splitlines()[0]
        raise Unreadable(f"its front matter is not YAML: {problem}.") from error
    except ValueError as error:
        raise Unreadable(f"its front matter holds a date that cannot be: {error}.") from error
    if not isinstance(meta, dict):
        raise Unreadable("its front matter is not a list of `key: value` lines.")
    if unknown := sorted(set(map(str, meta)) - FIELDS):
        raise Unreadable(
            f"its front matter has unknown keys: {', '.join(unknown)}. Known ones: "
            f"{', '.join(sorted(FIELDS))}."
        )
    if any(re.search("[\x00\ud800-\udfff]", text) for text in _strings(meta)):
        raise Unreadable("its front matter holds characters that are no text. Remove them.")
    return meta


def _strings(meta: dict[str, Any]) -> Iterator[str]:
    for value in meta.values():
        yield from map(str, value if isinstance(value, list) else [value])


def _document(meta: dict[str, Any], body: str, name: str) -> Document:
    title = str(meta.get("title") or _first_heading(body) or Path(name).stem)
    language = meta.get("language") or detect(body)
    if language not in LANGUAGES:
        raise Unreadable(f"its language is {language!r}. Use one of {', '.join(LANGUAGES)}.")
    effective, expires = _day(meta, "effective_from"), _day(meta, "expires")
    if effective and expires and expires < effective:
        raise Unreadable("it expires before it takes effect. Correct the two dates.")
    return Document(
        id=_short({"id": meta.get("id") or name}, "id", 200),
        title=title,
        issuer=str(meta.get("issuer") or ""),
        language=language,
        url=_url(meta),
        published=_published(meta),
        effective_from=effective,
        expires=expires,
        supersedes=_words(meta, "supersedes"),
        topics=_words(meta, "topics"),
        audience=_short(meta, "audience", 40) or "founder",
        translation_of=_short(meta, "translation_of", 200) or None,
    )


def _short(meta: dict[str, Any], key: str, longest: int) -> str:
    value = str(meta.get(key) or "")
    if len(value) > longest:
        raise Unreadable(f"its {key} is longer than {longest} characters. Shorten it.")
    return value


def _url(meta: dict[str, Any]) -> str:
    url = str(meta.get("url") or "")
    if url and not re.match(r"https?://\S+\Z", url):
        raise Unreadable(f"its url {url!r} is not a web address (https://…).")
    return url


def _published(meta: dict[str, Any]) -> str | None:
    value = meta.get("published")
    if value in (None, ""):
        return None
    text = str(value)
    try:
        if _PUBLISHED.fullmatch(text) and date.fromisoformat((text + "-01-01")[:10]):
            return text
    except ValueError:
        pass
    raise Unreadable(f"its published date {text!r} is not YYYY, YYYY-MM or YYYY-MM-DD.")


def _day(meta: dict[str, Any], key: str) -> date | None:
    value = meta.get(key)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Unreadable(f"its {key} {value!r} is not a date (YYYY-MM-DD).") from error


def _words(meta: dict[str, Any], key: str) -> tuple[str, ...]:
    value = meta.get(key) or []
    if not isinstance(value, list):
        raise Unreadable(f"its {key} must be a list: [one, two].")
    return tuple(str(word) for word in value)


def _first_heading(body: str) -> str | None:
    match = re.search(r"^#\s+(.+)$", body, re.MULTILINE)
    return match.group(1).strip() if match else None
