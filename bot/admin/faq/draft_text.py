"""A draft as staff see it: the text to copy, what answers it already, and its buttons."""

from __future__ import annotations

from collections.abc import Sequence

from bot.admin.faq.duplicates import Duplicate
from bot.admin.faq.form import write_form
from bot.admin.faq.states import list_acts
from bot.buttons import FAQ_ACTS, write_faq_key
from bot.cases.rooms import STAFF_LANGUAGE
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.types import FaqDraft


def render_draft(
    draft: FaqDraft, duplicates: Sequence[Duplicate], notes: Sequence[str] = (), *, is_here: bool
) -> Content:
    """The message that shows a draft. Its first lines are its state and what to look at; the text that
    can be copied, changed and sent back (in the thread of its case: `is_here`) ends it."""
    state = render_phrase(f"faq.state_{draft.state}", STAFF_LANGUAGE)
    head = render_phrase("faq.shown", STAFF_LANGUAGE, number=draft.case, state=state)
    lines = [head, *notes, *render_duplicates(duplicates)]
    if draft.state != "approved":
        how = "how_to_edit" if is_here else "how_to_refuse"
        lines.append(render_phrase(f"faq.{how}", STAFF_LANGUAGE))
    acts = [act for act in FAQ_ACTS if act in list_acts(draft)]
    buttons = tuple(
        Button(
            write_faq_key(act, draft.case),
            render_phrase(f"faq.button_{act}", STAFF_LANGUAGE),
            style="primary" if act in ("submit", "approve") else "",
        )
        for act in acts
    )
    text = "\n".join([*lines, "", write_form(draft)])
    return Content(text, buttons=(buttons,) if buttons else (), headings=(head,), relayed=True)


def render_duplicates(duplicates: Sequence[Duplicate]) -> list[str]:
    """A line for each section and draft that may answer the question already; one that there is none."""
    if not duplicates:
        return [render_phrase("faq.no_duplicates", STAFF_LANGUAGE)]
    return [_render_duplicate(one) for one in duplicates]


def _render_duplicate(one: Duplicate) -> str:
    if one.draft:
        return render_phrase(
            "faq.duplicate_draft", STAFF_LANGUAGE, number=one.draft, heading=one.heading
        )
    key = "duplicate_answer" if one.is_answer else "duplicate_near"
    return render_phrase(f"faq.{key}", STAFF_LANGUAGE, title=one.title, heading=one.heading)
