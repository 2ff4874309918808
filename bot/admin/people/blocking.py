"""Who is blocked: an admin's `/block` and `/unblock`, and what a blocked person reads.

A block stops what a person writes, and nothing else: their open cases stay with their officers,
whose replies still reach them, and they can still see, copy and erase what is kept of them.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import replace
from datetime import timedelta

from bot.buttons import parse_founder_key, split_owned_key
from bot.cases.card import thread_address
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision, Services, Turn
from bot.messages import Address, Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import ACCOUNT_CHARACTERS, Block, Case

BLOCK_COMMANDS = frozenset({"block", "unblock"})
REPEAT_AFTER = timedelta(days=1)  # until a blocked person reads the sentence again
# A person's rights over their data, which no block takes away.
OPEN_COMMANDS = frozenset({"privacy", "export", "forget", "cases", "close", "lang"})
OPEN_PRESSES = frozenset({"forget", "withdraw", "consent", "lang", "end", "unfollow", "unlink"})
_ACCOUNT = re.compile(r"[a-z]+:\S+")


def is_about_block(message: Message) -> bool:
    """Whether a message is one of the commands about blocks."""
    return message.kind == "command" and message.command in BLOCK_COMMANDS


def decide_block(services: Services, message: Message, admins: Collection[str]) -> Decision:
    """Everything that one `/block` or `/unblock` leads to."""
    if message.account not in admins:
        text = render_phrase("staff.not_admin", STAFF_LANGUAGE, who=message.account)
        refused = f"{message.command}: refused, no admin"
        return replace(_reply(message, text), audit=(message.account, refused))
    account, _, reason = message.text.strip().partition(" ")
    if not _ACCOUNT.fullmatch(account) or len(account) > ACCOUNT_CHARACTERS:
        return _say(message, "block_how")
    if message.command == "unblock":
        return unblock(services, message, account)
    if account in admins:
        return _say(message, "block_admin")
    block = Block(account, message.account, reason.strip(), services.now)
    numbers = ", ".join(f"#{case.number}" for case in list_open_cases(services, account))
    shown = numbers or render_phrase("privacy.nothing", message.locale or STAFF_LANGUAGE)
    told = _say(message, "block_done", account=account, cases=shown)
    begun = begin_block(services, block)
    return replace(begun, outgoing=(*told.outgoing, *begun.outgoing))


def begin_block(services: Services, block: Block) -> Decision:
    """The decision that blocks a person, and tells the threads of their open cases."""
    told = _tell(services, list_open_cases(services, block.account))
    return Decision(
        new_block=block, outgoing=told, audit=(block.by, f"block {block.account}: {block.reason}")
    )


def unblock(services: Services, message: Message, account: str) -> Decision:
    """End a block."""
    if services.people.find_block(account) is None:
        return _say(message, "block_unknown", account=account)
    told = _say(message, "block_ended", account=account)
    return replace(told, unblock=account, audit=(message.account, f"unblock {account}"))


def list_open_cases(services: Services, account: str) -> list[Case]:
    """The open cases of a person, by number."""
    talks = {one.key for one in services.list_conversations(account)}
    return [case for case in services.list_open_cases() if case.conversation in talks]


def refuse_blocked(turn: Turn) -> Decision | None:
    """What a blocked person reads, once a day; what they wrote is not kept. None for somebody who is
    not blocked, and for what a block does not take away."""
    services, message = turn.services, turn.message
    if services.people.find_block(message.account) is None or _is_open_to_all(message):
        return None
    now, told = services.now, turn.conversation.slowed_at
    if not message.private or (told is not None and timedelta() <= now - told < REPEAT_AFTER):
        return Decision(forget_message=True)
    language = turn.conversation.language
    contact = services.rules.contact
    named = render_phrase("privacy.blocked_contact", language, contact=contact) if contact else ""
    text = render_phrase("privacy.blocked", language, contact=named)
    conversation = replace(turn.conversation, slowed_at=now)
    to = turn.conversation.address
    return Decision(conversation, outgoing=(Outgoing(to, Content(text)),), forget_message=True)


def _is_open_to_all(message: Message) -> bool:
    if message.kind == "button":
        press = parse_founder_key(split_owned_key(message.text)[0])
        return press is not None and press.act in OPEN_PRESSES
    return message.kind == "command" and message.command in OPEN_COMMANDS


def _tell(services: Services, cases: list[Case]) -> tuple[Outgoing, ...]:
    text = Content(render_phrase("staff.founder_blocked", STAFF_LANGUAGE))
    threads = (services.find_current_thread(case.number) for case in cases)
    return tuple(
        Outgoing(thread_address(thread), text, case=thread.case) for thread in threads if thread
    )


def _say(message: Message, key: str, **values: object) -> Decision:
    language = message.locale or STAFF_LANGUAGE
    return _reply(message, render_phrase(f"privacy.{key}", language, **values))


def _reply(message: Message, text: str) -> Decision:
    here = Address(message.channel, message.chat, message.thread)
    return Decision(outgoing=(Outgoing(here, Content(text)),))
