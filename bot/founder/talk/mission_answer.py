"""Questions about missions and their bodies, answered by the routing table; and the sentence that says
so where what the library found is about another mission than the founder's own.

See docs/decisions/0080-the-routing-table-answers-for-itself.md
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision, Turn, shorten_text
from bot.founder.answer_text import build_end_buttons, render_day
from bot.founder.reading.triage import Triage
from bot.founder.talk.matter import remember_exchange
from bot.messages import Content
from bot.missions.facts import MISSIONS_READ_ON, PublicSource
from bot.missions.inquiry import Asked, PlaceOrigin, is_moved, read_inquiry
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.far_missions import find_far_place, list_places
from bot.routing.inquiry_text import render_mission_reply
from bot.routing.route import find_route
from bot.routing.route_text import name_place
from bot.types import DOMESTIC, Place
from knowledge.types import Answer, Citation, Exchange, Language, Offer

# Of these the library knows more than the table: its answer is said where it is sure of one.
BETTER_IN_DOCUMENTS: frozenset[Asked] = frozenset({"body", "members", "flow"})
NEEDS_PLACE: frozenset[Asked] = frozenset({"hours", "contact"})  # said nothing about without one
MOVES_IN_A_ROW = 3  # questions that only name another place, and the one that they repeat
REMEMBERED_CHARACTERS = 400  # of the reply, in the conversation's exchanges


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What is asked about missions, and for which place; None where none is known. `leans`: it may
    ask for the contact or the hours that the document just spoken of states."""

    asked: Asked
    place: Place | None
    leans: bool = False

    @property
    def is_for_table(self) -> bool:
        """Whether the table answers without a look into the library."""
        is_better = self.asked in BETTER_IN_DOCUMENTS or self.leans
        return self.place is not None and not is_better


def find_inquiry(turn: Turn, mentioned: Place | None, triage: Triage) -> Inquiry | None:
    """What the message asks about missions; None if it asks something else, tells of an incident, or
    names places of several missions. `mentioned` is the place in its words."""
    if triage.needs_person or triage.suspect or triage.incident:
        return None
    words, services = turn.message.words, turn.services
    place = mentioned or turn.conversation.place
    origin: PlaceOrigin = "text" if mentioned else "talk" if place else "none"
    asked = read_inquiry(words, origin) or _find_asked_before(turn, mentioned)
    if asked is None or (place is None and asked not in (*NEEDS_PLACE, "flow")):
        return None
    cities = [one for one in list_places(words, services.places) if one.city or one.region]
    if len({find_route(one, services.missions, services.now).competent for one in cities}) > 1:
        return None
    if place and asked not in ("covers", "flow"):
        competent = find_route(place, services.missions, services.now).competent
        if competent == DOMESTIC and place.country == "KR":
            return None
    turns = turn.conversation.turns
    leans = mentioned is None and asked in NEEDS_PLACE and bool(turns and turns[-1].documents)
    return Inquiry(asked, place, leans)


def _find_asked_before(turn: Turn, mentioned: Place | None) -> Asked | None:
    """What was asked about a mission just before, if the message only names another place."""
    if mentioned is None or not is_moved(turn.message.words, mentioned.name):
        return None
    for exchange in reversed(turn.conversation.turns[-MOVES_IN_A_ROW:]):
        if exchange.documents:
            return None
        if asked := read_inquiry(exchange.question, "talk"):
            return asked
    return None


def is_said_by_documents(turn: Turn, inquiry: Inquiry, answer: Answer) -> bool:
    """Whether the library's answer is to be said instead: it is sure, and about the mission that is
    asked about."""
    if answer.verdict != "answered" or inquiry.place is None or inquiry.leans:
        return answer.verdict == "answered"
    if inquiry.asked == "flow":
        return True
    return inquiry.asked in BETTER_IN_DOCUMENTS and any(
        _find_far(turn, _title_of(citation), inquiry.place) is None
        and _names_place(turn, citation, inquiry.place)
        for citation in answer.citations
    )


def answer_inquiry(turn: Turn, inquiry: Inquiry) -> Decision:
    """The reply of the routing table, with its sources and the button for a person."""
    conversation, services = turn.conversation, turn.services
    language, pending = conversation.language, conversation.pending
    place = inquiry.place
    if place is None and inquiry.asked in NEEDS_PLACE:
        text = render_phrase("mission_answer.which_place", language)
        return turn.offer_person_below(Content(text))
    sources: tuple[PublicSource, ...] = ()
    text, mission = render_phrase("mission_answer.flow", language), ""
    if place is not None:
        reply = render_mission_reply(
            inquiry.asked, place, services.missions, services.now, language
        )
        text, sources = reply.text, reply.sources
        mission = mission_name(reply.mission, language)
    day = render_day(MISSIONS_READ_ON, language)
    shown = f"{text}\n\n{render_phrase('mission_answer.as_of', language, day=day)}"
    assert pending is not None
    found = render_phrase("mission_answer.found", STAFF_LANGUAGE, text=shorten_text(text, 200))
    why = render_phrase(
        "mission_answer.why", language, place=place.name if place else "-", mission=mission
    )
    conversation = replace(conversation, pending=replace(pending, found=found), why=why)
    exchange = Exchange(pending.question, shorten_text(text, REMEMBERED_CHARACTERS), ())
    turn = turn.with_conversation(remember_exchange(conversation, exchange))
    details = _render_sources(sources, language)
    return turn.reply_content(Content(shown, details, (build_end_buttons(language),)))


def explain_far_mission(turn: Turn, answer: Answer) -> Answer:
    """The answer with what it says about the mission of another place explained: a sentence above
    the text says whose the documents are and which mission is the founder's own, and sections about
    other missions are not offered."""
    place = turn.conversation.place
    if place is None:
        return answer
    if answer.verdict == "offered":
        kept = tuple(one for one in answer.offers if _find_far(turn, _title_of(one), place) is None)
        return (
            replace(answer, offers=kept)
            if kept
            else replace(answer, verdict="no_evidence", offers=())
        )
    if answer.verdict != "answered":
        return answer
    far = [_find_far(turn, _title_of(citation), place) for citation in answer.citations]
    if not far or far[0] is None:
        return answer
    language = answer.language
    note = render_phrase(
        "mission_answer.far", language, place=name_place(place, language),
        other=_name_competent(turn, far[0], language),
        mission=_name_competent(turn, place, language),
    )  # fmt: skip
    return replace(answer, text=f"{note}\n\n{answer.text}")


def _name_competent(turn: Turn, place: Place, language: Language) -> str:
    services = turn.services
    route = find_route(place, services.missions, services.now)
    return mission_name(services.missions.get(route.competent), language)


def _find_far(turn: Turn, title: str, place: Place) -> Place | None:
    services = turn.services
    return find_far_place(
        title, turn.message.words, place, services.places, services.missions, services.now
    )


def _title_of(one: Citation | Offer) -> str:
    return " – ".join((one.title, one.heading[-1]))


def _names_place(turn: Turn, citation: Citation, place: Place) -> bool:
    """Whether a citation speaks of a place whose mission is that of `place`."""
    services = turn.services
    competent = find_route(place, services.missions, services.now).competent
    return any(
        find_route(one, services.missions, services.now).competent == competent
        for one in list_places(f"{_title_of(citation)} {citation.quote}", services.places)
    )


def _render_sources(sources: tuple[PublicSource, ...], language: Language) -> str:
    """One line for each source: its mark, its name or address and its date."""
    return "\n".join(
        f"[{number}] {source.name} · {render_day(source.date, language)}"
        for number, source in enumerate(sources, 1)
    )
