"""`naru ask`: the object of the contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.adapters.cli.conftest import AS_OF, RunCommand
from tests.samples.answers import make_answer, make_offer

KEYS = ["verdict", "language", "text", "confidence", "edition", "citations", "offers", "handover"]
CITATION = [
    "document", "title", "heading", "issuer", "url", "published", "effective_from", "expires",
    "page", "inferred", "quote",
]  # fmt: skip
HANDOVER = ["mission", "via", "body", "urgency", "reason"]
FREIGHT = "물류비는 얼마까지 지원하나요?"
STUCK = "다낭 세관이 우리 화장품 통관을 보류하고 있습니다. 풀어 주세요."

pytestmark = pytest.mark.usefixtures("library")


def test_an_answer_has_exactly_the_keys_of_the_contract(run: RunCommand) -> None:
    ran = run("ask", FREIGHT, "--json", "--as-of", AS_OF)
    found = ran.json
    assert (ran.code, ran.err) == (0, "")
    assert list(found) == KEYS
    assert (found["verdict"], found["language"], found["handover"]) == ("answered", "ko", None)
    assert found["edition"] == 1 and 0 < found["confidence"] <= 1
    assert "3천만 원" in found["text"] and "2026년 11월 21일" in found["text"]
    (first, *_) = found["citations"]
    assert list(first) == CITATION
    assert first["document"] == "freight" and first["url"] == "https://example.org/freight"
    assert first["published"] == "2026-10-01" and first["quote"] in found["text"]
    assert isinstance(first["heading"], list) and first["inferred"] == []
    assert (first["effective_from"], first["expires"], first["page"]) == (None, None, None)


def test_what_is_not_answered_outright_names_who_takes_it(run: RunCommand) -> None:
    found = run("ask", STUCK, "--json", "--as-of", AS_OF).json
    assert found["verdict"] == "offered" and found["citations"] == []
    way = found["handover"]
    assert list(way) == HANDOVER
    assert (way["mission"], way["via"], way["body"]) == ("vn-hanoi", "same_country", "confirmed")
    assert way["urgency"] == "high" and "다낭" in way["reason"]


def test_place_language_and_moment_can_be_given(run: RunCommand) -> None:
    asked = (
        "ask",
        "Nhờ tìm kho lạnh để thuê cho lô hàng xuất khẩu hôm nay",
        "--place",
        "Ho Chi Minh City",
        "--lang",
        "vi",
        "--json",
    )
    found = run(*asked).json
    assert found["language"] == "vi" and found["handover"]["mission"] == "vn-hcmc"
    closed = "해외인증 1차 모집은 언제까지 신청하나요?"
    verdicts = [
        run("ask", closed, "--json", "--as-of", f"{day}T10:00+09:00").json["verdict"]
        for day in ("2026-03-15", "2026-11-21")
    ]
    assert verdicts == ["answered", "expired"]


def test_a_closed_notice_shows_its_day(run: RunCommand) -> None:
    closed = "해외인증 1차 모집은 언제까지 신청하나요?"
    found = run("ask", closed, "--json", "--as-of", AS_OF).json
    assert found["citations"][0]["expires"] == "2026-03-31" and found["handover"] is not None


def test_for_people_it_prints_text_sources_and_who_takes_it(run: RunCommand) -> None:
    answered = run("ask", FREIGHT)
    assert "3천만 원" in answered.out and "[1] 나루청 · " in answered.out
    assert "https://example.org/freight" in answered.out and "{" not in answered.out
    assert "→ vn-hanoi" in run("ask", STUCK).out


def test_offers_are_numbered_lines_with_how_to_choose(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = (make_offer("누가 신청하나요?"), make_offer("언제 신청하나요?"))
    unsure = make_answer("offered", offers=offers, confidence=0.4)
    monkeypatch.setattr("knowledge.chain.Chain.ask", lambda *_: unsure)
    shown = run("ask", FREIGHT).out
    assert "\n1. 누가 신청하나요? — 물류 바우처\n2. 언제 신청하나요? — 물류 바우처\n" in shown
    assert shown.index("`naru chat`") < shown.index("→ domestic")  # who takes over if none fits
    found = run("ask", FREIGHT, "--json").json
    assert (found["verdict"], found["handover"]["mission"]) == ("offered", "domestic")
    assert found["offers"][1] == {
        "document": "d", "heading": ["물류 바우처", "언제 신청하나요?"], "confidence": 0.4,
    }  # fmt: skip


class TestBatch:
    """JSON lines in, one object with the same id a line out, in order."""

    def test_order_and_ids_are_kept_and_a_bad_line_stops_nothing(
        self, run: RunCommand, tmp_path: Path
    ) -> None:
        lines = [
            json.dumps({"id": "q-1", "question": FREIGHT}, ensure_ascii=False),
            "this is not JSON",
            "",
            json.dumps({"id": 3, "question": "창고 임대", "place": "호치민"}, ensure_ascii=False),
            json.dumps(["a", "list"]),
            json.dumps({"id": "q-5"}),
            json.dumps({"id": "q-6", "question": "x", "place": "nowhere at all qq"}),
            json.dumps({"id": "q-7", "question": "창고", "lang": "fr"}, ensure_ascii=False),
            json.dumps({"question": "원산지 증명은\u2028어디에 물어보나요?", "lang": "ko"},
                       ensure_ascii=False),
        ]  # fmt: skip
        path = tmp_path / "questions.jsonl"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        ran = run("ask", "--batch", str(path), "--json", "--as-of", AS_OF)
        assert ran.code == 0
        found = ran.lines
        assert [one["id"] for one in found] == [
            "q-1", None, 3, None, "q-5", "q-6", "q-7", None,
        ]  # fmt: skip
        answers = [found[0], found[2], found[7]]
        assert all(list(one) == ["id", *KEYS] for one in answers)
        assert found[0]["verdict"] == found[7]["verdict"] == "answered"
        assert found[2]["handover"]["mission"] == "vn-hcmc"
        errors = [found[i]["error"] for i in (1, 3, 4, 5, 6)]
        assert "line 2" in errors[0] and "line 5" in errors[1]
        assert "no question" in errors[2] and "nowhere" in errors[3] and "fr" in errors[4]

    def test_a_file_with_a_byte_order_mark_is_read(self, run: RunCommand, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_text('{"id": 1, "question": "???"}', encoding="utf-8-sig")
        assert run("ask", "--batch", str(path)).lines[0]["id"] == 1

    def test_an_empty_file_prints_nothing(self, run: RunCommand, tmp_path: Path) -> None:
        path = tmp_path / "questions.jsonl"
        path.write_text("\n\n")
        ran = run("ask", "--batch", str(path))
        assert (ran.code, ran.out) == (0, "")

    def test_a_file_that_is_not_there_is_one_line(self, run: RunCommand) -> None:
        ran = run("ask", "--batch", "nowhere.jsonl", "--json")
        assert ran.code == 1 and "nowhere.jsonl cannot be read" in ran.json["error"]
