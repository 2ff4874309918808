"""A founder in a case: what they write goes to the staff thread."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.card import build_card_update, thread_address
from bot.cases.receipt import render_status
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.sealed import tell_readers, tell_readers_more
from bot.cases.states import CaseStep, is_allowed, is_held
from bot.cases.translating import render_meaning
from bot.cases.wording import (
    can_be_passed_on,
    has_unsupported,
    list_enclosures,
    render_body,
    render_quote_for_staff,
)
from bot.context import Decision, Turn, quote_lines
from bot.founder import answer_text
from bot.founder.doors.reply import add_doors_in_case
from bot.founder.own_cases.ownership import move_case_here
from bot.founder.question import QUESTION_LIMIT_CHARACTERS
from bot.founder.reading.acts import Reading
from bot.founder.reading.triage import Triage, triage_message
from bot.founder.talk.questions import is_question
from bot.founder.talk.read_turn import read_turn
from bot.messages import Content, Message, Outgoing
from bot.missions.emergency import render_first_steps
from bot.missions.missions import Missions, mission_name
from bot.phrases import render_phrase
from bot.types import URGENCIES, Case, CaseMessage, StaffThread
from knowledge.text.personal_data import NEVER_KEPT, mask_personal_data
from knowledge.types import Answer, Question

# What needs no notice that it was passed on: the mark on the message itself says that.
UNNOTICED_ACTS = frozenset({"thanks", "greeting", "goodbye"})


def relay_to_staff(turn: Turn, case: Case, *, seal: bool = False) -> Decision:
    """Pass the message to the case's thread; `seal`: only to those who may read it sealed. Until staff take the case the founder gets a
    notice that it was passed on, and an answer from the library if there is a confident one; both
    are dropped if staff take the case before they are sent. The founder is told of what cannot be
    passed on."""
    if turn.message.kind != "deleted" and not can_be_passed_on(turn.message):
        return turn.reply_phrase("not_passed_on")
    decision = move_case_here(turn, _relay_whole(turn, case, seal=seal), case)
    if not has_unsupported(turn.message):
        return decision
    content = Content(render_phrase("founder.part_not_passed_on", turn.conversation.language))
    notice = Outgoing(turn.address, content, case=case.number)
    return replace(decision, outgoing=(*decision.outgoing, notice))


def _relay_whole(turn: Turn, case: Case, *, seal: bool) -> Decision:
    services, message = turn.services, turn.message
    files = message.files if message.kind != "deleted" else ()
    body = _render_body(message)
    text = _render_for_staff(turn, case, body)
    thread = services.find_current_thread(case.number)
    receiver = thread.channel if thread else None
    limit = services.find_file_limit_megabytes(files, message.channel, receiver)
    if limit is not None:
        return turn.reply_phrase("file_too_large", most=limit)
    line = CaseMessage("founder", body, services.now, files=files)
    triage = triage_message(body)
    reading = read_turn(turn, in_case=True)
    turn = turn.with_conversation(replace(turn.conversation, read_as=reading.act))
    is_wished = seal or (reading.wish == "seal" and not is_question(message.words))
    is_told = triage.suspect or triage_message(message.quoted).suspect
    is_sealed = case.sealed or is_wished or is_told
    step = _take_steps(turn, case, reading, triage, is_sealed=is_sealed)
    if is_sealed:
        decision = _relay_sealed(turn, case, step.case, reading, line, text)
    else:
        decision = _relay_openly(turn, step.case, reading, line, text)
    if step.log and not is_sealed:
        decision = _refresh_card(decision, step.case, thread, services.missions)
    decision = replace(decision, log=step.log)
    decision = _answer_beside(turn, step.case, reading, triage, decision)
    return add_doors_in_case(turn, decision.case or step.case, decision, body)


def _take_steps(
    turn: Turn, case: Case, reading: Reading, triage: Triage, *, is_sealed: bool
) -> CaseStep:
    """What the message changes of the case: a founder who was waited for has written, it is more
    urgent than it was, it is sealed from now on. Thanks and a question how it stands answer nothing."""
    actor, now, step = turn.actor, turn.services.now, CaseStep(case)
    says_something = reading.act not in (*UNNOTICED_ACTS, "case_status")
    if (
        says_something
        and turn.message.kind == "text"
        and is_allowed(case, "founder_writes", "founder")
    ):
        step = step.take("founder_writes", actor, now)
    urgency = max(case.urgency, triage.urgency, key=URGENCIES.index)
    if urgency != case.urgency:
        step = step.take("correct", actor, now, urgency, urgency=urgency)
    if is_sealed and not case.sealed:
        step = step.take("correct", actor, now, "seal", sealed=True)
    return step


def _relay_openly(
    turn: Turn, case: Case, reading: Reading, line: CaseMessage, text: str
) -> Decision:
    """Pass the message on to the thread; until staff take the case the founder is told so, and
    gets an answer that the library is sure of."""
    services = turn.services
    thread = services.find_current_thread(case.number)
    outgoing: list[Outgoing] = []
    if thread:
        below = _render_meaning(turn)
        whole = f"{text}\n{below}" if below else text
        content = Content(whole, files=line.files, relayed=True)
        outgoing.append(Outgoing(thread_address(thread), content, case=case.number))
    lines = [(case.number, line)]
    if not is_held(case) and reading.act not in (*UNNOTICED_ACTS, "case_status"):
        notice = _send_unless_taken(turn, case, _render_relayed_notice(turn, case, thread))
        outgoing.append(replace(notice, is_receipt=thread is not None))
        if answer := _find_sure_answer(turn, reading):
            lines.append((case.number, CaseMessage("bot", answer.text, services.now)))
            outgoing += _send_bot_answer(turn, case, thread, answer)
    return Decision(
        turn.conversation,
        new_lines=tuple(lines),
        outgoing=tuple(outgoing),
        to_acknowledge=turn.message,
    )


def _refresh_card(
    decision: Decision, case: Case, thread: StaffThread | None, missions: Missions
) -> Decision:
    """The decision with the case as urgent as it has become, also on its card."""
    card = (build_card_update(case, thread, missions),) if thread else ()
    return replace(decision, case=case, outgoing=(*decision.outgoing, *card))


def _answer_beside(
    turn: Turn, case: Case, reading: Reading, triage: Triage, decision: Decision
) -> Decision:
    """The decision with what the founder is told at once, also if staff have the case: what to do
    first in an emergency, how the case stands, who reads it."""
    services, language = turn.services, turn.conversation.language
    told: list[str] = []
    if triage.urgency == "critical" and turn.message.kind != "deleted":
        mission = services.missions.get(case.competent)
        told.append(render_first_steps(triage.incident, mission, language))
    elif reading.act == "case_status":
        told.append(render_status(case, services.missions, language, services.now))
    elif reading.act == "about_naru":
        name = mission_name(services.missions.get(case.mission), language)
        told.append(
            render_phrase("founder.who_reads_case", language, number=case.number, mission=name)
        )
    replies = tuple(
        Outgoing(turn.address, Content(text), case=case.number) for text in told if text
    )
    return replace(decision, outgoing=(*replies, *decision.outgoing))


def _relay_sealed(
    turn: Turn, before: Case, case: Case, reading: Reading, line: CaseMessage, text: str
) -> Decision:
    """Pass the message on to those who may read sealed cases; the thread only learns that there is
    one. `before` is the case before the message, which may not have been sealed. What
    the library is sure of is said in quotes, and to the same readers."""
    services = turn.services
    if before.sealed:
        content = Content(text, files=line.files, protect=True, relayed=True)
        told = tell_readers_more(services, case, content)
    else:
        told = tell_readers(services, case, (*services.list_lines(case.number), line))
    outgoing = list(told.outgoing)
    if thread := services.find_current_thread(case.number):
        if case != before:
            outgoing.append(build_card_update(case, thread, services.missions))
        key = "sealed_message" if before.sealed else "sealed_now"
        note = Content(render_phrase(f"staff.{key}", STAFF_LANGUAGE, number=case.number))
        outgoing.append(Outgoing(thread_address(thread), note, case=case.number))
    if case != before or not told.readers or reading.act not in UNNOTICED_ACTS:
        language = turn.conversation.language
        text = told.render_for_founder(language, number=case.number, again=before.sealed)
        notice = Content(text, protect=True)
        outgoing.append(Outgoing(turn.conversation.address, notice, case=case.number))
    lines = [(case.number, line)]
    if not is_held(case) and (answer := _find_sure_answer(turn, reading, quotes_only=True)):
        lines.append((case.number, CaseMessage("bot", answer.text, services.now)))
        outgoing.append(_render_bot_answer(turn, case, answer))
        said = render_phrase("staff.bot_answered", STAFF_LANGUAGE, text=quote_lines(answer.text))
        reports = tell_readers_more(services, case, Content(said)).outgoing
        outgoing += [replace(one, is_report=True) for one in reports]
    return Decision(
        turn.conversation,
        case=case if case != before else None,
        new_lines=tuple(lines),
        outgoing=tuple(outgoing),
        to_acknowledge=turn.message if told.readers else None,
    )


def _render_body(message: Message) -> str:
    """What staff read of the message below its author, also what its line in the record says."""
    if message.kind == "deleted":
        return render_phrase("staff.founder_deleted", STAFF_LANGUAGE)
    return render_body(message, STAFF_LANGUAGE)


def _render_meaning(turn: Turn) -> str:
    """What stands below the message for staff who read another language; "" for nothing."""
    message = turn.message
    if message.kind == "deleted":
        return ""
    return render_meaning(
        turn.services, message.text, STAFF_LANGUAGE, message.account, sealed=False
    )


def _render_for_staff(turn: Turn, case: Case, body: str) -> str:
    """The founder's message as staff read it, below the line that it answers."""
    message = turn.message
    if message.kind == "deleted":
        return body
    record = turn.services.list_lines(case.number) if message.quoted else ()
    quoted = render_quote_for_staff(message, record)
    key = "founder_edited" if message.kind == "edit" else "founder_says"
    text = quoted + render_phrase(f"staff.{key}", STAFF_LANGUAGE, text=quote_lines(body))
    return mask_personal_data(text, NEVER_KEPT)


def _render_relayed_notice(turn: Turn, case: Case, thread: StaffThread | None) -> Content:
    key = "relayed" if thread else "receipt_kept"
    language = turn.conversation.language
    return Content(render_phrase(f"founder.{key}", language, number=case.number))


def _send_unless_taken(turn: Turn, case: Case, content: Content) -> Outgoing:
    """A message to the founder that is dropped if staff take the case before it is sent."""
    return Outgoing(turn.address, content, case=case.number, unless_taken=case.number)


def _find_sure_answer(turn: Turn, reading: Reading, *, quotes_only: bool = False) -> Answer | None:
    """The library's answer, if the message is a plain question of the founder's own words that
    needs no person, and the answer is sure."""
    message = turn.message
    text = message.text.strip()
    plain = message.kind == "text" and 0 < len(text) <= QUESTION_LIMIT_CHARACTERS
    own = not (message.forwarded_from or list_enclosures(message))
    asks = reading.act in ("new_matter", "follow_up") and is_question(text)
    if not (plain and own and asks) or triage_message(turn.message.words).needs_person:
        return None
    language = turn.choose_language(text)
    question = Question(text, language, turn.services.now, quotes_only=quotes_only)
    answer = turn.services.ask(question)
    return answer if answer.verdict == "answered" else None


def _send_bot_answer(
    turn: Turn, case: Case, thread: StaffThread | None, answer: Answer
) -> list[Outgoing]:
    """The library's answer to the founder, and a note to staff once that has gone out."""
    outgoing = [_render_bot_answer(turn, case, answer)]
    if thread:
        note = Content(
            render_phrase("staff.bot_answered", STAFF_LANGUAGE, text=quote_lines(answer.text))
        )
        to = thread_address(thread)
        outgoing.append(Outgoing(to, note, case=case.number, is_report=True))
    return outgoing


def _render_bot_answer(turn: Turn, case: Case, answer: Answer) -> Outgoing:
    """The library's answer as the founder in a case reads it: nothing is pressed below it."""
    content = answer_text.render_reply(answer, turn.services.now)
    content = replace(content, buttons=(), protect=case.sealed)
    return _send_unless_taken(turn, case, content)
