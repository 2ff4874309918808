"""`/link`: a code that is shown in one private chat and typed in another makes both one founder's.

Both chats are told. From then on `/cases` shows the cases of both, replies go where the founder wrote
last of a case, `/forget` covers both, and they count as one firm.
See docs/decisions/0103-a-founders-own-side.md
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from bot.buttons import UNLINK_KEY
from bot.context import Decision, Turn
from bot.messages import Button, Content, Outgoing
from bot.phrases import render_phrase
from bot.types import AccountLink, Conversation, LinkCode, Unlinking

CODE_LIFETIME = timedelta(minutes=10)
TRIES_PERIOD = timedelta(hours=1)
MAX_TRIES = 5  # of codes that are none, in TRIES_PERIOD
CODE_HEAD = "NARU"
_CODE = re.compile(rf"\s*{CODE_HEAD}[- ]?([2-9A-Z]{{5}})[- ]?([2-9A-Z]{{5}})\s*", re.IGNORECASE)
_UNLINK_WORDS = frozenset({"off", "해제", "tắt"})


def handle_link_command(turn: Turn) -> Decision:
    """`/link` shows a code and what is linked, `/link off` unlinks, `/link CODE` joins."""
    if not turn.message.private or turn.message.is_unverified:
        return _reply(turn, "link_private_only")
    argument = turn.message.text.strip().lower()
    if argument in _UNLINK_WORDS:
        return unlink_account(turn)
    return take_code(turn) or _show_code(turn)


def take_code(turn: Turn) -> Decision | None:
    """What a typed code leads to; None for a message that is no code."""
    message = turn.message
    match = _CODE.fullmatch(message.text) if message.kind in ("text", "command") else None
    if match is None:
        return None
    if not message.private or message.is_unverified:
        return _reply(turn, "link_private_only")
    services, now = turn.services, turn.services.now
    tried = tuple(at for at in turn.conversation.tried_codes if at > now - TRIES_PERIOD)
    if len(tried) >= MAX_TRIES:
        return _reply(turn, "link_too_often")
    code = services.founders.find_code(digest_code("".join(match.groups())))
    if code is None or code.made_at <= now - CODE_LIFETIME:
        turn = turn.with_conversation(replace(turn.conversation, tried_codes=(*tried, now)))
        return _reply(turn, "link_unknown")
    if code.account in services.founders.list_accounts(message.account):
        return _reply(turn, "link_same")
    return _join(turn, code)


def unlink_account(turn: Turn) -> Decision:
    """This messenger is by itself again; the others are told."""
    message = turn.message
    others = [one for one in turn.services.founders.list_accounts(message.account)
              if one != message.account]  # fmt: skip
    if not others:
        return _reply(turn, "link_none")
    told = (_tell(turn, other, "unlinked_there") for other in others)
    decision = _reply(turn, "unlinked")
    return replace(
        decision,
        outgoing=(*decision.outgoing, *filter(None, told)),
        founder_records=(Unlinking(message.account),),
    )


def digest_code(letters: str) -> str:
    """What is kept of a code: its sha256, of the letters alone."""
    return hashlib.sha256(letters.upper().encode()).hexdigest()


def _show_code(turn: Turn) -> Decision:
    """A new code, which replaces an earlier one; nothing of it is kept once it was sent."""
    services, language, account = turn.services, turn.conversation.language, turn.message.account
    letters = services.draw_code()
    half = len(letters) // 2
    shown = f"{CODE_HEAD}-{letters[:half]}-{letters[half:]}"
    lines = [render_phrase("own.link_code", language, code=shown)]
    linked = [one for one in services.founders.list_accounts(account) if one != account]
    buttons: tuple[tuple[Button, ...], ...] = ()
    if linked:
        names = ", ".join(_name_messenger(one) for one in linked)
        lines.append(render_phrase("own.link_now", language, names=names))
        buttons = ((Button(UNLINK_KEY, render_phrase("own.button_unlink", language)),),)
    content = Content("\n\n".join(lines), buttons=buttons, protect=True)
    decision = turn.reply_content(content)
    return replace(
        decision,
        outgoing=tuple(replace(one, forget_sent=True) for one in decision.outgoing),
        founder_records=(LinkCode(digest_code(letters), account, services.now),),
    )


def _join(turn: Turn, code: LinkCode) -> Decision:
    here, there = turn.message.account, code.account
    told = _tell(turn, there, "linked_there")
    decision = _reply(turn, "linked", name=_name_messenger(there))
    return replace(
        decision,
        outgoing=(*decision.outgoing, *((told,) if told else ())),
        founder_records=(AccountLink(code.digest, here, there),),
    )


def _tell(turn: Turn, account: str, key: str) -> Outgoing | None:
    """A message to the private chat of another account, about this one; None if it has none."""
    home = find_private_chat(turn.services.list_conversations(account), account)
    if home is None:
        return None
    name = _name_messenger(turn.message.account)
    text = render_phrase(f"own.{key}", home.language, name=name)
    return Outgoing(home.personal_address, Content(text))


def find_private_chat(known: Sequence[Conversation], account: str) -> Conversation | None:
    """The private chat of an account, the chat itself before a thread of it; None without any."""
    own = [one for one in known if one.private and one.account == account]
    return min(own, key=lambda one: one.thread or "", default=None)


def _name_messenger(account: str) -> str:
    return account.partition(":")[0].capitalize()


def _reply(turn: Turn, key: str, **values: object) -> Decision:
    text = render_phrase(f"own.{key}", turn.conversation.language, **values)
    return turn.reply_content(Content(text))
