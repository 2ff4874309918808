"""`/tell`: the desk answers all missions concerned with one act; and the buttons below an insight."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.admin.desk.insight.draft import MIME, build_draft, name_draft
from bot.admin.desk.insight.reading import find_country, find_topic
from bot.admin.desk.insight.turn import InsightTurn
from bot.admin.desk.notices import find_own_room
from bot.buttons import parse_insight_key
from bot.cases.linked.asking import copies_sealed
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision, Services
from bot.messages import Address, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, DeskAnswer, Insight
from knowledge.types import Language, find_korean_day

TELL_COMMAND = "tell"
ALL_WORDS = frozenset({"all", "모두", "전체", "tất cả"})
_NUMBERED = re.compile(r"#?(\d{1,9})(?:\s*[:：]\s*|\s+)(\S.*)", re.DOTALL)
_ADDRESSED = re.compile(r"([^:：\n]{1,200})[:：]\s*(\S.*)", re.DOTALL)


def decide_tell(turn: InsightTurn) -> Decision:
    """`/tell 3 TEXT` answers insight 3 to all missions concerned, `/tell VN, tax: TEXT` tells the
    missions of countries, topics and ids; `/tell 3 VN: TEXT` does both."""
    if not (turn.is_desk and turn.is_staff):
        return turn.say("tell_desk_only")
    written, insight = turn.message.text.strip(), None
    if match := _NUMBERED.fullmatch(written):
        insight, written = turn.find(int(match[1])), match[2].strip()
        if insight is None:
            return turn.say("insight_unknown", number=int(match[1]))
    targets: Sequence[str] | None = None
    if match := _ADDRESSED.fullmatch(written):
        targets, unknown = _read_targets(turn, match[1])
        if not unknown:
            written = match[2].strip()
        elif insight is None:
            return turn.say("tell_unknown", name=", ".join(unknown))
        else:  # a colon within the answer
            targets = None
    if targets is None and insight is not None:
        targets = propose_missions(turn.services, insight, turn.insights)
    if targets is None or not written:
        return turn.say("tell_how")
    if not targets:
        return turn.say("tell_no_one")
    return _tell(turn, written, targets, insight)


def _tell(
    turn: InsightTurn, text: str, targets: Sequence[str], insight: Insight | None
) -> Decision:
    services = turn.services
    if copies_sealed(services, text):
        return turn.say("founder_words")
    rooms = {one: find_own_room(one, services.bindings) for one in targets}
    told = tuple(one for one, room in rooms.items() if room)
    roomless = tuple(one for one, room in rooms.items() if not room)
    number = insight.number if insight else None
    answer = DeskAnswer(
        0, text, turn.message.account, services.now, told, roomless, number
    )  # fmt: skip
    key = "tell_answer" if insight else "tell_news"
    places: dict[Address, list[str]] = {}
    for mission, room in rooms.items():
        if room:
            places.setdefault(room, []).append(mission)
    outgoing = [
        Outgoing(
            room,
            Content(
                render_phrase(
                    f"desk.{key}", STAFF_LANGUAGE, number=number, text=text,
                    question=insight.text if insight else "",
                    by=name_missions(services, (insight.mission,)) if insight else "",
                    missions=name_missions(services, missions),
                ),
                relayed=True,
            ),
        )
        for room, missions in places.items()
    ]  # fmt: skip
    shown = {"told": name_missions(services, told, turn.language), "count": len(told)}
    report = turn.say(
        "tell_done" if not roomless else "tell_done_some" if told else "tell_done_none",
        roomless=name_missions(services, roomless, turn.language), **shown,
    )  # fmt: skip
    act = f"told {len(told)} missions" + (f" about insight {number}" if insight else "")
    return Decision(
        desk_answer=answer,
        outgoing=(*outgoing, *report.outgoing),
        audit=(turn.message.account, act),
    )


def decide_insight_button(turn: InsightTurn) -> Decision:
    """Who would be told of an insight, or its draft for the library."""
    press = parse_insight_key(turn.message.text)
    insight = turn.find(press[1]) if press else None
    if not (turn.is_desk and turn.is_staff):
        return turn.say("tell_desk_only")
    if press is None or insight is None:
        return turn.say("insight_unknown", number=press[1] if press else 0)
    if press[0] == "draft":
        return _send_draft(turn, insight)
    missions = propose_missions(turn.services, insight, turn.insights)
    return turn.say(
        "tell_proposal", number=insight.number, missions=name_missions(turn.services, missions)
    )


def _send_draft(turn: InsightTurn, insight: Insight) -> Decision:
    services = turn.services
    draft = build_draft(insight, turn.answers, services.missions, find_korean_day(services.now))
    file = turn.keep_file(name_draft(insight), MIME, draft.encode())
    text = render_phrase("desk.draft_sent", STAFF_LANGUAGE, number=insight.number)
    return Decision(
        drafted_insight=insight.number,
        outgoing=(turn.reply(Content(text, files=(file,))),),
        audit=(turn.message.account, f"draft of insight {insight.number}"),
    )


def propose_missions(
    services: Services, insight: Insight, insights: Iterable[Insight]
) -> tuple[str, ...]:
    """The missions that an insight concerns: its own, those of its countries, and those with a case
    or an insight of its topics. Sealed cases are not looked at."""
    own = () if insight.mission == DOMESTIC else (insight.mission,)
    countries = (one.id for code in insight.countries for one in services.missions.in_country(code))
    topics = _find_by_topics(services, insight.topics, insights)
    return tuple(dict.fromkeys((*own, *countries, *topics)))


def name_missions(
    services: Services, missions: Iterable[str], language: Language = STAFF_LANGUAGE
) -> str:
    """Missions by name in one line."""
    names = (mission_name(services.missions.get(one), language) for one in missions)
    return ", ".join(names)


def _read_targets(turn: InsightTurn, written: str) -> tuple[list[str], list[str]]:
    """The missions that are named before a colon, and the names that are none of a mission, country or
    topic."""
    missions = turn.services.missions
    ids = {one.id for one in missions}
    found: list[str] = []
    unknown: list[str] = []
    for name in filter(None, (part.strip() for part in written.split(","))):
        if name.casefold() in ALL_WORDS:
            found += ids
        elif name.casefold() in ids:
            found.append(name.casefold())
        elif country := find_country(name, missions):
            found += [one.id for one in missions.in_country(country)]
        elif topic := find_topic(name):
            found += _find_by_topics(turn.services, (topic,), turn.insights)
        else:
            unknown.append(name)
    order = [one.id for one in missions]
    return sorted(set(found), key=order.index), unknown


def _find_by_topics(
    services: Services, topics: Sequence[str], insights: Iterable[Insight]
) -> list[str]:
    """The missions that told of a topic, or have an open case of it."""
    if not topics:
        return []
    told = [one.mission for one in insights if set(one.topics) & set(topics)]
    asked = [
        case.mission
        for case in services.list_open_cases()
        if not case.sealed
        and case.mission != DOMESTIC
        and services.find_topic(case.question, case.language).id in topics
    ]
    return [one for one in dict.fromkeys((*told, *asked)) if one != DOMESTIC]
