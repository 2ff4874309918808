"""Questions about missions within a talk: the table or the documents, and whose documents they are."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from bot.context import Decision
from bot.founder import question
from bot.founder.talk.mission_answer import Inquiry, answer_inquiry
from bot.founder.turn import decide_founder_turn
from bot.missions.inquiry import Asked
from bot.missions.missions import Missions, mission_name
from bot.places.gazetteer import Gazetteer
from bot.types import DOMESTIC, Conversation, Place
from knowledge.types import LANGUAGES, Answer, Exchange, Language
from tests.samples.answers import (
    RecordingAnswerer,
    fail_if_asked,
    make_answer,
    make_citation,
    make_offer,
)
from tests.samples.records import (
    NOW,
    button_keys,
    make_conversation,
    make_message,
    make_pending,
    make_services,
    make_turn,
    phrase,
    sent_to_founder,
    texts_of,
)

AUSTIN = Place("오스틴", "US", 30.27, -97.74, "US-TX", "Austin")
HAI_PHONG = Place("하이퐁", "VN", 20.86, 106.68, "VN-HP", "Haiphong")


class Talk:
    """A founder among the shipped missions and places, and a library that gives one answer."""

    def __init__(self, places: Gazetteer, missions: Missions) -> None:
        self.places, self.missions = places, missions

    def ask(
        self,
        text: str,
        answer: Answer | None = None,
        talk: Conversation | None = None,
    ) -> Decision:
        """What `text` leads to; without an answer the library must not be asked at all."""
        answerer = RecordingAnswerer(answer) if answer else fail_if_asked
        services = replace(make_services(answerer), places=self.places, missions=self.missions)
        return question.answer_question(make_turn(make_message(text), talk, services))


@pytest.fixture
def talk(places: Gazetteer, missions: Missions) -> Talk:
    return Talk(places, missions)


def text_of(decision: Decision) -> str:
    (reply,) = sent_to_founder(decision)
    return reply.content.text


@pytest.mark.parametrize(
    ("text", "language", "named"),
    [("텍사스 오스틴 어느 영사관이에요?", "ko", "주휴스턴대한민국총영사관"),
     ("which consulate covers New Jersey", "en", "Consulate General of the Republic of Korea in New York"),
     ("lanh su quan nao lo cho Da Nang", "vi", "Tổng Lãnh sự quán Hàn Quốc tại Đà Nẵng"),
     ("두바이 총영사관 근무시간 좀", "ko", "주두바이대한민국총영사관")],
)  # fmt: skip
def test_the_table_answers_without_the_library_and_offers_a_person(
    talk: Talk, text: str, language: Language, named: str
) -> None:
    decision = talk.ask(text, talk=make_conversation(language=language))
    (reply,) = sent_to_founder(decision)
    assert named in reply.content.text
    assert (
        phrase("mission_answer.as_of", language, day="2026").split("2026")[0] in reply.content.text
    )
    assert reply.content.details.startswith("[1] ") and button_keys(reply) == ["ok", "human"]
    kept = decision.conversation
    assert kept and kept.turns[0].question == text and named in kept.turns[0].answer
    assert kept.pending and named in kept.why and "공관" in kept.pending.found


@pytest.mark.parametrize("text", ["연락처", "거긴 몇시에 열어요", "전화번호 알려주세요"])
def test_the_place_of_the_talk_counts_where_the_message_names_none(talk: Talk, text: str) -> None:
    said = text_of(talk.ask(text, talk=make_conversation(place=AUSTIN)))
    assert "주휴스턴대한민국총영사관" in said and "두바이" not in said


@pytest.mark.parametrize(
    "text", ["연락처는요", "그럼 어디다 물어봐요", "이런 건 누구한테 물어봐야 하나요"]
)
def test_after_an_answer_of_the_table_contact_and_door_are_those_of_the_mission(
    talk: Talk, text: str
) -> None:
    asked = Exchange("텍사스 오스틴 어느 영사관이에요?", "주휴스턴대한민국총영사관 관할입니다.", ())
    said = text_of(talk.ask(text, talk=make_conversation(place=AUSTIN, turns=(asked,))))
    assert "주휴스턴대한민국총영사관" in said and "0404" in said


def test_after_a_document_its_own_contact_is_said_else_that_of_the_mission(talk: Talk) -> None:
    asked = Exchange("기술임치가 뭔가요?", "맡겨 두는 제도입니다.", ("escrow",))
    before = make_conversation(place=AUSTIN, turns=(asked,))
    stated = make_answer(text="02-368-8787에 문의합니다. [1]")
    assert text_of(talk.ask("연락처는요", stated, before)).startswith("02-368-8787")
    for other in (make_answer("no_evidence"), make_answer("offered", offers=(make_offer(),))):
        said = text_of(talk.ask("연락처는요", other, before))
        assert "주휴스턴대한민국총영사관" in said


def test_who_asks_for_a_door_without_a_place_is_offered_a_person(talk: Talk) -> None:
    decision = talk.ask("so where do we ask about this?", make_answer("no_evidence", language="en"))
    assert decision.conversation and decision.conversation.awaited == "person"
    assert button_keys(sent_to_founder(decision)[-1]) == ["human"]


def test_without_a_place_it_is_asked_which_mission_is_meant(talk: Talk) -> None:
    decision = talk.ask("영사관 연락처 알려주세요", make_answer("no_evidence"))
    assert text_of(decision) == phrase("mission_answer.which_place", "ko")
    assert button_keys(sent_to_founder(decision)[0]) == ["human"]


def test_the_documents_answer_who_sits_on_a_body_where_they_are_sure_of_it(talk: Talk) -> None:
    citation = make_citation(
        title="주싱가포르대사관 지원협의체",
        heading=("주싱가포르대사관 지원협의체", "누가 참여하나요?"),
    )
    sure = make_answer(text="공관과 변호사가 참여합니다. [1]", citations=(citation,))
    assert text_of(talk.ask("싱가포르 협의체에 누가 있어요?", sure)).startswith("공관과 변호사가")
    for other in (make_answer("no_evidence"), make_answer("offered", offers=(make_offer(),)), sure):
        said = text_of(talk.ask("하노이 협의체에 누가 있어요?", other))
        assert said.startswith("주베트남대한민국대사관 협의체의 구성")


@pytest.mark.parametrize(
    "text",
    [
        "두바이 총영사관 가는 길에 직원이 체포됐어요",
        "뉴욕 영사관이 어느 쪽이든 바이어가 잔금을 안 줘요",
    ],
)
def test_an_incident_is_no_question_about_missions(talk: Talk, text: str) -> None:
    said = "\n".join(texts_of(talk.ask(text, make_answer("no_evidence")).outgoing))
    assert phrase("mission_answer.as_of", "ko", day="2026").split("2026")[0] not in said


def test_places_of_two_missions_leave_the_question_to_the_library(talk: Talk) -> None:
    said = text_of(talk.ask("두바이 말고 오스틴은 어느 영사관이에요", make_answer()))
    assert said.startswith("3천만 원까지입니다.")


def make_dubai_answer() -> Answer:
    """An answer from the document about the body in Dubai."""
    title = "주두바이총영사관 지원협의체"
    return make_answer(
        citations=(make_citation(title=title, heading=(title, "어떻게 연락하면 되나요?")),)
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_said_that_documents_are_about_another_mission(
    talk: Talk, language: Language
) -> None:
    conversation = make_conversation(place=AUSTIN, language=language, fixed_language=True)
    said = text_of(talk.ask("물류비는 누구한테 말하나요?", make_dubai_answer(), conversation))
    named = {id: mission_name(talk.missions.get(id), language) for id in ("ae-dubai", "us-houston")}
    note = phrase(
        "mission_answer.far", language, place="오스틴" if language == "ko" else AUSTIN.city,
        other=named["ae-dubai"], mission=named["us-houston"],
    )  # fmt: skip
    assert f"{note}\n\n3천만 원까지입니다." in said


def test_nothing_is_said_of_ones_own_mission_or_the_one_that_is_asked_about(talk: Talk) -> None:
    for text, place in (
        (
            "물류비는 누구한테 말하나요?",
            replace(AUSTIN, country="AE", region="AE-DU", city="Dubai", lat=25.2, lon=55.3),
        ),
        ("두바이에서는 물류비를 누구한테 말하나요?", AUSTIN),
        ("물류비는 누구한테 말하나요?", None),
    ):
        said = text_of(talk.ask(text, make_dubai_answer(), make_conversation(place=place)))
        assert said.startswith("3천만 원까지입니다."), text


def test_a_hai_phong_matter_is_not_offered_ho_chi_minh_citys_sections(talk: Talk) -> None:
    far = make_offer("협의체에 알리려면 어떻게 하나요?", title="주호치민총영사관 지원협의체")
    near = make_offer("무엇을 지원하나요?", title="주베트남대사관 지원협의체")
    general = make_offer("바우처 한도는?", title="물류 바우처")
    conversation = make_conversation(place=HAI_PHONG)
    offered = make_answer("offered", offers=(far, near, general))
    said = text_of(talk.ask("협의체 도움은 어떤 것이 되나요?", offered, conversation))
    assert "호치민" not in said and near.label in said and general.label in said
    only_far = make_answer("offered", offers=(far,))
    said = text_of(talk.ask("협의체 도움은 어떤 것이 되나요?", only_far, conversation))
    assert said == phrase("founder.no_evidence", "ko")


OHIO = Place("Ohio", "US", 40.0, -83.0, "US-OH")
ASKED_BEFORE = Exchange("Which consulate handles Ohio?", "…")


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("and Kentucky?", "시카고"),
        ("how about Texas", "Houston"),
        ("그럼 텍사스는요?", "휴스턴"),
        ("do they have an emergency number", "Chicago"),
        ("opening hours?", "Chicago"),
        ("주말에도 열어요?", "시카고"),
    ],
)
def test_what_follows_a_question_about_missions_is_asked_of_them_too(
    talk: Talk, text: str, named: str
) -> None:
    before = make_conversation(place=OHIO, turns=(ASKED_BEFORE,), pending=make_pending(at=NOW))
    assert named in text_of(talk.ask(text, talk=before))


def test_another_place_alone_after_a_question_to_the_library_is_for_the_library(talk: Talk) -> None:
    answered = Exchange("Which certificates are covered?", "…", ("certification",))
    before = make_conversation(place=OHIO, turns=(ASKED_BEFORE, answered))
    sure = make_answer("answered")
    assert sure.text in text_of(talk.ask("and Kentucky?", sure, before))


def test_a_corrected_place_asks_the_table_again(talk: Talk) -> None:
    pending = make_pending("오하이오는 어느 영사관 관할이에요?", at=NOW)
    before = make_conversation(place=OHIO, pending=pending)
    services = replace(make_services(fail_if_asked), places=talk.places, missions=talk.missions)
    message = make_message("아니 오하이오 말고 텍사스요")
    decision = decide_founder_turn(make_turn(message, before, services))
    assert "휴스턴" in text_of(decision)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("asked", get_args(Asked))
def test_every_mission_can_be_asked_about(talk: Talk, asked: Asked, language: Language) -> None:
    """Whatever its sources give as their dates."""
    for mission in talk.missions:
        if mission.id == DOMESTIC:
            continue
        place = Place(mission.city, mission.country, mission.lat, mission.lon, None, mission.city)
        turn = make_turn(
            make_message("?"),
            make_conversation(language=language, pending=make_pending(at=NOW)),
            replace(make_services(fail_if_asked), places=talk.places, missions=talk.missions),
        )
        (reply,) = answer_inquiry(turn, Inquiry(asked, place)).outgoing
        assert reply.content.text and (reply.content.details or asked == "flow"), mission.id
