"""How an approved draft is named and described as a document of the library."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.admin.desk.bodies import name_body
from bot.admin.desk.topics import load_topics
from bot.missions.missions import Missions
from bot.phrases import render_phrase
from bot.routing.route_text import translate_country
from bot.types import FaqDraft
from knowledge.types import Language

DOCUMENT_PREFIX = "naru-faq-"


@dataclass(frozen=True, slots=True)
class FaqDocument:
    """An approved draft as its body publishes it: one section, whose heading is the question."""

    id: str
    title: str
    issuer: str
    language: Language
    checked: date
    topics: tuple[str, ...]
    question: str
    paraphrases: tuple[str, ...]
    answer: str


def name_document(case: int) -> str:
    """The id of the document of a case."""
    return f"{DOCUMENT_PREFIX}{case}"


def describe_document(draft: FaqDraft, missions: Missions) -> FaqDocument:
    """The document of an approved draft. Raises UnknownMission, and ValueError for one that no admin
    approved."""
    if draft.checked_on is None:
        raise ValueError(f"draft {draft.case} is not approved")
    language = draft.language
    topic = load_topics().label(draft.topic, language)
    places = [translate_country(code, language) for code in draft.countries]
    about = f"{topic} ({', '.join(places)})" if places else topic
    return FaqDocument(
        name_document(draft.case),
        render_phrase("faq.title", language, about=about),
        name_body(missions.get(draft.mission), language),
        language,
        draft.checked_on,
        ("faq", draft.topic, *draft.countries),
        draft.question,
        draft.paraphrases,
        draft.answer,
    )
