"""Plans and editions in words."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from adapters.slack.limits import SLACK_LIMITS
from adapters.telegram.limits import TELEGRAM_LIMITS
from bot.admin import plan_text
from bot.admin.library_service import DocumentChange, EditionSummary, PlanSummary
from bot.delivery.splitting import split_messages
from bot.messages import Address, Outgoing
from knowledge.types import LANGUAGES, Language

NOTICE = DocumentChange(
    "created",
    "수출바우처 공고",
    "중소벤처기업부",
    "2026-10",
    None,
    date(2026, 12, 18),
    ("expires",),
)
PLANNED = PlanSummary("0a1b2c3d", "0123456789ab", (NOTICE,), (), 12)
EDITION = EditionSummary(
    7, datetime(2026, 11, 21, 15, 30, tzinfo=UTC), "공고.hwp", {"documents": 4}, True
)


def test_a_plan_names_what_is_known_and_marks_what_was_inferred() -> None:
    body = plan_text.render_plan(PLANNED, "ko", "plan")
    assert body.text.splitlines()[2:] == [
        "[신규] 수출바우처 공고",
        "  발행 중소벤처기업부 · 게시 2026-10 · 만료 2026-12-18(본문에서 추정)",
        "",
        "새로 색인할 글 12개",
    ]
    assert [[button.key for button in row] for row in body.buttons] == [
        ["library:apply:0a1b2c3d:0123456789ab", "library:discard:0a1b2c3d"]
    ]
    assert all(len(button.key.encode()) <= 64 for row in body.buttons for button in row)


def test_what_is_withdrawn_or_replaced_is_said() -> None:
    other = DocumentChange("updated", "새 공고", replaces="옛 공고")
    text = plan_text.render_plan(
        replace(PLANNED, changes=(DocumentChange("withdrawn", "지난 공고"), other)), "ko", "plan"
    ).text
    assert "[철회] 지난 공고\n[변경] 새 공고\n  발행 기관과 날짜를 알 수 없습니다." in text
    assert "  다른 파일의 문서 “옛 공고”를 대신합니다." in text


def test_golden_questions_that_are_answered_otherwise_are_listed() -> None:
    text = plan_text.render_plan(replace(PLANNED, questions=("얼마인가요?",)), "ko", "plan").text
    assert text.endswith("답이 달라지는 시험 질문\n· 얼마인가요?")


def test_a_plan_that_does_nothing_offers_nothing() -> None:
    nothing = replace(PLANNED, changes=())
    assert (
        plan_text.render_plan(nothing, "en", "plan").text
        == "It is already in. Nothing would change."
    )
    refused = replace(nothing, refused=(("x.pdf", "it is locked."),))
    body = plan_text.render_plan(refused, "en", "plan")
    assert body.text == "There is no document to bring in.\n\nNot taken\n· x.pdf: it is locked."
    assert body.buttons == ()


LIMITS = {"telegram": TELEGRAM_LIMITS, "slack": SLACK_LIMITS}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", sorted(LIMITS))
def test_a_plan_of_any_size_goes_out_with_its_buttons_last(
    language: Language, channel: str
) -> None:
    paper = replace(NOTICE, title="가" * 500, issuer="나" * 500, replaces="다" * 500)
    why = "it is locked with a password. Save it without one, then ingest it again. " * 3
    refused = tuple((f"{number}.pdf", why) for number in range(100))
    body = plan_text.render_plan(
        replace(PLANNED, changes=(paper,) * 100, refused=refused), language, "plan"
    )
    assert body.text.count("80") == 2  # the others are counted
    parts = split_messages([Outgoing(Address(channel, "1"), body)], LIMITS)
    assert len(parts) < 10
    assert [bool(part.content.buttons) for part in parts] == [False] * (len(parts) - 1) + [True]


def test_an_edition_is_a_line_in_seouls_time() -> None:
    line = plan_text.render_edition(EDITION, "ko")
    assert line == (
        "7판 · 2026-11-22 00:30 · 공고.hwp · 문서 4건, 대목 0개 (신규 0, 변경 0, 철회 0) "
        "← 지금 답하는 판"
    )
    assert plan_text.render_edition(replace(EDITION, active=False), "ko").endswith("철회 0)")


def test_what_is_to_be_known_of_a_taken_file_is_said_before_it_is_applied() -> None:
    noted = replace(PLANNED, notes=(("공고.pdf", "pages 2 and 3 are scanned and were not read"),))
    body = plan_text.render_plan(noted, "ko", "plan")
    assert (
        "확인이 필요한 파일\n· 공고.pdf: pages 2 and 3 are scanned and were not read" in body.text
    )


def test_issuers_and_addresses_that_change_stand_first() -> None:
    moved = ("수출바우처", "issuer", "KOTRA", ""), ("수출바우처", "url", "", "https://a.kr")
    text = plan_text.render_plan(replace(PLANNED, identity_changes=moved), "ko", "plan").text
    assert text.splitlines()[2:6] == [
        "발행 기관이나 주소가 바뀌는 문서입니다. 먼저 확인해 주십시오.",
        "· 수출바우처: 발행 KOTRA → (없음)",
        "· 수출바우처: 주소 (없음) → https://a.kr",
        "",
    ]
