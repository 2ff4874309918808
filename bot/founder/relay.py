"""A founder in a case: what they write reaches the thread, and the bot keeps out of the way."""

from __future__ import annotations

from dataclasses import replace

from bot.cases import case as cases
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Scene, short
from bot.founder import answer_text
from bot.founder.question import QUESTION_LIMIT
from bot.founder.triage import triage
from bot.phrases import say
from bot.types import LARGEST_FILE, Body, Case, CaseMessage, Decision, Outgoing, StaffThread
from knowledge.types import Answer, Question

SURE = 0.8  # in an open case the bot speaks only when it is this sure


def to_staff(scene: Scene, case: Case) -> Decision:
    """Pass a message on. While no person has taken the case, the founder is told that it went,
    and what the documents say if they surely answer; both are void once a person takes over."""
    text = _told(scene)
    if text is None:
        return scene.say("not_text")
    tools, message = scene.tools, scene.message
    if any(file.size > LARGEST_FILE for file in message.files):
        return scene.say("file_too_large")
    line = CaseMessage("founder", message.text or text, tools.now, files=message.files)
    thread = tools.thread_of(case.number)
    out: list[Outgoing] = []
    if thread:
        body = Body(text, files=message.files, protect=case.sealed)
        out.append(Outgoing(cases.thread_address(thread), body, case=case.number))
    lines = [(case.number, line)]
    if case.state == "open":
        out.append(_void_if_taken(scene, case, _relayed(scene, case)))
        if answer := _sure_answer(scene, case):
            lines.append((case.number, CaseMessage("bot", answer.text, tools.now)))
            out += _bot_too(scene, case, thread, answer)
    return Decision(scene.talk, lines=tuple(lines), outgoing=tuple(out), seen=message)


def close(scene: Scene) -> Decision:
    """`/close`: the founder ends the case."""
    if scene.talk.case is None:
        return scene.say("nothing_open")
    case = scene.tools.case(scene.talk.case)
    scene = scene.with_talk(replace(scene.talk, case=None, turns=(), pending=None))
    if not cases.is_open(case):
        return scene.say("nothing_open")
    ended = cases.closed(case, scene.tools.now)
    decision = scene.say("closed", number=case.number)
    return _and_staff(scene, decision, ended, "founder_closed", "close")


def reopen(scene: Scene, number: int) -> Decision:
    """ "Not solved yet" under a resolved case."""
    case = scene.tools.case(number)
    if case.conversation != scene.talk.key or scene.talk.case not in (None, number):
        return scene.say("stale_button")
    if cases.is_open(case):
        return scene.say("already_open", number=number)
    scene = scene.with_talk(replace(scene.talk, case=number, pending=None))
    decision = scene.say("reopened", number=number)
    return _and_staff(scene, decision, cases.reopened(case), "founder_reopened", "reopen")


def _and_staff(scene: Scene, decision: Decision, case: Case, note: str, act: str) -> Decision:
    """The case's new state, told in its thread; a thread is opened before and closed after."""
    out = list(decision.outgoing)
    if thread := scene.tools.thread_of(case.number):
        to = cases.thread_address(thread)
        told = Outgoing(to, Body(say(f"staff.{note}", STAFF_LANGUAGE)), case=case.number)
        card = cases.recard(case, thread, scene.tools.missions)
        out += (
            [told, card, Outgoing(to, Body(""), "close", case.number)]
            if act == "close"
            else [Outgoing(to, Body(""), "reopen", case.number), told, card]
        )
    return replace(decision, case=case, outgoing=tuple(out))


def _told(scene: Scene) -> str | None:
    """The founder's message as staff read it; None for what cannot be passed on."""
    message = scene.message
    if message.kind == "deleted":
        return say("staff.founder_deleted", STAFF_LANGUAGE)
    if not (message.text or message.files):
        return None
    key = "founder_edited" if message.kind == "edit" else "founder_says"
    quoted = f"> {short(message.quoted)}\n" if message.quoted else ""
    return quoted + say(f"staff.{key}", STAFF_LANGUAGE, text=message.text)


def _relayed(scene: Scene, case: Case) -> Body:
    return Body(say("founder.relayed", scene.talk.language, number=case.number))


def _void_if_taken(scene: Scene, case: Case, body: Body) -> Outgoing:
    return Outgoing(scene.talk.address, body, case=case.number, unless_taken=case.number)


def _sure_answer(scene: Scene, case: Case) -> Answer | None:
    text = scene.message.text.strip()
    plain = scene.message.kind == "text" and 0 < len(text) <= QUESTION_LIMIT
    if not plain or case.sealed or triage(text).people:
        return None
    question = Question(text, scene.read_language(text), scene.tools.now)
    answer = scene.tools.ask(question)
    return answer if answer.verdict == "answered" and answer.confidence >= SURE else None


def _bot_too(
    scene: Scene, case: Case, thread: StaffThread | None, answer: Answer
) -> list[Outgoing]:
    """The documents' answer to the founder, and a line about it to staff."""
    body = replace(answer_text.body(answer, scene.tools.now), buttons=())
    out = [_void_if_taken(scene, case, body)]
    if thread:
        note = Body(say("staff.bot_answered", STAFF_LANGUAGE, text=answer.text))
        to = cases.thread_address(thread)
        out.append(Outgoing(to, note, case=case.number, unless_taken=case.number))
    return out
