"""`/insight`: a mission tells the desk what it learned; `/insight` alone lists what it has told."""

from __future__ import annotations

from dataclasses import replace

from bot.admin.desk.insight.reading import read_insight
from bot.admin.desk.insight.turn import InsightTurn
from bot.admin.desk.minutes_turn import split_mission
from bot.admin.desk.notices import find_own_room
from bot.admin.desk.topics import load_topics
from bot.buttons import InsightAct, write_insight_key
from bot.cases.linked.asking import copies_founder, copies_sealed
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision, Services, shorten_text
from bot.messages import Button, Content, Outgoing
from bot.missions.missions import Missions, mission_name
from bot.phrases import render_phrase
from bot.routing.route_text import translate_country
from bot.types import DOMESTIC, Insight
from knowledge.types import Language

LISTED_INSIGHTS = 10
TEXT_LIMIT_CHARACTERS = 4_000
_ACTS: tuple[InsightAct, ...] = ("ask", "draft")


def decide_insight(turn: InsightTurn) -> Decision:
    """Keep the insight that the message holds and tell the desk; without one, list the room's."""
    if not turn.is_staff:
        return turn.say("insight_staff_only")
    if turn.case is not None and turn.case.sealed:
        return turn.say("insight_sealed")
    text, mission = turn.message.text.strip(), ""
    if turn.case is not None and turn.case.parent is None:
        mission = turn.case.mission
    else:
        mission, text = split_mission(turn.missions, text)
    if not text:
        return turn.say("insight_how", lines=_list_own(turn))
    if not mission:
        return turn.say("insight_which", mission=turn.missions[0])
    if len(text) > TEXT_LIMIT_CHARACTERS:
        return turn.say("insight_long", most=TEXT_LIMIT_CHARACTERS)
    is_copied = turn.case is not None and copies_founder(turn.services, turn.case, text)
    if is_copied or copies_sealed(turn.services, text):
        return turn.say("insight_founder_words")
    number, case = turn.next_number, turn.case.number if turn.case else None
    decision = record_insight(turn.services, number, mission, text, turn.message.account, case)
    key = "insight_kept" if decision.outgoing else "insight_kept_no_desk"
    assert decision.new_insight is not None
    if any(map(decision.new_insight.is_of_case, _list_sealed(turn.services))):
        return turn.say("insight_sealed")
    about = render_about(decision.new_insight, turn.language)
    told = turn.say(key, number=number, about=about).outgoing
    return replace(decision, outgoing=(*told, *decision.outgoing))


def record_insight(
    services: Services, number: int, mission: str, written: str, said_by: str,
    case: int | None = None,
) -> Decision:  # fmt: skip
    """A new insight of a mission, and the message that shows it in the desk's room, if that has one.
    `case` is the case that it was learned from."""
    read = read_insight(written, mission, services)
    evidence = read.evidence if case is None else (f"#{case}", *read.evidence)
    insight = Insight(
        number, mission, read.text, said_by, services.now, read.countries, read.topics,
        tuple(dict.fromkeys(evidence)),
    )  # fmt: skip
    room = find_own_room(DOMESTIC, services.bindings)
    shown = (Outgoing(room, render_insight(insight, services.missions)),) if room else ()
    audit = (said_by, f"insight {number} of {mission}")
    return Decision(new_insight=insight, outgoing=shown, audit=audit)


def render_insight(insight: Insight, missions: Missions) -> Content:
    """An insight as the desk sees it, with a button for each thing that it can do."""
    text = render_phrase(
        "desk.insight_card", STAFF_LANGUAGE, number=insight.number,
        mission=mission_name(missions.get(insight.mission), STAFF_LANGUAGE),
        about=render_about(insight), text=insight.text,
        evidence=", ".join(insight.evidence)
        or render_phrase("desk.insight_no_evidence", STAFF_LANGUAGE),
    )  # fmt: skip
    buttons = tuple(
        Button(
            write_insight_key(act, insight.number),
            render_phrase(f"desk.button_insight_{act}", STAFF_LANGUAGE),
        )
        for act in _ACTS
    )
    return Content(text, buttons=(buttons,), headings=(text.partition("\n")[0],))


def render_about(insight: Insight, language: Language = STAFF_LANGUAGE) -> str:
    """The countries and topics of an insight in one line."""
    countries = [translate_country(code, language) for code in insight.countries]
    topics = [load_topics().label(one, language) for one in insight.topics]
    nothing = render_phrase("desk.insight_no_topic", language)
    return " · ".join([*countries, *(topics or [nothing])])


def _list_sealed(services: Services) -> list[int]:
    return [case.number for case in services.list_sealed_cases()]


def _list_own(turn: InsightTurn) -> str:
    """The latest insights of the room's missions, all of them in the desk's room."""
    own = [one for one in turn.insights if turn.is_desk or one.mission in turn.missions]
    return "".join(
        f"\n#{one.number} {render_phrase(f'desk.insight_{one.state}', turn.language)} · "
        f"{shorten_text(one.text)}"
        for one in own[-LISTED_INSIGHTS:]
    )
