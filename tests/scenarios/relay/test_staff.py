"""Who speaks for a mission in its room, and rooms that are left, on either messenger."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    Person,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
)
from tests.harness.running_app import (
    SLACK_ADMIN,
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    run_app,
    wait_until_idle,
)

OLD, NEW = -1001000000001, -1001000000002
NEWCOMER = 4242
pytestmark = pytest.mark.usefixtures("hasty")


def open_case(founder: Person, say_human: Callable[[], object]) -> None:
    say_human()
    founder.hears("어느 나라, 어느 도시의 일입니까?")
    founder.says("베트남 하노이")
    founder.hears("접수번호 #1")


def held_back(house: RunningApp, founder: Person, heard: int) -> None:
    """Nothing reached the founder or the record, and nobody took the case."""
    assert len(founder.received_texts()) == heard
    assert house.app.store.get_case(1).state == "routed"
    assert len(house.app.store.list_lines(1)) == 1


def test_on_telegram_newcomers_and_anonymous_admins_are_held_back_until_they_are_named(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(OLD, username="hanoi_public")
    telegram.create_forum(NEW)
    mina, admin = TelegramPerson(telegram, 1001), TelegramPerson(telegram, NEW, TELEGRAM_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        public = TelegramPerson(telegram, OLD, TELEGRAM_ADMIN)
        public.sends_command("bind vn-hanoi")
        public.hears("공개 방은 연결할 수 없습니다")
        admin.sends_command("bind vn-hanoi")
        admin.hears("연결했습니다")
        open_case(mina, lambda: mina.sends_command("human"))
        room = TelegramRoom(telegram, NEW, TELEGRAM_ADMIN)
        lead = room.wait_for_case()
        newcomer = replace(lead, user=NEWCOMER)
        heard = len(mina.received_texts())
        newcomer.says("제가 답하겠습니다")
        lead.hears("아직 이 공관의 담당자로 등록되지 않아")
        newcomer.says("또 씁니다")
        newcomer.sends_command("claim")
        telegram.admin_says_anonymously(NEW, "익명으로 답합니다", lead.thread)
        lead.hears("익명 관리자의 글은")
        wait_until_idle(telegram, house)
        held_back(house, mina, heard)
        lines = [text for text in lead.received_texts() if "등록되지 않아" in text]
        assert len(lines) == 1
        lead.presses(f"admit:{NEWCOMER}")
        lead.hears("담당자로 등록했습니다")
        newcomer.sends_command("seat lawyer")
        lead.hears("요청했습니다")
        lead.presses(f"seat:lawyer:{NEWCOMER}")
        lead.hears("역할: 변호사")
        newcomer.says("이제 답합니다")
        assert "변호사" in mina.hears("이제 답합니다")
        lead.sends_command(f"staff remove {NEWCOMER}")
        lead.hears("명단에서 뺐습니다")
        newcomer.says("아직 답합니다")
        lead.hears("등록되지 않아", 2)
        wait_until_idle(telegram, house)
        assert not any("아직 답합니다" in text for text in mina.received_texts())


def test_on_telegram_an_album_under_a_note_stays_with_staff(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(NEW)
    mina, admin = TelegramPerson(telegram, 1001), TelegramPerson(telegram, NEW, TELEGRAM_ADMIN)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        admin.sends_command("bind vn-hanoi")
        admin.hears("연결했습니다")
        open_case(mina, lambda: mina.sends_command("human"))
        lead = TelegramRoom(telegram, NEW, TELEGRAM_ADMIN).wait_for_case()
        for number, caption in enumerate(("// 내부 검토용", None, None)):
            telegram.user_sends_file(
                NEW, f"{number}.pdf", b"internal %d" % number, caption=caption, album="77",
                user_id=TELEGRAM_ADMIN, thread=lead.thread,
            )  # fmt: skip
        lead.hears("메모로 남겼습니다")
        wait_until_idle(telegram, house)
        assert mina.files() == []
        note = house.app.store.list_lines(1)[-1]
        assert (note.author, len(note.files)) == ("note", 3)


def test_on_slack_guests_and_externals_are_never_staff(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer
) -> None:
    slack.create_channel("C0OPEN")
    slack.create_channel("C0HANOI", private=True)
    slack.create_outsider("U0GUEST", "guest", "is_ultra_restricted")
    slack.create_outsider("U0LINDA", "linda", "is_stranger")
    slack.create_person("U0KIM", "kim")
    mina = SlackPerson(slack, slack.open_dm())
    with run_app(tmp_path, furniture, slack=slack) as house:
        slack.user_runs("/naru", "bind vn-hanoi", "C0OPEN", user=SLACK_ADMIN)
        SlackPerson(slack, "C0OPEN").hears("공개 방은 연결할 수 없습니다")
        slack.user_runs("/naru", "bind vn-hanoi", "C0HANOI", user=SLACK_ADMIN)
        SlackPerson(slack, "C0HANOI").hears("연결했습니다")
        open_case(mina, lambda: mina.says("담당자"))
        lead = SlackRoom(slack, "C0HANOI", SLACK_ADMIN).wait_for_case()
        heard = len(mina.received_texts())
        for user in ("U0GUEST", "U0LINDA"):
            replace(lead, user=user).says(f"저는 {user}입니다")
        lead.hears("게스트여서 담당자가 될 수 없습니다", 2)
        replace(lead, user="U0KIM").says("저는 kim입니다")
        lead.hears("등록되지 않아")
        wait_until_idle(slack, house)
        held_back(house, mina, heard)
        assert lead.button_keys().count("admit:U0KIM") == 1
        assert not any(key in lead.button_keys() for key in ("admit:U0GUEST", "admit:U0LINDA"))
        slack.user_runs("/naru", "staff add <@U0GUEST|guest> lawyer", "C0HANOI", user=SLACK_ADMIN)
        SlackPerson(slack, "C0HANOI").hears("담당자로 등록할 수 없습니다")
        lead.presses("admit:U0KIM")
        lead.hears("담당자로 등록했습니다")
        replace(lead, user="U0KIM").says("이제 답합니다")
        mina.hears("이제 답합니다")


@pytest.mark.parametrize("messenger", ["telegram", "slack"])
def test_another_room_takes_over_whole_and_the_old_one_is_silent_both_ways(
    tmp_path: Path,
    furniture: AppFixtures,
    telegram: TelegramServer,
    slack: SlackServer,
    messenger: str,
) -> None:
    mina = TelegramPerson(telegram, 1001)
    old: TelegramRoom | SlackRoom
    new: TelegramRoom | SlackRoom
    if messenger == "telegram":
        for chat in (OLD, NEW):
            telegram.create_forum(chat)
        old, new = (TelegramRoom(telegram, chat, TELEGRAM_ADMIN) for chat in (OLD, NEW))
    else:
        for channel in ("C0OLD", "C0NEW"):
            slack.create_channel(channel, private=True)
        old, new = (SlackRoom(slack, channel, SLACK_ADMIN) for channel in ("C0OLD", "C0NEW"))
    with run_app(tmp_path, furniture, telegram=telegram, slack=slack) as house:
        old.staff_member().sends_command("bind vn-hanoi")
        old.staff_member().hears("연결했습니다")
        open_case(mina, lambda: mina.sends_command("human"))
        left = old.wait_for_case()
        left.says("첫 답입니다")
        mina.hears("첫 답입니다")
        mina.uploads("invoice.pdf", b"invoice", "application/pdf")
        left.receives_file(b"invoice")
        new.staff_member().sends_command("bind vn-hanoi")
        assert "1건" in new.staff_member().hears("연결했습니다")
        case = new.wait_for_case()
        assert "첫 답입니다" in case.hears("이 전의 대화")
        case.receives_file(b"invoice")
        left.hears("이 건은 다른 방으로 옮겨졌습니다")
        old.staff_member().hears("이 방의 연결이 해제되었습니다")
        heard, seen = len(mina.received_texts()), len(left.files())
        left.says("옛 방에서 씁니다")
        left.hears("다른 방에서 다룹니다")
        mina.says("새 방으로 갑니다")
        case.hears("새 방으로 갑니다")
        case.says("새 방에서 답합니다")
        mina.hears("새 방에서 답합니다")
        assert not any("옛 방에서" in text for text in mina.received_texts()[heard:])
        assert not any("새 방으로" in text for text in left.received_texts())
        assert len(left.files()) == seen
        new.staff_member().sends_command("unbind")
        mina.hears("지금 볼 수 있는 창구가 없습니다")
        case.says("해제된 뒤에 씁니다")
        case.hears("연결이 해제되어 건을 다룰 수 없습니다")
        assert [one.number for one in house.app.store.list_cases_without_room()] == [1]
