"""Records for unit tests, with everything filled in that a test does not care about.

Whatever a record is made of, it is made of it here: a field that moves is changed in one place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

from adapters.slack.limits import SLACK_LIMITS
from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.cases import states
from bot.cases.acts.turn import StaffTurn
from bot.context import Decision, Services, Turn
from bot.errors import UnknownCase, UnknownPlace
from bot.messages import File, Message, MessageKind, Outgoing
from bot.missions.missions import Missions
from bot.phrases import render_phrase
from bot.routing.route import find_route
from bot.routing.route_text import render_reason
from bot.types import (
    Actor,
    Binding,
    BodyStatus,
    Case,
    CaseMessage,
    Conversation,
    Mission,
    OfferedSections,
    PendingQuestion,
    Place,
    Route,
    StaffThread,
)
from knowledge.types import Answer, Language, Question
from tests.samples.answers import RecordingShelf, fail_if_asked, make_offer

NOW = datetime.fromisoformat("2026-11-23T10:00+09:00")  # a Monday; Hanoi opens in an hour
FOUNDER = "telegram:1001"
STAFF = "slack:U0STAFF"
QUESTION = "물류비는 얼마까지 지원하나요?"

HANOI = Place("Hanoi", "VN", 21.03, 105.85, "VN-HN", "Hanoi")
HCMC = Place("Ho Chi Minh City", "VN", 10.82, 106.63, "VN-SG", "Ho Chi Minh City")
DA_NANG = Place("Da Nang", "VN", 16.07, 108.22, "VN-DN", "Da Nang")


def make_mission(
    id: str, city: str, city_ko: str, kind: str, body: BodyStatus, place: Place
) -> Mission:
    """A mission of Vietnam at `place`, whose area is the place's region."""
    assert place.region and place.lat and place.lon
    return Mission(
        id=id, name_ko=f"{city_ko} 공관", name_en=f"mission in {city}", kind=kind, city=city,
        city_ko=city_ko, country="VN", lat=place.lat, lon=place.lon, timezone="Asia/Ho_Chi_Minh",
        area="", area_status="verified", regions=(place.region,), unverified_regions=(),
        place_names=(), body=body,
    )  # fmt: skip


# Da Nang's body is unconfirmed: the embassy takes its cases.
MISSIONS = Missions(
    [
        make_mission("vn-hanoi", "Hanoi", "하노이", "embassy", "confirmed", HANOI),
        make_mission("vn-hcmc", "HCMC", "호치민", "consulate_general", "probable", HCMC),
        make_mission("vn-da-nang", "Da Nang", "다낭", "consulate_general", "unconfirmed", DA_NANG),
    ]
)


class KnownPlaces:
    """Knows three cities of Vietnam, by name and by their own coordinates."""

    def __init__(self) -> None:
        self.names = {"하노이": HANOI, "Hanoi": HANOI, "호치민": HCMC, "다낭": DA_NANG}

    def find_place(self, text: str) -> Place:
        if text not in self.names:
            raise UnknownPlace(text)
        return self.names[text]

    def find_place_at(self, lat: float, lon: float) -> Place:
        for place in self.names.values():
            if (place.lat, place.lon) == (lat, lon):
                return place
        raise UnknownPlace(f"{lat} {lon}")

    def find_mentioned_place(self, text: str) -> Place | None:
        return next((place for name, place in self.names.items() if name in text), None)


def make_file(name: str = "invoice.pdf", size: int = 1024) -> File:
    return File("telegram", f"ref-{name}", name, "application/pdf", size)


def make_oversized_file() -> File:
    """One byte more than is relayed."""
    return make_file("film.mp4", TELEGRAM_LIMITS.file_bytes + 1)


def make_message(text: str = "", kind: MessageKind = "text", **values: Any) -> Message:
    """A founder's message in a private chat on Telegram."""
    channel, _, user = values.pop("account", FOUNDER).partition(":")
    values = {"chat": user, "id": "m1", **values}
    return Message(channel=channel, user=user, kind=kind, text=text, **values)


def make_command(command: str, text: str = "", **values: Any) -> Message:
    return make_message(text, "command", command=command, **values)


def make_staff_message(text: str = "", kind: MessageKind = "text", **values: Any) -> Message:
    """A message in the thread of `make_thread`."""
    here = {"account": STAFF, "chat": "C0HANOI", "thread": "1.1", "private": False}
    return make_message(text, kind, **here | values)


def make_room_message(text: str = "", kind: MessageKind = "text", **values: Any) -> Message:
    """A message in a body's room on Telegram, outside of any case's thread."""
    here = {"account": "telegram:1", "chat": "-100", "private": False, "has_threads": True}
    return make_message(text, kind, **here | values)


def make_conversation(**values: Any) -> Conversation:
    """A founder on Telegram who writes Korean and has been greeted."""
    values = {"language": "ko", "greeted": True, "private": True, **values}
    return Conversation(
        key=FOUNDER, channel="telegram", chat="1001", thread=None, user="1001", **values
    )


def make_pending(question: str = QUESTION, **values: Any) -> PendingQuestion:
    return PendingQuestion(question, **{"language": "ko", **values})


def make_route(place: Place | None = HANOI) -> Route:
    return find_route(place, MISSIONS, NOW)


def make_case(number: int = 7, route: Route | None = None, **values: Any) -> Case:
    """A case at Hanoi that no one has claimed."""
    language: Language = values.get("language", "ko")
    way = route or make_route(values.get("place", HANOI))
    case = states.create_case(number, FOUNDER, make_pending(language=language), way, NOW)
    return replace(case, **{"state": "routed", **values})


def make_taken_case(number: int = 7, role: str = "lawyer", **values: Any) -> Case:
    """A case in the hands of STAFF."""
    return replace(claim_case(make_case(number), role), **values)


def claim_case(case: Case, role: str = "lawyer", account: str = STAFF) -> Case:
    return states.claim_case(case, Actor(account, "staff"), role, NOW).case


def holder_of(case: Case) -> tuple[str, str] | None:
    """The account and role of whom a case is with."""
    if case.taken_by is None:
        return None
    return case.taken_by, case.taken_role or ""


def reason_at(place: Place | None, language: Language) -> str:
    """Why a case of `place` is where it is, as it reads in `language`."""
    return render_reason(make_route(place), MISSIONS, language)


def reason_of(case: Case, language: Language) -> str:
    return reason_at(case.place, language)


def make_thread(case: int = 7, **values: Any) -> StaffThread:
    """Hanoi's thread of a case, on Slack."""
    values = {"id": f"{case}.1", "mission": "vn-hanoi", "thread": "1.1", "card": "1.1", **values}
    return StaffThread(case=case, **{"channel": "slack", "chat": "C0HANOI", **values})


def make_binding(mission: str = "vn-hanoi", chat: str = "C0HANOI") -> Binding:
    return Binding(mission, "slack", chat)


def make_offered(**values: Any) -> OfferedSections:
    """Two sections that were offered for QUESTION."""
    offers = (make_offer("가 공고"), make_offer("나 공고"))
    asked = values.get("asked", make_pending())
    return OfferedSections(
        **{
            "token": "abcd1234",
            "asked": asked,
            "offers": offers,
            "own_words": asked.question,
            **values,
        }
    )


def make_line(text: str = "말", author: Any = "founder", **values: Any) -> CaseMessage:
    return CaseMessage(author, text, NOW, **values)


def make_services(
    ask: Callable[[Question], Answer] = fail_if_asked,
    known_cases: Iterable[Case] = (),
    lines: Iterable[CaseMessage] = (),
    threads: Iterable[StaffThread] = (),
    bindings: Iterable[Binding] = (),
    ask_with_preview: Callable[[Question], Answer] | None = None,
    conversations: Iterable[Conversation] = (),
    shelf: RecordingShelf | None = None,
) -> Services:
    """What a decision may look at; the next case number is 8."""
    by_number = {case.number: case for case in known_cases}
    kept_lines, kept_threads = list(lines), list(threads)
    talks = {talk.key: talk for talk in conversations}

    def get_case(number: int) -> Case:
        if number not in by_number:
            raise UnknownCase(str(number))
        return by_number[number]

    return Services(
        ask=ask,
        missions=MISSIONS,
        places=KnownPlaces(),
        now=NOW,
        bindings=tuple(bindings),
        reserve_case_number=count(8).__next__,
        get_case=get_case,
        list_cases=lambda key: [one for one in by_number.values() if one.conversation == key],
        list_lines=lambda number: kept_lines,
        list_linked=lambda number: [one for one in by_number.values() if one.parent == number],
        list_threads=lambda number: [one for one in kept_threads if one.case == number],
        ask_with_preview=ask_with_preview,
        limits={"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS},
        find_conversation=talks.get,
        list_current_threads=lambda: [
            (get_case(one.case), one) for one in kept_threads if one.current
        ],
        show_section=shelf or RecordingShelf(),
    )


def make_turn(
    message: Message, conversation: Conversation | None = None, services: Services | None = None
) -> Turn:
    """A founder's turn."""
    return Turn(services or make_services(), conversation or make_conversation(), message)


def make_staff_turn(
    message: Message, case: Case, founder: Conversation | None = None, **values: Any
) -> StaffTurn:
    """A turn of a lawyer in the case's thread; the founder's records are erased unless given."""
    values = {"thread": make_thread(case.number), "role": "lawyer", **values}
    services = values.pop("services", None) or make_services(threads=[values["thread"]])
    return StaffTurn(services, message, case, values["thread"], founder, values["role"])


def phrase(key: str, language: Language, **values: object) -> str:
    """The sentence that is expected: `phrase("founder.closed", "vi", number=7)`."""
    return render_phrase(key, language, **values)


def sent_to_founder(decision: Decision) -> list[Outgoing]:
    """What goes to the founder's own chat, in order."""
    return [one for one in decision.outgoing if one.to.staff_thread is None]


def sent_to_staff(decision: Decision, thread: str = "7.1") -> list[Outgoing]:
    """What goes to one staff thread, in order."""
    return [one for one in decision.outgoing if one.to.staff_thread == thread]


def texts_of(outgoing: Iterable[Outgoing]) -> list[str]:
    return [one.content.text for one in outgoing]


def button_keys(outgoing: Outgoing) -> list[str]:
    return [button.key for row in outgoing.content.buttons for button in row]
