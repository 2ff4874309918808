"""One file that is new or changed, read into a version. Loaded with the first such file: an ingest that
finds nothing changed needs none of what tells documents apart."""

from __future__ import annotations

from pathlib import Path

from ingest.document.inference import find_open_end, find_unread_end
from ingest.document.parse import ParsedDocument, parse_file
from ingest.document.sidecar import DeclaredMetadata
from ingest.errors import Unreadable
from ingest.passages.phrase_files import PhraseFile
from ingest.passages.phrases import read_phrases
from ingest.passages.split import compute_digest, split_passages, split_with_phrases
from ingest.remarks import Remark, join_remarks
from ingest.types import CandidateFile, Root
from knowledge.types import Passage, Version

VersionWithRemark = tuple[Version, Remark | None]  # the remark is about its file, for the admin


def read_version(
    root: Root,
    path: Path,
    candidate: CandidateFile,
    sidecar: DeclaredMetadata,
    phrase_file: PhraseFile | None,
    *,
    is_fetched: bool,
) -> VersionWithRemark:
    """Read a file; without its phrases where their side file is broken. Raises Unreadable."""
    parsed = parse_file(
        path,
        candidate.name,
        root.language,
        candidate.data,
        sidecar,
        is_fetched=is_fetched,
    )
    passages, remark = _split_document(parsed, phrase_file)
    if not passages:
        raise Unreadable("headings_only")
    digest = compute_digest(parsed, passages)
    version = Version(parsed.document, digest, root.origin, candidate.name, passages)
    missing = None if "expires" in sidecar else _find_missing_end(version)
    return version, join_remarks(note for note in (parsed.note, remark, missing) if note)


def _find_missing_end(version: Version) -> Remark | None:
    """A remark where a window ends with the budget, or on a day that cannot be read: no day withdraws
    the notice."""
    if version.document.expires is not None:
        return None
    text = "\n".join(passage.text for passage in version.passages)
    if words := find_open_end(text):
        return Remark("open_end", {"words": words})
    if words := find_unread_end(text, version.document.published):
        return Remark("unread_end", {"words": words})
    return None


def _split_document(
    parsed: ParsedDocument, file: PhraseFile | None
) -> tuple[tuple[Passage, ...], Remark | None]:
    """The passages with the phrases that lie next to the document, and what is wrong with these."""
    if file is None:
        return split_passages(parsed), None
    try:
        phrases = read_phrases(file, parsed.document.id)
    except Unreadable as error:
        return split_passages(parsed), error.remark
    passages, lost = split_with_phrases(parsed, phrases)
    if not lost:
        return passages, None
    first = " > ".join(lost[0])
    return passages, Remark(
        "phrases_lost", {"name": file.name, "heading": first, "count": len(lost)}
    )
