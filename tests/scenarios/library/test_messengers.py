"""What only one messenger has: albums and answers on Telegram, many files and slashes on Slack."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.admin_harness import (
    PLAN_HEADING,
    AdminHarness,
    render_markdown,
    run_slack_admin,
    run_telegram_admin,
)
from tests.harness.running_app import SLACK_ADMIN, TELEGRAM_ADMIN, AppFixtures

pytestmark = pytest.mark.usefixtures("hasty")


@pytest.fixture
def on_telegram(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> Iterator[AdminHarness]:
    with run_telegram_admin(tmp_path, furniture, telegram) as desk:
        yield desk


@pytest.fixture
def on_slack(tmp_path: Path, furniture: AppFixtures, slack: SlackServer) -> Iterator[AdminHarness]:
    with run_slack_admin(tmp_path, furniture, slack) as desk:
        yield desk


def test_an_answer_to_a_file_ingests_it(
    on_telegram: AdminHarness, telegram: TelegramServer
) -> None:
    update = telegram.user_sends_file(TELEGRAM_ADMIN, "운임.md", render_markdown())
    on_telegram.admin.hears("파일")  # as a founder's, until it is answered with /ingest
    telegram.user_says(TELEGRAM_ADMIN, "/ingest", reply_to=telegram.find_message_id(update))
    on_telegram.admin.hears(PLAN_HEADING)


@pytest.mark.parametrize("first", ["/ingest"])
def test_the_files_of_an_album_are_one_plan(
    on_telegram: AdminHarness, telegram: TelegramServer, first: str | None
) -> None:
    if first is None:
        on_telegram.sends_command("ingest")
        on_telegram.admin.hears("문서 파일에 /ingest를 붙여")
    for number in range(3):
        telegram.user_sends_file(
            TELEGRAM_ADMIN, f"{number}.md", render_markdown(f"f{number}"),
            caption=first if number == 0 else None, album="77",
        )  # fmt: skip
    plan = on_telegram.admin.hears(PLAN_HEADING)
    assert [f"안내 f{number}" in plan for number in range(3)] == [True] * 3
    on_telegram.wait_until_idle()
    heard = on_telegram.admin.received_texts()
    assert sum(PLAN_HEADING in text for text in heard) == sum("읽고" in text for text in heard) == 1
    on_telegram.presses("apply")
    assert "신규 3" in on_telegram.admin.hears("이제 2판으로 답합니다")


def test_a_file_too_large_for_telegram_is_not_fetched(
    on_telegram: AdminHarness, telegram: TelegramServer
) -> None:
    telegram.user_sends_file(
        TELEGRAM_ADMIN, "huge.pdf", b"x", caption="/ingest", size=21 * 1024 * 1024
    )
    assert "huge.pdf: 20 MB를 넘어" in on_telegram.admin.hears("반영할 문서가 없습니다")
    assert telegram.calls_of("getFile") == []


def test_several_files_of_one_slack_message_are_one_plan(
    on_slack: AdminHarness, slack: SlackServer
) -> None:
    with slack.change():
        ids = []
        for number in range(2):
            content = render_markdown(f"f{number}")
            stored = slack.work.store_file(
                f"{number}.md", content, SLACK_ADMIN, len(content), "text/plain"
            )
            ids.append(stored.id)
    slack.user_says(slack.open_dm(SLACK_ADMIN), "/naru ingest", SLACK_ADMIN, files=ids)
    plan = on_slack.admin.hears(PLAN_HEADING)
    assert "안내 f0" in plan and "안내 f1" in plan


def test_the_slash_command_waits_for_the_next_file(
    on_slack: AdminHarness, slack: SlackServer
) -> None:
    slack.user_runs("/naru", "ingest", slack.open_dm(SLACK_ADMIN), SLACK_ADMIN)
    on_slack.admin.hears("문서 파일에 ‘자료 올리기’를 붙여")
    on_slack.admin.uploads("운임.md", render_markdown(), "text/markdown")
    on_slack.admin.hears(PLAN_HEADING)
