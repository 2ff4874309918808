"""Grades the turns of played dialogues: the act, the state and the answer, each as labelled."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from adapters.evaluation.dialogue_run import PlayedTurn
from adapters.evaluation.estimates import estimate_share
from bot.context import PlaceFinder
from bot.errors import UnknownPlace
from bot.types import URGENCIES, Place
from knowledge.evaluation.dialogues import Dialogue, DialogueTurn, ExpectedTurn
from knowledge.evaluation.exam import contains_alternative
from knowledge.types import Document

ACT_VERDICTS = frozenset({"thanks", "hand over", "clarify", "sealed"})  # that no document gives
SAME_PLACE_DEGREES = 0.2
KEPT_FIRST_TEXT = re.compile(r"first text")
KEPT_SEAL = re.compile(r"\bseal\b")
KEPT_URGENCY = re.compile(r"\b(urgency|critical)\b")
KEPT_CASE = re.compile(r"case stays open")


@dataclass(frozen=True, slots=True)
class GradedTurn:
    """One turn with what is wrong of it, by "act", "state" and "answer"; empty where all is as
    labelled. `name` is the dialogue's id and the number of the turn from 1."""

    name: str
    kind: str
    language: str
    say: str
    played: PlayedTurn
    wrong: Mapping[str, Sequence[str]]

    @property
    def is_right(self) -> bool:
        """Whether the turn is all that its label says."""
        return not any(self.wrong.values())


def grade_dialogue(
    dialogue: Dialogue,
    played: Sequence[PlayedTurn],
    places: PlaceFinder,
    documents: Mapping[str, Document],
) -> list[GradedTurn]:
    """Grade each turn; `documents` are those of the edition that answered, by id."""
    return [
        GradedTurn(
            f"{dialogue.id}.{number}",
            dialogue.kind,
            dialogue.language,
            turn.say,
            one,
            {
                "act": _check_act(turn.expect, one),
                "state": _check_state(dialogue.turns, turn.expect, played, one, places),
                "answer": _check_answer(turn.expect, one, documents),
            },
        )
        for number, (turn, one) in enumerate(zip(dialogue.turns, played, strict=True), 1)
    ]


def build_dialogue_report(turns: Sequence[GradedTurn]) -> dict[str, Any]:
    """The shares as labelled with their 95 % intervals, in total and by kind, and every turn, as
    `naru eval --dialogues --json` prints them."""

    def is_part_right(part: str) -> Callable[[GradedTurn], bool]:
        return lambda turn: not turn.wrong[part]

    return {
        "measures": {
            "turns": len(turns),
            "as_labelled": estimate_share(turns, lambda turn: turn.is_right),
            **{part: estimate_share(turns, is_part_right(part))
               for part in ("act", "state", "answer")},
        },
        "by_kind": _estimate_by(turns, lambda turn: turn.kind),
        "by_language": _estimate_by(turns, lambda turn: turn.language),
        "acts": dict(Counter(turn.played.read_as for turn in turns)),
        "turns": [_describe_turn(turn) for turn in turns],
    }  # fmt: skip


def _estimate_by(turns: Sequence[GradedTurn], key: Callable[[GradedTurn], str]) -> dict[str, Any]:
    names = dict.fromkeys(key(turn) for turn in turns)
    return {
        name: estimate_share([one for one in turns if key(one) == name], lambda one: one.is_right)
        for name in names
    }


def _describe_turn(turn: GradedTurn) -> dict[str, Any]:
    played = turn.played
    return {
        "turn": turn.name,
        "say": turn.say,
        "right": turn.is_right,
        "read_as": played.read_as,
        "outcomes": sorted(played.outcomes),
        "documents": [one.document for one in played.answer.citations] if played.answer else [],
        "query": played.answer.query if played.answer else "",
        "place": played.place.name if played.place else "",
        "urgency": played.urgency,
        "sealed": played.is_sealed,
        "case": played.case.number if played.case else None,
        "mission": played.mission,
        "wrong": {part: list(why) for part, why in turn.wrong.items() if why},
        "text": played.text,
    }


def _check_act(expect: ExpectedTurn, played: PlayedTurn) -> list[str]:
    wrong = []
    if expect.matter and expect.matter not in played.matters:
        wrong.append(f"matter {'/'.join(sorted(played.matters))}, not {expect.matter}")
    wanted = set(expect.verdicts)
    if wanted and wanted <= ACT_VERDICTS and not wanted & played.outcomes:
        wrong.append(_name_difference(expect, played))
    return wrong


def _name_difference(expect: ExpectedTurn, played: PlayedTurn) -> str:
    seen = ", ".join(sorted(played.outcomes)) or "nothing of the kind"
    return f"{seen}, not {' or '.join(expect.verdicts)}"


def _check_state(
    turns: Sequence[DialogueTurn],
    expect: ExpectedTurn,
    all_played: Sequence[PlayedTurn],
    played: PlayedTurn,
    places: PlaceFinder,
) -> list[str]:
    keeps = " · ".join(expect.keeps)
    wrong = []
    if expect.place and not _is_same_place(expect.place, played.place, places):
        wrong.append(
            f"place {played.place.name if played.place else 'unknown'}, not {expect.place}"
        )
    wrong += _check_gravity(expect, all_played[0], played, keeps)
    wrong += _check_missions(expect, played)
    if KEPT_FIRST_TEXT.search(keeps) and turns[0].say not in played.matter_words:
        wrong.append("the first text was lost")
    if KEPT_CASE.search(keeps) and played.case is None:
        wrong.append("no case is open")
    if expect.no_case and played.case is not None:
        wrong.append("a case was opened")
    return wrong


def _check_gravity(
    expect: ExpectedTurn, first: PlayedTurn, played: PlayedTurn, keeps: str
) -> list[str]:
    wrong = []
    if expect.urgency and played.urgency != expect.urgency:
        wrong.append(f"urgency {played.urgency}, not {expect.urgency}")
    elif KEPT_URGENCY.search(keeps) and _is_calmer(played, first):
        wrong.append(f"urgency fell to {played.urgency}")
    if expect.sealed is not None and played.is_sealed != expect.sealed:
        wrong.append("not sealed" if expect.sealed else "sealed")
    elif KEPT_SEAL.search(keeps) and not played.is_sealed:
        wrong.append("the seal was lost")
    return wrong


def _check_missions(expect: ExpectedTurn, played: PlayedTurn) -> list[str]:
    wrong = []
    if expect.mission and played.mission != expect.mission:
        wrong.append(f"mission {played.mission}, not {expect.mission}")
    if expect.competent and played.competent != expect.competent:
        wrong.append(f"competent {played.competent}, not {expect.competent}")
    if expect.not_mission and expect.not_mission in (played.mission, played.competent):
        wrong.append(f"mission {expect.not_mission}")
    return wrong


def _is_calmer(played: PlayedTurn, first: PlayedTurn) -> bool:
    return URGENCIES.index(played.urgency) < URGENCIES.index(first.urgency)


def _is_same_place(label: str, place: Place | None, places: PlaceFinder) -> bool:
    """Whether the place is that of a label: its country, and its region or city if it names one."""
    if place is None:
        return False
    try:
        wanted = places.find_place(label)
    except UnknownPlace:
        return label.lower() in place.name.lower()
    if wanted.country != place.country:
        return False
    if wanted.city is None or wanted.city == place.city:
        return wanted.region in (None, place.region) or wanted.city is not None
    return _is_near(wanted, place)


def _is_near(one: Place, other: Place) -> bool:
    """Whether two places are the same under two names ("LA", "Los Angeles")."""
    if one.lat is None or one.lon is None or other.lat is None or other.lon is None:
        return False
    return math.hypot(one.lat - other.lat, one.lon - other.lon) < SAME_PLACE_DEGREES


def _check_answer(
    expect: ExpectedTurn, played: PlayedTurn, documents: Mapping[str, Document]
) -> list[str]:
    wrong = []
    wanted = set(expect.verdicts)
    if wanted and not wanted <= ACT_VERDICTS and not wanted & played.outcomes:
        wrong.append(_name_difference(expect, played))
    said = "\n".join((played.text, *_list_quotes(played)))
    wrong += [f"said {words}" for words in expect.must_not_say if contains_alternative(said, words)]
    if expect.no_citations and (played.answer or "[1]" in played.text):
        wrong.append("cited a source")
    if not played.outcomes & {"answered", "expired"}:
        return wrong
    wrong += [
        f"without {words}" for words in expect.must_say if not contains_alternative(said, words)
    ]
    if played.answer and expect.documents:
        cited = {documents[one.document].base_id for one in played.answer.citations
                 if one.document in documents}  # fmt: skip
        if not cited & set(expect.documents):
            wrong.append(f"from {', '.join(sorted(cited))}")
    return wrong


def _list_quotes(played: PlayedTurn) -> Iterable[str]:
    return (citation.quote for citation in played.answer.citations) if played.answer else ()
