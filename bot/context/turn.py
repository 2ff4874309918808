"""One founder's turn: the message, what is remembered, and how to reply."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.buttons import PERSON_KEY
from bot.context.decision import Decision
from bot.context.services import Services
from bot.messages import (
    Address,
    Button,
    Content,
    Message,
    Outgoing,
)
from bot.phrases import render_phrase
from bot.types import (
    Actor,
    Awaited,
    Conversation,
)
from knowledge.text.language import detect_language
from knowledge.types import Language


@dataclass(frozen=True, slots=True)
class Turn:
    """One founder's turn: their message (several quick ones are joined into one) and what is
    remembered of them."""

    services: Services
    conversation: Conversation
    message: Message

    @property
    def actor(self) -> Actor:
        """The founder as who acts on a case of theirs."""
        return Actor(self.message.account, "founder")

    @property
    def address(self) -> Address:
        """Where replies go: where the message was written, but only to its sender if no one else
        saw it there or if it belongs to a case."""
        conversation = self.conversation
        hidden = self.message.unseen or conversation.case is not None
        return conversation.personal_address if hidden else conversation.address

    def with_conversation(self, conversation: Conversation) -> Turn:
        """The same turn with another memory."""
        return replace(self, conversation=conversation)

    def reply_phrase(self, key: str, **values: object) -> Decision:
        """Reply with the phrase `founder.KEY`, filled in with `values`."""
        return self.reply_content(
            Content(render_phrase(f"founder.{key}", self.conversation.language, **values))
        )

    def offer_person(self, key: str, **values: object) -> Decision:
        """Reply with the phrase `founder.KEY` and a button that asks for a person."""
        text = render_phrase(f"founder.{key}", self.conversation.language, **values)
        return self.offer_person_below(Content(text))

    def offer_person_below(self, content: Content) -> Decision:
        """Reply with `content`, and ask with a button below whether a person shall take over."""
        buttons = build_person_buttons(self.conversation.language)
        return self.reply_content(replace(content, buttons=buttons), awaited="person")

    def reply_content(self, content: Content, awaited: Awaited = "") -> Decision:
        """Send `content` to the founder, after a greeting when they are new. `awaited` is what it
        asks for."""
        conversation, to = replace(self.conversation, awaited=awaited), self.address
        outgoing = [Outgoing(to, content, case=conversation.case)]
        if not conversation.greeted:
            greeting = Content(render_phrase("founder.greeting", conversation.language))
            outgoing.insert(0, Outgoing(to, greeting))
            conversation = replace(conversation, greeted=True)
        return Decision(conversation=conversation, outgoing=tuple(outgoing))

    def choose_language(self, text: str) -> Language:
        """The language to reply in: the one set or, unless `text` is a word or two of Latin
        letters, the one it is written in."""
        written = detect_language(text)
        if self.conversation.fixed_language or (written == "en" and len(text.split()) < 3):
            return self.conversation.language
        return written


def build_person_buttons(language: Language) -> tuple[tuple[Button, ...], ...]:
    """The rows of buttons below a reply that offers a person: one button."""
    label = render_phrase("founder.button_human", language)
    return ((Button(PERSON_KEY, label, style="primary"),),)


def start_conversation(message: Message) -> Conversation:
    """The conversation of somebody who writes for the first time."""
    return Conversation(
        key=message.conversation,
        channel=message.channel,
        chat=message.chat,
        thread=message.thread,
        user=message.user,
        language=message.locale or "ko",
        private=message.private,
    )
