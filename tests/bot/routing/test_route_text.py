"""Founder and staff each read why a mission has a case in their own language."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import Engine, update

from bot.cases.card import render_card
from bot.cases.receipt import render_receipt
from bot.cases.states import create_case, reassign_case
from bot.context import Decision, Services, Turn
from bot.founder.handover import open_case
from bot.messages import Message
from bot.missions.missions import Missions
from bot.places.gazetteer import Gazetteer
from bot.routing.route import find_route
from bot.routing.route_text import name_place, render_reason
from bot.store import Store, tables
from bot.types import Actor, Binding, Case, Conversation, PendingQuestion, Place, Route
from knowledge.types import LANGUAGES, Answer, Language, Question

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")
DA_NANG = Place("Đà Nẵng", "VN", 16.05, 108.2, "VN-DN", "Da Nang", "vn-da-nang")
KOREAN = "Đà Nẵng 지역은 주다낭대한민국총영사관 관할입니다(2019년 공지 기준)."
VIETNAMESE = "Đà Nẵng thuộc khu vực lãnh sự của Tổng Lãnh sự quán Hàn Quốc tại Đà Nẵng"
OLD_SENTENCE = "Đà Nẵng thuộc khu vực lãnh sự cũ."


@pytest.fixture
def route(missions: Missions) -> Route:
    return find_route(DA_NANG, missions, NOW)


@pytest.fixture
def case(route: Route) -> Case:
    return create_case(17, "t:1", PendingQuestion("Kho hàng ở đâu?", "vi"), route, NOW)


def test_a_vietnamese_founders_case_has_a_korean_card(missions: Missions, case: Case) -> None:
    """And the founder's receipt is Vietnamese."""
    content = render_card(case, missions)
    card = f"{content.text}\n{content.details}"
    assert f"배정 이유: {KOREAN}" in card and "khu vực" not in card
    receipt = render_receipt(case, missions, "vi", NOW, None)
    assert VIETNAMESE in receipt and "관할입니다" not in receipt


def test_the_founder_and_the_consul_of_one_case_read_their_own_language(
    missions: Missions, places: Gazetteer
) -> None:
    """Through the whole decision that opens the case."""

    def ask(question: Question) -> Answer:
        raise AssertionError("nothing is asked of the library")

    def get_case(number: int) -> Case:
        raise AssertionError("no case is looked up")

    room = Binding("vn-hanoi", "slack", "C1")
    services = Services(
        ask, missions, places, NOW, (room,), lambda: 17, get_case,
        lambda _: [], lambda _: [], lambda _: [],
    )  # fmt: skip
    pending = PendingQuestion("Kho hàng ở đâu?", "vi")
    founder = Conversation(
        "t:1", "t", "1", None, "1", "vi", greeted=True, pending=pending, private=True
    )
    message = Message("t", "1", "1", "m1", "text", "Đà Nẵng")
    decision = open_case(Turn(services, founder, message), DA_NANG)
    receipt, card = decision.outgoing[:2]
    assert receipt.to == founder.address and VIETNAMESE in receipt.content.text
    assert card.to.chat == "C1" and f"배정 이유: {KOREAN}" in card.content.details
    assert decision.new_case and decision.new_case.basis == "area_2019"


def test_a_case_stored_without_its_basis_shows_its_sentence(missions: Missions, case: Case) -> None:
    old = replace(case, basis=None, reason=OLD_SENTENCE)
    assert f"배정 이유: {OLD_SENTENCE}" in render_card(old, missions).details
    assert all(render_reason(old, missions, language) == OLD_SENTENCE for language in LANGUAGES)


def test_an_old_row_is_read_and_shown(engine: Engine, missions: Missions, case: Case) -> None:
    """A row as it is after the migration: a sentence in `reason`, and no basis."""
    store = Store(engine)
    decision = Decision(new_case=case)
    store.commit_without_message("case", decision, NOW)
    older = {"basis": None, "reason": OLD_SENTENCE}
    with engine.begin() as connection:
        connection.execute(update(tables.cases).values(**older))
    assert f"배정 이유: {OLD_SENTENCE}" in render_card(store.get_case(17), missions).details


def test_an_old_case_that_is_moved_has_facts_from_then_on(
    missions: Missions, case: Case, route: Route
) -> None:
    old = replace(case, basis=None, reason=OLD_SENTENCE)
    moved = reassign_case(old, route, Actor("slack:U1", "staff"), NOW, has_room=True).case
    assert (moved.basis, moved.reason) == ("area_2019", "")
    assert KOREAN in render_reason(moved, missions, "ko")


@pytest.mark.parametrize(
    ("language", "words"),
    [("ko", "담당자가"), ("en", "The person in charge"), ("vi", "Người phụ trách")],
)
def test_a_mission_that_staff_chose_is_said_to_be_theirs(
    missions: Missions, route: Route, language: Language, words: str
) -> None:
    chosen = replace(route, competent="vn-hcmc", mission="vn-hcmc", basis="staff")
    assert render_reason(chosen, missions, language).startswith(words)


def test_a_case_and_its_route_have_the_same_reason(
    missions: Missions, case: Case, route: Route
) -> None:
    for language in LANGUAGES:
        assert render_reason(case, missions, language) == render_reason(route, missions, language)


@pytest.mark.parametrize(
    ("typed", "language", "shown"),
    [
        ("다낭", "en", "Da Nang"),
        ("다낭", "ko", "다낭"),
        ("Da Nang", "ko", "Da Nang"),
        ("베트남", "en", "Vietnam"),
        ("독일", "vi", "Đức"),
    ],
)
def test_a_place_is_told_in_letters_that_its_reader_knows(
    typed: str, language: Language, shown: str, places: Gazetteer
) -> None:
    assert name_place(places.find_place(typed), language) == shown
