"""What a founder's yes, no or change of mind about a case leads to."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.states import is_open
from bot.context import Decision, Turn
from bot.founder.handover import open_case
from bot.founder.opening.asides import list_recipients
from bot.founder.own_cases import ending
from bot.founder.own_cases.ownership import find_own_case
from bot.founder.privacy import notice
from bot.messages import Content
from bot.phrases import render_phrase
from bot.routing.recipient import name_notice_version
from bot.types import Place


def agree(turn: Turn, mission: str = "", version: str = "") -> Decision | None:
    """The button, or a yes in words, below the notice: the case opens. If the notice has become
    another one since it was shown, it is shown again. None if no matter waits."""
    conversation, services = turn.conversation, turn.services
    if conversation.case is not None:
        return turn.reply_phrase("already_open", number=conversation.case)
    if conversation.pending is None:
        return None
    place: Place | None = conversation.place
    recipients = list_recipients(turn, conversation.pending, place)
    named = [one for one, _ in recipients if one.id == mission]
    wanted = named[0] if named else notice.find_unasked(turn, recipients) or recipients[0][0]
    current = (wanted.id, name_notice_version(wanted, services.retention))
    if mission and (mission, version) != current:
        return open_case(turn, place)
    return open_case(turn, place, consent=notice.agree_to(turn, wanted))


def refuse(turn: Turn) -> Decision | None:
    """The button, or a no in words: nothing is passed on, and what was asked is still known. None if
    no matter waits."""
    if turn.conversation.pending is None or turn.conversation.case is not None:
        return None
    text = render_phrase("privacy.refused", turn.conversation.language)
    return turn.reply_content(Content(text))


def withdraw(turn: Turn, number: int) -> Decision | None:
    """The button below a notice that came with a case: it ends. None for a case that is not the
    founder's open one."""
    case = find_own_case(turn, number)
    if case is None or not is_open(case):
        return None
    decision = ending.end_case(turn, case)
    text = render_phrase("privacy.withdrawn", turn.conversation.language, number=number)
    first, *others = decision.outgoing
    told = replace(first, content=replace(first.content, text=text))
    return replace(
        decision,
        outgoing=(told, *others),
        consents=(notice.take_back(turn, case),),
    )
