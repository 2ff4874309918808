"""`naru ask`: what would be said, and who would take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.context import Services
from bot.founder.dry_run import VERDICTS_WITHOUT_HANDOVER, run_dry_run
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.types import Case
from knowledge.types import LANGUAGES, Answer, Citation, Question, Verdict

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
CITED = Citation("d", "문서", ("문서",), "나루청", "https://example.org", "2026-10-01",
                 None, None, None, (), "답입니다.", "ko")  # fmt: skip


class FixedVerdictAnswerer:
    """Gives one verdict to every question, and remembers them."""

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        said = ("답입니다. [1]", (CITED,)) if self.verdict == "answered" else ("", ())
        return Answer(self.verdict, question.language, said[0], 0.8, 1, said[1])


MakeTools = Callable[[FixedVerdictAnswerer], Services]


@pytest.fixture
def tools(missions: Missions, places: Gazetteer) -> MakeTools:
    def nothing(number: int) -> Case:
        raise AssertionError("no case is looked at")

    def reserve() -> int:
        raise AssertionError("no case is opened")

    def make(library: FixedVerdictAnswerer) -> Services:
        return Services(library, missions, places, NOW, (), reserve, nothing,
                     lambda _: [], lambda _: [], lambda _: [])  # fmt: skip

    return make


def test_what_is_answered_is_handed_to_nobody(tools: MakeTools) -> None:
    found = run_dry_run(tools(FixedVerdictAnswerer("answered")), "물류비 얼마예요?")
    assert found.handover is None and found.answer.text == found.text
    assert "답입니다." in found.text and "2026년 11월 21일" in found.text


@pytest.mark.parametrize("verdict", ["no_evidence", "expired", "failed"])
def test_what_is_not_answered_goes_to_the_mission_of_the_place(
    tools: MakeTools, verdict: Verdict
) -> None:
    found = run_dry_run(tools(FixedVerdictAnswerer(verdict)), "다낭에서 창고를 빌리려는데요")
    assert found.handover is not None
    assert (found.handover.competent, found.handover.mission) == ("vn-da-nang", "vn-hanoi")
    assert found.text


@pytest.mark.parametrize("verdict", sorted(VERDICTS_WITHOUT_HANDOVER - {"answered"}))
def test_off_topic_questions_stay(tools: MakeTools, verdict: Verdict) -> None:
    assert run_dry_run(tools(FixedVerdictAnswerer(verdict)), "하노이 맛집은?").handover is None


def test_a_given_place_wins_over_one_in_the_text(tools: MakeTools, places: Gazetteer) -> None:
    found = run_dry_run(
        tools(FixedVerdictAnswerer("no_evidence")), "하노이 창고", places.find_place("호치민")
    )
    assert found.handover is not None and found.handover.mission == "vn-hcmc"


def test_without_a_place_the_desk_in_korea_takes_it(tools: MakeTools) -> None:
    found = run_dry_run(tools(FixedVerdictAnswerer("no_evidence")), "창고를 빌리려는데요")
    assert found.handover is not None and found.handover.mission == "domestic"


def test_money_at_stake_is_handed_over_also_where_the_library_answers(tools: MakeTools) -> None:
    found = run_dry_run(tools(FixedVerdictAnswerer("answered")), "하노이 바이어가 잔금을 안 줘요")
    assert found.answer.verdict == "answered" and found.urgency == "high"
    assert found.handover is not None


def test_a_life_at_stake_is_for_people_whatever_the_library_says(tools: MakeTools) -> None:
    found = run_dry_run(
        tools(FixedVerdictAnswerer("answered")), "직원이 하노이 공항에서 체포됐어요"
    )
    assert found.answer.verdict in ("no_evidence", "sealed") and not found.answer.citations
    assert found.handover is not None and found.urgency == "critical"


def test_a_sensitive_one_is_sealed(tools: MakeTools) -> None:
    found = run_dry_run(
        tools(FixedVerdictAnswerer("answered")), "하노이 파트너가 도면을 빼돌렸어요"
    )
    assert found.answer.verdict == "sealed" and found.handover is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_given_language_wins_over_the_detected_one(tools: MakeTools, language: str) -> None:
    library = FixedVerdictAnswerer("no_evidence")
    found = run_dry_run(tools(library), "warehouse?", None, language)  # type: ignore[arg-type]
    assert library.asked[0].language == found.answer.language == language


def test_the_library_is_asked_as_of_the_clock_and_told_the_places_words(tools: MakeTools) -> None:
    library = FixedVerdictAnswerer("answered")
    run_dry_run(tools(library), "다낭에서 물류비 얼마예요?")
    (question,) = library.asked
    assert question.as_of == NOW and question.place_words and question.history == ()
