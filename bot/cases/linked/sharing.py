"""The founder's consent that the domestic desk reads their question: no, until they press the button."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.cases.acts.merging import is_same_person
from bot.cases.linked.voices import tell_desk
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.states import CaseStep, is_open
from bot.context import Decision, Turn, quote_lines
from bot.errors import UnknownCase
from bot.messages import Content
from bot.phrases import render_phrase
from bot.types import Case, CaseMessage, LogEntry
from knowledge.text.personal_data import mask_personal_data
from knowledge.types import LANGUAGES


def is_question_shared(log: Iterable[LogEntry]) -> bool:
    """Whether the founder agreed, in the log of a linked case, that the desk reads their question."""
    return any(entry.act == "share" for entry in log)


def find_question(case: Case, record: Iterable[CaseMessage]) -> str:
    """The question of a case in its founder's words; of one that was opened without a question, what
    they wrote first. "" if they wrote nothing."""
    blanks = {render_phrase("founder.no_question_yet", language) for language in LANGUAGES}
    said = (case.question, *(one.text for one in record if one.author == "founder"))
    return next((words for words in said if words and words not in blanks), "")


def share_question(turn: Turn, number: int) -> Decision | None:
    """The button "share the question": the desk gets the question as the founder wrote it, without
    personal data. None for a button that is not theirs."""
    services = turn.services
    try:
        linked = services.get_case(number)
        parent = services.get_case(linked.parent or 0)
    except UnknownCase:
        return None
    owner = services.find_conversation(parent.conversation)
    if not is_same_person(owner, turn.conversation):
        return None
    if not is_open(linked):
        return turn.reply_phrase("share_over", number=parent.number)
    if is_question_shared(services.list_log(number)):
        return turn.reply_phrase("share_done", number=parent.number)
    step = CaseStep(linked).take("share", turn.actor, services.now)
    words = mask_personal_data(find_question(parent, services.list_lines(parent.number)))
    text = render_phrase("staff.linked_shared", STAFF_LANGUAGE, text=quote_lines(words))
    line = CaseMessage("founder", words, services.now)
    told = turn.reply_phrase("share_done", number=parent.number)
    return replace(
        told,
        case=step.case,
        log=step.log,
        new_lines=((number, line),),
        outgoing=(*told.outgoing, *tell_desk(services, linked, Content(text, relayed=True))),
    )
