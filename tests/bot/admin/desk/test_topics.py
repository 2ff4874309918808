"""The one list of topics, and the topic of a case."""

from __future__ import annotations

import pytest

from bot.admin.desk.topics import (
    TopicFinder,
    asks_for_programme,
    is_library_gap,
    load_topics,
)
from bot.founder.reading.triage import TRIAGE_FILE
from bot.phrases import render_phrase
from knowledge.text.concepts import GLOSSARY_FOLDER
from knowledge.text.glossary import Glossary
from knowledge.text.yaml_text import parse_yaml
from tests.samples.records import make_case
from tests.samples.small_library import load_glossary


@pytest.fixture(scope="module")
def warm() -> Glossary:
    return load_glossary()


def test_every_file_of_the_glossary_and_every_incident_has_its_topic() -> None:
    topics = load_topics()
    files = {path.stem for path in GLOSSARY_FOLDER.glob("*.csv")}
    assert files == {*topics.by_field, *topics.silent}
    incidents = parse_yaml(TRIAGE_FILE.read_text(encoding="utf-8"))["incidents"]
    assert set(incidents) == set(topics.by_incident)


@pytest.mark.parametrize(("question", "language", "topic"), [
    ("부가세 환급은 언제 되나요?", "ko", "tax"),
    ("부가세 환급 지원사업이 있나요?", "ko", "tax"),
    ("수출바우처는 어떻게 신청하나요?", "ko", "programme"),
    ("바이어가 물품대금을 석 달째 안 줍니다", "ko", "payment"),
    ("워크퍼밋 비자 연장이 필요합니다", "ko", "visa"),
    ("상표권 등록과 특허 출원", "ko", "ip"),
    ("How do I get a VAT refund?", "en", "tax"),
    ("안녕하세요", "ko", "unclassified"),
    ("하노이 법인의 부가세 환급을 넉 달째 못 받고 있습니다", "ko", "tax"),  # an authority acts, on tax
    ("비자가 취소됐습니다", "ko", "visa"),
    ("공문이 왔는데 금요일까지 답하래요", "ko", "law"),
    ("현지 유통사가 독점 판매 계약을 어기고 경쟁사 제품을 팝니다", "ko", "law"),
    ("총판이 독점 계약을 안 지킵니다", "ko", "law"),
    ("대리점 계약을 해지하려고 합니다", "ko", "law"),
    ("수출 계약서는 어떻게 쓰나요?", "ko", "export"),
    ("바이어가 계약을 위반하고 물품대금을 안 줍니다", "ko", "payment"),
    ("Our distributor broke the exclusive agreement", "en", "law"),
    ("Nhà phân phối vi phạm hợp đồng độc quyền", "vi", "law"),
])  # fmt: skip
def test_the_topic_of_a_question(warm: Glossary, question: str, language: str, topic: str) -> None:
    assert TopicFinder(warm).find(make_case(question=question, language=language)) == topic


@pytest.mark.parametrize(("key", "is_gap"), [
    ("found_nothing", True), ("found_weak", True), ("found_offered", True),
    ("found_expired", True), ("found_answered", False), ("found_chosen", False),
    ("found_people", False), ("found_failed", False),
])  # fmt: skip
def test_what_no_document_answered_is_told_by_the_finding(key: str, is_gap: bool) -> None:
    for title in ("부가세 환급 안내", "수출 바우처"):  # with and without a final consonant
        found = render_phrase(
            f"staff.{key}", "ko", title=title, heading=title, confidence=30, sections=title,
            expires="2026-01-01",
        )  # fmt: skip
        assert is_library_gap(make_case(found=found)) is is_gap


@pytest.mark.parametrize(("question", "asks"), [
    ("물류비 지원사업이 있나요?", True), ("Is there any grant for trade fairs?", True),
    ("Có chương trình hỗ trợ nào không?", True), ("세관이 물건을 잡고 있습니다", False),
])  # fmt: skip
def test_a_question_asks_for_a_programme_by_its_words(question: str, asks: bool) -> None:
    assert asks_for_programme(make_case(question=question)) is asks
