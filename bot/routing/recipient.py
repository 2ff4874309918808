"""What a founder is told of whom their case goes to: recipient, country, purpose, items, retention,
and what refusing means."""

from __future__ import annotations

import hashlib

from bot.buttons import write_withdraw_key
from bot.context import Services
from bot.messages import Address, Button, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.route_text import translate_country
from bot.types import Case, Mission, RetentionPeriods
from knowledge.types import LANGUAGES, Language

HOME_COUNTRY = "KR"  # where reading is no transfer abroad


def render_recipient(
    mission: Mission, periods: RetentionPeriods, language: Language, *, is_asked: bool = True
) -> str:
    """The notice about a case at `mission`: what refusing means where the founder `is_asked` first,
    else what taking it back means."""
    country = translate_country(mission.country, language)
    text = render_phrase(
        "privacy.notice",
        language,
        mission=mission_name(mission, language),
        country=country,
        cases=render_days(periods.cases.days, language),
        sealed=render_days(find_sealed_days(periods), language),
    )
    refusing = "notice_refusal" if is_asked else "notice_taking_back"
    parts = [text, render_phrase(f"privacy.{refusing}", language)]
    if mission.country != HOME_COUNTRY:
        abroad = render_phrase("privacy.notice_abroad", language, country=country)
        refusal = render_phrase("privacy.notice_abroad_refusal", language)
        parts.append(f"{abroad} {refusal}" if is_asked else abroad)
    parts.append(render_phrase("privacy.notice_numbers", language))
    return "\n".join(parts)


def name_notice_version(mission: Mission, periods: RetentionPeriods) -> str:
    """Eight hex digits of the notice about a mission in all languages: one who agreed to another
    text, to another country or to other periods is asked again."""
    texts = (render_recipient(mission, periods, language) for language in LANGUAGES)
    return hashlib.sha256("\n".join(texts).encode()).hexdigest()[:8]


def tell_of_recipient(
    services: Services, case: Case, to: Address, language: Language, key: str
) -> tuple[Outgoing, ...]:
    """The notice about the mission of an open case, below the phrase `privacy.KEY` and with the
    button that takes the case back; nothing where founders are told elsewhere."""
    if not services.rules.asks:
        return ()
    mission = services.missions.get(case.mission)
    head = render_phrase(f"privacy.{key}", language, number=case.number)
    told = render_recipient(mission, services.retention, language, is_asked=False)
    label = render_phrase("privacy.button_withdraw", language)
    button = Button(write_withdraw_key(case.number), label, style="danger")
    content = Content(f"{head}\n\n{told}", buttons=((button,),), protect=case.sealed)
    return (Outgoing(to, content, case=case.number),)


def tell_of_new_country(
    services: Services, before: Case, case: Case, to: Address, language: Language
) -> tuple[Outgoing, ...]:
    """The notice once more for a case that has moved to a mission in another country."""
    get = services.missions.get
    if get(before.mission).country == get(case.mission).country:
        return ()
    return tell_of_recipient(services, case, to, language, "notice_moved")


def render_days(count: int, language: Language) -> str:
    """A number of days in words."""
    key = "one_day" if count == 1 else "many_days"
    return render_phrase(f"founder.{key}", language, count=count)


def find_sealed_days(periods: RetentionPeriods) -> int:
    """The days after its end that a sealed case is kept: its own period where there is one."""
    own = getattr(periods, "sealed", periods.cases)
    return int(min(own, periods.cases).days)
