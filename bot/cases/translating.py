"""What a reader of another language finds below somebody's words: a machine translation, marked as
one, or what the key terms mean. The words themselves always stand above, as they were written."""

from __future__ import annotations

import logging
from itertools import islice

from bot.cases.card import thread_address
from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Services, quote_lines
from bot.messages import Content, Outgoing
from bot.phrases import render_phrase
from bot.types import Case, StaffThread
from knowledge.errors import KnowledgeError
from knowledge.text.language import detect_language
from knowledge.types import Language

log = logging.getLogger(__name__)

TERMS_SHOWN = 5  # key terms below a message that is not translated
LETTERS_READ = 4  # of a message; of fewer no language is told


def render_meaning(
    services: Services, text: str, reader: Language, writer: str, *, sealed: bool
) -> str:
    """The translation of `text`, or its key terms, for a reader; "" where they need neither, and for
    what is sealed, which no model sees. `writer` is an account: no model sees what one who refused
    that writes."""
    source = detect_language(text)
    if sealed or source == reader or sum(letter.isalpha() for letter in text) < LETTERS_READ:
        return ""
    try:
        if services.has_consent(writer, "model"):
            translated = services.languages.translate(text, source, reader)
            if translated:
                return render_phrase("own.translation", reader, text=quote_lines(translated))
        terms = services.languages.find_key_terms(text, source, reader)
    except KnowledgeError as error:
        log.error("a message goes without its key terms: %s", error)
        return ""
    if not terms:
        return ""
    listed = "; ".join(f"{said} = {meant}" for said, meant in islice(terms.items(), TERMS_SHOWN))
    return render_phrase("own.terms", reader, terms=listed)


def tell_meaning(services: Services, case: Case, thread: StaffThread) -> tuple[Outgoing, ...]:
    """A message below the card of a new thread, where its question is in another language."""
    text = render_meaning(
        services, case.question, STAFF_LANGUAGE, _find_founder(services, case), sealed=case.sealed
    )
    if not text:
        return ()
    content = Content(text, relayed=True)
    return (Outgoing(thread_address(thread), content, case=case.number),)


def _find_founder(services: Services, case: Case) -> str:
    """The account of a case's founder; the key of a conversation that is not stored yet begins so."""
    known = services.find_conversation(case.conversation)
    return known.account if known else case.conversation
