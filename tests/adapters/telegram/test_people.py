"""Who wrote a message on Telegram, and whom it names."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.telegram.inbound import build_event, parse_message
from tests.adapters.telegram.test_inbound import BOT, FORUM, make_topic_update, read_message

GROUP_ANONYMOUS_BOT = {"id": 1087968824, "is_bot": True, "first_name": "Group"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel"}
NEWS = {"id": -1007, "type": "channel", "title": "News"}


@pytest.mark.parametrize(
    ("content", "user", "name"),
    [
        ({"from": GROUP_ANONYMOUS_BOT, "sender_chat": FORUM}, "-100500", "Hanoi"),
        (
            {"from": GROUP_ANONYMOUS_BOT, "sender_chat": FORUM, "author_signature": "영사"},
            "-100500",
            "Hanoi · 영사",
        ),
        ({"from": CHANNEL_BOT, "sender_chat": NEWS}, "-1007", "News"),
    ],
)
def test_who_writes_in_the_name_of_a_chat_is_anonymous(
    content: dict[str, Any], user: str, name: str
) -> None:
    said = read_message(make_topic_update(text="답입니다", **content))
    assert said.is_anonymous and (said.user, said.sender_chat, said.user_name) == (user, user, name)


def test_posts_that_telegram_copies_and_other_bots_are_nothing() -> None:
    copied = {"from": CHANNEL_BOT, "sender_chat": NEWS, "is_automatic_forward": True}
    for content in (copied, {"from": BOT}):
        raw = make_topic_update(text="x", **content)
        assert parse_message(build_event(raw).payload) is None


def test_a_sender_has_a_name_with_the_handle_and_names_others() -> None:
    kim = {"id": 77, "is_bot": False, "first_name": "Kim", "last_name": "Lee", "username": "kim"}
    said = read_message(make_topic_update(text="답", **{"from": kim}))
    assert (said.user_name, said.is_anonymous, said.named) == ("Kim Lee (@kim)", False, ())
    mention = [{"type": "text_mention", "offset": 11, "length": 3, "user": kim}]
    named = read_message(make_topic_update(text="/staff add Kim", entities=mention)).named
    assert [(one.user, one.name) for one in named] == [("77", "Kim Lee (@kim)")]
    for replied, users in (
        ({"message_id": 3, "from": kim, "text": "답"}, ["77"]),
        ({"message_id": 3, "from": BOT, "text": "카드"}, []),
        ({"message_id": 3, "from": kim, "forum_topic_created": {"name": "#1"}}, []),
        ({"message_id": 3, "from": GROUP_ANONYMOUS_BOT, "sender_chat": FORUM}, ["-100500"]),
    ):
        raw = make_topic_update(text="/staff add", reply_to_message=replied)
        assert [one.user for one in read_message(raw).named] == users
