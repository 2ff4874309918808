"""`/subscribe`: a founder names countries and programmes of whose documents they want to hear.

Subscribing is the consent to be written to, and is kept as one, with the version of its text: nothing
else is sent, each alert ends it with one tap, and so does a no to alerts in `/privacy`. Ending the last
subscription takes the consent back.
"""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import UNFOLLOW_KEY, FounderPress, name_topic, write_follow_key, write_unfollow_key
from bot.context import Decision, Turn, shorten_text
from bot.errors import UnknownPlace
from bot.founder.privacy.consents import say
from bot.founder.privacy.policy import name_item_version
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.routing.route_text import translate_country
from bot.types import Subscription, Unsubscribing
from knowledge.types import LANGUAGES, Language

MAX_SUBSCRIPTIONS = 20  # of one founder
TOPIC_CHARACTERS = (2, 60)  # of a programme as it is typed
_STOP_WORDS = frozenset({"off", "stop", "해지", "그만", "dừng"})


def handle_subscribe_command(turn: Turn) -> Decision:
    """`/subscribe` shows what is subscribed to; `/subscribe Vietnam, export voucher` adds to it, and
    `/subscribe off` ends it all."""
    wanted = [part.strip() for part in turn.message.text.split(",") if part.strip()]
    if not wanted:
        return _show_subscriptions(turn)
    if wanted[0].lower() in _STOP_WORDS:
        return _unsubscribe(turn, None)
    return _subscribe(turn, [_read_topic(turn, text) for text in wanted])


def handle_press(turn: Turn, press: FounderPress) -> Decision | None:
    """A country's button, and the buttons that end one subscription or all; None for one that is
    out of date."""
    if press.act == "follow":
        topic = _build_country(turn, press.token)
        return _subscribe(turn, [topic]) if topic else None
    if not press.token:
        return _unsubscribe(turn, None)
    values = (one.value for one in list_own_subscriptions(turn))
    value = next((one for one in values if name_topic(one) == press.token), None)
    return _unsubscribe(turn, value) if value else None


def list_own_subscriptions(turn: Turn) -> list[Subscription]:
    """What the founder subscribed to, on each messenger that they linked."""
    founders = turn.services.founders
    accounts = founders.list_accounts(turn.message.account)
    return list(founders.list_subscriptions(accounts))


def name_subscription(one: Subscription, language: Language) -> str:
    """A subscription as its founder reads it."""
    return translate_country(one.value, language) if one.kind == "country" else one.value


def _subscribe(turn: Turn, topics: list[Subscription | None]) -> Decision:
    known = list_own_subscriptions(turn)
    held = {(one.kind, one.value) for one in known}
    new = [one for one in topics if one and (one.kind, one.value) not in held]
    if any(one is None for one in topics):
        return _reply(turn, "follow_unclear")
    if len(known) + len(new) > MAX_SUBSCRIPTIONS:
        return _reply(turn, "follow_too_many", most=MAX_SUBSCRIPTIONS)
    language = turn.conversation.language
    listed = list(dict.fromkeys(name_subscription(one, language) for one in topics if one))
    text = render_phrase("own.following", language, topics=", ".join(listed))
    decision = turn.reply_content(Content(text, buttons=_build_stop_button(language)))
    agreed = say(turn, "alerts", is_on=True)
    return replace(decision, founder_records=tuple(new), consents=agreed)


def _unsubscribe(turn: Turn, value: str | None) -> Decision:
    left = [one for one in list_own_subscriptions(turn) if value and one.value != value]
    names = ", ".join(name_subscription(one, turn.conversation.language) for one in left)
    decision = _reply(turn, "follow_less", topics=names) if left else _reply(turn, "follow_ended")
    ended = () if left else say(turn, "alerts", is_on=False)
    records = (Unsubscribing(turn.message.account, value),)
    return replace(decision, founder_records=records, consents=ended)


def _show_subscriptions(turn: Turn) -> Decision:
    language, known = turn.conversation.language, list_own_subscriptions(turn)
    place = turn.conversation.place
    rows: list[tuple[Button, ...]] = []
    for one in known:
        name = name_subscription(one, language)
        label = render_phrase("own.button_unfollow_one", language, topic=shorten_text(name, 30))
        rows.append((Button(write_unfollow_key(one.value), label),))
    if place and all(one.value != place.country for one in known):
        name = translate_country(place.country, language)
        label = render_phrase("own.button_follow", language, topic=name)
        rows.insert(0, (Button(write_follow_key(place.country), label),))
    if not known:
        text = render_phrase("own.follow_none", language)
    else:
        names = ", ".join(name_subscription(one, language) for one in known)
        text = render_phrase("own.follow_list", language, topics=names)
        rows += _build_stop_button(language)
    return turn.reply_content(Content(text, buttons=tuple(rows)))


def _build_stop_button(language: Language) -> tuple[tuple[Button, ...], ...]:
    return ((Button(UNFOLLOW_KEY, render_phrase("own.button_unfollow", language)),),)


def _read_topic(turn: Turn, text: str) -> Subscription | None:
    """What a text names: a country (also by a place in it), else a programme; None for a text too
    short or too long for that."""
    try:
        return _build_country(turn, turn.services.places.find_place(text).country)
    except UnknownPlace:
        pass
    least, most = TOPIC_CHARACTERS
    if not least <= len(text) <= most:
        return None
    forms = (text, *turn.services.languages.list_forms(text))
    return _build_subscription(turn, "programme", text, forms)


def _build_country(turn: Turn, code: str) -> Subscription | None:
    names = [translate_country(code, language) for language in LANGUAGES]
    if code in names:  # a forged button: no country
        return None
    forms = (*names, *turn.services.languages.list_forms(names[0]))
    return _build_subscription(turn, "country", code, forms)


def _build_subscription(turn: Turn, kind: str, value: str, forms: tuple[str, ...]) -> Subscription:
    return Subscription(
        turn.message.account, "country" if kind == "country" else "programme", value,
        tuple(dict.fromkeys(forms)), turn.services.now, name_item_version("alerts"),
    )  # fmt: skip


def _reply(turn: Turn, key: str, **values: object) -> Decision:
    text = render_phrase(f"own.{key}", turn.conversation.language, **values)
    return turn.reply_content(Content(text))
