"""A draft for the library from an insight and the desk's answers. Nothing enters the library by it: an
admin edits it, checks it and ingests it."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date

from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import shorten_text
from bot.missions.missions import Missions, mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, DeskAnswer, Insight
from knowledge.types import find_korean_day

MIME = "text/markdown"
TITLE_CHARACTERS = 60


def name_draft(insight: Insight) -> str:
    """The name of a draft's file."""
    return f"insight-{insight.number}.ko.md"


def build_draft(
    insight: Insight, answers: Iterable[DeskAnswer], missions: Missions, today: date
) -> str:
    """The draft as Markdown with front matter: its issuer, dates and source, and the texts to be
    edited. Case numbers of the evidence stay out of it."""
    title = shorten_text(insight.text, TITLE_CHARACTERS)
    sources = [one for one in insight.evidence if not one.startswith("#")]
    links = [one for one in sources if one.startswith(("http://", "https://"))]
    desk = [one for one in answers if one.insight == insight.number]
    issuer = mission_name(missions.get(DOMESTIC if desk else insight.mission), STAFF_LANGUAGE)
    front = {
        "id": f"insight-{insight.number}", "title": title, "issuer": issuer, "language": "ko",
        "url": links[0] if links else "", "published": f"{find_korean_day(insight.at)}",
        "checked": f"{today}", "topics": list(insight.topics), "audience": "founder",
    }  # fmt: skip
    head = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in front.items()]
    mission = mission_name(missions.get(insight.mission), STAFF_LANGUAGE)
    source = ", ".join(sources) or render_phrase("desk.insight_no_evidence", STAFF_LANGUAGE)
    parts = [
        "\n".join(("---", *head, "---")),
        f"<!-- {render_phrase('desk.draft_note', STAFF_LANGUAGE)} -->",
        f"# {title}",
        f"## {render_phrase('desk.draft_question', STAFF_LANGUAGE)}",
        insight.text,
        *(one.text for one in desk),
        render_phrase(
            "desk.draft_source", STAFF_LANGUAGE, mission=mission, source=source,
            day=f"{find_korean_day(insight.at)}",
        ),
    ]  # fmt: skip
    return "\n\n".join(parts) + "\n"
