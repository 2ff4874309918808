"""Events of the console: what a signed-in person did with a case, and the message that it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from bot.admin.console.body_acts import parse_body_act
from bot.admin.faq.faq_turn import FAQ_COMMAND
from bot.cases.staff_turn import CASE_ACTIONS, NOTE_PREFIX
from bot.messages import File, Message
from bot.store import InboxEvent, name_form_event
from bot.types import CONSOLE_CHANNEL
from knowledge.types import Language

REPLY, NOTE = "reply", "note"
CONSOLE_ACTS = (REPLY, NOTE, *CASE_ACTIONS, FAQ_COMMAND)
INGEST, LIBRARY_BUTTON = "ingest", "library"  # of admins: files, or the key of a button
LIBRARY_ACTS = (INGEST, LIBRARY_BUTTON)
WRONG_ANSWER = "wrong-answer"  # of which `case` is the number in the log of answers
REPLY_LIMIT_CHARACTERS = 8_000
NOTHING_READ = -1  # of a record: every line of staff is newer


@dataclass(frozen=True, slots=True)
class ConsoleAct:
    """What `account`, "channel:user", did with a case: one of CONSOLE_ACTS and its words. `seen` is the
    number of the last line of the record that they had before them, or the version of the FAQ draft;
    `id` names the form that was sent. One of LIBRARY_ACTS
    is of no case (0): `text` is what would follow the command or the button's key. `language` is
    that of the session, in which the sender is answered."""

    id: str
    account: str
    name: str
    case: int
    act: str
    text: str
    seen: int = 0
    files: tuple[File, ...] = ()
    language: Language = "ko"


def build_event(act: ConsoleAct) -> InboxEvent:
    """The inbox event of an act. Acts of one person are worked in the order they came. Sending the
    same twice does nothing more."""
    files = [f"{file.name}:{file.size}" for file in act.files]
    key = name_form_event(act.account, act.id, str(act.case), act.act, act.text, *files)
    payload = {
        "id": key, "account": act.account, "name": act.name, "case": act.case, "act": act.act,
        "text": act.text, "seen": act.seen, "files": [asdict(file) for file in act.files],
        "language": act.language,
    }  # fmt: skip
    return InboxEvent(
        CONSOLE_CHANNEL, key, f"{CONSOLE_CHANNEL}:{act.account}",
        json.dumps(payload, ensure_ascii=False), person=act.account, sender=act.account,
    )  # fmt: skip


def parse_message(payload: str) -> Message | None:
    """The message in a stored act, as its sender would have written it in the case's thread, or an admin
    in their private chat. Raises ValueError for a payload that is not JSON."""
    act = json.loads(payload)
    if "mission" in act:
        return parse_body_act(act)
    channel, _, user = act["account"].partition(":")
    if act["act"] in LIBRARY_ACTS:
        is_button = act["act"] == LIBRARY_BUTTON
        return Message(
            channel=channel,
            chat=CONSOLE_CHANNEL,
            user=user,
            id=act["id"],
            kind="button" if is_button else "command",
            text=act["text"],
            command="" if is_button else INGEST,
            files=tuple(File(**file) for file in act["files"]),
            locale=act["language"],
            user_name=act["name"],
            from_console=True,
        )
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
        read_line=_find_read(act["act"], act["seen"]),
        locale=act.get("language"),
        from_console=True,
    )


def _find_read(act: str, seen: int) -> int:
    if act == REPLY:
        return seen or NOTHING_READ
    return seen if act == FAQ_COMMAND else 0
