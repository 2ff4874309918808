"""What an admin asks of the library from a chat: files to ingest, the editions, the way back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.admin import plan_text
from bot.admin.library_service import Librarian
from bot.cases.rooms import STAFF_LANGUAGE
from bot.phrases import say
from bot.types import Address, Body, Conversation, Decision, Message, Outgoing, Task, Upload

ALBUM_SECONDS = 1.5  # that the other files of an album are waited for
BUTTON = "library:"
SHOWN = 5  # editions


@dataclass(frozen=True, slots=True)
class Visit:
    """One message, and whoever may be an admin."""

    message: Message
    talk: Conversation
    is_admin: bool
    librarian: Callable[[], Librarian]

    @property
    def who(self) -> str:
        return f"{self.message.channel}:{self.message.user}"

    @property
    def here(self) -> Address:
        return Address(self.message.channel, self.message.chat, self.message.thread)

    def reply(self, key: str, audit: str = "", **values: object) -> Decision:
        """Answer with one of the library's phrases."""
        return self.answer(Body(say(f"library.{key}", self.talk.language, **values)), audit)

    def answer(self, body: Body, audit: str = "") -> Decision:
        noted = (self.who, audit) if audit else None
        return Decision(outgoing=(Outgoing(self.here, body),), audit=noted)

    def task(self) -> Task:
        return Task("plan", self.who, self.here, self.talk.language)


def concerns(visit: Visit) -> bool:
    """Whether a message is about the library."""
    message = visit.message
    if message.kind == "command":
        return message.command in COMMANDS
    if message.kind == "button":
        return message.text.startswith(BUTTON)
    return visit.is_admin and message.private and _is_expected(visit)


def decide(visit: Visit) -> Decision:
    """Everything that one message about the library leads to."""
    message = visit.message
    if not visit.is_admin:
        text = say("staff.not_admin", STAFF_LANGUAGE, who=visit.who)
        return visit.answer(Body(text), f"{message.command or message.text}: refused, no admin")
    if not message.private:
        return visit.reply("private")
    if message.kind == "button":
        return _pressed(visit)
    if message.kind == "command":
        return COMMANDS[message.command](visit)
    return _received(visit)


def left(visit: Visit) -> Conversation:
    """The conversation of someone who went on to other things: no files are waited for."""
    talk = visit.talk
    waiting = talk.upload is not None and not talk.upload.files
    return replace(talk, upload=None) if waiting else talk


def _is_expected(visit: Visit) -> bool:
    """Whether files are those that were waited for, or more of the same album."""
    upload, message = visit.talk.upload, visit.message
    if upload is None or message.kind != "text" or not message.files:
        return False
    return not upload.files or bool(message.album and message.album == upload.album)


def _ingest(visit: Visit) -> Decision:
    message, token = visit.message, visit.message.token()
    if message.text.startswith(("https://", "http://")):
        reading = visit.reply("reading", f"ingest {token}: {message.text}", names=message.text)
        return replace(reading, task=replace(visit.task(), token=token, url=message.text))
    if message.files:
        return _taken(visit, Upload(token, message.files, message.album))
    if message.text:
        return visit.reply("how")
    talk = replace(visit.talk, upload=Upload(token))
    return replace(visit.reply("how"), conversation=talk)


def _received(visit: Visit) -> Decision:
    """The files that were waited for, or one more of an album."""
    upload, message = visit.talk.upload, visit.message
    assert upload
    files = (*upload.files, *message.files)
    return _taken(visit, Upload(upload.token, files, message.album), begun=bool(upload.files))


def _taken(visit: Visit, upload: Upload, *, begun: bool = False) -> Decision:
    names = ", ".join(file.name for file in upload.files)
    wait = ALBUM_SECONDS if upload.album else 0.0
    decision = visit.reply("reading", f"ingest {upload.token}: {names}", names=names)
    return replace(
        decision,
        conversation=replace(visit.talk, upload=upload),
        task=replace(visit.task(), token=upload.token, files=upload.files, wait=wait),
        outgoing=() if begun else decision.outgoing,
    )


def _editions(visit: Visit) -> Decision:
    shelves = visit.librarian().editions()[:SHOWN]
    if not shelves:
        return visit.reply("no_editions")
    lines = [plan_text.shelf(one, visit.talk.language) for one in shelves]
    return visit.reply("editions", lines="\n".join(lines))


def _rollback(visit: Visit) -> Decision:
    shelves = visit.librarian().editions()
    wanted = visit.message.text.strip()
    found = next((one for one in shelves if str(one.number) == wanted), None)
    if found is None:
        known = ", ".join(str(one.number) for one in shelves[:SHOWN]) or "-"
        return visit.reply("no_edition", wanted=wanted or "-", known=known)
    if found.active:
        return visit.reply("answers_already", number=found.number)
    active = next((one.number for one in shelves if one.active), 0)
    return visit.answer(plan_text.rollback(found, active, visit.talk.language))


def _pressed(visit: Visit) -> Decision:
    _, act, *values = visit.message.text.split(":")
    task = visit.task()
    if act == "keep":
        return visit.reply("kept", "rollback: discarded")
    if act == "apply" and len(values) == 2:
        return _entrusted(visit, replace(task, act="apply", token=values[0], mark=values[1]))
    if act == "discard" and len(values) == 1:
        return _entrusted(visit, replace(task, act="discard", token=values[0]))
    if act == "rollback" and len(values) == 2 and all(map(str.isdigit, values)):
        number, base = map(int, values)
        return _entrusted(visit, replace(task, act="rollback", edition=number, base=base))
    return visit.reply("how")


def _entrusted(visit: Visit, task: Task) -> Decision:
    about = task.token or str(task.edition)
    if task.act == "apply":
        return replace(visit.reply("applying", f"apply {about}: asked for"), task=task)
    return Decision(task=task, audit=(visit.who, f"{task.act} {about}: asked for"))


COMMANDS: dict[str, Callable[[Visit], Decision]] = {
    "ingest": _ingest,
    "editions": _editions,
    "rollback": _rollback,
}
