"""What people do on either messenger becomes a proposal: a confirmed answer, and one of staff."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot.phrases import render_phrase
from knowledge.phrases.phrase import SectionChoice
from knowledge.phrases.proposals import collect_proposals
from tests.fakes.slack.server import SlackServer
from tests.fakes.telegram.server import TelegramServer
from tests.harness.messenger_drivers import (
    Person,
    Room,
    SlackPerson,
    SlackRoom,
    TelegramPerson,
    TelegramRoom,
    bind_room,
)
from tests.harness.running_app import (
    SLACK_ADMIN,
    TELEGRAM_ADMIN,
    AppFixtures,
    RunningApp,
    run_app,
    wait_until,
)
from tests.samples.stub_library import (
    CERTIFICATE_QUESTION,
    DOCUMENTS,
    FREIGHT_ANSWER,
    FREIGHT_QUESTION,
    UNANSWERABLE_QUESTION,
)

HANOI = -1001000000001
FREIGHT = (DOCUMENTS["freight"][0], FREIGHT_QUESTION)
CERTIFICATE = (DOCUMENTS["certificate"][0], CERTIFICATE_QUESTION)
pytestmark = [pytest.mark.usefixtures("hasty"), pytest.mark.server]


def press_all_set(mina: Person) -> None:
    """The second press of the same button tells nothing more."""
    key = next(key for key in mina.button_keys() if key.startswith("ok:"))
    mina.presses(key)
    mina.hears(render_phrase("founder.all_set", "ko"))
    assert len(key.encode()) <= 64


def get_answered_by_staff(mina: Person, room: Room, number: int) -> None:
    """Staff answer the case with the citation that its card taught them to write."""
    mina.says(UNANSWERABLE_QUESTION)
    mina.hears("담당자")
    mina.sends_command("human")
    mina.hears("어느 나라")
    mina.says("하노이")
    mina.hears(f"#{number}")
    thread = room.wait_for_case(number)
    thread.hears("「문서 제목」 › 절 제목")
    answer = f"「{CERTIFICATE[0]}」 › {CERTIFICATE[1]} 를 보십시오."
    thread.says(answer)
    mina.hears(answer)


def play(house: RunningApp, mina: Person, linh: Person, room: Room) -> None:
    bind_room(house, "vn-hanoi", room)
    mina.says(FREIGHT_QUESTION)
    mina.hears(FREIGHT_ANSWER)
    press_all_set(mina)
    get_answered_by_staff(linh, room, 1)
    choices = house.app.store.list_section_choices
    wait_until(lambda: len(choices()) == 2)
    confirmed, by_staff = choices()
    assert confirmed == SectionChoice(
        confirmed.conversation, "ko", FREIGHT_QUESTION, "freight", FREIGHT, "confirmed"
    )
    assert by_staff == replace(
        confirmed, conversation=by_staff.conversation, question=UNANSWERABLE_QUESTION,
        document="certificate", heading=CERTIFICATE, source="staff",
    )  # fmt: skip
    assert house.app.store.find_conversation(confirmed.conversation)
    assert by_staff.conversation != confirmed.conversation
    # The confirmed question is known already, word for word; that of staff waits for an admin.
    edition = house.app.chain.library.get_current_edition()
    (proposal,) = collect_proposals(edition, choices(), []).proposals
    assert (proposal.text, proposal.conversations) == (UNANSWERABLE_QUESTION, 1)
    assert by_staff.conversation not in repr(proposal)


def test_a_confirmed_answer_and_one_of_staff_become_evidence_on_telegram(
    tmp_path: Path, furniture: AppFixtures, telegram: TelegramServer
) -> None:
    telegram.create_forum(HANOI)
    with run_app(tmp_path, furniture, telegram=telegram) as house:
        mina = TelegramPerson(telegram, 770077)
        linh = TelegramPerson(telegram, 770078)
        play(house, mina, linh, TelegramRoom(telegram, HANOI, TELEGRAM_ADMIN))


def test_a_confirmed_answer_and_one_of_staff_become_evidence_on_slack(
    tmp_path: Path, furniture: AppFixtures, slack: SlackServer
) -> None:
    slack.create_channel("C0HANOI")
    with run_app(tmp_path, furniture, slack=slack) as house:
        mina = SlackPerson(slack, slack.open_dm("U0MINA77"), "U0MINA77")
        linh = SlackPerson(slack, slack.open_dm("U0LINH78"), "U0LINH78")
        play(house, mina, linh, SlackRoom(slack, "C0HANOI", SLACK_ADMIN))
