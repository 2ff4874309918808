"""What a Telegram message holds besides plain words."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.telegram.content import show_hidden_addresses
from adapters.telegram.inbound import build_event, parse_message
from bot.messages import Enclosure, Message

MINA = {"id": 1001, "is_bot": False, "first_name": "Mina", "last_name": "Kim"}
BOT = {"id": 7, "is_bot": True, "first_name": "Naru"}
ALONE = {"id": 1001, "type": "private", "first_name": "Mina"}


def read_message(**content: Any) -> Message | None:
    said = {"message_id": 5, "date": 1, "from": MINA, "chat": ALONE, **content}
    return parse_message(build_event({"update_id": 900, "message": said}).payload)


def link(offset: int, length: int, url: str = "https://x.kr/apply") -> dict[str, Any]:
    return {"type": "text_link", "offset": offset, "length": length, "url": url}


@pytest.mark.parametrize(
    ("text", "entities", "shown"),
    [
        ("신청은 여기서", [link(4, 3)], "신청은 여기서 (https://x.kr/apply)"),
        ("😀 신청 하기", [link(3, 2)], "😀 신청 (https://x.kr/apply) 하기"),  # two units
        ("가 나", [link(0, 1, "https://a"), link(2, 1, "https://b")], "가 (https://a) 나 (https://b)"),
        ("x.kr/apply", [link(0, 10)], "x.kr/apply"),  # the words are the address
        ("여기 ", [link(0, 3)], "여기 (https://x.kr/apply) "),
        ("여기", [link(5, 2)], "여기"),
        ("민수 보세요", [{"type": "text_mention", "offset": 0, "length": 2, "user": MINA}], "민수 보세요"),
        ("👍", [{"type": "custom_emoji", "offset": 0, "length": 2, "custom_emoji_id": "5"}], "👍"),
    ],
)  # fmt: skip
def test_a_hidden_address_stands_behind_its_words(
    text: str, entities: list[dict[str, Any]], shown: str
) -> None:
    assert show_hidden_addresses(text, entities) == shown
    said = read_message(text=text, entities=entities)
    assert said and said.text == shown.strip()
    photo = [{"file_id": "p", "file_size": 9}]
    under = read_message(caption=text, caption_entities=entities, photo=photo)
    assert under and under.text == shown.strip() and under.files


@pytest.mark.parametrize(
    ("content", "enclosure"),
    [
        ({"contact": {"first_name": "민수", "last_name": "김", "phone_number": "+84912"}},
         Enclosure("contact", "민수 김", "+84912")),
        ({"sticker": {"file_id": "s", "emoji": "🙏"}}, Enclosure("sticker", "🙏")),
        ({"poll": {"question": "언제?", "options": [{"text": "월"}, {"text": "화"}]}},
         Enclosure("poll", "언제?", "월\n화")),
        ({"dice": {"emoji": "🎲", "value": 5}}, Enclosure("game", "🎲", "5")),
        ({"game": {"title": "Snake", "description": "x"}}, Enclosure("game", "Snake", "x")),
        ({"story": {"chat": {"title": "수출 채널"}, "id": 3}}, Enclosure("story", "수출 채널")),
        ({"paid_media": {"star_count": 5}}, Enclosure("unsupported", "paid_media")),
        ({"checklist": {"title": "x"}}, Enclosure("unsupported", "checklist")),
        ({"giveaway": {"winner_count": 1}}, Enclosure("unsupported", "giveaway")),
        ({"giveaway_winners": {"winner_count": 1}}, Enclosure("unsupported", "giveaway_winners")),
        ({}, Enclosure("unsupported", "")),  # newer than the Bot API: Telegram sends it empty
    ],
)  # fmt: skip
def test_what_has_no_words_is_an_enclosure(content: dict[str, Any], enclosure: Enclosure) -> None:
    said = read_message(**content)
    assert said and said.enclosures == (enclosure,) and said.kind == "other"


def test_a_venue_is_a_place_with_a_name() -> None:
    spot = {"latitude": 21.03, "longitude": 105.85}
    said = read_message(location=spot, venue={"location": spot, "title": "L", "address": "54"})
    assert said and (said.kind, said.location) == ("location", (21.03, 105.85))
    assert said.enclosures == (Enclosure("venue", "L", "54"),)
    plain = read_message(location=spot)
    assert plain and plain.enclosures == ()


@pytest.mark.parametrize(
    "notice",
    [
        "pinned_message",
        "forum_topic_closed",
        "new_chat_members",
        "gift",
        "chat_background_set",
        "giveaway_created",
    ],
)
def test_a_notice_of_telegrams_own_asks_nothing(notice: str) -> None:
    assert read_message(**{notice: {"x": 1}}) is None


def test_words_files_and_what_only_says_how_they_were_sent_are_no_enclosures() -> None:
    voice = {"file_id": "v", "file_size": 3}
    for content in ({"text": "네", "effect_id": "1", "link_preview_options": {}}, {"voice": voice},
                    {"video_note": voice}, {"text": "네", "via_bot": BOT}):  # fmt: skip
        said = read_message(**content)
        assert said and said.enclosures == ()


@pytest.mark.parametrize(
    ("origin", "author"),
    [
        ({"type": "user", "sender_user": MINA}, "Mina Kim"),
        ({"type": "hidden_user", "sender_user_name": "김 부장"}, "김 부장"),
        ({"type": "hidden_user"}, "?"),
        ({"type": "chat", "sender_chat": {"title": "상인회"}, "author_signature": "회장"}, "상인회 · 회장"),
        ({"type": "channel", "chat": {"title": "세관 공지"}, "message_id": 3}, "세관 공지"),
        ({"type": "newer"}, "?"),
    ],
)  # fmt: skip
def test_forwarded_words_name_their_author(origin: dict[str, Any], author: str) -> None:
    said = read_message(text="내용", forward_origin=origin)
    assert said and said.forwarded_from == author
    own = read_message(text="내용")
    assert own and own.forwarded_from == ""


@pytest.mark.parametrize(
    ("content", "quoted", "author"),
    [
        ({"reply_to_message": {"from": MINA, "text": "앞의 말"}}, "앞의 말", "Mina Kim"),
        ({"reply_to_message": {"from": BOT, "text": "창업자: 말"}}, "창업자: 말", ""),
        ({"reply_to_message": {"from": MINA, "text": "가 나", "entities": [link(2, 1)]}},
         "가 나 (https://x.kr/apply)", "Mina Kim"),
        ({"reply_to_message": {"from": MINA, "document": {"file_name": "a.pdf"}}}, "[a.pdf]", "Mina Kim"),
        ({"reply_to_message": {"from": MINA, "text": "긴 말"}, "quote": {"text": "말"}}, "말", "Mina Kim"),
        ({"external_reply": {"origin": {"type": "channel", "chat": {"title": "공지"}}},
          "quote": {"text": "한 줄"}}, "한 줄", "공지"),
        ({"reply_to_message": {"from": MINA, "sticker": {}}}, "", ""),
    ],
)  # fmt: skip
def test_a_reply_says_what_it_answers_and_who_wrote_that(
    content: dict[str, Any], quoted: str, author: str
) -> None:
    said = read_message(text="네", **content)
    assert said and (said.quoted, said.quoted_author) == (quoted, author)
