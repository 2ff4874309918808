"""What an admin does with the library from the console: decided like the same in their private chat, and
reported to them on the console."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.admin.console.events import INGEST
from bot.admin.library_commands import AdminTurn, decide_library_command
from bot.admin.library_service import LibraryService
from bot.buttons import is_library_key
from bot.context import Decision, start_conversation
from bot.messages import Address, Message
from bot.types import CONSOLE_CHANNEL, ConsoleNotice


def find_console_chat(account: str) -> Address:
    """Where somebody ("channel:user") is told on the console what took longer than a page waits for."""
    return Address(CONSOLE_CHANNEL, account)


def is_library_act(message: Message) -> bool:
    """Whether a message from the console is about the library."""
    if message.kind == "button":
        return is_library_key(message.text)
    return message.kind == "command" and message.command == INGEST


def decide_library_act(
    message: Message, is_admin: bool, library_service: Callable[[], LibraryService]
) -> Decision:
    """The task that an act leads to, with a notice for its sender."""
    conversation = start_conversation(message)
    visit = AdminTurn(message, conversation, is_admin, library_service)
    decision = decide_library_command(visit)
    task = decision.task and replace(decision.task, to=find_console_chat(message.account))
    said = "\n".join(one.content.text for one in decision.outgoing)
    notice = ConsoleNotice(
        message.id, message.account, "done" if task else "refused", "" if task else said
    )
    return replace(decision, conversation=None, outgoing=(), task=task, notice=notice)
