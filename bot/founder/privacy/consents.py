"""The optional consents: each apart, and none that the service depends on."""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import FounderPress, write_consent_key
from bot.context import Decision, Services, Turn
from bot.founder.privacy.policy import name_item_version
from bot.messages import Button, Content
from bot.phrases import render_phrase
from bot.types import OPTIONAL_ITEMS, Consent, OptionalItem
from knowledge.types import Language


def has_agreed(services: Services, account: str, item: OptionalItem) -> bool:
    """Whether a person's last word about an optional item is a yes to its text as it is now."""
    said = [one for one in services.people.list_consents(account) if one.item == item]
    return bool(said) and said[-1].given and said[-1].version == name_item_version(item)


def may_use(services: Services, account: str, item: OptionalItem) -> bool:
    """Whether what is optional may be done with a person's data. Where the operator does not ask
    founders, a model may be used and answers are logged; alerts and insights always need the person's
    own yes."""
    if item in ("model", "answers") and not services.rules.asks:
        return True
    return has_agreed(services, account, item)


def hide_from_model(services: Services, account: str) -> Services:
    """The services of a person's turn: without their consent no language model sees what they ask."""
    if not services.rules.model or may_use(services, account, "model"):
        return services
    ask, ask_shown, show = services.ask, services.ask_with_preview, services.show_section
    return replace(
        services,
        ask=lambda question: ask(replace(question, quotes_only=True)),
        ask_with_preview=ask_shown
        and (lambda question: ask_shown(replace(question, quotes_only=True))),
        show_section=lambda question, offer: show(replace(question, quotes_only=True), offer),
    )


def list_offered(services: Services) -> tuple[OptionalItem, ...]:
    """The optional items that mean something here: no model is set in most places."""
    return tuple(one for one in OPTIONAL_ITEMS if one != "model" or services.rules.model)


def build_toggles(services: Services, account: str, language: Language) -> Content:
    """The optional consents, each with the button that changes it."""
    rows = []
    for item in list_offered(services):
        is_on = has_agreed(services, account, item)
        label = _render_state(item, language, is_on=is_on)
        rows.append((Button(write_consent_key(item, is_on=not is_on), label),))
    return Content(render_phrase("privacy.consent_list", language), buttons=tuple(rows))


def change_consent(turn: Turn, press: FounderPress) -> Decision | None:
    """The button of an optional item: on or off from now on. None for an item that is not asked."""
    item = next((one for one in list_offered(turn.services) if one == press.token), None)
    if item is None:
        return None
    is_on = press.number == 1
    language = turn.conversation.language
    state = _render_state(item, language, is_on=is_on)
    text = render_phrase("privacy.consent_changed", language, state=state)
    back = _render_state(item, language, is_on=not is_on)
    button = Button(write_consent_key(item, is_on=not is_on), back)
    decision = turn.reply_content(
        Content(text, buttons=((button,),)), awaited=turn.conversation.awaited
    )
    return replace(decision, consents=say(turn, item, is_on=is_on))


def say(turn: Turn, item: OptionalItem, *, is_on: bool) -> tuple[Consent, ...]:
    """The founder's yes or no to an optional item as its text is now, on each messenger they linked."""
    services, version = turn.services, name_item_version(item)
    accounts = services.founders.list_accounts(turn.message.account)
    return tuple(Consent(one, item, version, is_on, services.now) for one in accounts)


def _render_state(item: OptionalItem, language: Language, *, is_on: bool) -> str:
    name = render_phrase(f"privacy.item_{item}", language)
    return render_phrase(f"privacy.consent_{'on' if is_on else 'off'}", language, item=name)
