"""What subscribers are told of a new edition: one message each, in their language."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date

from bot.buttons import UNFOLLOW_KEY
from bot.context import shorten_text
from bot.founder.answer_text import render_day
from bot.founder.following.changes import EditionChange, is_about
from bot.founder.linking.link import find_private_chat
from bot.messages import Button, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Conversation, Subscription
from knowledge.types import Language

CHANGES_TOLD = 5  # in one alert; the others are counted
LINE_CHARACTERS = 120  # of a title or a heading


def build_alerts(
    changes: Sequence[EditionChange],
    subscriptions: Iterable[Subscription],
    find_firm: Callable[[str], str],
    list_conversations: Callable[[str], Sequence[Conversation]],
) -> list[Outgoing]:
    """One alert for each firm that an edition's changes touch, to the account that subscribed first
    and has a private chat; none for those without one."""
    by_firm: dict[str, list[Subscription]] = {}
    for one in subscriptions:
        by_firm.setdefault(find_firm(one.account), []).append(one)
    alerts = []
    for theirs in by_firm.values():
        touching = [one for one in changes if any(is_about(one.version, it) for it in theirs)]
        accounts = dict.fromkeys(one.account for one in theirs)
        homes = (find_private_chat(list_conversations(one), one) for one in accounts)
        home = next(filter(None, homes), None)
        if touching and home:
            alerts.append(_build_alert(home, touching))
    return alerts


def _build_alert(home: Conversation, changes: Sequence[EditionChange]) -> Outgoing:
    language = home.language
    shown = _choose_translations(changes, language)
    parts = [render_phrase("own.alert", language)]
    parts += [_render_change(one, language) for one in shown[:CHANGES_TOLD]]
    if more := len(shown) - CHANGES_TOLD:
        parts += [render_phrase("own.alert_more", language, count=more)] if more > 0 else []
    stop = Button(UNFOLLOW_KEY, render_phrase("own.button_unfollow", language))
    return Outgoing(home.personal_address, Content("\n\n".join(parts), buttons=((stop,),)))


def _choose_translations(
    changes: Iterable[EditionChange], language: Language
) -> list[EditionChange]:
    """Each document once: in the reader's language, else the original."""
    chosen: dict[str, EditionChange] = {}
    for one in changes:
        document = one.version.document
        held = chosen.get(document.base_id)
        is_better = document.language == language or document.translation_of is None
        if held is None or (is_better and held.version.document.language != language):
            chosen[document.base_id] = one
    return list(chosen.values())


def _render_change(change: EditionChange, language: Language) -> str:
    document = change.version.document
    line = render_phrase(
        f"own.change_{change.kind}", language,
        before=_show(change.before, language), after=_show(change.after, language),
    )  # fmt: skip
    parts = [f"「{shorten_text(document.title, LINE_CHARACTERS)}」", line, document.url]
    return "\n".join(part for part in parts if part)


def _show(value: date | str | None, language: Language) -> str:
    if isinstance(value, str):
        return shorten_text(value, LINE_CHARACTERS)
    return render_day(value, language) if value else render_phrase("own.no_day", language)
