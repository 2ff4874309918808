"""What of a document is quoted: how much of it, and which of its passages first."""

from __future__ import annotations

from knowledge.decision.intents import detect_intents
from knowledge.retrieval.edition import Edition
from knowledge.types import Document, Language, Passage, Question

# All quotes of an answer together, by the language of the sentences around them, with which it
# stays under 500 characters.  # tuned: see docs/parameters.md
QUOTES_LIMIT_CHARS: dict[Language, int] = {"ko": 390, "en": 335, "vi": 345}
# Less for quotes in another language, because that is said and key words are added to them.
FOREIGN_QUOTES_LIMIT_CHARS = 270  # tuned: see docs/parameters.md
NEWER_NOTICE_CHARS = 110  # less again where the newer notice of the programme is named


def choose_quotes_limit(question: Question, document: Document, edition: Edition) -> int:
    """How many characters may be quoted of a document, so that the answer stays short with what is
    said around the quotes."""
    is_own = document.language == question.language
    limit = QUOTES_LIMIT_CHARS[question.language] if is_own else FOREIGN_QUOTES_LIMIT_CHARS
    newer = edition.find_newer_edition(document, question.day)
    return limit - NEWER_NOTICE_CHARS if newer else limit


def find_open_status_passage(
    question: Question, document: Document, edition: Edition
) -> Passage | None:
    """The passage of a document that says whether applications are open; None where the question
    does not ask for it or the document has none.

    It comes first, so that a founder does not read the terms of a closed programme as an offer.
    See docs/decisions/0049-quote-application-status-first.md.
    """
    if "open" not in detect_intents(question.text):
        return None
    own = (one for one in edition.passages if one.document.id == document.id)
    return next((one for one in own if "open" in detect_intents(one.heading[-1])), None)
