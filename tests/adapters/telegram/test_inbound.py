"""Raw updates of Telegram, and what is read in them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from adapters.telegram.inbound import BotAccount, build_event, parse_message
from bot.messages import File, Message

MINA = {"id": 1001, "is_bot": False, "first_name": "Mina", "language_code": "vi-VN"}
BOT = {"id": 7, "is_bot": True, "first_name": "Naru"}
ALONE = {"id": 1001, "type": "private", "first_name": "Mina"}
FORUM = {"id": -100500, "type": "supergroup", "title": "Hanoi", "is_forum": True}
GROUP = {"id": -44, "type": "group", "title": "Friends"}
NOTHING = timedelta()


def make_update(kind: str = "message", /, **content: Any) -> dict[str, Any]:
    said = {"message_id": 5, "date": 1, "from": MINA, "chat": ALONE, **content}
    return {"update_id": 900, kind: said}


def make_topic_update(**content: Any) -> dict[str, Any]:
    return make_update(chat=FORUM, message_thread_id=77, is_topic_message=True, **content)


def read_message(raw: dict[str, Any]) -> Message:
    found = parse_message(build_event(raw).payload)
    assert found is not None
    return found


def test_a_private_text_is_a_message_to_naru_in_its_own_lane() -> None:
    raw = make_update(text="물류비 지원되나요?")
    kept, said = build_event(raw), read_message(raw)
    assert (kept.key, kept.lane, kept.natural_key) == ("900", "telegram:1001", "1001:5:0")
    assert kept.settle_delay == MESSAGE_SETTLE_TIME
    assert (said.kind, said.text, said.user, said.id) == ("text", "물류비 지원되나요?", "1001", "5")
    assert said.private and said.addressed and said.locale == "vi"
    assert said.conversation == kept.lane


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("/start", "start", ""),
        ("/start vn-hanoi", "start", "vn-hanoi"),
        ("/bind@naru_bot vn-hanoi", "bind", "vn-hanoi"),
        ("/Where  Da Nang ", "where", "Da Nang"),
        ("/reassign\n호치민", "reassign", "호치민"),
    ],
)
def test_a_command_has_a_word_and_an_argument_and_waits_for_nothing(
    text: str, command: str, argument: str
) -> None:
    said = read_message(make_update(text=text))
    assert (said.kind, said.command, said.text) == ("command", command, argument)
    assert build_event(make_update(text=text)).settle_delay == NOTHING


@pytest.mark.parametrize("text", ["// 메모", "/경로는 무엇인가요", "/", "/a/b 파일"])
def test_a_slash_alone_makes_no_command(text: str) -> None:
    said = read_message(make_update(text=text))
    assert (said.kind, said.text) == ("text", text)


def test_an_edit_is_an_event_of_its_own_about_the_same_message() -> None:
    raw = make_update("edited_message", text="고친 글", edit_date=44)
    key = build_event(raw).natural_key
    assert key and key.startswith("1001:5:44:")
    assert read_message(raw).kind == "edit"
    assert build_event(raw).natural_key == key
    other = make_update("edited_message", text="또 고친 글", edit_date=44)  # in the same second
    assert build_event(other).natural_key != key


@pytest.mark.parametrize("text", ["/minutes 연락처 회람", "@naru_bot claim"])
def test_an_edited_command_is_marked_as_an_edit(text: str) -> None:
    raw = make_topic_update(text=text)
    changed = {"update_id": 902, "edited_message": raw["message"] | {"edit_date": 44}}
    events = [build_event(one, bot=BotAccount(7, "naru_bot")) for one in (raw, changed)]
    sent, edited = (parse_message(event.payload) for event in events)
    assert sent and sent.kind == "command" and not sent.is_edited
    assert edited == replace(sent, is_edited=True)


def test_another_bots_events_have_other_keys() -> None:
    """Each bot counts updates and the messages of a private chat by itself, from the beginning."""
    raw = make_update(text="물류비 지원되나요?")
    old, new, again = (build_event(raw, bot=BotAccount(id, "naru_bot")) for id in (7, 8, 8))
    assert (new.key, new.natural_key) == ("8:900", "8:1001:5:0") == (again.key, again.natural_key)
    assert old.key != new.key and old.natural_key != new.natural_key
    assert old.lane == new.lane  # the person is the same


def test_a_topic_is_a_thread_and_a_lane_of_its_own() -> None:
    raw = make_topic_update(text="답입니다")
    said = read_message(raw)
    assert (said.chat, said.thread, said.has_threads, said.private) == (
        "-100500",
        "77",
        True,
        False,
    )
    assert not said.addressed
    assert build_event(raw).lane == said.conversation == "telegram:-100500:77:1001"


def test_a_reply_in_an_ordinary_group_is_no_thread() -> None:
    raw = make_update(
        chat=GROUP, text="네", message_thread_id=3, reply_to_message={"message_id": 3}
    )
    assert read_message(raw).thread is None


def test_a_pressed_button_tells_its_key_and_where_it_hangs() -> None:
    hanging = make_topic_update(text="card")["message"] | {"from": BOT}
    query = {"id": "1", "from": MINA, "message": hanging, "data": "claim:17"}
    raw = {"update_id": 901, "callback_query": query}
    said = read_message(raw)
    assert (said.kind, said.text, said.user, said.thread) == ("button", "claim:17", "1001", "77")
    assert said.addressed
    assert build_event(raw).lane == "telegram:-100500:77:1001"
    assert build_event(raw).settle_delay == NOTHING


def test_a_location_is_read_and_one_that_moves_on_is_not() -> None:
    spot = {"latitude": 16.05, "longitude": 108.2}
    assert read_message(make_update(location=spot)).location == (16.05, 108.2)
    assert (
        parse_message(
            build_event(make_update("edited_message", location=spot, edit_date=9)).payload
        )
        is None
    )


def test_of_a_photo_the_largest_size_is_taken() -> None:
    sizes = [{"file_id": "s", "file_size": 10}, {"file_id": "l", "file_size": 900}]
    said = read_message(make_update(photo=sizes, caption="포장"))
    assert said.files == (File("telegram", "l", "photo.jpg", "image/jpeg", 900, "photo"),)
    assert (said.kind, said.text) == ("text", "포장")


@pytest.mark.parametrize(
    ("kind", "name", "mime"),
    [
        ("document", "송장.pdf", "application/pdf"),
        ("voice", "voice.ogg", "audio/ogg"),
        ("video", "video.mp4", "video/mp4"),
        ("video_note", "video_note.mp4", "application/octet-stream"),
    ],
)
def test_every_kind_of_file_has_a_name_and_keeps_its_kind(kind: str, name: str, mime: str) -> None:
    file: dict[str, Any] = {"file_id": "f", "file_size": 8}
    file |= {"mime_type": mime} if kind != "video_note" else {}
    file |= {"file_name": name} if kind == "document" else {}
    said = read_message(make_update(**{kind: file}))
    assert said.files == (File("telegram", "f", name, mime, 8, kind),)


def test_a_sticker_is_something_said_that_cannot_be_read() -> None:
    assert read_message(make_update(sticker={"file_id": "x"})).kind == "other"


@pytest.mark.parametrize(
    "raw",
    [
        make_update(chat=FORUM, new_chat_members=[MINA]),
        make_topic_update(forum_topic_closed={}),
        make_topic_update(pinned_message={"message_id": 1}),
        make_update(**{"from": BOT}, text="von mir"),
        make_update("channel_post", text="news"),
        {"update_id": 9, "my_chat_member": {"chat": ALONE, "from": MINA}},
        {"update_id": 9, "poll_answer": {"user": MINA}},
        {"update_id": 9},
    ],
)
def test_of_what_asks_nothing_of_naru_only_the_key_is_kept(raw: dict[str, Any]) -> None:
    kept = build_event(raw)
    assert (kept.payload, kept.natural_key, kept.sender) == ("{}", None, "")
    assert kept.key and parse_message(kept.payload) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"message": "text"},
        {"message": {"chat": 5, "message_id": 1, "text": "x"}},
        {"message": {"chat": None, "from": MINA, "text": 7, "message_id": 2}},
        {"callback_query": {"id": "1", "message": "gone", "data": "ok"}},
        {"edited_message": {}},
        {"message": None},
    ],
)
def test_an_update_of_any_shape_can_be_kept(odd: dict[str, Any]) -> None:
    kept = build_event({"update_id": 902, **odd})
    assert (kept.channel, kept.key) == ("telegram", "902")
    kept.payload.encode()


def test_half_a_character_can_be_kept() -> None:
    kept = build_event(make_update(text="ab\ud83d"))
    assert kept.payload.encode()
    assert read_message(make_update(text="ab\ud83d")).text == "ab?"


def test_the_quoted_words_are_kept_but_not_a_topics_own_beginning() -> None:
    before = {"message_id": 2, "from": MINA, "text": "앞의 말"}
    assert read_message(make_update(text="네", reply_to_message=before)).quoted == "앞의 말"
    part = {"text": "그 부분"}
    assert (
        read_message(make_update(text="네", reply_to_message=before, quote=part)).quoted
        == "그 부분"
    )
    begin = {"message_id": 77, "from": BOT, "forum_topic_created": {"name": "#1"}}
    assert read_message(make_topic_update(text="네", reply_to_message=begin)).quoted == ""


DOCUMENT = {"document": {"file_id": "D1", "file_name": "공고.hwp", "file_size": 9}}


def test_a_command_under_a_file_or_in_answer_to_one_is_about_that_file() -> None:
    file = File("telegram", "D1", "공고.hwp", "application/octet-stream", 9)
    under = read_message(make_update(caption="/ingest", **DOCUMENT))
    answer = read_message(
        make_update(text="/ingest", reply_to_message={"message_id": 4, **DOCUMENT})
    )
    for said in (under, answer):
        assert (said.kind, said.command, said.text, said.files) == (
            "command",
            "ingest",
            "",
            (file,),
        )
    words = read_message(
        make_update(text="이게 뭔가요?", reply_to_message={"message_id": 4, **DOCUMENT})
    )
    assert words.files == ()


def test_files_that_were_sent_together_say_so() -> None:
    together, alone = make_update(media_group_id="77", **DOCUMENT), make_update(**DOCUMENT)
    assert read_message(together).album == "77" and read_message(alone).album == ""
    assert build_event(together).settle_delay == MESSAGE_SETTLE_TIME
    assert build_event(alone).settle_delay == NOTHING
    orders = [
        read_message(make_update(media_group_id="77", message_id=number, **DOCUMENT)).order
        for number in (9, 10)
    ]
    assert orders == sorted(orders) and read_message(alone).order == ""


@pytest.mark.parametrize(
    ("update", "chat"),
    [
        ({"my_chat_member": {"chat": {"id": -1}, "new_chat_member": {"status": "administrator"}}}, "-1"),
        ({"my_chat_member": {"chat": {"id": 7}, "new_chat_member": {"status": "member"}}}, "7"),
        ({"my_chat_member": {"chat": {"id": -1}, "new_chat_member": {"status": "kicked"}}}, None),
        ({"my_chat_member": {"chat": {"id": -1}, "new_chat_member": "?"}}, None),
        ({"message": {"chat": {"id": 7, "type": "private"}, "text": "/start"}}, "7"),
        ({"message": {"chat": {"id": -1, "type": "supergroup"}, "text": "hello"}}, None),
        ({"message": {"chat": {"id": -1}, "forum_topic_reopened": {}}}, "-1"),
        ({"message": {"chat": "?"}}, None),
        ({"callback_query": {"message": {"chat": {"id": 7, "type": "private"}}}}, "7"),
    ],
)  # fmt: skip
def test_an_update_says_which_chat_it_shows_to_be_open(
    update: dict[str, object], chat: str | None
) -> None:
    assert build_event({"update_id": 1, **update}).opens == chat


def test_people_of_one_group_take_turns() -> None:
    said = [
        build_event(make_update(chat=GROUP, text="하나")),
        build_event(make_update(chat=GROUP, text="둘", **{"from": MINA | {"id": 1002}})),
        build_event(make_update(text="셋")),
    ]
    assert [event.person for event in said] == ["telegram:1001", "telegram:1002", "telegram:1001"]
    assert build_event({"update_id": 1, "poll": {}}).person == ""
