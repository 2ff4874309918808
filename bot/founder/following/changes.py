"""What a new edition changed, document by document, and which subscriptions a document is about. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal

from bot.types import Subscription
from knowledge.types import Document, Version

ChangeKind = Literal["new", "expires", "begins", "closing", "title", "text"]

CLOSING_DAYS = timedelta(days=30)  # before its last day a document that changed is closing
CASED_LETTERS = 3  # of a word of Latin letters that counts only as it is written: US, EU
# What a name of a place may end in and still be that name: 인도에서, and not 인도네시아.
_PARTICLES = "에서의|에서|에게|에는|에도|에|의|은|는|이|가|을|를|과|와|으로|로|도|만|산|행|발|내"


@dataclass(frozen=True, slots=True)
class EditionChange:
    """What an edition changed of a document. `before` and `after` are the dates or titles of "expires",
    "begins" and "title"; for "text" `after` is the heading of the first section that changed."""

    version: Version
    kind: ChangeKind
    before: date | str | None = None
    after: date | str | None = None


def find_changes(
    before: Iterable[Version],
    after: Iterable[Version],
    announced: Collection[tuple[str, str]],
    today: date,
) -> list[EditionChange]:
    """The changes of the documents of an edition, `after`, against the one that was announced last,
    `before`. Versions that were `announced` (document, digest) say nothing new, whichever edition
    they came back with; nor does one in which nothing that people read has changed."""
    old = {one.document.id: one for one in before}
    known = {document for document, _ in announced}
    changes = []
    for version in after:
        document = version.document
        if (document.id, version.digest) in announced or not _concerns_founders(document, today):
            continue
        earlier = old.get(document.id)
        if earlier is None and document.id in known:  # it was taken out and has come back
            changes.append(EditionChange(version, "text", after=document.title))
        else:
            change = _compare(earlier, version, today)
            changes += [change] if change else []
    return changes


def _concerns_founders(document: Document, today: date) -> bool:
    is_over = document.expires is not None and document.expires < today
    return document.audience == "founder" and not is_over


def _compare(old: Version | None, new: Version, today: date) -> EditionChange | None:
    now = new.document
    is_closing = now.expires is not None and now.expires <= today + CLOSING_DAYS
    if old is None:
        return EditionChange(new, "closing" if is_closing else "new", after=now.expires)
    then = old.document
    if now.expires != then.expires and now.expires is not None:
        return EditionChange(new, "expires", then.expires, now.expires)
    if now.effective_from != then.effective_from and now.effective_from is not None:
        return EditionChange(new, "begins", then.effective_from, now.effective_from)
    if now.title != then.title:
        return EditionChange(new, "title", then.title, now.title)
    if heading := _find_changed_section(old, new):
        kind: ChangeKind = "closing" if is_closing else "text"
        return EditionChange(new, kind, after=now.expires if is_closing else heading)
    return None


def _find_changed_section(old: Version, new: Version) -> str:
    """The heading of the first section that reads differently; "" where none does."""
    texts = [_join_sections(one) for one in (old, new)]
    changed = [path for path in texts[1] if texts[0].get(path) != texts[1][path]]
    gone = [path for path in texts[0] if path not in texts[1]]
    return next((path[-1] for path in (*changed, *gone)), "")


def _join_sections(version: Version) -> dict[tuple[str, ...], str]:
    """The text of each section on one line, however it is split into passages."""
    sections: dict[tuple[str, ...], str] = {}
    for passage in version.passages:
        joined = f"{sections.get(passage.heading, '')} {passage.text}"
        sections[passage.heading] = " ".join(joined.split())
    return sections


def is_about(version: Version, subscription: Subscription) -> bool:
    """Whether a document names what is subscribed to in its title, its topics or a heading. What only
    its text mentions is not what it is about."""
    document = version.document
    headings = {part for passage in version.passages for part in passage.heading}
    topics = (topic.replace("_", " ") for topic in document.topics)
    said = "\n".join((document.title, *topics, *sorted(headings)))
    pattern = _compile_forms(subscription.forms, subscription.kind == "country")
    return any(one.search(said) for one in pattern)


@cache
def _compile_forms(forms: Sequence[str], is_place: bool) -> tuple[re.Pattern[str], ...]:
    return tuple(_compile_form(" ".join(form.split()), is_place) for form in forms if form.strip())


def _compile_form(form: str, is_place: bool) -> re.Pattern[str]:
    words = r"\s+".join(map(re.escape, form.split()))
    if re.search("[가-힣]", form):
        if not is_place:
            return re.compile(words, re.IGNORECASE)  # compounds: 수출바우처사업
        return re.compile(rf"(?<![가-힣]){words}(?:{_PARTICLES})?(?![가-힣])")
    cased = len(form) <= CASED_LETTERS and form.isupper()
    return re.compile(rf"(?<!\w){words}(?!\w)", 0 if cased else re.IGNORECASE)
