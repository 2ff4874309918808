"""`naru ask`: what a founder would read, and who would take it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.context import Services
from bot.founder.dry_run import VERDICTS_WITHOUT_HANDOVER, DryRunResult, run_dry_run
from bot.missions.missions import Missions
from bot.phrases import render_phrase
from bot.places.gazetteer import Gazetteer
from bot.types import Case
from knowledge.types import LANGUAGES, Answer, Citation, Question, Verdict
from tests.samples.answers import make_offer

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
        offers = (make_offer("누가 신청하나요?"),) if self.verdict == "offered" else ()
        return Answer(self.verdict, question.language, said[0], 0.8, 1, said[1], offers=offers)


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


def shown_by(found: DryRunResult) -> str:
    return "\n".join(content.text for content in found.shown)


@pytest.mark.parametrize(
    ("asked", "key"),
    [
        ("고마워요", "founder.thanks"),
        ("thank you", "founder.thanks"),
        ("제가 신청한 수출바우처 결과 언제 나오나요?", "founder.own_application"),
        ("When will I get the result of my voucher application?", "founder.own_application"),
        ("바이어가 90일째 대금을 안 줘요", "founder.people"),
    ],
)
def test_the_reply_is_that_of_a_chat(tools: MakeTools, asked: str, key: str) -> None:
    found = run_dry_run(tools(FixedVerdictAnswerer("no_evidence")), asked)
    assert found.shown[0].text == render_phrase("founder.greeting", found.answer.language)
    assert render_phrase(key, found.answer.language) in shown_by(found)


def test_money_at_stake_is_said_to_be_for_people_above_what_may_help(tools: MakeTools) -> None:
    library = FixedVerdictAnswerer("offered")
    found = run_dry_run(tools(library), "하노이 바이어가 잔금을 안 줘요")
    lead, *_ = render_phrase("founder.people_offered", "ko", choices="").splitlines()
    assert lead in shown_by(found) and found.awaited == "person"


def test_an_inquiry_about_a_mission_is_answered_by_the_routing_table(tools: MakeTools) -> None:
    found = run_dry_run(tools(FixedVerdictAnswerer("offered")), "시드니에도 협의체 있어요?")
    assert "주시드니대한민국총영사관" in shown_by(found) and found.handover is None


def test_small_talk_is_handed_to_nobody_and_ones_own_application_may_be(tools: MakeTools) -> None:
    services = tools(FixedVerdictAnswerer("no_evidence"))
    assert run_dry_run(services, "고마워요").handover is None
    assert run_dry_run(services, "제가 신청한 수출바우처 결과 언제 나오나요?").handover is not None


def test_a_given_place_is_the_one_that_the_reply_is_about(
    tools: MakeTools, places: Gazetteer
) -> None:
    library = FixedVerdictAnswerer("no_evidence")
    found = run_dry_run(
        tools(library), "하노이 공항에서 직원이 체포됐어요", places.find_place("호치민")
    )
    assert found.opens_case and "주호치민대한민국총영사관" in shown_by(found)
    assert "주베트남대한민국대사관" not in shown_by(found)
    assert library.asked[0].place_words == (places.find_place("호치민").name,)


def test_the_library_is_asked_once_whatever_the_reply_is_made_of(tools: MakeTools) -> None:
    for asked in ("물류비 얼마예요?", "고마워요", "시드니에도 협의체 있어요?", "직원이 체포됐어요"):
        library = FixedVerdictAnswerer("no_evidence")
        run_dry_run(tools(library), asked)
        assert len(library.asked) == 1, asked


def test_what_is_never_kept_is_masked_and_that_is_said(tools: MakeTools) -> None:
    library = FixedVerdictAnswerer("no_evidence")
    found = run_dry_run(tools(library), "대표 주민번호 800101-1234567 로 신청하려는데요")
    assert "1234567" not in library.asked[0].text
    assert found.shown[-1].text == render_phrase("founder.masked", "ko")
