"""Names, forwarded words and deletions on Slack, from one side to the other and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.harness.messenger_drivers import SlackPerson, SlackRoom, bind_room
from tests.harness.running_app import SLACK_ADMIN, AppFixtures, run_app, wait_until_idle
from tests.samples.stub_library import UNANSWERABLE_QUESTION
from tests.scenarios.slack.test_history import mina, open_claimed_case, room

__all__ = ["mina", "room"]  # fixtures
pytestmark = pytest.mark.usefixtures("hasty")


def test_names_forwarded_words_and_deletions_reach_the_other_side(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, mina: SlackPerson, room: SlackRoom
) -> None:
    slack.create_person("U3", "지민")
    slack.create_person(SLACK_ADMIN, "이영사")
    slack.create_channel("C9", "수출")
    with run_app(tmp_path, furniture, slack=slack) as house:
        case = open_claimed_case(house, mina, room)
        mina.says("<@U3>님이 <#C9>에서 <https://x.example/apply|apply> :pray:")
        case.hears("@지민님이 #수출에서 apply (https://x.example/apply) 🙏")
        slack.user_forwards(mina.channel, "2월 말까지 접수합니다", "U3", "이 글이 맞나요?")
        case.hears("지민: 2월 말까지 접수합니다")
        slack.user_uploads(mina.channel, "계획.pdf", b"%PDF-1", text="검토해 주십시오", stub=True)
        case.hears("검토해 주십시오")
        case.receives_file(b"%PDF-1")
        answer = case.says(f"<@{SLACK_ADMIN}>입니다. <!channel> :+1:")
        mina.hears("@이영사입니다. @channel 👍")
        slack.user_deletes(case.channel, answer)
        mina.hears("지웠습니다")
        slack.user_forwards(mina.channel, "이미 마감되었습니다", "U3")
        case.hears("전달한 글 (지민)")
        wait_until_idle(slack, house)
        assert not any("<@U" in text for text in (*mina.received_texts(), *case.received_texts()))


def test_a_question_deleted_before_a_case_does_not_come_into_it(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer, mina: SlackPerson, room: SlackRoom
) -> None:
    with run_app(tmp_path, furniture, slack=slack) as house:
        bind_room(house, "vn-hanoi", room)
        regretted = mina.says("지우고 싶은 말입니다. 오로라를 예약해 줍니까?")
        mina.hears("담당자")
        slack.user_deletes(mina.channel, regretted)
        mina.says(UNANSWERABLE_QUESTION)
        mina.hears("담당자", times=2)
        mina.says("담당자")
        mina.hears("어느 나라")
        mina.says("하노이")
        mina.hears("#1")
        case = room.wait_for_case()
        wait_until_idle(slack, house)
        assert UNANSWERABLE_QUESTION in str(case.received_texts())
        assert "지우고 싶은" not in str(case.received_texts())
