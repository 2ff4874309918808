"""What an insight is about, read from how it is typed: its text, and lines that name countries, topics
or evidence.

베트남 세관이 부가세 환급을 석 달 늦게 줍니다.
나라: VN, 태국          countries, by code or name; else those that the text names, and the mission's own
주제: 세무              topics, by id or name; else the one that the text's terms are about
근거: #17, 현지 세무법인   how it is known; links and case numbers in the text count as well
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.admin.desk.topics import load_topics
from bot.context import Services
from bot.missions.missions import Missions
from bot.routing.route_text import translate_country
from bot.types import DOMESTIC, UNCLASSIFIED
from knowledge.text.language import detect_language
from knowledge.text.personal_data import mask_personal_data
from knowledge.types import LANGUAGES

_LABELLED = re.compile(
    r"^\s*(나라|국가|countries|country|quốc gia|주제|topics?|chủ đề|근거|evidence|căn cứ)\s*[:：]\s*(.+)$",
    re.IGNORECASE,
)
_COUNTRY_LABELS = frozenset({"나라", "국가", "countries", "country", "quốc gia"})
_TOPIC_LABELS = frozenset({"주제", "topic", "topics", "chủ đề"})
_LINK = re.compile(r"https?://[^\s<>()]+")
_CASE = re.compile(r"(?<![\w#])#\d{1,9}\b")


@dataclass(frozen=True, slots=True)
class InsightText:
    """The text of an insight without personal data, and what it is about."""

    text: str
    countries: tuple[str, ...]
    topics: tuple[str, ...]
    evidence: tuple[str, ...]


def read_insight(written: str, mission: str, services: Services) -> InsightText:
    """What `written` by staff of `mission` says. A name of no country or topic is left out."""
    lines: list[str] = []
    countries: list[str] = []
    topics: list[str] = []
    evidence: list[str] = []
    for line in mask_personal_data(written).splitlines():
        match = _LABELLED.match(line)
        if match is None:
            lines.append(line)
            continue
        label, names = match[1].lower(), [part.strip() for part in match[2].split(",")]
        if label in _COUNTRY_LABELS:
            countries += filter(None, (find_country(one, services.missions) for one in names))
        elif label in _TOPIC_LABELS:
            topics += filter(None, map(find_topic, names))
        else:
            evidence += names
    text = "\n".join(lines).strip()
    countries = countries or _list_named_countries(text, mission, services)
    topics = topics or _find_topics(text, services)
    evidence += [*_LINK.findall(text), *_CASE.findall(text)]
    return InsightText(text, *(tuple(dict.fromkeys(one)) for one in (countries, topics, evidence)))


def find_country(name: str, missions: Missions) -> str | None:
    """The code of a country of a mission, by code or name in any of the languages; None for others."""
    wanted = name.strip().casefold()
    for code in _list_countries(missions):
        names = (code, *(translate_country(code, language) for language in LANGUAGES))
        if wanted in (one.casefold() for one in names):
            return code
    return None


def find_topic(name: str) -> str | None:
    """The id of a topic, by id or by its name or a part of that in any of the languages; None for
    others."""
    wanted, labels = name.strip().casefold(), load_topics().labels
    for id, label in labels.items():
        parts = (part for one in label.values() for part in re.split(r"[·,]| and | & ", one))
        whole = (one.casefold() for one in (id, *label.values()))
        if id != UNCLASSIFIED and wanted in (*whole, *(part.strip().casefold() for part in parts)):
            return id
    return None


def _list_countries(missions: Missions) -> Iterable[str]:
    return dict.fromkeys(mission.country for mission in missions)


def _list_named_countries(text: str, mission: str, services: Services) -> list[str]:
    """The mission's own country, and those of missions that the text names."""
    own = [] if mission == DOMESTIC else [services.missions.get(mission).country]
    words = text.casefold()
    named = [
        code
        for code in _list_countries(services.missions)
        if any(translate_country(code, language).casefold() in words for language in LANGUAGES)
    ]
    return [*own, *named]


def _find_topics(text: str, services: Services) -> list[str]:
    topic = services.find_topic(text, detect_language(text)).id
    return [] if topic == UNCLASSIFIED else [topic]
