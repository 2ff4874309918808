"""Raw payloads of Slack, and what is read in them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from adapters.messaging.messenger import MESSAGE_SETTLE_TIME
from adapters.slack.inbound import build_event, parse_message
from adapters.slack.reading.lookups import FOUND_KEY
from bot.messages import Enclosure, File, Message

NARU = "U0NARUBOT"
NOTHING = timedelta()


def make_event_payload(
    channel: str = "D0MINA", kind: str = "message", **inner: Any
) -> dict[str, Any]:
    said = {"type": kind, "channel": channel, "user": "U0MINA", "ts": "100.1", **inner}
    said = {"event_ts": said["ts"], **said}
    own = [{"team_id": "T", "user_id": NARU, "is_bot": True}]
    return {
        "type": "event_callback", "event_id": f"Ev{kind}{said['event_ts']}", "event": said,
        "authorizations": own,
    }  # fmt: skip


def read_message(raw: dict[str, Any]) -> Message:
    found = parse_message(build_event(raw).payload)
    assert found is not None
    return found


def make_button_payload(**more: Any) -> dict[str, Any]:
    where = {"type": "message", "channel_id": "C0HANOI", "message_ts": "50.1"}
    action = {"action_id": "claim:3", "value": "claim:3", "action_ts": "101.5"}
    return {
        "type": "block_actions", "trigger_id": "9.9.x", "user": {"id": "U0LEE"},
        "container": {**where, **more}, "message": {"ts": "50.1"}, "actions": [action],
    }  # fmt: skip


def test_a_direct_message_is_said_to_naru_in_its_own_lane() -> None:
    raw = make_event_payload(text="물류비 지원되나요?")
    kept, said = build_event(raw), read_message(raw)
    assert (kept.key, kept.lane) == ("Evmessage100.1", "slack:D0MINA")
    assert kept.settle_delay == MESSAGE_SETTLE_TIME
    assert (said.kind, said.text, said.user, said.id) == (
        "text", "물류비 지원되나요?", "U0MINA", "100.1",
    )  # fmt: skip
    assert said.private and said.addressed and said.thread is None
    assert said.conversation == kept.lane


def test_a_mention_and_its_message_are_one_and_the_same() -> None:
    words = f"<@{NARU}> 물류비?"
    mention = make_event_payload("C0TALK", "app_mention", text=words)
    twin = make_event_payload("C0TALK", "message", text=words)
    assert build_event(mention).key != build_event(twin).key
    assert build_event(mention).natural_key == build_event(twin).natural_key
    assert read_message(mention) == read_message(twin)
    assert read_message(mention).text == "물류비?"
    assert read_message(mention).addressed and read_message(mention).thread == "100.1"


def test_what_people_say_to_each_other_in_a_channel_is_not_said_to_naru() -> None:
    said = read_message(make_event_payload("C0TALK", text="점심 먹을까요?"))
    assert not said.addressed and not said.private


def test_a_thread_is_a_conversation_and_a_lane_of_its_own() -> None:
    raw = make_event_payload("C0TALK", text="답입니다", thread_ts="50.1")
    assert read_message(raw).conversation == build_event(raw).lane == "slack:C0TALK:50.1:U0MINA"
    broadcast = make_event_payload(
        "C0TALK", text="모두", thread_ts="50.1", subtype="thread_broadcast"
    )
    assert read_message(broadcast).thread == "50.1"


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("담당자", "human", ""),
        ("Help", "help", ""),
        ("lang EN", "lang", "EN"),
        ("reassign Da Nang", "reassign", "Da Nang"),
        ("내 건", "cases", ""),
    ],
)
def test_plain_words_stand_for_commands_in_a_direct_message(
    text: str, command: str, argument: str
) -> None:
    said = read_message(make_event_payload(text=text))
    assert (said.kind, said.command, said.text) == ("command", command, argument)
    aside = read_message(make_event_payload("C0TALK", text=text))
    assert (aside.kind, aside.command) == ("text", "")
    below = read_message(make_event_payload("C0TALK", text=text, thread_ts="50.1"))
    exact = "" if argument else command  # to officers there it is a word like any other
    assert (below.kind, below.command, below.text) == ("text", exact, text)
    assert read_message(make_event_payload("C0TALK", text=f"<@{NARU}> {text}")).command == command


@pytest.mark.parametrize(
    "text",
    ["Where can I apply for it?", "Human resources in Vietnam", "lang nghề ở Hà Nội", "//help"],
)
def test_a_question_that_begins_like_a_command_is_a_question(text: str) -> None:
    said = read_message(make_event_payload(text=text))
    assert (said.kind, said.text) == ("text", text)


@pytest.mark.parametrize("word", ["insight", "relay", "faq", "merge", "tell", "minutes"])
def test_the_name_of_any_command_is_one_after_a_mention_and_a_word_without_it(word: str) -> None:
    asked = read_message(make_event_payload("C0HANOI", text=f"<@{NARU}> {word}", thread_ts="50.1"))
    assert (asked.kind, asked.command, asked.text) == ("command", word, "")
    said = read_message(make_event_payload(text=word))
    assert (said.kind, said.text) == ("text", word)


def test_an_edit_and_a_deletion_are_events_about_the_same_message() -> None:
    old = {"type": "message", "user": "U0MINA", "ts": "100.1", "text": "처음"}
    new = old | {"text": "고친 글", "edited": {"user": "U0MINA", "ts": "102.0"}}
    changed = make_event_payload(
        subtype="message_changed", message=new, previous_message=old, ts="102.0"
    )
    gone = make_event_payload(
        subtype="message_deleted", deleted_ts="100.1", previous_message=old, ts="103.0"
    )  # fmt: skip
    first = make_event_payload(text="처음")
    assert (read_message(changed).kind, read_message(changed).text) == ("edit", "고친 글")
    assert (read_message(changed).id, read_message(gone).kind) == ("100.1", "deleted")
    keys = {build_event(one).natural_key for one in (first, changed, gone)}
    assert len(keys) == 3 and None not in keys
    assert {build_event(one).lane for one in (first, changed, gone)} == {"slack:D0MINA"}


def test_files_come_with_what_is_needed_to_fetch_them() -> None:
    sent = {
        "name": "box.png", "mimetype": "image/png", "size": 77,
        "url_private": "https://files.slack.com/a", "url_private_download": "https://files.slack.com/b",
    }  # fmt: skip
    said = read_message(make_event_payload(text="", subtype="file_share", files=[sent]))
    file = File("slack", "https://files.slack.com/b", "box.png", "image/png", 77, "photo")
    assert said.files == (file,)


def test_a_pressed_button_tells_its_key_and_the_thread_it_hangs_in() -> None:
    said = read_message(make_button_payload())
    assert (said.kind, said.text, said.user) == ("button", "claim:3", "U0LEE")
    assert (
        said.conversation == build_event(make_button_payload()).lane == "slack:C0HANOI:50.1:U0LEE"
    )
    deep = make_button_payload(thread_ts="40.0", message_ts="51.0")
    assert read_message(deep).thread == "40.0"
    assert build_event(deep).settle_delay == NOTHING


def test_a_button_in_a_direct_message_belongs_to_the_whole_of_it() -> None:
    assert read_message(make_button_payload(channel_id="D0MINA")).thread is None


def test_the_reassign_form_carries_its_thread_and_what_was_typed() -> None:
    view = {
        "id": "V1", "hash": "h", "callback_id": "reassign",
        "private_metadata": json.dumps({"channel": "C0HANOI", "thread": "50.1"}),
        "state": {"values": {"where": {"to": {"type": "plain_text_input", "value": "vn-hcmc"}}}},
    }  # fmt: skip
    raw = {"type": "view_submission", "user": {"id": "U0LEE"}, "view": view}
    said = read_message(raw)
    assert (said.command, said.text, said.user) == ("reassign", "vn-hcmc", "U0LEE")
    assert said.conversation == build_event(raw).lane == "slack:C0HANOI:50.1:U0LEE"
    assert build_event(raw).key == "V1:h"
    other = raw | {"view": view | {"callback_id": "something"}}
    assert parse_message(build_event(other).payload) is None


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [("bind vn-hanoi", "bind", "vn-hanoi"), ("", "help", ""), ("담당자", "human", "")],
)
def test_the_slash_command_has_a_word_and_an_argument(
    text: str, command: str, argument: str
) -> None:
    raw = {"command": "/naru", "text": text, "user_id": "U1", "channel_id": "C1", "trigger_id": "t"}
    said = read_message(raw)
    assert (said.kind, said.command, said.text, said.chat) == ("command", command, argument, "C1")
    assert build_event(raw).key == "t"


def test_what_naru_said_itself_comes_back_and_is_passed_over_at_once() -> None:
    own = make_event_payload("C0HANOI", text="card", user=NARU, bot_id="B0NARU")
    assert parse_message(build_event(own).payload) is None
    assert build_event(own).settle_delay == NOTHING


@pytest.mark.parametrize(
    "raw",
    [
        make_event_payload("C1", "reaction_added", reaction="eyes"),
        make_event_payload("C1", "message", subtype="channel_join", text="joined"),
        make_event_payload("D1", "app_home_opened", tab="home"),
        {"type": "message_action", "callback_id": "x"},
        {"type": "block_actions", "actions": []},
        {"type": "of_tomorrow", "payload": 1},
        {},
    ],
)
def test_of_what_asks_nothing_of_naru_only_the_key_is_kept(raw: dict[str, Any]) -> None:
    kept = build_event(raw)
    assert (kept.payload, kept.natural_key, kept.sender) == ("{}", None, "")
    assert kept.key and parse_message(kept.payload) is None


@pytest.mark.parametrize(
    "odd",
    [
        {"type": "event_callback", "event": "text"},
        {"type": "event_callback", "event": {"type": "message", "message": 5, "channel": 7}},
        {"type": "block_actions", "actions": "all", "channel": "C1"},
        {"type": "view_submission", "view": []},
        {"type": "view_submission", "view": {"callback_id": "reassign", "private_metadata": "{"}},
        {"text": "half \ud83d"},
    ],
)
def test_a_payload_of_any_shape_can_be_kept(odd: dict[str, Any]) -> None:
    kept = build_event(odd)
    assert kept.channel == "slack" and kept.key
    kept.payload.encode()


def test_messages_say_in_which_order_they_were_written() -> None:
    orders = [read_message(make_event_payload(text="a", ts=ts)).order for ts in ("100.1", "100.2")]
    assert orders == sorted(orders) and orders[0] < orders[1]
    assert read_message(make_button_payload()).order == "101.5"


@pytest.mark.parametrize(
    ("text", "command", "argument"),
    [
        ("ingest", "ingest", ""),
        ("/naru ingest", "ingest", ""),
        ("Ingest <https://mss.go.kr/a?b=1&amp;c=2>", "ingest", "https://mss.go.kr/a?b=1&c=2"),
        ("editions", "editions", ""),
        ("rollback 12", "rollback", "12"),
        ("rollback", "rollback", ""),
        ("ingest the grain, how much duty?", "", "ingest the grain, how much duty?"),
        ("rollback of tariffs in 2026", "", "rollback of tariffs in 2026"),
    ],
)
def test_the_librarys_words_are_commands_and_questions_are_not(
    text: str, command: str, argument: str
) -> None:
    said = read_message(make_event_payload(text=text))
    assert (said.kind, said.command) == ("command" if command else "text", command)
    assert said.text == argument


def test_only_narus_own_name_is_taken_out_of_what_is_said_to_it() -> None:
    words = f"<@{NARU}> <@U3>님이 <#C2>에 올린 것도 되나요?"
    raw = make_event_payload("C0TALK", text=words)
    raw[FOUND_KEY] = {"people": {"U3": "지민"}, "channels": {"C2": "수출"}}
    assert read_message(raw).text == "@지민님이 #수출에 올린 것도 되나요?"
    alone = make_event_payload("C0TALK", "app_mention", text=f"<@{NARU}>")
    assert read_message(alone).text == ""


def test_what_is_only_forwarded_is_no_command_and_has_its_author() -> None:
    share = {"is_share": True, "author_name": "지민", "text": "담당자"}
    said = read_message(make_event_payload(text="", attachments=[share]))
    assert (said.kind, said.text, said.forwarded_from) == ("text", "담당자", "지민")
    with_words = read_message(make_event_payload(text="담당자", attachments=[share]))
    assert (with_words.kind, with_words.text) == ("text", "담당자\n> 지민: 담당자")


def test_a_stub_of_a_file_leaves_the_words() -> None:
    stub = {"id": "F1", "mode": "file_access", "file_access": "check_file_info"}
    raw = make_event_payload(text="검토해 주십시오", subtype="file_share", files=[stub])
    assert read_message(raw).text == "검토해 주십시오"
    assert read_message(raw).enclosures == (Enclosure("file_elsewhere"),)
    raw[FOUND_KEY] = {"files": {"F1": {"id": "F1", "name": "a.pdf", "url_private": "https://x"}}}
    assert [file.name for file in read_message(raw).files] == ["a.pdf"]


def test_a_message_that_is_only_blocks_has_words_and_can_be_a_command() -> None:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": "담당자"}]}
    blocks = [{"type": "rich_text", "elements": [section]}]
    assert read_message(make_event_payload(text="", blocks=blocks)).command == "human"


def test_a_reply_in_a_thread_of_a_direct_message_is_said_there() -> None:
    said = read_message(make_event_payload(text="1번이요", thread_ts="50.1"))
    assert (said.thread, said.conversation) == ("50.1", "slack:D0MINA:50.1")
    assert said.addressed and not said.in_reply_thread
