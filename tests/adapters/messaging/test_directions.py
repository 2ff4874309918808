"""What staff read of a founder's words, on every channel: as they were typed, and Naru's own not turned."""

from __future__ import annotations

import re
from html import unescape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from adapters.console.pages.live import render_one_line
from adapters.console.rendering import render_text as render_console_text
from adapters.email.outbound import render_html, render_plain
from adapters.slack.outbound import render_blocks
from adapters.telegram.content import read_forward_author
from adapters.telegram.outbound import render_text
from bot.admin.people.roles import name_member
from bot.cases.card import render_card, render_holder, render_line
from bot.cases.seats.roster import Seat
from bot.cases.wording import render_enclosure
from bot.delivery.channel import PlatformMessage
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, Content, Enclosure, File
from bot.types import SeatRules, StaffMember
from knowledge.types import KOREA
from tests.bot.phrases.test_directions import ALL_MARKS, list_turned
from tests.fakes.slack.blocks import render_rich_text
from tests.fakes.telegram.markup import parse_html
from tests.samples.records import (
    MISSIONS,
    NOW,
    make_case,
    make_conversation,
    make_line,
    make_message,
    make_services,
    make_taken_case,
    make_thread,
    make_turn,
    sent_to_staff,
)

names = st.text(st.sampled_from([*ALL_MARKS, "a", "가"]), min_size=1, max_size=12)
words = st.lists(names.map("말{}".format), min_size=1, max_size=4).map("\n".join)


def show_everywhere(content: Content) -> list[str]:
    """A message to staff as Telegram, Slack and both parts of a mail show it."""
    shown, _ = parse_html(
        render_text(PlatformMessage("k", Address("telegram", "7"), None, content))
    )
    slack = "\n".join(
        render_rich_text(one) for one in render_blocks(content) if one["type"] == "rich_text"
    )
    return [
        shown,
        slack,
        render_plain(content),
        unescape(re.sub("<.*?>", "", render_html(content))),
    ]


def list_lines(text: str, name: str) -> list[str]:
    """The page's lines of a record's line, and the name of its file."""
    file = File("telegram", "ref", name, "image/jpeg", 1)
    html = render_one_line(1, make_line(text, files=(file,)), make_case(), KOREA, "ko")
    return unescape(re.sub("<(?!br).*?>", "", html)).replace("<br>", "\n").split("\n")


@settings(max_examples=50, deadline=None)
@given(words, names)
def test_words_arrive_as_typed_and_turn_nothing(text: str, name: str) -> None:
    file = File("telegram", "ref", name, "image/jpeg", 1)
    services = make_services(known_cases=[make_taken_case()], threads=[make_thread()])
    told = []
    for forwarded in ("", name):
        message = make_message(text, quoted=name, quoted_author=name, forwarded_from=forwarded)
        relayed = decide_founder_turn(make_turn(message, make_conversation(case=7), services))
        assert forwarded or relayed.new_lines[0][1].text == text  # the record has them as they are
        told += [one.content for one in sent_to_staff(relayed) if one.act == "send"]
    card = render_card(make_case(question=text), MISSIONS)
    record = Content(render_line(make_line(text, files=(file,))))
    for shown in [shown for one in (card, record, *told) for shown in show_everywhere(one)]:
        assert [one for line in shown.splitlines() for one in list_turned(line)] == []
        assert all(line in shown for line in text.splitlines())
    page = list_lines(text, name)
    assert [one for line in page for one in list_turned(line)] == []
    assert all(line in "\n".join(page) for line in text.splitlines())
    assert list_turned(render_console_text("line.file", "ko", name=name)) == []


NAME = "김\u202e"
MEMBER = StaffMember("vn-hanoi", "telegram", "5", NAME, "lawyer", "cli", NOW)
TAKEN = make_taken_case(taken_name=NAME)
LINE = make_line(NAME, files=(File("telegram", "ref", NAME, "image/jpeg", 1),) * 2)


@pytest.mark.parametrize(("text", "own"), [
    (render_line(LINE), " [] []"),
    (render_holder(TAKEN), "(변호사)"),
    (Seat(MEMBER, SeatRules("vn-hanoi", "telegram", "5")).label, "(변호사)"),
    (name_member(MEMBER), " · telegram:5"),
    (render_enclosure(Enclosure("contact", NAME, "+84 1"), "ko"), " · +84 1"),
    (read_forward_author({"forward_origin": {
        "type": "channel", "chat": {"title": NAME}, "author_signature": "이"}}), " · 이"),
], ids=["line", "holder", "seat", "member", "enclosure", "forwarded"])  # fmt: skip
def test_what_stands_behind_somebodys_words_is_outside_of_them(text: str, own: str) -> None:
    outside = re.sub("[\u2066-\u2068][^\u2066-\u2069]*\u2069", "", text)
    assert outside.endswith(own) and "\u202e" not in outside
