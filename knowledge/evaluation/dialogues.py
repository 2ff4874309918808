"""Dialogues with what each turn has to lead to: the form of the file, and its reading."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from knowledge.errors import ExamBroken
from knowledge.evaluation.exam import read_entries
from knowledge.types import LANGUAGES, Language

MatterLabel = Literal["", "first", "same", "new"]
URGENCY_LABELS = ("", "low", "normal", "high", "critical")


@dataclass(frozen=True, slots=True)
class ExpectedTurn:
    """What a turn has to lead to; an empty field is not graded.

    `verdicts` are outcomes of which one has to be seen: a verdict of the library, or "thanks", "hand
    over", "clarify". `matter` is "first", "same" or "new". `keeps` are remarks on what must persist,
    some of which are graded. `documents` are base ids of which one has to be cited; `must_say` and
    `must_not_say` are as in the exam. `mission` takes the case, `competent` is the mission of the
    area, `not_mission` may not take it. `sealed` None: not graded.
    """

    verdicts: tuple[str, ...] = ()
    matter: MatterLabel = ""
    documents: tuple[str, ...] = ()
    must_say: tuple[str, ...] = ()
    must_not_say: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    place: str = ""
    mission: str = ""
    competent: str = ""
    not_mission: str = ""
    urgency: str = ""
    sealed: bool | None = None
    no_citations: bool = False
    no_case: bool = False


@dataclass(frozen=True, slots=True)
class DialogueTurn:
    """One message of a founder, and what it has to lead to."""

    say: str
    expect: ExpectedTurn = field(default_factory=ExpectedTurn)


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One talk. `as_of` is its moment, None for the caller's; `kind` names what it is a test of."""

    id: str
    language: Language
    turns: tuple[DialogueTurn, ...]
    kind: str = "plain"
    as_of: datetime | None = None


def read_dialogues(path: Path) -> list[Dialogue]:
    """The dialogues of a file, in order.

    Raises ExamBroken for a file that cannot be read, is no list or has a wrong or incomplete entry.
    """
    entries = read_entries(path, "dialogues")
    return [_parse_dialogue(path, number, entry) for number, entry in enumerate(entries, 1)]


def _parse_dialogue(path: Path, number: int, entry: Any) -> Dialogue:
    try:
        language = entry["language"]
        if language not in LANGUAGES:
            raise ValueError(language)
        return Dialogue(
            id=str(entry["id"]),
            language=language,
            turns=tuple(
                DialogueTurn(str(one["say"]), _parse_expected(one.get("expect") or {}))
                for one in entry["turns"]
            ),
            kind=str(entry.get("kind", "plain")),
            as_of=datetime.fromisoformat(str(entry["as_of"])) if entry.get("as_of") else None,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise ExamBroken(f"{path.name}, entry {number}: {error!r} is missing or wrong.") from error


def _parse_expected(entry: dict[str, Any]) -> ExpectedTurn:
    matter, urgency = entry.get("matter", ""), entry.get("urgency", "")
    if matter not in get_args(MatterLabel) or urgency not in URGENCY_LABELS:
        raise ValueError(matter or urgency)

    def list_texts(key: str) -> tuple[str, ...]:
        return tuple(map(str, entry.get(key) or ()))

    return ExpectedTurn(
        verdicts=list_texts("verdict"),
        matter=matter,
        documents=list_texts("documents"),
        must_say=list_texts("must_say"),
        must_not_say=list_texts("must_not_say"),
        keeps=list_texts("keeps"),
        place=str(entry.get("place", "")),
        mission=str(entry.get("mission", "")),
        competent=str(entry.get("competent", "")),
        not_mission=str(entry.get("not_mission", "")),
        urgency=urgency,
        sealed=entry.get("sealed"),
        no_citations=bool(entry.get("no_citations", False)),
        no_case=bool(entry.get("no_case", False)),
    )
