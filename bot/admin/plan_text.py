"""Plans and editions as text, with the buttons below them."""

from __future__ import annotations

from bot.admin.library_service import DocumentChange, EditionSummary, PlanSummary
from bot.buttons import (
    KEEP_EDITION_KEY,
    write_apply_key,
    write_discard_key,
    write_rollback_key,
)
from bot.context import shorten_text
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.phrases.directions import isolate_lines
from knowledge.types import KOREA, Language

MAX_LISTED_LINES = 20  # documents, refused files and questions; the others are counted


def render_plan(planned: PlanSummary, language: Language, head: str) -> Content:
    """What an upload would do, below the phrase `library.HEAD`; no buttons if it would do nothing."""
    changes = [_render_change(change, language) for change in planned.changes]
    parts = [
        render_phrase(f"library.{head if changes else 'plan_empty'}", language),
        _under("identity_head", _render_identity_changes(planned, language), language),
        _render_list(changes, language),
    ]
    for title, remarks in (("refused_head", planned.refused), ("notes_head", planned.notes)):
        lines = [
            render_phrase("library.refused", language, file=file, why=why) for file, why in remarks
        ]
        parts.append(_under(title, lines, language))
    if not changes:
        if not planned.refused:
            parts = [render_phrase("library.already_in", language)]
        return Content("\n\n".join(filter(None, parts)))
    parts.append(render_phrase("library.to_embed", language, count=planned.to_embed))
    parts.append(_under("questions_head", [f"· {one}" for one in planned.questions], language))
    apply_key = write_apply_key(planned.token, planned.mark)
    choice = _build_choice_buttons(apply_key, write_discard_key(planned.token), language)
    return Content("\n\n".join(filter(None, parts)), buttons=(choice,))


def render_rollback_question(edition: EditionSummary, active: int, language: Language) -> Content:
    """The question before a rollback to `edition`, while edition number `active` answers."""
    line = render_edition(edition, language)
    text = render_phrase(
        "library.rollback", language, number=edition.number, active=active, line=line
    )
    return Content(
        text,
        buttons=(
            _build_choice_buttons(
                write_rollback_key(edition.number, active), KEEP_EDITION_KEY, language
            ),
        ),
    )


def render_edition(one: EditionSummary, language: Language) -> str:
    """One edition on a line; the time is Seoul's."""
    mark = render_phrase("library.active_mark", language) if one.active else ""
    made = f"{one.created_at.astimezone(KOREA):%Y-%m-%d %H:%M}"
    return render_phrase(
        "library.edition", language, number=one.number, made=made, note=shorten_text(one.note, 80),
        counts=render_counts(one, language), mark=mark,
    ).strip()  # fmt: skip


def render_counts(one: EditionSummary, language: Language) -> str:
    """How many documents and passages an edition has, and what it changed."""
    named = ("documents", "passages", "created", "updated", "withdrawn")
    values = {name: one.counts.get(name, 0) for name in named}
    return render_phrase("library.counts", language, **values)


def _render_change(change: DocumentChange, language: Language) -> str:
    lines = [
        render_phrase(f"library.{change.act}", language, title=shorten_text(change.title, 120))
    ]
    known = {
        "issuer": change.issuer,
        "published": change.published,
        "effective_from": change.effective_from,
        "expires": change.expires,
    }
    facts = [_render_fact(name, value, change, language) for name, value in known.items() if value]
    if change.act != "withdrawn":
        lines.append("  " + (" · ".join(facts) or render_phrase("library.no_facts", language)))
    if change.replaces:
        lines.append(
            "  "
            + render_phrase("library.instead", language, title=shorten_text(change.replaces, 120))
        )
    return "\n".join(lines)


def _render_identity_changes(planned: PlanSummary, language: Language) -> list[str]:
    """A line for each issuer or address that changes: who speaks is looked at first."""
    nothing = render_phrase("library.no_value", language)
    return [
        render_phrase(
            "library.identity_change",
            language,
            title=shorten_text(title, 80),
            field=render_phrase(f"library.field_{field}", language),
            old=shorten_text(old, 120) or nothing,
            new=shorten_text(new, 120) or nothing,
        )
        for title, field, old, new in planned.identity_changes
    ]


def _render_fact(name: str, value: object, change: DocumentChange, language: Language) -> str:
    """A field, marked where it was inferred from the text."""
    shown = isolate_lines(shorten_text(str(value), 80))
    fact = f"{render_phrase(f'library.field_{name}', language)} {shown}"
    return (
        render_phrase("library.inferred", language, fact=fact) if name in change.inferred else fact
    )


def _under(title: str, lines: list[str], language: Language) -> str:
    """Lines below what they are; "" where there are none."""
    return (
        f"{render_phrase(f'library.{title}', language)}\n{_render_list(lines, language)}"
        if lines
        else ""
    )


def _render_list(lines: list[str], language: Language) -> str:
    more = len(lines) - MAX_LISTED_LINES
    rest = [render_phrase("library.and_more", language, count=more)] if more > 0 else []
    return "\n".join([*lines[:MAX_LISTED_LINES], *rest])


def _build_choice_buttons(
    apply_key: str, discard_key: str, language: Language
) -> tuple[Button, Button]:
    return (
        Button(apply_key, render_phrase("library.button_apply", language), style="primary"),
        Button(discard_key, render_phrase("library.button_discard", language), style="danger"),
    )
