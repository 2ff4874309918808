"""How many paraphrased questions approved FAQs contain: measured on a file of cases.

    python -m tests.scenarios.faq.measure_faqs CASES.yaml

The file is a list of `{id, question, paraphrase, answer}` with, where they are known, `country`
(ISO 3166-1), `language` and `urgency`: a case as it was asked, what staff replied, and how another
founder asks the same. From each a draft is made as from a resolved case, approved, and brought into
the edition of NARU_DATA; then every paraphrase is asked, before and after. Meant for a copy of the
data: the FAQs stay in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from adapters.errors import CommandFailed
from adapters.evaluation.estimates import estimate_share
from bot.admin.desk.topics import TopicFinder
from bot.admin.faq.draft import build_draft
from bot.admin.faq.publication import DOCUMENT_PREFIX, name_document
from bot.admin.faq.states import settle
from bot.cases.states import may_become_faq
from bot.context import Decision
from bot.types import DOMESTIC, Case, CaseMessage, Mission
from knowledge.text.language import detect_language
from knowledge.types import Answer, Question

if TYPE_CHECKING:
    from adapters.bootstrap import App

STAFF = "telegram:staff"


@dataclass(frozen=True, slots=True)
class Asked:
    """A paraphrase with its answers before and after the FAQs; `case` is whose FAQ is right."""

    id: str
    case: int
    text: str
    before: Answer
    after: Answer

    @property
    def is_said(self) -> bool:
        """Whether the right FAQ is quoted first."""
        return [one.document for one in self.after.citations[:1]] == [name_document(self.case)]

    @property
    def is_offered(self) -> bool:
        """Whether the right FAQ is among the sections to choose from."""
        return name_document(self.case) in [one.document for one in self.after.offers]

    @property
    def is_wrong(self) -> bool:
        """Whether another FAQ is quoted."""
        cited = [one.document for one in self.after.citations]
        return any(
            one.startswith(DOCUMENT_PREFIX) and one != name_document(self.case) for one in cited
        )


def measure_containment(app: App, entries: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The shares of paraphrases that are contained, with their intervals, and each paraphrase. Raises
    CommandFailed for an entry of another form."""
    cases = {}
    for number, entry in enumerate(entries, 1):
        if case := _make_case(app, number, entry):
            cases[number] = (case, entry)
    before = {number: _ask(app, entry["paraphrase"]) for number, (_, entry) in cases.items()}
    for case, entry in cases.values():
        _approve(app, case, str(entry["answer"]))
    edition = app.faq_shelf.publish()
    asked = [
        Asked(str(entry.get("id", number)), number, str(entry["paraphrase"]), before[number],
              _ask(app, entry["paraphrase"]))
        for number, (_, entry) in cases.items()
    ]  # fmt: skip
    return {
        "edition": edition,
        "left_out": len(entries) - len(cases),
        "contained": estimate_share(asked, lambda one: one.is_said or one.is_offered),
        "said": estimate_share(asked, lambda one: one.is_said),
        "another_faq_said": estimate_share(asked, lambda one: one.is_wrong),
        "answered_before": estimate_share(asked, lambda one: one.before.verdict == "answered"),
        "asked": [
            {
                "id": one.id, "text": one.text, "before": one.before.verdict,
                "after": one.after.verdict, "said": one.is_said, "offered": one.is_offered,
                "another_faq": one.is_wrong,
            }
            for one in asked
        ],
    }  # fmt: skip


def _make_case(app: App, number: int, entry: dict[str, Any]) -> Case | None:
    """The resolved case of an entry; None for one that may not become a FAQ."""
    try:
        question, _ = str(entry["question"]), str(entry["paraphrase"])
    except (KeyError, TypeError) as error:
        raise CommandFailed(f"Entry {number} lacks a question or a paraphrase.") from error
    mission = _find_mission(app, entry.get("country"))
    case = Case(
        number, f"telegram:{number}", detect_language(question), question, mission.id, mission.id,
        "domestic", None, "", entry.get("urgency", "normal"), app.now(), state="resolved",
        sealed=bool(entry.get("sealed")),
    )  # fmt: skip
    return case if may_become_faq(case) else None


def _find_mission(app: App, country: str | None) -> Mission:
    found = app.missions.in_country(country) if country else ()
    return found[0] if found else app.missions.get(DOMESTIC)


def _approve(app: App, case: Case, reply: str) -> None:
    record = [CaseMessage("staff", reply, app.now(), "staff")]
    mission = app.missions.get(case.mission)
    today = mission.find_day(app.now())
    draft = build_draft(
        case, record, (), mission, STAFF, app.now(), today, TopicFinder(app.glossary).find
    )
    if draft is None:
        raise CommandFailed(f"Entry {case.number} has no answer.")
    submitted = settle(draft, "submit", STAFF, today)
    approved = submitted and settle(submitted, "approve", STAFF, today)
    decision = Decision(faq=replace(approved, version=0)) if approved else Decision()
    app.store.commit_without_message(f"faq-measure:{case.number}", decision, app.now())


def _ask(app: App, text: str) -> Answer:
    return app.chain.ask(Question(text, detect_language(text), app.now()))
