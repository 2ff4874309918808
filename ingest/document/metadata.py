"""The metadata of a document: declared, else from the file's properties, else from its text.

See docs/decisions/0013-file-properties-are-only-weak-evidence.md.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

from ingest.document.inference import INFERABLE_FIELDS, infer_metadata
from ingest.document.sidecar import DeclaredMetadata
from ingest.errors import Unreadable
from ingest.types import FetchedIdentity
from knowledge.text.language import detect_language
from knowledge.types import LANGUAGES, Document, Language

# What is known of a fetched page without its text; all else in its side-car is not for it to say.
FETCHED_FIELDS = ("url", "title", "published", "inferred")

_PARTIAL_DATE = re.compile(r"\d{4}(-\d{2}(-\d{2})?)?")
# Titles that office programs write when the author gave none.
_PLACEHOLDER_TITLE = re.compile(
    r"untitled|title|document\d*|문서\s?\d*|제목\s?없음|빈 문서.*|powerpoint .*|슬라이드 \d+|slide \d+|sheet\d+"
    r"|microsoft \w+ - .*|.*\.(?:hwpx?|docx?|pdf|xlsx?|pptx?|indd)",
    re.IGNORECASE,
)


def merge_declared(front: DeclaredMetadata, sidecar: DeclaredMetadata) -> DeclaredMetadata:
    """The declared metadata of a document; its front matter takes precedence over the side-car.

    An empty key is declared too: `expires:` means that there is no end. Raises Unreadable if the
    side-car calls a field inferred that cannot be.
    """
    filled = {key: value for key, value in front.items() if value not in (None, "")}
    merged = {**front, **sidecar, **filled}
    inferred = _read_list(sidecar, "inferred")
    if unknown := sorted(set(inferred) - set(INFERABLE_FIELDS)):
        raise Unreadable(
            "not_inferable", unknown=", ".join(unknown), known=", ".join(INFERABLE_FIELDS)
        )
    return {**merged, "inferred": [name for name in inferred if name not in filled]}


def declare_fetched(
    identity: FetchedIdentity, about: DeclaredMetadata, name: str, kept_id: str | None
) -> DeclaredMetadata:
    """The declared metadata of a fetched file: what the admin says of its source, and `about`, what
    the feed or the request says of the page.

    `name` is its file name below the source; `kept_id` the id that its document has already.
    """
    known = {key: about[key] for key in FETCHED_FIELDS if key in about}
    id = kept_id or f"{identity.id_prefix}/{name}"
    return {**known, "id": id, "issuer": identity.issuer}


def read_columns(sidecar: DeclaredMetadata) -> Mapping[str, str]:
    """The columns of a table of questions as a side-car declares them: role to header.

    Raises Unreadable if they are not `role: header` lines.
    """
    columns = sidecar.get("columns") or {}
    if not isinstance(columns, dict) or not all(isinstance(text, str) for text in columns.values()):
        raise Unreadable("no_column_lines")
    return {str(role): header for role, header in columns.items()}


def build_document(
    meta: DeclaredMetadata, properties: Mapping[str, str], markdown: str, name: str
) -> Document:
    """The Document of a file; `name` is its id if `meta` declares none.

    `properties` are those of the file: `title`, `created`. Fields that only the text or the
    creation date states are named in `inferred`. Raises Unreadable if a declared value is invalid.
    """
    declared = Document(
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
    if _is_contradictory(declared.effective_from, declared.expires):
        raise Unreadable("expires_first")
    return _add_inferred(declared, meta, properties, markdown)


def _add_inferred(
    declared: Document, meta: DeclaredMetadata, properties: Mapping[str, str], markdown: str
) -> Document:
    """The document with the fields that are not declared but stated by its text."""
    if all(field in meta for field in INFERABLE_FIELDS):
        return replace(declared, inferred=tuple(meta.get("inferred", ())))
    stated = asdict(infer_metadata(markdown, declared.published))
    stated["published"] = stated["published"] or _find_creation_day(properties, markdown)
    inferable = {
        field: stated[field] for field in INFERABLE_FIELDS if stated[field] and field not in meta
    }
    if _is_contradictory(
        inferable.get("effective_from", declared.effective_from),
        inferable.get("expires", declared.expires),
    ):
        inferable = {
            field: inferable[field] for field in ("issuer", "published") if field in inferable
        }
    inferred = [
        field
        for field in INFERABLE_FIELDS
        if field in inferable or field in meta.get("inferred", ())
    ]
    values: dict[str, Any] = asdict(declared) | inferable
    return Document(**values | {"inferred": tuple(inferred)})


def read_checked(meta: DeclaredMetadata) -> date | None:
    """The day somebody last read the sources of a document; None if none is declared.

    It is no part of the Document: reading the sources again changes nothing that is answered.
    Raises Unreadable if the value is no day.
    """
    return _read_date(meta, "checked")


def _is_contradictory(effective: date | None, expires: date | None) -> bool:
    return bool(effective and expires and expires < effective)


def _choose_title(properties: Mapping[str, str], markdown: str) -> str | None:
    """The title of the file's properties if the text contains it or has no heading, else its
    heading: files made from a template keep the title of an older document."""
    heading = re.search(r"^#\s+(.+)$", markdown, re.MULTILINE)
    own = heading.group(1).strip() if heading else None
    title = properties.get("title", "").strip()
    if not title or len(title) > 200 or _PLACEHOLDER_TITLE.fullmatch(title):
        return own
    return title if own is None or _squeeze_text(title) in _squeeze_text(markdown) else own


def _squeeze_text(text: str) -> str:
    return re.sub(r"\W+", "", text)


def _find_creation_day(properties: Mapping[str, str], markdown: str) -> str | None:
    """The creation date of the file if its text names that year: templates are years old."""
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


def _read_short_text(meta: DeclaredMetadata, key: str, max_characters: int) -> str:
    value = str(meta.get(key) or "")
    if len(value) > max_characters:
        raise Unreadable("too_long", key=key, most=max_characters)
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
