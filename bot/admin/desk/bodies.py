"""What a body is called on papers, on invitations and as the issuer of documents."""

from __future__ import annotations

from bot.missions.missions import mission_name
from bot.phrases import begin_sentence, render_phrase
from bot.types import DOMESTIC, Mission
from knowledge.types import Language


def name_body(mission: Mission, language: Language) -> str:
    """The consultative body of a mission, or the domestic desk, with a capital at its beginning."""
    key = "issuer_desk" if mission.id == DOMESTIC else "issuer"
    name = render_phrase(f"faq.{key}", language, body=mission_name(mission, language))
    return begin_sentence(name)
