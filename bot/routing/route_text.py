"""The sentences that say why a mission has a case, in the language of the reader."""

from __future__ import annotations

import re
from functools import cache

from bot.missions.missions import Missions, mission_name
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Basis, Case, Mission, Place, Route
from knowledge.types import LANGUAGES, Language

BASIS_NOTE_KEYS: dict[Basis, str] = {
    "area_2019": "note_2019",
    "general": "note_general",
    "line": "note_line",
}


def render_reason(routed: Route | Case, missions: Missions, language: Language) -> str:
    """One or two sentences: whose area the place is, who takes the case, what is not verified.

    A case stored before routing facts were kept has no `basis`; its stored sentence is returned
    in the language it was written in. Raises UnknownMission for a mission no longer listed.
    """
    if routed.basis is None:
        return routed.reason
    if routed.basis == "staff":
        return render_phrase("founder.moved_by_staff", language)
    competent = missions.get(routed.competent)
    competence = render_competence(routed.place, competent, routed.basis, language)
    if competent.id == DOMESTIC:
        return competence
    taking = missions.get(routed.mission)
    key = {
        "consular_area": f"own_{competent.body}",
        "same_country": f"other_{taking.body}",
        "domestic": "no_body",
    }[routed.via]
    taker = render_phrase(f"routing.{key}", language, taking=mission_name(taking, language))
    return f"{competence} {taker}"


def render_competence(
    place: Place | None, competent: Mission, basis: Basis, language: Language
) -> str:
    """The first sentence: which mission is competent for the place, and what that rests on."""
    note_key = BASIS_NOTE_KEYS.get(basis)
    note = render_phrase(f"routing.{note_key}", language) if note_key else ""
    space = "" if language == "ko" else " "
    return render_phrase(
        f"routing.{'area' if note_key else basis}",
        language,
        place=name_place(place, language) if place else "",
        country=translate_country(place.country, language) if place else "",
        mission=mission_name(competent, language),
        note=f"{space}({note})" if note else "",
    )


def name_place(place: Place, language: Language) -> str:
    """The place as the founder called it; with its country where another country has that name, so
    that it is seen whether Georgia is the state or the country."""
    owner = _find_country_of_name(place.name.casefold())
    if owner in (None, place.country):
        return place.name
    space = "" if language == "ko" else " "
    return f"{place.name}{space}({translate_country(place.country, language)})"


@cache
def _find_country_of_name(name: str) -> str | None:
    """The ISO 3166-1 code of the country called `name` in one of the languages; None if none is."""
    from babel import Locale

    for language in LANGUAGES:
        for code, country in Locale(language).territories.items():
            if country.casefold() == name and len(code) == 2:
                return str(code)
    return None


def translate_country(code: str, language: Language) -> str:
    """The name of an ISO 3166-1 country, without what Babel adds in brackets."""
    from babel import Locale  # imported here: slow to load, and many commands route nothing

    return re.sub(r"\s*\(.*?\)", "", str(Locale(language).territories.get(code, code)))
