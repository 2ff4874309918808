"""What staff write in their room outside any case's thread, and the help that they get anywhere there."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.staff_turn import STAFF_COMMANDS
from bot.context import Decision
from bot.messages import Address, Content, Message, Outgoing
from bot.phrases import render_phrase

_SPOKEN_RELAY = re.compile(r"\s*본국\s?요청\s*[:：](?=\s*\S)")
_IS_RELAY = re.compile(r"\s*(?:/relay\b|relay\b|본국\s?요청)\s*[:：]?", re.IGNORECASE)


def hear_command(message: Message) -> Message:
    """A message in a room as the command that its words are: "본국 요청: …" is never meant for a
    founder, so it needs neither a slash nor a mention. The same when such a message is edited, and
    for the further files of an album whose words it was. Any other message stays as it is."""
    if message.kind not in ("text", "edit"):
        return message
    if not message.text and _IS_RELAY.match(message.album_text):
        return replace(message, kind="command", command="relay", text="")
    pattern = _IS_RELAY if message.kind == "edit" and message.addressed else _SPOKEN_RELAY
    match = pattern.match(message.text)
    if match is None:
        return message
    text = message.text[match.end() :].strip()
    return replace(message, kind="command", command="relay", text=text)


def answer_outside_thread(message: Message) -> Decision:
    """The reply to a staff command in a room but outside any case's thread; other messages there
    lead to nothing and are not kept."""
    if message.kind != "command" or message.command not in STAFF_COMMANDS:
        return Decision(forget_message=True)
    return _tell_where_written(message, "no_case_here")


def refuse_edited(message: Message) -> Decision:
    """The reply to a command in an edited message: what it did before was done, and is not done twice."""
    return _tell_where_written(message, "edited_command")


def explain_commands(message: Message) -> Decision:
    """`/help` in a staff room, also outside any case's thread."""
    return _tell_where_written(message, "help")


def _tell_where_written(message: Message, key: str) -> Decision:
    """The phrase `staff.KEY` where a message was written; only to its sender if no one else saw it."""
    seen_by = message.user if message.unseen else None
    here = Address(message.channel, message.chat, message.thread, only_to=seen_by)
    content = Content(render_phrase(f"staff.{key}", STAFF_LANGUAGE))
    return Decision(outgoing=(Outgoing(here, content),))
