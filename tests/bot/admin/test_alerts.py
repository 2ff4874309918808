"""Where an admin is told of a source that cannot be read, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.admin.alerts import find_private_chat, report_source_problem
from bot.types import Address, Conversation, Decision
from knowledge.types import LANGUAGES, Language
from tests.samples.records import make_conversation, phrase, texts_of

TELEGRAM = make_conversation()
GROUP = replace(TELEGRAM, key="telegram:-5", chat="-5")
SLACK = Conversation("slack:D1", "slack", "D1", None, "U1", "en")
THREAD = replace(SLACK, key="slack:D1:9", thread="9")
CHANNEL = replace(SLACK, key="slack:C1", chat="C1")


@pytest.mark.parametrize(
    ("conversations", "private"),
    [
        ([GROUP, TELEGRAM], TELEGRAM),
        ([CHANNEL, THREAD, SLACK], SLACK),
        ([GROUP, CHANNEL, THREAD], None),
        ([], None),
    ],
)
def test_the_private_chat_is_found(
    conversations: list[Conversation], private: Conversation | None
) -> None:
    assert find_private_chat(conversations) == private


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("day", ["2026-11-20", ""])
def test_each_admin_reads_of_the_problem_in_their_language(language: Language, day: str) -> None:
    chat = replace(TELEGRAM, language=language)
    decision = report_source_problem(
        [chat, SLACK], name="공고", owner="운영팀", problem="404", read=day
    )
    told = phrase(
        "staff.source_problem", language, name="공고", owner="운영팀", problem="404",
        read=day or phrase("staff.never_read", language),
    )  # fmt: skip
    assert texts_of(decision.outgoing)[0] == told
    assert [one.to for one in decision.outgoing] == [
        Address("telegram", "1001"),
        Address("slack", "D1"),
    ]


def test_without_a_chat_no_one_is_told() -> None:
    assert report_source_problem([], name="", owner="", problem="", read="") == Decision()
