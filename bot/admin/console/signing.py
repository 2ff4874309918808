"""`/console` in a private chat: a link to sign in; and the word to a person that somebody did."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from bot.admin.alerts import find_private_chat
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Decision
from bot.messages import Address, Button, Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import CONSOLE_CHANNEL, Conversation

CONSOLE_COMMAND = "console"
REVOKE_KEY = "console:revoke"
SIGNED_IN = "signed in to the console"  # in the audit log, before the browser


@dataclass(frozen=True, slots=True)
class SigningTurn:
    """A message about signing in. `address` is where the console is, "" where it is off; `make_link`
    makes the token of a link for an account, `revoke` ends all sessions of one."""

    message: Message
    conversation: Conversation
    is_staff: bool
    address: str
    make_link: Callable[[str], str]
    revoke: Callable[[str], int]


def is_about_signing(message: Message) -> bool:
    """Whether a message is `/console`, or says that a sign-in was somebody else's."""
    if message.kind == "button":
        return message.text == REVOKE_KEY
    return message.kind == "command" and message.command == CONSOLE_COMMAND


def decide_signing(turn: SigningTurn) -> Decision:
    """A link for a member of staff or an admin, in their private chat; elsewhere and for all others
    the reason why there is none."""
    message, language = turn.message, turn.conversation.language
    to = turn.conversation.address

    def reply(key: str, **values: object) -> Outgoing:
        return Outgoing(to, Content(render_phrase(f"console.{key}", language, **values)))

    if message.kind == "button":
        count = turn.revoke(message.account)
        audit = (message.account, "console sessions revoked from the chat")
        return Decision(outgoing=(reply("revoked", count=count),), audit=audit)
    if not turn.is_staff:
        return Decision(outgoing=(reply("not_staff"),))
    if not message.private:
        return Decision(outgoing=(reply("in_private"),))
    if not turn.address:
        return Decision(outgoing=(reply("not_open"),))
    link = f"{turn.address.rstrip('/')}/sign-in/{turn.make_link(message.account)}"
    text = render_phrase("console.link", language, link=link)
    told = Outgoing(to, Content(text, protect=True), forget_sent=True)
    audit = (message.account, "console link made")
    # kept, so that there is a chat in which to tell of the sign-in
    return Decision(turn.conversation, outgoing=(told,), audit=audit)


def tell_of_sign_in(account: str, conversations: Iterable[Conversation], agent: str) -> Decision:
    """The word to a person that somebody signed in as them: where they chat with Naru, else by mail to
    who has an account of the console."""
    audit = (account, f"{SIGNED_IN}: {agent}")
    chat = find_private_chat(conversations)
    channel, _, user = account.partition(":")
    if chat is None and channel == CONSOLE_CHANNEL:
        mail = Outgoing(Address(CONSOLE_CHANNEL, user), Content(render_sign_in_mail()))
        return Decision(outgoing=(mail,), audit=audit)
    if chat is None:
        return Decision(audit=audit)
    language = chat.language
    text = render_phrase("console.signed_in", language, agent=agent)
    button = Button(REVOKE_KEY, render_phrase("console.button_revoke", language), style="danger")
    return Decision(
        outgoing=(Outgoing(chat.address, Content(text, buttons=((button,),))),), audit=audit
    )


def read_browser(act: str) -> str:
    """The browser in the audit log's act of a sign-in."""
    return act.removeprefix(f"{SIGNED_IN}: ")


def render_sign_in_mail() -> str:
    """The mail that somebody signed in, which says no more than that."""
    return render_phrase("console.mail_signed_in", STAFF_LANGUAGE)


def send_link(
    account: str, conversations: Iterable[Conversation], make_link: Callable[[], str]
) -> Decision | None:
    """A link to prove again who one is, sent to the person's private chat; None without one."""
    chat = find_private_chat(conversations)
    if chat is None:
        return None
    text = render_phrase("console.confirm_link", chat.language, link=make_link())
    told = Outgoing(chat.address, Content(text, protect=True), forget_sent=True)
    return Decision(outgoing=(told,), audit=(account, "console link made"))
