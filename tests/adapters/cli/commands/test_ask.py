"""`naru ask`: what a founder would read, and the object of the contract."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.phrases import render_phrase
from knowledge.types import Language
from tests.adapters.cli.conftest import AS_OF, RunCommand
from tests.samples.answers import make_answer, make_offer

KEYS = [
    "verdict", "language", "text", "confidence", "edition", "citations", "offers", "handover", "shown",
]  # fmt: skip
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


def test_it_prints_what_a_founder_reads_and_below_who_would_take_it(run: RunCommand) -> None:
    answered = run("ask", FREIGHT).out
    assert answered.startswith(render_phrase("founder.greeting", "ko"))
    assert "3천만 원" in answered and "\n[1] 나루청 · " in answered and "{" not in answered
    assert "\n▸ [1] 해결됐습니다  [2] 담당자가 필요합니다\n" in answered
    assert "→" not in answered  # nobody need take it
    last = run("ask", STUCK).out.splitlines()[-1]
    assert "주베트남대한민국대사관" in last and "긴급도 높음" in last and "vn-hanoi" not in last


def test_what_it_shows_is_what_the_json_has(run: RunCommand) -> None:
    for question in (FREIGHT, STUCK, "고마워요", "하노이에도 협의체 있어요?"):
        shown = "\n\n".join(run("ask", question, "--json", "--as-of", AS_OF).json["shown"])
        printed = run("ask", question, "--as-of", AS_OF).out
        assert printed.startswith(shown + "\n")


@pytest.mark.parametrize(
    ("language", "question"),
    [
        ("ko", "직원이 하노이 공항에서 체포됐어요"),
        ("en", "Our employee was detained at Hanoi airport"),
        ("vi", "Nhân viên của chúng tôi bị bắt giữ ở sân bay Hà Nội"),
    ],
)
def test_an_emergency_begins_with_what_to_do_and_says_that_no_case_was_opened(
    run: RunCommand, language: Language, question: str
) -> None:
    printed = run("ask", question).out
    assert printed.startswith(render_phrase("emergency.local", language))
    assert "+84-90-402-6126" in printed and render_phrase("ask.no_case", language) in printed
    assert render_phrase("founder.urgency_critical", language) in printed.splitlines()[-1]
    assert run("cases", "--json").out.strip() == "[]"


def test_a_place_that_a_case_waits_for_is_asked_and_no_case_is_opened(run: RunCommand) -> None:
    printed = run("ask", "방금 사기꾼 계좌로 돈을 보냈어요").out
    assert printed.startswith(render_phrase("emergency.fraud", "ko"))
    assert render_phrase("ask.no_case_yet", "ko") in printed


def test_small_talk_ends_with_the_reply(run: RunCommand) -> None:
    thanks = render_phrase("founder.thanks", "ko")
    assert run("ask", "고마워요").out.endswith(f"{thanks}\n")


def test_offers_are_numbered_lines_with_how_to_choose(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    offers = (make_offer("누가 신청하나요?"), make_offer("언제 신청하나요?"))
    unsure = make_answer("offered", offers=offers, confidence=0.4)
    monkeypatch.setattr("knowledge.chain.Chain.ask", lambda *_: unsure)
    shown = run("ask", FREIGHT).out
    assert "\n1. 누가 신청하나요? — 물류 바우처\n2. 언제 신청하나요? — 물류 바우처\n" in shown
    assert "\n▸ [3] " in shown  # none of these
    assert shown.index("`naru chat`") < shown.index("→ 사람에게 전하면: 국내 협의체 창구")
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
            json.dumps({"id": 3, "question": STUCK, "place": "호치민"},
                       ensure_ascii=False),
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
        assert 'no "question"' in errors[2] and "nowhere" in errors[3] and "fr" in errors[4]

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


def test_the_hours_that_a_body_has_set_are_those_a_founder_reads(
    run: RunCommand,
    own_library: Path,  # after `library` of this module, or the shared one is written in
) -> None:
    assert own_library.name == "data"
    assert run("hours", "vn-hanoi", "mon-fri 10:30-12:00,13:00-17:00").code == 0
    shown = run("ask", "하노이 대사관 근무시간은요", "--json", "--as-of", AS_OF).json["shown"]
    assert "10:30" in "\n".join(shown)
