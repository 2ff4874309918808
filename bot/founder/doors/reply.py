"""Where a founder and the staff of their case are told of the doors: once for each row of the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.buttons import write_taker_key
from bot.cases.card import thread_address
from bot.cases.sealed import tell_readers_more
from bot.context import Decision, Services, Turn
from bot.founder.doors.rendering import (
    find_row,
    list_who_choices,
    render_for_founder,
    render_for_staff,
    render_row_mark,
)
from bot.founder.doors.situation import Situation, read_situation
from bot.founder.talk.matter import render_question
from bot.messages import Button, Content, Outgoing, select_words
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.routing.route import find_route
from bot.types import Case, CaseMessage, PendingQuestion, Place
from knowledge.types import Language


def add_doors(turn: Turn, decision: Decision, before: PendingQuestion | None) -> Decision:
    """The decision with the doors for what the matter tells now, if it told of no such row `before`;
    above the reply, or below it where that hands over at once. In front of others nothing is said."""
    after = decision.conversation
    if after is None or not after.private or turn.message.forwarded_from:
        return decision
    text = render_question(after.pending) if after.pending else turn.message.words
    situation = read_situation(select_words(text), after.place)
    told = read_situation(render_question(before), after.place) if before else None
    if situation is None or (told and find_row(told) == find_row(situation)):
        return decision
    contents = build_messages(turn.services, situation, after.place, after.language)
    doors = tuple(Outgoing(turn.address, content, case=after.case) for content in contents)
    if decision.new_case or after.asking_place:
        return replace(decision, outgoing=(*decision.outgoing, *doors))
    *first, reply = decision.outgoing
    return replace(decision, outgoing=(*first, *doors, reply))


def add_doors_in_case(turn: Turn, case: Case, decision: Decision, text: str) -> Decision:
    """The decision on a message in a case with the doors for what `text` tells, also for its staff,
    unless its record has that row already."""
    services = turn.services
    situation = read_situation(select_words(text), case.place)
    if situation is None:
        return decision
    mark = render_row_mark(find_row(situation))
    if any(mark in line.text for line in services.list_lines(case.number)):
        return decision
    line = CaseMessage("bot", render_for_staff(situation), services.now)
    contents = build_messages(services, situation, case.place, turn.conversation.language)
    doors = [Outgoing(turn.address, content, case=case.number) for content in contents]
    if case.sealed:
        doors += tell_readers_more(services, case, Content(line.text)).outgoing
    elif thread := services.find_current_thread(case.number):
        doors.append(Outgoing(thread_address(thread), Content(line.text), case=case.number))
    return replace(
        decision,
        new_lines=(*decision.new_lines, (case.number, line)),
        outgoing=(*decision.outgoing, *doors),
    )


def list_door_lines(
    pending: PendingQuestion, place: Place | None, now: datetime
) -> tuple[CaseMessage, ...]:
    """The row of the table for the record of a case that opens; () where there is none."""
    texts = (pending.question, *(part.text for part in pending.before))
    situation = read_situation(select_words("\n".join(filter(None, texts))), place)
    return (CaseMessage("bot", render_for_staff(situation), now),) if situation else ()


def build_messages(
    services: Services, situation: Situation, place: Place | None, language: Language
) -> Sequence[Content]:
    """The messages to a founder; the first one asks by buttons who took it, where the row depends
    on that and no word says it."""
    name = ""
    if place is not None:
        route = find_route(place, services.missions, services.now)
        name = mission_name(services.missions.get(route.competent), language)
    order, evidence = render_for_founder(situation, name, language)
    if not find_row(situation).asks_who:
        return order, evidence
    asked = render_phrase("doors.ask_who", language)
    choices = [Button(write_taker_key(who), label) for who, label in list_who_choices(language)]
    buttons = (tuple(choices[:2]), tuple(choices[2:]))
    return replace(order, text=f"{order.text}\n\n{asked}", buttons=buttons), evidence
