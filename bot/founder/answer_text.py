"""An Answer as a founder reads it: its text, as of which day, and its sources folded below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Literal
from urllib.parse import unquote

from babel.dates import format_date

from bot.buttons import PERSON_KEY, write_all_set_key
from bot.context import shorten_text
from bot.messages import Button, Content
from bot.phrases import render_phrase
from knowledge.answering.quoting.readable import render_readable
from knowledge.types import Answer, Citation, Exchange, Language, Offer, find_korean_day

REMEMBERED_ANSWER_CHARACTERS = 400  # of each answer in a conversation's exchanges
# Before the sources. A section that was chosen is longer where it is; so is what a model wrote.
ANSWER_LIMIT_CHARACTERS = 500
SOURCE_NAME_CHARACTERS = 50  # of an issuer, a title or a heading in the line of a source
DAY_PATTERN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(\d{2}))?)?")
# A year, a month, a day, as they stand in a sentence. Babel's own has no "ngày" and no "năm".
DAY_FORMATS: dict[Language, tuple[str, str, str]] = {
    "ko": ("y년", "y년 M월", "long"),
    "en": ("y", "MMMM y", "long"),
    "vi": ("'năm' y", "'tháng' M 'năm' y", "'ngày' d 'tháng' M 'năm' y"),
}
ENCODED_LETTERS = re.compile(r"(?:%[89A-F][0-9A-F])+", re.IGNORECASE)  # outside of ASCII
OLD_SOURCE_DAYS = 180  # a source older than this asks the reader to check the current notice


def render_reply(
    answer: Answer, as_of: datetime, token: str = "", *, is_emergency: bool = False
) -> Content:
    """The text, each quote below the question that its section answers, and the sources, with the
    buttons "I'm all set", which names the answer by `token`, and "I need a person" below."""
    headed, headings = _head_quotes(answer)
    bare, text = (
        render_answer_text(one, as_of, is_emergency=is_emergency) for one in (answer, headed)
    )
    if len(bare) <= ANSWER_LIMIT_CHARACTERS < len(text):
        text, headings = bare, ()
    return Content(
        text,
        render_sources(answer),
        (build_end_buttons(answer.language, token),),
        headings=headings,
        relayed=True,
    )


def _head_quotes(answer: Answer) -> tuple[Answer, tuple[str, ...]]:
    """The answer with each quote below its section's heading where that is a question, and those
    headings; what a model wrote has none."""
    text, headings = answer.text, []
    for number, citation in enumerate(answer.citations, 1):
        quoted = f"{render_readable(citation.quote)} [{number}]"
        heading = " ".join(citation.heading[-1].split())
        if heading.endswith("?") and quoted in text:
            text = text.replace(quoted, f"{heading}\n{quoted}", 1)
            headings.append(heading)
    return replace(answer, text=text), tuple(headings)


def build_end_buttons(language: Language, token: str = "") -> tuple[Button, ...]:
    """The row of buttons below an answer: all set (with this answer), or a person."""
    return (
        Button(
            write_all_set_key(token), render_phrase("founder.button_ok", language), style="primary"
        ),
        Button(PERSON_KEY, render_phrase("founder.button_human", language)),
    )


def render_answer_text(answer: Answer, as_of: datetime, *, is_emergency: bool = False) -> str:
    """The reply's text without its sources; for a verdict that does not answer, the sentence that
    says why. `as_of` is the moment whose day the text names. In an emergency nothing is said about
    notices to apply for."""
    day = find_korean_day(as_of)
    if answer.verdict == "expired":
        return _render_expired(answer, day)
    if answer.verdict != "answered":
        choices = render_offers(answer.offers)
        text = render_phrase(f"founder.{answer.verdict}", answer.language, choices=choices)
        if not answer.silent:
            return text
        title = shorten_text(answer.silent)
        silent = render_phrase("founder.not_stated", answer.language, title=title)
        return f"{silent}\n\n{text}"
    parts = [answer.text, _render_as_of(answer, day, checks_notice=not is_emergency)]
    foreign = {citation.language for citation in answer.citations} - {answer.language}
    if foreign:
        name = render_phrase(f"founder.language_{min(foreign)}", answer.language)
        parts.insert(0, render_phrase("founder.original", answer.language, language=name))
        if terms := _render_key_terms(answer, "\n\n".join(parts)):
            parts.insert(2, terms)
    if older := _find_older(answer):
        named = shorten_text(older.title), shorten_text(older.newer)
        parts.insert(0, render_phrase("founder.older_edition", answer.language,
                                      title=named[0], newer=named[1]))  # fmt: skip
    return "\n\n".join(parts)


def note_general_answer(answer: Answer, place: str) -> Answer:
    """The answer to a question that was asked again for another `place`, with a sentence above that
    nothing is said of it, where no quote or title names it."""
    cited = "\n".join(
        f"{one.title} {' '.join(one.heading)} {one.quote}" for one in answer.citations
    )
    if answer.verdict != "answered" or place.lower() in cited.lower():
        return answer
    note = render_phrase("founder.general_for_place", answer.language, place=place)
    return replace(answer, text=f"{note}\n\n{answer.text}")


def _find_older(answer: Answer) -> Citation | None:
    return next((citation for citation in answer.citations if citation.newer), None)


def _render_key_terms(answer: Answer, said: str) -> str:
    """The first key words that fit below what is `said`; "" without any."""
    terms: list[str] = []
    line = ""
    for quoted, meant in answer.key_terms.items():
        terms.append(f"{quoted} = {meant}")
        longer = render_phrase("founder.key_terms", answer.language, terms="; ".join(terms))
        if len(said) + len("\n\n") + len(longer) > ANSWER_LIMIT_CHARACTERS:
            break
        line = longer
    return line


def render_offers(offers: Sequence[Offer]) -> str:
    """A numbered line for each section to choose, with its document where the label is silent on it."""
    return "\n".join(
        f"{number}. {offer.label}" + ("" if offer.title in offer.label else f" — {offer.title}")
        for number, offer in enumerate(offers, 1)
    )


def make_exchange(question: str, answer: Answer, as_of: datetime) -> Exchange:
    """What a conversation remembers of a question and its answer."""
    text = shorten_text(render_answer_text(answer, as_of), REMEMBERED_ANSWER_CHARACTERS)
    sections = tuple((one.document, *one.heading) for one in answer.citations)
    cited, offered = (
        [one.document for one in shown] for shown in (answer.citations, answer.offers)
    )
    documents = tuple(dict.fromkeys((*cited, *offered)))
    return Exchange(question, text, documents, sections)


def render_sources(answer: Answer) -> str:
    """One line for each citation: number, issuer, title, its own heading, page, dates (marked where
    they were inferred) and link; long names are cut. "" for a verdict that does not answer."""
    if answer.verdict != "answered":
        return ""
    return "\n".join(
        f"[{number}] {_render_source(citation, answer.language)}"
        for number, citation in enumerate(answer.citations, 1)
    )


def render_day(day: date | str | None, language: Language) -> str:
    """A date in the form of the reader's language, as far as a source states it ("2026", "2026-03").
    Several dates and spans ("2020; 2026") stay as they are; None is rendered as undated."""
    if day is None:
        return render_phrase("founder.undated", language)
    if isinstance(day, str):
        if not (parts := DAY_PATTERN.fullmatch(day)):
            return day
        known = sum(part is not None for part in parts.groups())
        day = date.fromisoformat((day + "-01-01")[: len("2026-03-01")])
    else:
        known = len(DAY_FORMATS[language])
    return str(format_date(day, DAY_FORMATS[language][known - 1], locale=language))


def _render_source(citation: Citation, language: Language) -> str:
    heading = citation.heading[-1] if citation.heading[-1] != citation.title else ""
    parts = [
        shorten_text(citation.issuer, SOURCE_NAME_CHARACTERS),
        f"「{shorten_text(citation.title, SOURCE_NAME_CHARACTERS)}」"
        + (f" › {shorten_text(heading, SOURCE_NAME_CHARACTERS)}" if heading else ""),
        render_phrase("founder.page", language, page=citation.page) if citation.page else "",
        _render_source_day(citation, "published", language),
        render_phrase(
            "founder.begins_on",
            language,
            day=_render_source_day(citation, "effective_from", language),
        )
        if "effective_from" in citation.inferred
        else "",
        render_phrase(
            "founder.expires_on", language, day=_render_source_day(citation, "expires", language)
        )
        if citation.expires
        else "",
        _show_address(citation.url),
    ]
    return " · ".join(part for part in parts if part)


def _show_address(url: str) -> str:
    """An address as people read it: letters of other scripts as they are, not percent-encoded."""
    return ENCODED_LETTERS.sub(lambda match: _decode_letters(match.group()), url)


def _decode_letters(encoded: str) -> str:
    text = unquote(encoded, errors="replace")
    return (
        encoded if any(not letter.isprintable() or letter == "\ufffd" for letter in text) else text
    )


def _render_source_day(
    citation: Citation, field: Literal["published", "effective_from", "expires"], language: Language
) -> str:
    """One of a source's dates, marked if it was inferred from the text."""
    day = render_day(getattr(citation, field), language)
    return (
        render_phrase("founder.inferred", language, day=day) if field in citation.inferred else day
    )


def _render_as_of(answer: Answer, today: date, *, checks_notice: bool) -> str:
    """As of which day, and the one remark that says most about how old the quoted sources are."""
    shown = render_phrase("founder.as_of", answer.language, day=render_day(today, answer.language))
    return f"{shown} {_render_age(answer, today, checks_notice=checks_notice)}".rstrip()


def _render_age(answer: Answer, today: date, *, checks_notice: bool) -> str:
    language, citations = answer.language, answer.citations
    if checked := [citation.checked for citation in citations if citation.checked]:
        day = render_day(min(checked), language)
        return render_phrase("founder.unchecked", language, day=day)
    if not checks_notice or _find_older(answer):  # the newer notice is named already
        return ""
    published = [citation.published for citation in citations]
    if any(day is None for day in published):
        return render_phrase("founder.check_undated", language)
    oldest = min((day for day in published if day), default="")
    if oldest and _is_old(oldest, today):
        day = render_day(oldest, language)
        return render_phrase("founder.check_notice", language, published=day)
    return ""


def _is_old(published: str, today: date) -> bool:
    padded = (published + "-01-01")[:10] if len(published) == len("2026") else published
    padded = padded + "-01" if len(padded) == len("2026-03") else padded
    return (today - date.fromisoformat(padded)).days > OLD_SOURCE_DAYS


def _render_expired(answer: Answer, today: date) -> str:
    """That the notice has ended. A notice that was superseded or has not begun has no end to name."""
    closed = answer.citations[0] if answer.citations else None
    if closed is None or closed.expires is None or closed.expires >= today:
        return render_phrase("founder.no_evidence", answer.language)
    return render_phrase(
        "founder.expired",
        answer.language,
        title=closed.title,
        expires=_render_source_day(closed, "expires", answer.language),
    )
