"""A founder in a case: what they write reaches the thread, and the bot keeps out of the way."""

from __future__ import annotations

from dataclasses import replace

from bot.cases import case as cases
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Turn, shorten_text
from bot.founder import answer_text
from bot.founder.question import QUESTION_LIMIT_CHARACTERS
from bot.founder.triage import triage_message
from bot.phrases import render_phrase
from bot.types import (
    Case,
    CaseMessage,
    Content,
    Decision,
    Outgoing,
    StaffThread,
)
from knowledge.types import Answer, Question

OPEN_CASE_MIN_CONFIDENCE = 0.8  # in an open case the bot speaks only when it is this sure


def relay_to_staff(scene: Turn, case: Case) -> Decision:
    """Pass a message on. While no person has taken the case, the founder is told that it went,
    and what the documents say if they surely answer; both are void once a person takes over."""
    text = _render_for_staff(scene)
    if text is None:
        return scene.reply_phrase("not_text")
    tools, message = scene.services, scene.message
    thread = tools.find_current_thread(case.number)
    receiver = thread.channel if thread else None
    limit = tools.find_file_limit_megabytes(message.files, message.channel, receiver)
    if limit is not None:
        return scene.reply_phrase("file_too_large", most=limit)
    line = CaseMessage("founder", message.text or text, tools.now, files=message.files)
    out: list[Outgoing] = []
    if thread:
        body = Content(text, files=message.files, protect=case.sealed)
        out.append(Outgoing(cases.thread_address(thread), body, case=case.number))
    lines = [(case.number, line)]
    if case.state == "open":
        out.append(_send_unless_taken(scene, case, _render_relayed_notice(scene, case)))
        if answer := _find_confident_answer(scene, case):
            lines.append((case.number, CaseMessage("bot", answer.text, tools.now)))
            out += _send_bot_answer(scene, case, thread, answer)
    return Decision(
        scene.conversation, new_lines=tuple(lines), outgoing=tuple(out), to_acknowledge=message
    )


def close_case(scene: Turn) -> Decision:
    """`/close`: the founder ends the case."""
    if scene.conversation.case is None:
        return scene.reply_phrase("nothing_open")
    case = scene.services.get_case(scene.conversation.case)
    scene = scene.with_conversation(replace(scene.conversation, case=None, turns=(), pending=None))
    if not cases.is_open(case):
        return scene.reply_phrase("nothing_open")
    ended = cases.closed(case, scene.services.now)
    decision = scene.reply_phrase("closed", number=case.number)
    return _tell_staff_thread(scene, decision, ended, "founder_closed", "close")


def reopen_case(scene: Turn, number: int) -> Decision:
    """ "Not solved yet" under a resolved case."""
    case = scene.services.get_case(number)
    if case.conversation != scene.conversation.key or scene.conversation.case not in (None, number):
        return scene.reply_phrase("stale_button")
    if cases.is_open(case):
        return scene.reply_phrase("already_open", number=number)
    scene = scene.with_conversation(replace(scene.conversation, case=number, pending=None))
    decision = scene.reply_phrase("reopened", number=number)
    return _tell_staff_thread(scene, decision, cases.reopened(case), "founder_reopened", "reopen")


def _tell_staff_thread(
    scene: Turn, decision: Decision, case: Case, note: str, act: str
) -> Decision:
    """The case's new state, told in its thread; a thread is opened before and closed after."""
    out = list(decision.outgoing)
    if thread := scene.services.find_current_thread(case.number):
        to = cases.thread_address(thread)
        told = Outgoing(
            to, Content(render_phrase(f"staff.{note}", STAFF_LANGUAGE)), case=case.number
        )
        card = cases.build_card_update(case, thread, scene.services.missions)
        out += (
            [told, card, Outgoing(to, Content(""), "close", case.number)]
            if act == "close"
            else [Outgoing(to, Content(""), "reopen", case.number), told, card]
        )
    return replace(decision, case=case, outgoing=tuple(out))


def _render_for_staff(scene: Turn) -> str | None:
    """The founder's message as staff read it; None for what cannot be passed on."""
    message = scene.message
    if message.kind == "deleted":
        return render_phrase("staff.founder_deleted", STAFF_LANGUAGE)
    if not (message.text or message.files):
        return None
    key = "founder_edited" if message.kind == "edit" else "founder_says"
    quoted = f"> {shorten_text(message.quoted)}\n" if message.quoted else ""
    return quoted + render_phrase(f"staff.{key}", STAFF_LANGUAGE, text=message.text)


def _render_relayed_notice(scene: Turn, case: Case) -> Content:
    return Content(
        render_phrase("founder.relayed", scene.conversation.language, number=case.number)
    )


def _send_unless_taken(scene: Turn, case: Case, body: Content) -> Outgoing:
    return Outgoing(scene.conversation.address, body, case=case.number, unless_taken=case.number)


def _find_confident_answer(scene: Turn, case: Case) -> Answer | None:
    text = scene.message.text.strip()
    plain = scene.message.kind == "text" and 0 < len(text) <= QUESTION_LIMIT_CHARACTERS
    if not plain or case.sealed or triage_message(text).needs_person:
        return None
    question = Question(text, scene.choose_language(text), scene.services.now)
    answer = scene.services.ask(question)
    return (
        answer
        if answer.verdict == "answered" and answer.confidence >= OPEN_CASE_MIN_CONFIDENCE
        else None
    )


def _send_bot_answer(
    scene: Turn, case: Case, thread: StaffThread | None, answer: Answer
) -> list[Outgoing]:
    """The documents' answer to the founder, and a line about it to staff."""
    body = replace(answer_text.render_reply(answer, scene.services.now), buttons=())
    out = [_send_unless_taken(scene, case, body)]
    if thread:
        note = Content(render_phrase("staff.bot_answered", STAFF_LANGUAGE, text=answer.text))
        to = cases.thread_address(thread)
        out.append(Outgoing(to, note, case=case.number, unless_taken=case.number))
    return out
