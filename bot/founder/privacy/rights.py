"""A founder's rights as commands: `/privacy`, `/export` and `/forget`, in the chat where the data came
from."""

from __future__ import annotations

import json
from dataclasses import replace

from bot.buttons import ERASE_KEY
from bot.cases.states import is_open
from bot.context import Decision, Turn
from bot.founder.own_cases.ownership import list_own_cases
from bot.founder.privacy import told
from bot.founder.privacy.consents import build_toggles
from bot.founder.privacy.policy import render_policy
from bot.messages import Button, Content, Outgoing
from bot.phrases import render_phrase

EXPORT_NAME, EXPORT_TYPE = "naru-records.json", "application/json"


def explain_privacy(turn: Turn) -> Decision:
    """`/privacy`: the policy as it is set, and the optional consents with their buttons."""
    services, conversation = turn.services, turn.conversation
    language, awaited = conversation.language, conversation.awaited
    decision = turn.reply_content(
        Content(render_policy(services.rules, services.retention, language)), awaited=awaited
    )
    toggles = build_toggles(services, turn.message.account, language)
    return replace(decision, outgoing=(*decision.outgoing, Outgoing(turn.address, toggles)))


def export_records(turn: Turn) -> Decision:
    """`/export`: all that is kept of the person as a JSON file, in the private chat only."""
    services, language = turn.services, turn.conversation.language
    if not turn.message.private or services.keep_file is None:
        return _say(turn, "export_private")
    records = services.people.list_records(turn.message.account)
    if not any(records.values()):
        return _say(turn, "export_nothing")
    text = json.dumps(records, ensure_ascii=False, indent=2, default=str)
    file = services.keep_file(EXPORT_NAME, EXPORT_TYPE, text.encode("utf-8", "replace"))
    content = Content(render_phrase("privacy.export_done", language), files=(file,))
    decision = turn.reply_content(content, awaited=turn.conversation.awaited)
    return replace(decision, audit=(turn.message.account, "a copy of their records was given"))


def confirm_erasure(turn: Turn) -> Decision:
    """`/forget`: what would go, what would stay and why, and the button that erases."""
    language = turn.conversation.language
    label = render_phrase("founder.button_forget", language)
    button = Button(ERASE_KEY, label, style="danger")
    counts = turn.services.people.count_erasure(turn.message.account)
    channel = turn.message.channel
    text = told.render_erasure_question(counts, _list_open_cases(turn), channel, language)
    if len(turn.services.founders.list_accounts(turn.message.account)) > 1:
        text = f"{text}\n{render_phrase('own.forget_linked', language)}"
    return turn.reply_content(Content(text, buttons=((button,),)))


def erase_founder(turn: Turn) -> Decision:
    """Erase all but open cases, and say what stays. Of that last word nothing is kept either."""
    open_cases = _list_open_cases(turn)
    language = turn.conversation.language
    content = Content(told.render_erasure(open_cases, turn.message.channel, language))
    return Decision(
        erase_account=turn.message.account,
        outgoing=(Outgoing(turn.address, content, forget_sent=True),),
        audit=("erased", "a founder's records were erased at their request"),
    )


def _list_open_cases(turn: Turn) -> list[int]:
    """The founder's cases that an erasure leaves: open ones, and those merged into an open one."""
    own = list_own_cases(turn)
    targets = [turn.services.get_case(one.merged_into or one.number) for one in own]
    return [case.number for case, target in zip(own, targets, strict=True) if is_open(target)]


def _say(turn: Turn, key: str) -> Decision:
    text = render_phrase(f"privacy.{key}", turn.conversation.language)
    return turn.reply_content(Content(text), awaited=turn.conversation.awaited)
