"""References inside a library: ids in the front matter, and links from a text to another document."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from posixpath import basename, dirname, join, normpath
from urllib.parse import unquote

from ingest.checks.types import CheckedDocument, CheckFinding, find_at
from ingest.plan.files import IGNORED_FILE_NAMES
from ingest.remarks import Remark

_LINK = re.compile(r"\]\(\s*<?([^)\s>]+)")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:|//|#", re.IGNORECASE)
_DOCUMENT_FILE = re.compile(r"\.(?:md|txt|html?|pdf|hwpx?|docx|xlsx|pptx|csv)$", re.IGNORECASE)
# 「…」 문서, 'the document "…"', tài liệu "…": another document named by its title.
_NAMED = re.compile(
    r"「(?P<a>[^」]{2,120})」\s*(?:문서|안내)|[\"“](?P<b>[^\"”]{2,120})[\"”]\s*문서(?=[를을의에는가와 ])"
    r"|\bdocument [\"“](?P<c>[^\"”]{2,120})[\"”]|tài liệu [\"“](?P<d>[^\"”]{2,120})[\"”]"
)


def find_dead_references(
    documents: Sequence[CheckedDocument], known: Set[str]
) -> Iterator[CheckFinding]:
    """Ids, files and titles that a document names and that are not there; `known` are ids of
    documents outside this folder."""
    ids = known | {one.document.id for one in documents}
    files = {one.file for one in documents}
    titles = {_squeeze(one.document.title) for one in documents}
    translated = {one.document.id for one in documents if one.document.translation_of}
    for one in documents:
        original = one.document.translation_of
        if original is not None and original not in ids:
            yield _find_id(one, "translation_of", original)
        elif original in translated:
            line = one.keys.get("translation_of")
            yield find_at("error", one, Remark("translation_of_one", {"id": original}), line=line)
        for id in one.document.supersedes:
            if id not in ids:
                yield _find_id(one, "supersedes", id)
        yield from _find_dead_names(one, files, titles)


def _find_id(one: CheckedDocument, key: str, id: str) -> CheckFinding:
    remark = Remark("unknown_id", {"key": key, "id": id})
    return find_at("error", one, remark, line=one.keys.get(key))


def _find_dead_names(
    one: CheckedDocument, files: Set[str], titles: Set[str]
) -> Iterator[CheckFinding]:
    for section in one.sections:
        for line in section.lines:
            for link in _LINK.findall(line.text):
                target = unquote(link.partition("#")[0])
                if _SCHEME.match(link) or not _DOCUMENT_FILE.search(target):
                    continue
                if basename(target) in IGNORED_FILE_NAMES:
                    continue
                if normpath(join(dirname(one.file), target)) not in files:
                    remark = Remark("dead_link", {"link": target})
                    yield find_at("error", one, remark, section, line.number)
            for match in _NAMED.finditer(line.text):
                title = next(text for text in match.groups() if text)
                if _squeeze(title) not in titles:
                    remark = Remark("unknown_title", {"title": title})
                    yield find_at("warning", one, remark, section, line.number)


def _squeeze(title: str) -> str:
    return re.sub(r"\W+", "", title).casefold()
