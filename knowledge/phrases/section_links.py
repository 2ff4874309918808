"""Which section of the library a staff member names in a reply: by its citation or by a link.

A citation is what the case's card shows, 「title」 › heading. A link is the document's address with
the heading behind "#", as a browser copies it, or the address alone of a document of one section.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import unquote, urldefrag

from knowledge.phrases.phrase import SectionName
from knowledge.retrieval.edition import Edition
from knowledge.retrieval.known_questions import get_translation_key
from knowledge.text.language import normalise_letters
from knowledge.types import Passage

_CITATION = re.compile(r"[「『“\"]([^」』”\"\n]{2,300})[」』”\"]\s*[›>]\s*([^\n]{1,300})")
_LINK = re.compile(r"https?://[^\s<>「」『』“”\"|]+")
_LINK_END = ".,;:!?)]}’'"
_TEXT_FRAGMENT = re.compile(r":~:text=(?:[^,&]*-,)?([^,&]+)")


def may_name_section(text: str) -> bool:
    """Whether a text has the form of a citation or a link: without one nothing is looked up."""
    return bool(_CITATION.search(text) or _LINK.search(text))


def find_linked_section(edition: Edition, text: str) -> SectionName | None:
    """The one section of the edition that a reply names; None if it names none, or several."""
    sections: dict[SectionName, Passage] = {}
    for passages in (*_find_cited(edition, text), *_find_linked(edition, text)):
        for passage in passages:
            sections.setdefault(SectionName(passage.document.id, passage.heading), passage)
    named = {get_translation_key(passage): passage for passage in reversed(sections.values())}
    if len(named) != 1:
        return None
    (passage,) = named.values()
    return SectionName(passage.document.id, passage.heading)


def _find_cited(edition: Edition, text: str) -> Iterator[list[Passage]]:
    """The passages of each section that is cited; of two headings the one that says more."""
    for match in _CITATION.finditer(text):
        title, rest = normalise_letters(match[1]), normalise_letters(match[2])
        fitting = [
            passage
            for passage in edition.passages
            if normalise_letters(passage.document.title) == title
            and _is_said_first(passage.heading[-1], rest, match[2])
        ]
        longest = max((len(one.heading[-1]) for one in fitting), default=0)
        yield [one for one in fitting if len(one.heading[-1]) == longest]


def _is_said_first(heading: str, written: str, text: str) -> bool:
    """Whether a text begins with a heading; Korean particles may follow it at once."""
    letters = normalise_letters(heading).rstrip()
    return bool(letters.strip()) and (
        written.startswith(letters) or text.lstrip().startswith(heading)
    )


def _find_linked(edition: Edition, text: str) -> Iterator[list[Passage]]:
    """The passages of each section that is linked."""
    for match in _LINK.finditer(text):
        address, fragment = urldefrag(match[0].rstrip(_LINK_END))
        own = [one for one in edition.passages if _is_same_page(one.document.url, address)]
        if fragment:
            yield _select_by_fragment(own, unquote(fragment))
        elif len({(one.document.base_id, one.heading[1:]) for one in _list_originals(own)}) == 1:
            yield own


def _is_same_page(url: str, address: str) -> bool:
    return bool(url) and urldefrag(url)[0].rstrip("/") == address.rstrip("/")


def _select_by_fragment(passages: Iterable[Passage], fragment: str) -> list[Passage]:
    """The passages of the section that a link's fragment names: its heading, or words of its text
    that a browser marked (`#:~:text=…`)."""
    if marked := _TEXT_FRAGMENT.search(fragment):
        words = normalise_letters(marked[1]).strip()
        return [one for one in passages if words in normalise_letters(one.text_with_headings)]
    wanted = normalise_letters(fragment)
    return [one for one in passages if normalise_letters(one.heading[-1]) == wanted]


def _list_originals(passages: Iterable[Passage]) -> list[Passage]:
    return [one for one in passages if one.document.translation_of is None]
