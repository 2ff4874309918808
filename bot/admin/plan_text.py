"""Plans and editions in words, with what can be pressed below them."""

from __future__ import annotations

from datetime import timedelta, timezone

from bot.admin.library_service import Paper, Planned, Shelf
from bot.context import short
from bot.phrases import say
from bot.types import Body, Button
from knowledge.types import Language

LISTED = 20  # documents, refused files and questions; the others are counted
SEOUL = timezone(timedelta(hours=9))


def body(planned: Planned, language: Language, head: str) -> Body:
    """What an upload would do; nothing to press where it would do nothing."""
    papers = [_paper(paper, language) for paper in planned.papers]
    parts = [
        say(f"library.{head if papers else 'plan_empty'}", language),
        _listed(papers, language),
    ]
    for title, said in (("refused_head", planned.refused), ("notes_head", planned.notes)):
        lines = [say("library.refused", language, file=file, why=why) for file, why in said]
        parts.append(_under(title, lines, language))
    if not papers:
        if not planned.refused:
            parts = [say("library.already_in", language)]
        return Body("\n\n".join(filter(None, parts)))
    parts.append(say("library.to_embed", language, count=planned.to_embed))
    parts.append(_under("questions_head", [f"· {one}" for one in planned.questions], language))
    apply, discard = f"apply:{planned.token}:{planned.mark}", f"discard:{planned.token}"
    choice = _choice(apply, discard, language)
    return Body("\n\n".join(filter(None, parts)), buttons=(choice,))


def rollback(shelf_: Shelf, active: int, language: Language) -> Body:
    """The question before another edition answers."""
    line = shelf(shelf_, language)
    text = say("library.rollback", language, number=shelf_.number, active=active, line=line)
    return Body(text, buttons=(_choice(f"rollback:{shelf_.number}:{active}", "keep", language),))


def shelf(one: Shelf, language: Language) -> str:
    """One edition in a line; the time is Seoul's."""
    mark = say("library.active_mark", language) if one.active else ""
    made = f"{one.made.astimezone(SEOUL):%Y-%m-%d %H:%M}"
    return say(
        "library.edition", language, number=one.number, made=made, note=short(one.note, 80),
        counts=counts(one, language), mark=mark,
    ).strip()  # fmt: skip


def counts(one: Shelf, language: Language) -> str:
    """How much is in an edition, and what it changed."""
    named = ("documents", "passages", "created", "updated", "withdrawn")
    values = {name: one.counts.get(name, 0) for name in named}
    return say("library.counts", language, **values)


def _paper(paper: Paper, language: Language) -> str:
    lines = [say(f"library.{paper.act}", language, title=short(paper.title, 120))]
    known = {
        "issuer": paper.issuer,
        "published": paper.published,
        "effective_from": paper.effective_from,
        "expires": paper.expires,
    }
    facts = [_fact(name, value, paper, language) for name, value in known.items() if value]
    if paper.act != "withdrawn":
        lines.append("  " + (" · ".join(facts) or say("library.no_facts", language)))
    if paper.instead:
        lines.append("  " + say("library.instead", language, title=short(paper.instead, 120)))
    return "\n".join(lines)


def _fact(name: str, value: object, paper: Paper, language: Language) -> str:
    """A field, marked where it was inferred from the text."""
    fact = f"{say(f'library.field_{name}', language)} {short(str(value), 80)}"
    return say("library.inferred", language, fact=fact) if name in paper.inferred else fact


def _under(title: str, lines: list[str], language: Language) -> str:
    """Lines below what they are; "" where there are none."""
    return f"{say(f'library.{title}', language)}\n{_listed(lines, language)}" if lines else ""


def _listed(lines: list[str], language: Language) -> str:
    more = len(lines) - LISTED
    rest = [say("library.and_more", language, count=more)] if more > 0 else []
    return "\n".join([*lines[:LISTED], *rest])


def _choice(apply: str, discard: str, language: Language) -> tuple[Button, Button]:
    return (
        Button(f"library:{apply}", say("library.button_apply", language)),
        Button(f"library:{discard}", say("library.button_discard", language)),
    )
