"""A person who writes to Naru where others read along: what is answered there, what only to them.

See docs/who-owns-a-conversation.md
"""

from __future__ import annotations

from dataclasses import replace

from bot.buttons import FounderPress, parse_founder_key, split_owned_key, write_owned_key
from bot.context import Decision, Turn
from bot.founder.commands import FOUNDER_COMMANDS
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Button, Content, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import Conversation

# Of the founder's commands, those whose answers concern no one else. A person is asked for where
# the question was asked, and offered the private chat.
PUBLIC_COMMANDS = frozenset({"start", "help", "human"})
PERSONAL_ACTS = frozenset({  # of buttons
    "forget", "reopen", "settled", "lang", "agree", "refuse", "withdraw", "consent", "remind", "add",
    "end", "rate", "words", "unlink", "follow", "unfollow",
})  # fmt: skip
LINK_KEY = "here"  # what a link to the private chat gives to `/start`, where nothing is taken along


def is_for_naru(message: Message, conversation: Conversation | None) -> bool:
    """Whether a message in a place with others is Naru's to read: it is addressed to Naru, or its
    sender writes on in the thread of their own question. `conversation` is the sender's there."""
    return message.addressed or (message.in_reply_thread and _has_asked(conversation))


def _has_asked(conversation: Conversation | None) -> bool:
    """Whether the conversation has anything of a question, or a case. One that a personal command
    began has none, and whose it is has not asked Naru to read what they write to the others."""
    if conversation is None:
        return False
    has_matter = conversation.pending is not None or conversation.case is not None
    return has_matter or bool(conversation.turns or conversation.offered)


def decide_public_turn(turn: Turn) -> Decision:
    """Everything that a message to Naru leads to in a place with others.

    Raises UnknownCase if the conversation's case was erased.
    """
    message = turn.message
    if message.sender_chat:
        text = render_phrase("founder.anonymous", turn.conversation.language)
        return Decision(outgoing=(Outgoing(turn.address, Content(text)),), forget_message=True)
    if message.kind == "button":
        return _handle_button(turn)
    if message.kind == "text" and message.command:  # an asker's bare word in their own thread
        message = replace(message, kind="command", text="")
        turn = replace(turn, message=message)
    if message.kind == "command":
        personal = message.command in FOUNDER_COMMANDS.keys() - PUBLIC_COMMANDS
        return _answer_personally(turn) if personal else decide_founder_turn(turn)
    if message.kind in ("location", "other"):
        return Decision(forget_message=True)
    return decide_founder_turn(turn)


def own_buttons(outgoing: Outgoing) -> Outgoing:
    """The message with its buttons marked as those of the person it answers, if others see it."""
    owner = outgoing.to.only_to or outgoing.to.person
    if owner is None or not outgoing.content.buttons:
        return outgoing
    rows = tuple(
        tuple(one if one.private else _own_button(one, owner) for one in row)
        for row in outgoing.content.buttons
    )
    return replace(outgoing, content=replace(outgoing.content, buttons=rows))


def _own_button(button: Button, owner: str) -> Button:
    return replace(button, key=write_owned_key(button.key, owner))


def _handle_button(turn: Turn) -> Decision:
    key, owner = split_owned_key(turn.message.text)
    if owner != turn.message.user and (owner or turn.conversation.version == 0):
        return _refuse_press(turn)
    turn = replace(turn, message=replace(turn.message, text=key))
    match parse_founder_key(key):
        case FounderPress(act=act) if act in PERSONAL_ACTS:
            return _answer_personally(turn)
    return decide_founder_turn(turn)


def _refuse_press(turn: Turn) -> Decision:
    """Tell who pressed somebody else's button, and change nothing. A messenger that cannot show
    that to one person has shown it at the press."""
    if not turn.services.can_show_to_one(turn.message.channel):
        return Decision()
    home = turn.services.find_private_conversation(turn.message) or turn.conversation
    content = Content(render_phrase("founder.not_yours", home.language))
    return Decision(outgoing=(Outgoing(turn.conversation.personal_address, content),))


def _answer_personally(turn: Turn) -> Decision:
    """Do what was asked as if it had been asked in the private chat, and show the answer to no one
    else: here, if the messenger can, else in the private chat, to which a link is given."""
    here = turn.conversation
    home = here if here.case is not None else turn.services.find_private_conversation(turn.message)
    if turn.services.can_show_to_one(here.channel):
        acting = home or here
        decision = decide_founder_turn(turn.with_conversation(acting))
        return _move_replies(decision, acting, here.personal_address)
    if home is None:
        return Decision(outgoing=(_build_link(turn, "private_first"),))
    decision = decide_founder_turn(turn.with_conversation(home))
    decision = _move_replies(decision, home, home.personal_address)
    return replace(
        decision, outgoing=(*decision.outgoing, _build_link(turn, "answered_in_private"))
    )


def _move_replies(decision: Decision, conversation: Conversation, to: Address) -> Decision:
    """The decision with what it says to the founder sent `to`; what goes to staff stays."""
    replies = conversation.address, conversation.personal_address
    outgoing = (replace(one, to=to) if one.to in replies else one for one in decision.outgoing)
    return replace(decision, outgoing=tuple(outgoing))


def _build_link(turn: Turn, key: str) -> Outgoing:
    """One line for everybody's eyes, with a link to the private chat."""
    language = turn.conversation.language
    label = render_phrase("founder.button_private_chat", language)
    content = Content(
        render_phrase(f"founder.{key}", language),
        buttons=((Button(LINK_KEY, label, private=True),),),
    )
    return Outgoing(turn.conversation.address, content)
