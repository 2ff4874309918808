"""Reminding of the review of FAQs, in the room of the body that answers for them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.admin.desk.notices import find_own_room
from bot.cases.rooms import STAFF_LANGUAGE
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.types import DOMESTIC
from knowledge.types import find_korean_day

if TYPE_CHECKING:
    from adapters.bootstrap import App


def remind_of_reviews(app: App) -> list[str]:
    """Owe a line about each approved FAQ whose review date has passed, once for each date, in its
    body's room, else in the desk's; the names of those that this call owed."""
    sent, bindings = [], app.store.list_bindings()
    for draft in app.store.faq.list_expired(find_korean_day(app.now())):
        room = find_own_room(draft.mission, bindings) or find_own_room(DOMESTIC, bindings)
        if room is None:
            continue
        text = render_phrase(
            "faq.review_due", STAFF_LANGUAGE, number=draft.case, day=f"{draft.review_by:%Y-%m-%d}",
            question=draft.question, owner=find_owner_name(app, draft.mission, draft.owner),
        )  # fmt: skip
        message = Outgoing(room, Content(text, relayed=True))
        if app.store.faq.remind(draft, [message], app.now()):
            sent.append(f"review of FAQ {draft.case}")
    return sent


def find_owner_name(app: App, mission: str, owner: str) -> str:
    """How the room calls the owner of a draft, "channel:user"; the account where no name is known."""
    members = app.store.staff.list_members(mission)
    return next((one.name for one in members if one.account == owner), owner)
