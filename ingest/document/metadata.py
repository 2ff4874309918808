"""What a Document is: from what is declared, its file's properties and its own text, in this order."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.document.inference import INFERABLE_FIELDS as INFERABLE
from ingest.document.inference import infer_metadata
from ingest.document.sidecar import DeclaredMetadata
from ingest.errors import Unreadable
from knowledge.text.language import detect_language
from knowledge.types import LANGUAGES, Document, Language

_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# What office programs write when nobody gave a title.
_PLACEHOLDER_TITLE = re.compile(
    r"untitled|title|document\d*|문서\s?\d*|제목\s?없음|빈 문서.*|powerpoint .*|슬라이드 \d+|slide \d+|sheet\d+"
    r"|microsoft \w+ - .*|.*\.(?:hwpx?|docx?|pdf|xlsx?|pptx?|indd)",
    re.IGNORECASE,
)


def merge_declared(front: DeclaredMetadata, side: DeclaredMetadata) -> DeclaredMetadata:
    """What was said about a document: its own front matter wins over the side-car.

    A key that stands anywhere is said, also when empty: `expires:` says that there is no end.
    """
    said = {key: value for key, value in front.items() if value not in (None, "")}
    merged = {**front, **side, **said}
    inferred = _read_list(side, "inferred")
    if unknown := sorted(set(inferred) - set(INFERABLE)):
        raise Unreadable("not_inferable", unknown=", ".join(unknown), known=", ".join(INFERABLE))
    return {**merged, "inferred": [name for name in inferred if name not in said]}


def read_columns(side: DeclaredMetadata) -> Mapping[str, str]:
    """Which column of a question-and-answer table is which, as the side-car says: role to header."""
    named = side.get("columns") or {}
    if not isinstance(named, dict) or not all(isinstance(one, str) for one in named.values()):
        raise Unreadable("no_column_lines")
    return {str(role): header for role, header in named.items()}


def build_document(
    meta: DeclaredMetadata, properties: Mapping[str, str], markdown: str, name: str
) -> Document:
    """The Document that a file is; `name` is its id where none is declared.

    `properties` are the file's own: `title`, `created`. What only the text or the day of creation
    says is named in `inferred`. Raises Unreadable for what is declared and cannot be.
    """
    given = Document(
        id=_read_short_text({"id": meta.get("id") or name}, "id", 200),
        title=str(meta.get("title") or _choose_title(properties, markdown) or Path(name).stem),
        issuer=str(meta.get("issuer") or ""),
        language=_read_language(meta, markdown),
        url=_read_url(meta),
        published=_read_published(meta),
        effective_from=_read_date(meta, "effective_from"),
        expires=_read_date(meta, "expires"),
        supersedes=_read_list(meta, "supersedes"),
        topics=_read_list(meta, "topics"),
        audience=_read_short_text(meta, "audience", 40) or "founder",
        translation_of=_read_short_text(meta, "translation_of", 200) or None,
    )
    if _is_contradictory(given.effective_from, given.expires):
        raise Unreadable("expires_first")
    return _add_inferred(given, meta, properties, markdown)


def _add_inferred(
    given: Document, meta: DeclaredMetadata, properties: Mapping[str, str], markdown: str
) -> Document:
    """The Document with what nobody declared and its text says."""
    if all(field in meta for field in INFERABLE):
        return replace(given, inferred=tuple(meta.get("inferred", ())))
    said = asdict(infer_metadata(markdown))
    said["published"] = said["published"] or _find_creation_day(properties, markdown)
    found = {field: said[field] for field in INFERABLE if said[field] and field not in meta}
    if _is_contradictory(
        found.get("effective_from", given.effective_from), found.get("expires", given.expires)
    ):
        found = {field: found[field] for field in ("issuer", "published") if field in found}
    inferred = [field for field in INFERABLE if field in found or field in meta.get("inferred", ())]
    values: dict[str, Any] = asdict(given) | found
    return Document(**values | {"inferred": tuple(inferred)})


def _is_contradictory(effective: date | None, expires: date | None) -> bool:
    return bool(effective and expires and expires < effective)


def _choose_title(properties: Mapping[str, str], markdown: str) -> str | None:
    """The file's own title where it is one; templates keep an old one, so the text must hold it
    or have no heading of its own."""
    heading = re.search(r"^#\s+(.+)$", markdown, re.MULTILINE)
    own = heading.group(1).strip() if heading else None
    title = properties.get("title", "").strip()
    if not title or len(title) > 200 or _PLACEHOLDER_TITLE.fullmatch(title):
        return own
    return title if own is None or _squeeze_text(title) in _squeeze_text(markdown) else own


def _squeeze_text(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _find_creation_day(properties: Mapping[str, str], markdown: str) -> str | None:
    """The day the file was made, where its text speaks of that year: templates are years old."""
    day = properties.get("created", "")[:10]
    try:
        year = date.fromisoformat(day).year
    except ValueError:
        return None
    return day if re.search(rf"(?<!\d){year}(?!\d)|[’'‘]{year % 100:02}(?!\d)", markdown) else None


def _read_language(meta: DeclaredMetadata, markdown: str) -> Language:
    language: Language = meta.get("language") or detect_language(markdown)
    if language not in LANGUAGES:
        raise Unreadable("other_language", language=repr(language), known=", ".join(LANGUAGES))
    return language


def _read_short_text(meta: DeclaredMetadata, key: str, longest: int) -> str:
    value = str(meta.get(key) or "")
    if len(value) > longest:
        raise Unreadable("too_long", key=key, most=longest)
    return value


def _read_url(meta: DeclaredMetadata) -> str:
    url = str(meta.get("url") or "")
    if url and not re.match(r"https?://\S+\Z", url):
        raise Unreadable("no_url", url=repr(url))
    return url


def _read_published(meta: DeclaredMetadata) -> str | None:
    value = meta.get("published")
    if value in (None, ""):
        return None
    text = str(value)
    try:
        if _PARTIAL_DATE.fullmatch(text) and date.fromisoformat((text + "-01-01")[:10]):
            return text
    except ValueError:
        pass
    raise Unreadable("no_published", value=repr(text))


def _read_date(meta: DeclaredMetadata, key: str) -> date | None:
    value = meta.get(key)
    if value in (None, ""):
        return None
    try:
        return date.fromisoformat(str(value))
    except ValueError as error:
        raise Unreadable("no_day", key=key, value=repr(str(value))) from error


def _read_list(meta: DeclaredMetadata, key: str) -> tuple[str, ...]:
    value = meta.get(key) or []
    if not isinstance(value, list):
        raise Unreadable("no_list", key=key)
    return tuple(str(word) for word in value)
