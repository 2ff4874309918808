"""The notice before a case opens: who gets it, where, what for, how long, and how to refuse.

An urgent matter does not wait for a button: its case opens, the notice comes with the receipt and
can be taken back. See docs/decisions/0104-told-before-a-case-opens.md
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.buttons import REFUSE_KEY, write_agree_key
from bot.context import Decision, Services, Turn
from bot.messages import Button, Content, Timer
from bot.phrases import render_phrase
from bot.routing.recipient import name_notice_version, render_recipient
from bot.types import URGENT, Case, Consent, Mission, Place, Urgency
from knowledge.types import Language

REMINDER_WAIT = timedelta(hours=1)  # then the notice is shown once more


Recipients = Sequence[tuple[Mission, Urgency]]  # who gets each part of a matter, and how urgently


def find_unasked(
    turn: Turn, recipients: Recipients, consent: Consent | None = None
) -> Mission | None:
    """The first recipient whose notice the founder has to agree to, `consent` being a yes of now; None
    where nothing is asked: it is urgent, or its founder agreed to this very text."""
    services = turn.services
    if not services.rules.asks:
        return None
    said = [*services.people.list_consents(turn.message.account), *([consent] if consent else [])]
    return next(
        (
            mission
            for mission, urgency in recipients
            if urgency not in URGENT and not _has_agreed(services, said, mission)
        ),
        None,
    )


def ask_first(
    turn: Turn,
    recipients: Recipients,
    place: Place | None,
    before: str = "",
    consent: Consent | None = None,
) -> Decision | None:
    """The notice about a recipient with its buttons below `before`, while the matter waits; None where
    all that has to be asked is agreed to."""
    services, conversation = turn.services, turn.conversation
    mission = find_unasked(turn, recipients, consent)
    if mission is None:
        return None
    kept = replace(conversation, place=place or conversation.place, asking_place=False)
    content = _build_question(services, mission, conversation.language, before)
    key = f"notice:{conversation.key}:{conversation.version + 1}"
    timer = Timer(key, conversation.key, services.now + REMINDER_WAIT)
    asked = turn.with_conversation(kept).reply_content(content, awaited="consent")
    return replace(asked, timers=(timer,), consents=(consent,) if consent else ())


def remind(turn: Turn, mission: Mission) -> Decision:
    """The notice once more, for a matter that has waited for its button."""
    language = turn.conversation.language
    before = render_phrase("privacy.notice_reminder", language)
    content = _build_question(turn.services, mission, language, before)
    return turn.reply_content(content, awaited="consent")


def agree_to(turn: Turn, mission: Mission) -> Consent:
    """The founder's consent to the notice about a mission, as it reads now."""
    version = name_notice_version(mission, turn.services.retention)
    now = turn.services.now
    return Consent(turn.message.account, "handover", version, True, now, mission.id)


def take_back(turn: Turn, case: Case) -> Consent:
    """The founder's withdrawal for a case, of what they agreed to or were told of."""
    mission = turn.services.missions.get(case.mission)
    return replace(agree_to(turn, mission), given=False)


def _has_agreed(services: Services, said: Sequence[Consent], mission: Mission) -> bool:
    """Whether the last word about a mission in `said`, oldest first, is a yes to its notice as it is
    now."""
    version = name_notice_version(mission, services.retention)
    last = next(
        (one for one in reversed(said) if (one.item, one.scope) == ("handover", mission.id)), None
    )
    return last is not None and last.given and last.version == version


def _build_question(
    services: Services, mission: Mission, language: Language, before: str
) -> Content:
    version = name_notice_version(mission, services.retention)
    parts = (
        before,
        f"{render_phrase('privacy.notice_before', language)}\n"
        + render_recipient(mission, services.retention, language),
        render_phrase("privacy.notice_ask", language),
    )
    agree = Button(
        write_agree_key(mission.id, version),
        render_phrase("privacy.button_agree", language),
        style="primary",
    )
    refuse = Button(REFUSE_KEY, render_phrase("privacy.button_refuse", language))
    return Content("\n\n".join(filter(None, parts)), buttons=((agree,), (refuse,)))
