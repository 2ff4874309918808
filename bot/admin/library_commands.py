"""Admin commands about the library: files to ingest, the list of editions, rollback."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.admin import plan_text
from bot.admin.library_service import LibraryService
from bot.buttons import is_library_key, parse_library_key
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision
from bot.messages import Address, Content, LibraryTask, Message, Outgoing
from bot.phrases import render_phrase
from bot.phrases.directions import isolate_lines
from bot.types import Conversation, Upload

ALBUM_WAIT_SECONDS = 1.5  # that the other files of an album are waited for
EDITIONS_SHOWN = 5  # editions


@dataclass(frozen=True, slots=True)
class AdminTurn:
    """One message of a person, who may be an admin, and what is remembered of them."""

    message: Message
    conversation: Conversation
    is_admin: bool
    library_service: Callable[[], LibraryService]

    @property
    def account(self) -> str:
        """The sender as "channel:user"."""
        return self.message.account

    @property
    def address(self) -> Address:
        """Where the message was written."""
        return Address(self.message.channel, self.message.chat, self.message.thread)

    def reply_library_phrase(self, key: str, audit: str = "", **values: object) -> Decision:
        """Reply with the phrase `library.KEY`; `audit` is noted, unless it is ""."""
        return self.reply_content(
            Content(render_phrase(f"library.{key}", self.conversation.language, **values)), audit
        )

    def reply_content(self, content: Content, audit: str = "") -> Decision:
        """Reply where the message was written; `audit` is noted, unless it is ""."""
        entry = (self.account, audit) if audit else None
        return Decision(outgoing=(Outgoing(self.address, content),), audit=entry)

    def create_task(self) -> LibraryTask:
        """A task of this admin, for the caller to fill in; it plans."""
        return LibraryTask("plan", self.account, self.address, self.conversation.language)


def is_about_library(visit: AdminTurn) -> bool:
    """Whether a message is a command, a button or an expected file for the library."""
    message = visit.message
    if message.kind == "command":
        return message.command in LIBRARY_COMMANDS
    if message.kind == "button":
        return is_library_key(message.text)
    return visit.is_admin and message.private and _is_expected_upload(visit)


def decide_library_command(visit: AdminTurn) -> Decision:
    """Everything that one message about the library leads to; the work itself is a task."""
    message = visit.message
    if not visit.is_admin:
        text = render_phrase("staff.not_admin", STAFF_LANGUAGE, who=visit.account)
        return visit.reply_content(
            Content(text), f"{message.command or message.text}: refused, no admin"
        )
    if not message.private:
        return visit.reply_library_phrase("private")
    if message.kind == "button":
        return _handle_button(visit)
    if message.kind == "command":
        return LIBRARY_COMMANDS[message.command](visit)
    return _receive_files(visit)


def stop_waiting_for_files(visit: AdminTurn) -> Conversation:
    """The conversation of someone who writes about other things: no files are expected now."""
    conversation = visit.conversation
    waiting = conversation.upload is not None and not conversation.upload.files
    return replace(conversation, upload=None) if waiting else conversation


def _is_expected_upload(visit: AdminTurn) -> bool:
    """Whether files are those that were expected, or more of the same album."""
    upload, message = visit.conversation.upload, visit.message
    if upload is None or message.kind != "text" or not message.files:
        return False
    return not upload.files or bool(message.album and message.album == upload.album)


def _start_ingest(visit: AdminTurn) -> Decision:
    message, token = visit.message, visit.message.token()
    if message.text.startswith(("https://", "http://", "source:")):
        reading = visit.reply_library_phrase(
            "reading", f"ingest {token}: {message.text}", names=message.text
        )
        return replace(reading, task=replace(visit.create_task(), token=token, url=message.text))
    if message.files:
        return _plan_upload(visit, Upload(token, message.files, message.album))
    if message.text:
        return visit.reply_library_phrase("how")
    expecting = replace(visit.conversation, upload=Upload(token))
    return replace(visit.reply_library_phrase("how"), conversation=expecting)


def _receive_files(visit: AdminTurn) -> Decision:
    """The files that were expected, or one more of an album."""
    upload, message = visit.conversation.upload, visit.message
    assert upload
    files = (*upload.files, *message.files)
    return _plan_upload(visit, Upload(upload.token, files, message.album), begun=bool(upload.files))


def _plan_upload(visit: AdminTurn, upload: Upload, *, begun: bool = False) -> Decision:
    names = ", ".join(isolate_lines(file.name) for file in upload.files)
    wait = ALBUM_WAIT_SECONDS if upload.album else 0.0
    decision = visit.reply_library_phrase("reading", f"ingest {upload.token}: {names}", names=names)
    return replace(
        decision,
        conversation=replace(visit.conversation, upload=upload),
        task=replace(visit.create_task(), token=upload.token, files=upload.files, wait=wait),
        outgoing=() if begun else decision.outgoing,
    )


def _list_editions(visit: AdminTurn) -> Decision:
    editions = visit.library_service().list_editions()[:EDITIONS_SHOWN]
    if not editions:
        return visit.reply_library_phrase("no_editions")
    language = visit.conversation.language
    lines = [plan_text.render_edition(edition, language) for edition in editions]
    return visit.reply_library_phrase("editions", lines="\n".join(lines))


def _offer_rollback(visit: AdminTurn) -> Decision:
    editions = visit.library_service().list_editions()
    wanted = visit.message.text.strip()
    edition = next((one for one in editions if str(one.number) == wanted), None)
    if edition is None:
        known = ", ".join(str(one.number) for one in editions[:EDITIONS_SHOWN]) or "-"
        return visit.reply_library_phrase("no_edition", wanted=wanted or "-", known=known)
    if edition.active:
        return visit.reply_library_phrase("answers_already", number=edition.number)
    active = next((one.number for one in editions if one.active), 0)
    return visit.reply_content(
        plan_text.render_rollback_question(edition, active, visit.conversation.language)
    )


def _handle_button(visit: AdminTurn) -> Decision:
    press = parse_library_key(visit.message.text)
    if press is None:
        return visit.reply_library_phrase("how")
    if press.act == "keep":
        return visit.reply_library_phrase("kept", "rollback: discarded")
    task = replace(
        visit.create_task(),
        act=press.act,
        token=press.token,
        mark=press.mark,
        edition=press.edition,
        base=press.base,
    )
    return _queue_task(visit, task)


def _queue_task(visit: AdminTurn, task: LibraryTask) -> Decision:
    about = task.token or str(task.edition)
    if task.act == "apply":
        return replace(
            visit.reply_library_phrase("applying", f"apply {about}: asked for"), task=task
        )
    return Decision(task=task, audit=(visit.account, f"{task.act} {about}: asked for"))


LIBRARY_COMMANDS: dict[str, Callable[[AdminTurn], Decision]] = {
    "ingest": _start_ingest,
    "editions": _list_editions,
    "rollback": _offer_rollback,
}
