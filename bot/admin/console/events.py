"""Events of the console: what a signed-in person did with a case, and the message that it is."""

from __future__ import annotations

import json
from dataclasses import dataclass

from bot.admin.console.body_acts import parse_body_act
from bot.cases.staff_turn import CASE_ACTIONS, NOTE_PREFIX
from bot.messages import Message
from bot.store import InboxEvent
from bot.types import CONSOLE_CHANNEL

REPLY, NOTE = "reply", "note"
CONSOLE_ACTS = (REPLY, NOTE, *CASE_ACTIONS)
REPLY_LIMIT_CHARACTERS = 8_000


@dataclass(frozen=True, slots=True)
class ConsoleAct:
    """What `account`, "channel:user", did with a case: one of CONSOLE_ACTS and its words. `seen` is the
    number of the last line of the record that they had before them; `id` names the form that was
    sent, so that sending it twice does nothing more."""

    id: str
    account: str
    name: str
    case: int
    act: str
    text: str
    seen: int = 0


def build_event(act: ConsoleAct) -> InboxEvent:
    """The inbox event of an act. Acts of one person are worked in the order they came."""
    payload = {
        "id": act.id, "account": act.account, "name": act.name, "case": act.case, "act": act.act,
        "text": act.text, "seen": act.seen,
    }  # fmt: skip
    return InboxEvent(
        CONSOLE_CHANNEL, act.id, f"{CONSOLE_CHANNEL}:{act.account}",
        json.dumps(payload, ensure_ascii=False), person=act.account, sender=act.account,
    )  # fmt: skip


def parse_message(payload: str) -> Message | None:
    """The message in a stored act, as its sender would have written it in the case's thread. Raises
    ValueError for a payload that is not JSON."""
    act = json.loads(payload)
    if "mission" in act:
        return parse_body_act(act)
    channel, _, user = act["account"].partition(":")
    is_text = act["act"] in (REPLY, NOTE)
    text = f"{NOTE_PREFIX} {act['text']}" if act["act"] == NOTE else act["text"]
    return Message(
        channel=channel,
        chat=CONSOLE_CHANNEL,
        user=user,
        id=act["id"],
        kind="text" if is_text else "command",
        text=text,
        command="" if is_text else act["act"],
        thread=str(act["case"]),
        private=False,
        user_name=act["name"],
        read_line=act["seen"] if act["act"] == REPLY else 0,
        from_console=True,
    )
