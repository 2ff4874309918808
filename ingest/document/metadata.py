"""What a Document is: from what is declared, its file's properties and its own text, in this order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.document.inference import FIELDS as INFERABLE
from ingest.document.inference import infer
from ingest.document.sidecar import Declared
from ingest.errors import Unreadable
from knowledge.text.language import detect
from knowledge.types import LANGUAGES, Document, Language

_PUBLISHED = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# What office programs write when nobody gave a title.
_NO_TITLE = re.compile(
    r"untitled|title|document\d*|문서\s?\d*|제목\s?없음|빈 문서.*|powerpoint .*|슬라이드 \d+|slide \d+|sheet\d+"
    r"|microsoft \w+ - .*|.*\.(?:hwpx?|docx?|pdf|xlsx?|pptx?|indd)",
    re.IGNORECASE,
)


def declared(front: Declared, side: Declared) -> Declared:
    """What was said about a document: its own front matter wins over the side-car.

    A key that stands anywhere is said, also when empty: `expires:` says that there is no end.
    """
    said = {key: value for key, value in front.items() if value not in (None, "")}
    merged = {**front, **side, **said}
    inferred = _words(side, "inferred")
    if unknown := sorted(set(inferred) - set(INFERABLE)):
        raise Unreadable("not_inferable", unknown=", ".join(unknown), known=", ".join(INFERABLE))
    return {**merged, "inferred": [name for name in inferred if name not in said]}


def columns(side: Declared) -> Mapping[str, str]:
    """Which column of a question-and-answer table is which, as the side-car says: role to header."""
    named = side.get("columns") or {}
    if not isinstance(named, dict) or not all(isinstance(one, str) for one in named.values()):
        raise Unreadable("no_column_lines")
    return {str(role): header for role, header in named.items()}


def document(meta: Declared, properties: Mapping[str, str], markdown: str, name: str) -> Document:
    """The Document that a file is; `name` is its id where none is declared.

    `properties` are the file's own: `title`, `created`. What only the text or the day of creation
    says is named in `inferred`. Raises Unreadable for what is declared and cannot be.
    """
    given = Document(
        id=_short({"id": meta.get("id") or name}, "id", 200),
        title=str(meta.get("title") or _title(properties, markdown) or Path(name).stem),
        issuer=str(meta.get("issuer") or ""),
        language=_language(meta, markdown),
        url=_url(meta),
        published=_published(meta),
        effective_from=_day(meta, "effective_from"),
        expires=_day(meta, "expires"),
        supersedes=_words(meta, "supersedes"),
        topics=_words(meta, "topics"),
        audience=_short(meta, "audience", 40) or "founder",
        translation_of=_short(meta, "translation_of", 200) or None,
    )
    if _contradicts(given.effective_from, given.expires):
        raise Unreadable("expires_first")
    return _completed(given, meta, properties, markdown)


def _completed(
    given: Document, meta: Declared, properties: Mapping[str, str], markdown: str
) -> Document:
    """The Document with what nobody declared and its text says."""
    if all(field in meta for field in INFERABLE):
        return replace(given, inferred=tuple(meta.get("inferred", ())))
    said = asdict(infer(markdown))
    said["published"] = said["published"] or _created(properties, markdown)
    found = {field: said[field] for field in INFERABLE if said[field] and field not in meta}
    if _contradicts(
        found.get("effective_from", given.effective_from), found.get("expires", given.expires)
    ):
        found = {field: found[field] for field in ("issuer", "published") if field in found}
    inferred = [field for field in INFERABLE if field in found or field in meta.get("inferred", ())]
    values: dict[str, Any] = asdict(given) | found
    return Document(**values | {"inferred": tuple(inferred)})


def _contradicts(effective: date | None, expires: date | None) -> bool:
    return bool(effective and expires and expires < effective)


def _title(properties: Mapping[str, str], markdown: str) -> str | None:
    """The file's own title where it is one; templates keep an old one, so the text must hold it
    or have no heading of its own."""
    heading = re.search(r"^#\s+(.+)$", markdown, re.MULTILINE)
    own = heading.group(1).strip() if heading else None
    title = properties.get("title", "").strip()
    if not title or len(title) > 200 or _NO_TITLE.fullmatch(title):
        return own
    return title if own is None or _squeezed(title) in _squeezed(markdown) else own


def _squeezed(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _created(properties: Mapping[str, str], markdown: str) -> str | None:
    """The day the file was made, where its text speaks of that year: templates are years old."""
    day = properties.get("created", "")[:10]
    try:
        year = date.fromisoformat(day).year
    except ValueError:
        return None
    return day if re.search(rf"(?<!\d){year}(?!\d)|[’'‘]{year % 100:02}(?!\d)", markdown) else None


def _language(meta: Declared, markdown: str) -> Language:
    language: Language = meta.get("language") or detect(markdown)
    if language not in LANGUAGES:
        raise Unreadable("other_language", language=repr(language), known=", ".join(LANGUAGES))
    return language


def _short(meta: Declared, key: str, longest: int) -> str:
    value = str(meta.get(key) or "")
    if len(value) > longest:
        raise Unreadable("too_long", key=key, most=longest)
    return value


def _url(meta: Declared) -> str:
    url = str(meta.get("url") or "")
    if url and not re.match(r"https?://\S+\Z", url):
        raise Unreadable("no_url", url=repr(url))
    return url


def _published(meta: Declared) -> str | None:
    value = meta.get("published")
    if value in (None, ""):
        return None
    text = str(value)
    try:
        if _PUBLISHED.fullmatch(text) and date.fromisoformat((text + "-01-01")[:10]):
            return text
    except ValueError:
        pass
    raise Unreadable("no_published", value=repr(text))


def _day(meta: Declared, key: str) -> date | None:
    value = meta.get(key)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Unreadable("no_day", key=key, value=repr(str(value))) from error


def _words(meta: Declared, key: str) -> tuple[str, ...]:
    value = meta.get(key) or []
    if not isinstance(value, list):
        raise Unreadable("no_list", key=key)
    return tuple(str(word) for word in value)
