"""How an Answer reads: its text, as of when, and its sources folded below."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

from babel.dates import format_date

from bot.phrases import say
from bot.types import Body, Button
from knowledge.types import Answer, Citation, Language

ENDS = ("ok", "human")
CHOICES = 3  # documents named when it is not clear which one is meant
OLD_DAYS = 180  # a source older than this asks the reader to check the current notice


def body(answer: Answer, as_of: datetime) -> Body:
    """The whole reply with its two ends: "I'm all set" and "I need a person"."""
    return Body(text(answer, as_of), sources(answer), (ends(answer.language),))


def ends(language: Language) -> tuple[Button, ...]:
    return tuple(Button(key, say(f"founder.button_{key}", language)) for key in ENDS)


def text(answer: Answer, as_of: datetime) -> str:
    """What is said in words; for a verdict that does not answer, why."""
    if answer.verdict == "expired":
        return _expired(answer, as_of.date())
    if answer.verdict == "clarify":
        return say("founder.clarify", answer.language, choices=_listed(answer))
    if answer.verdict != "answered":
        return say(f"founder.{answer.verdict}", answer.language)
    parts = [answer.text, _as_of(answer, as_of.date())]
    foreign = {citation.language for citation in answer.citations} - {answer.language}
    if foreign:
        name = say(f"founder.language_{min(foreign)}", answer.language)
        parts.insert(0, say("founder.original", answer.language, language=name))
        if answer.terms:
            terms = "; ".join(f"{quoted} = {meant}" for quoted, meant in answer.terms.items())
            parts.insert(2, say("founder.key_terms", answer.language, terms=terms))
    return "\n\n".join(parts)


def choices(answer: Answer) -> tuple[str, ...]:
    """The titles of the documents that may be meant, to choose one of them."""
    titles = dict.fromkeys(finding.passage.document.title for finding in answer.findings)
    return tuple(titles)[:CHOICES]


def sources(answer: Answer) -> str:
    """One line a citation: number, issuer, title, heading, dates and which were inferred, link."""
    if answer.verdict != "answered":
        return ""
    return "\n".join(
        f"[{number}] {_source(citation, answer.language)}"
        for number, citation in enumerate(answer.citations, 1)
    )


def day_called(day: date | str | None, language: Language) -> str:
    """A date as the reader writes it; a source's partial date as it stands."""
    if day is None:
        return say("founder.undated", language)
    if isinstance(day, str):
        if len(day) != len("2026-03-06"):
            return day
        day = date.fromisoformat(day)
    return str(format_date(day, "long", locale=language))


def _source(citation: Citation, language: Language) -> str:
    heading = " › ".join(part for part in citation.heading if part != citation.title)
    parts = [
        citation.issuer,
        f"「{citation.title}」" + (f" › {heading}" if heading else ""),
        say("founder.page", language, page=citation.page) if citation.page else "",
        _day(citation, "published", language),
        say("founder.begins_on", language, day=_day(citation, "effective_from", language))
        if "effective_from" in citation.inferred
        else "",
        say("founder.expires_on", language, day=_day(citation, "expires", language))
        if citation.expires
        else "",
        citation.url,
    ]
    return " · ".join(part for part in parts if part)


def _day(
    citation: Citation, field: Literal["published", "effective_from", "expires"], language: Language
) -> str:
    """One of a source's dates, marked where nobody declared it."""
    day = day_called(getattr(citation, field), language)
    return say("founder.inferred", language, day=day) if field in citation.inferred else day


def _as_of(answer: Answer, today: date) -> str:
    parts = [say("founder.as_of", answer.language, day=day_called(today, answer.language))]
    published = [citation.published for citation in answer.citations]
    if any(day is None for day in published):
        parts.append(say("founder.check_undated", answer.language))
    elif _is_old(oldest := min(day for day in published if day), today):
        shown = day_called(oldest, answer.language)
        parts.append(say("founder.check_notice", answer.language, published=shown))
    if checked := [citation.checked for citation in answer.citations if citation.checked]:
        shown = day_called(min(checked), answer.language)
        parts.append(say("founder.unchecked", answer.language, day=shown))
    return " ".join(parts)


def _is_old(published: str, today: date) -> bool:
    padded = (published + "-01-01")[:10] if len(published) == len("2026") else published
    padded = padded + "-01" if len(padded) == len("2026-03") else padded
    return (today - date.fromisoformat(padded)).days > OLD_DAYS


def _listed(answer: Answer) -> str:
    return " · ".join(f"「{title}」" for title in choices(answer))


def _expired(answer: Answer, today: date) -> str:
    """That the notice is over; of one that was superseded or has not begun no end is claimed."""
    closed = answer.citations[0] if answer.citations else None
    if closed is None or closed.expires is None or closed.expires >= today:
        return say("founder.no_evidence", answer.language)
    return say(
        "founder.expired",
        answer.language,
        title=closed.title,
        expires=_day(closed, "expires", answer.language),
    )
