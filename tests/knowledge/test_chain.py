"""From a question to an Answer."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from knowledge.chain import Chain
from knowledge.errors import LibraryMissing
from knowledge.retrieval.edition import Edition
from knowledge.types import Answer, Exchange
from tests.knowledge.conftest import MakeQuestion
from tests.samples import small_library

OBVIOUS = [
    ("물류비는 얼마까지 지원하나요?", "freight", "3천만 원"),
    ("How much freight support is there?", "freight-en", "KRW 30 million"),
    ("원산지 증명은 어디에 물어보나요?", "origin", "1380"),
    ("Who collects unpaid export money for us?", "debt-en", "8 percent"),
    ("Hoàn thuế giá trị gia tăng mất bao lâu?", "refund-vi", "40 ngày"),
]


@pytest.mark.parametrize(("text", "document", "said"), OBVIOUS)
def test_an_obvious_question_is_answered_from_its_document(
    chain: Chain, question: MakeQuestion, text: str, document: str, said: str
) -> None:
    answer = chain.ask(question(text))
    assert answer.verdict == "answered" and said in answer.text
    assert {citation.document for citation in answer.citations} == {document}
    assert answer.language == question(text).language
    assert 0 < answer.confidence <= 1 and answer.edition == 1


@pytest.mark.parametrize(("text", "document", "said"), OBVIOUS)
def test_every_quote_stands_in_a_passage_to_the_letter_and_is_numbered(
    chain: Chain, edition: Edition, question: MakeQuestion, text: str, document: str, said: str
) -> None:
    answer = chain.ask(question(text))
    texts = [p.text for p in edition.passages if p.document.id == document]
    for number, citation in enumerate(answer.citations, 1):
        assert any(citation.quote in passage for passage in texts)
        assert f"{citation.quote.strip()} [{number}]" in answer.text
    assert len(re.findall(r"\[\d+\]", answer.text)) == len(answer.citations)


def test_a_citation_tells_issuer_heading_link_and_dates(
    chain: Chain, question: MakeQuestion
) -> None:
    (citation, *_) = chain.ask(question("원산지 증명은 어디에 물어보나요?")).citations
    assert (citation.issuer, citation.title) == ("나루세관", "원산지 상담")
    assert citation.heading[-1] == "원산지 증명은 어디에 물어보나요?"
    assert (citation.url, citation.published) == ("https://example.org/origin", "2026-04-02")


def test_no_link_appears_that_no_source_has(chain: Chain, question: MakeQuestion) -> None:
    known = {f"https://example.org/{name}" for name in (*small_library.DOCUMENTS, "debt", "refund")}
    for text, _, _ in OBVIOUS:
        answer = chain.ask(question(text))
        assert {citation.url for citation in answer.citations} <= known
        assert "http" not in answer.text


@pytest.mark.parametrize(
    ("text", "document"),
    [
        ("부가가치세 환급은 며칠 걸리나요?", "refund-vi"),
        ("Where can I ask about certificates of origin?", "origin"),
    ],
)
def test_a_question_finds_its_answer_in_another_language(
    chain: Chain, question: MakeQuestion, text: str, document: str
) -> None:
    answer = chain.ask(question(text))
    if answer.verdict == "offered":  # across languages it is seldom sure enough to be said
        assert answer.offers[0].document == document
        answer = chain.show_section(question(text), answer.offers[0])
    assert answer.verdict == "answered"
    assert [citation.document for citation in answer.citations][:1] == [document]
    quoted = "\n".join(citation.quote for citation in answer.citations)
    assert answer.key_terms and all(word in quoted for word in answer.key_terms)
    assert not chain.ask(question(OBVIOUS[0][0])).key_terms  # nothing to say in one's own language


@pytest.mark.parametrize(
    "text",
    [
        "오로라 관측 여행 항공권을 예약해 주세요",
        "What is the best pizza in town?",
        "Thời tiết ở Huế ngày mai thế nào?",
        "???",
        "",
    ],
)
def test_what_no_document_says_is_not_answered(
    chain: Chain, question: MakeQuestion, text: str
) -> None:
    answer = chain.ask(question(text))
    assert answer.verdict in ("no_evidence", "out_of_scope")
    assert answer.text == "" and answer.citations == ()


class TestTheDayCounts:
    """Expired and superseded documents never answer as if in force."""

    CLOSED = "해외인증 1차 모집은 언제까지 신청하나요?"

    def test_within_its_days_a_notice_answers(self, chain: Chain, question: MakeQuestion) -> None:
        for day in ("2026-03-02", "2026-03-31"):
            answer = chain.ask(question(self.CLOSED, day))
            assert answer.verdict == "answered" and "3월 31일" in answer.text

    def test_after_them_it_is_named_as_closed(self, chain: Chain, question: MakeQuestion) -> None:
        for day in ("2026-04-01", "2026-11-21"):
            answer = chain.ask(question(self.CLOSED, day))
            assert answer.verdict == "expired"
            assert [c.document for c in answer.citations] == ["certificate"]
            assert str(answer.citations[0].expires) == "2026-03-31"

    def test_before_them_it_does_not_answer_yet(self, chain: Chain, question: MakeQuestion) -> None:
        assert chain.ask(question(self.CLOSED, "2026-03-01")).verdict != "answered"

    def test_the_newer_document_answers_for_the_one_it_supersedes(
        self, chain: Chain, question: MakeQuestion
    ) -> None:
        answer = chain.ask(question("2025년 물류바우처는 얼마까지 지원했나요?"))
        assert not (answer.verdict == "answered" and "2천만" in answer.text)

    def test_no_answer_rests_on_a_document_out_of_force(
        self, chain: Chain, edition: Edition, question: MakeQuestion
    ) -> None:
        for day in ("2025-06-01", "2026-03-15", "2026-11-21"):
            for text in (self.CLOSED, "물류비는 얼마까지 지원하나요?", "인증비 지원"):
                answer = chain.ask(question(text, day))
                documents = [edition.documents[c.document] for c in answer.citations]
                on = question(text, day).as_of.date()
                in_force = all(edition.is_in_force(document, on) for document in documents)
                assert in_force or answer.verdict == "expired"

    def test_a_superseded_document_does_not_come_back_when_the_newer_one_expires(
        self, tmp_path: Path, question: MakeQuestion
    ) -> None:
        app = small_library.make_extended_app(
            tmp_path,
            {
                "old": "## 부두 사용료는 얼마인가요?\n나루 부두 사용료는 하루 5만 원입니다.\n",
                "new": "---\nid: new\nsupersedes: [old.md]\nexpires: 2026-06-30\n---\n"
                "## 부두 사용료는 얼마인가요?\n나루 부두 사용료는 하루 7만 원입니다.\n",
            },
        )
        asked = "나루 부두 사용료는 얼마인가요?"
        assert "7만 원" in app.chain.ask(question(asked, "2026-06-30")).text
        assert app.chain.ask(question(asked, "2026-07-01")).verdict == "expired"
        app.engine.dispose()


def test_a_citation_tells_what_was_inferred(tmp_path: Path, question: MakeQuestion) -> None:
    section = "## 부두 사용료는 얼마인가요?\n나루 부두 사용료는 하루 5만 원입니다.\n"
    notice = f"# 부두 공고\n공고일: 2026. 3. 5.\n접수기간: 2026. 3. 9. ~ 12. 31.\n{section}"
    app = small_library.make_extended_app(tmp_path, {"notice": notice})
    (citation, *_) = app.chain.ask(question("나루 부두 사용료는 얼마인가요?")).citations
    assert (citation.document, citation.published) == ("notice.md", "2026-03-05")
    assert str(citation.expires) == "2026-12-31"
    assert citation.inferred == ("published", "expires")
    source = "출처: https://example.org/quay (2026-02-01)\n"
    (tmp_path / "more" / "notice.md").write_text(notice + source, encoding="utf-8")
    app.ingest.apply(app.ingest.plan([tmp_path / "more"]), note="sourced", now=small_library.NOW)
    app.engine.dispose()
    app = small_library.make_app(tmp_path / "data")
    (citation, *_) = app.chain.ask(question("나루 부두 사용료는 얼마인가요?")).citations
    assert (citation.published, citation.inferred) == ("2026-02-01", ("expires",))
    app.engine.dispose()


def test_whether_one_can_still_apply_comes_first(tmp_path: Path, question: MakeQuestion) -> None:
    app = small_library.make_extended_app(tmp_path, {"pier": small_library.PIER})
    answer = app.chain.ask(question("부두 임대료 300만 원 지원 오늘 신청되나요?"))
    assert answer.verdict == "answered"
    assert answer.text.startswith("아니요, 2026년 모집은") and "300만 원까지" in answer.text
    asked = app.chain.ask(question("부두 임대료는 얼마까지 지원하나요?"))
    assert asked.text.startswith("부두 임대료는 300만 원까지")
    app.engine.dispose()


class TestFollowUps:
    """A short question leans on the one before it; a whole one stands alone."""

    BEFORE = (Exchange("나루 물류바우처는 누가 신청하나요?", "…", ("freight",)),)

    def test_a_follow_up_uses_the_conversation(self, chain: Chain, question: MakeQuestion) -> None:
        alone = chain.ask(question("그럼 얼마까지 돼요?"))
        assert alone.verdict != "answered"
        answer = chain.ask(question("그럼 얼마까지 돼요?", turns=self.BEFORE))
        assert answer.verdict == "answered" and "3천만 원" in answer.text
        assert "물류바우처" in answer.query and "얼마까지" in answer.query

    def test_so_it_does_in_english(self, chain: Chain, question: MakeQuestion) -> None:
        turns = (Exchange("Is there a Naru freight voucher?", "…", ("freight-en",)),)
        answer = chain.ask(question("How much is it?", turns=turns))
        assert "KRW 30 million" in answer.text

    def test_a_question_that_is_repeated_does_not_lean_on_itself(
        self, chain: Chain, question: MakeQuestion
    ) -> None:
        text = "그럼 얼마까지 돼요?"
        assert chain.ask(question(text, turns=(Exchange(text, "…", ()),))).query == text

    def test_a_whole_question_does_not_drift(self, chain: Chain, question: MakeQuestion) -> None:
        text = "원산지 증명은 어디에 물어보나요?"
        answer = chain.ask(question(text, turns=self.BEFORE))
        assert answer.query == text
        assert {citation.document for citation in answer.citations} == {"origin"}


def test_the_findings_tell_why(chain: Chain, question: MakeQuestion) -> None:
    answer: Answer = chain.ask(question("오로라 물류비"))
    assert answer.findings
    assert all(0 <= one.score <= 1 and one.features for one in answer.findings)


def test_an_empty_library_is_an_error_that_names_the_remedy(
    tmp_path: Path, question: MakeQuestion
) -> None:
    app = small_library.make_app(tmp_path)
    with pytest.raises(LibraryMissing, match="naru ingest"):
        app.chain.ask(question("물류비"))
    app.engine.dispose()


def test_with_another_library_the_answer_is_another(tmp_path: Path, question: MakeQuestion) -> None:
    shutil.copytree(small_library.prepare_data(), tmp_path / "data")
    app = small_library.make_app(tmp_path / "data")
    documents = small_library.write_documents(tmp_path / "documents")
    changed = documents / "freight.md"
    changed.write_text(changed.read_text("utf-8").replace("3천만", "7천만"), "utf-8")
    app.ingest.apply(app.ingest.plan([documents]), note="changed", now=small_library.NOW)
    answer = app.chain.ask(question("물류비는 얼마까지 지원하나요?"))
    assert "7천만 원" in answer.text and "3천만" not in answer.text and answer.edition == 2
    app.engine.dispose()


def test_two_askers_at_once_get_their_own_answers(chain: Chain, question: MakeQuestion) -> None:
    from concurrent.futures import ThreadPoolExecutor

    def said(one: tuple[str, str, str]) -> bool:
        return one[2] in chain.ask(question(one[0])).text

    with ThreadPoolExecutor(5) as pool:
        assert all(pool.map(said, OBVIOUS * 3))
