"""Edits and deletions on Slack, and what names them."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.inbound import build_event, parse_message
from tests.adapters.slack.test_inbound import NARU, make_event_payload, read_message

OLD = {"type": "message", "user": "U0MINA", "ts": "100.1", "text": "처음"}
EDITED = {"edited": {"user": "U0MINA", "ts": "102.0"}}


def make_edit(new: dict[str, Any], old: dict[str, Any] | None = OLD, **more: Any) -> dict[str, Any]:
    before: dict[str, Any] = {} if old is None else {"previous_message": old}
    return make_event_payload(
        subtype="message_changed", message=new, ts="102.0", hidden=True, **before, **more
    )


def make_blocks(text: str) -> list[dict[str, Any]]:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return [{"type": "rich_text", "elements": [section]}]


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (OLD | {"attachments": [{"title": "미리보기"}]}, OLD),  # a link was unfurled
        (OLD | {"subtype": "thread_broadcast"}, OLD),
        (OLD | EDITED | {"blocks": make_blocks("처음")}, OLD),
        (OLD | EDITED | {"text": "<https://x.kr|x.kr>"}, OLD | {"text": "<http://x.kr/|x.kr>"}),
        (OLD | {"reply_count": 1}, None),
        (OLD | {"text": "", "blocks": make_blocks("a")}, OLD | {"text": "", "blocks": make_blocks("a")}),
    ],
)  # fmt: skip
def test_a_change_of_anything_but_the_words_is_no_edit(
    new: dict[str, Any], old: dict[str, Any] | None
) -> None:
    assert parse_message(build_event(make_edit(new, old)).payload) is None


@pytest.mark.parametrize(
    ("new", "old"),
    [
        (OLD | EDITED | {"text": "고친 글"}, OLD),
        (OLD | EDITED | {"text": "고친 글"}, None),
        (OLD | EDITED | {"text": "", "blocks": make_blocks("고친 글")}, OLD | {"text": "", "blocks": make_blocks("a")}),
    ],
)  # fmt: skip
def test_new_words_are_an_edit(new: dict[str, Any], old: dict[str, Any] | None) -> None:
    said = read_message(make_edit(new, old))
    assert (said.kind, said.text, said.id, said.user) == ("edit", "고친 글", "100.1", "U0MINA")


@pytest.mark.parametrize(("text", "kind", "command"), [
    (f"<@{NARU}> insight 세관이 원본을 요구한다", "command", "insight"),
    ("claim", "edit", "claim"),  # the plain word; whether Naru reads it, is seen later
    ("세관이 원본을 요구한다", "edit", ""),
])  # fmt: skip
def test_an_edited_command_of_a_room_is_no_correction(text: str, kind: str, command: str) -> None:
    new = OLD | EDITED | {"text": text, "thread_ts": "50.1"}
    payload = make_edit(new) | {"authorizations": [{"user_id": NARU}]}
    payload["event"] |= {"channel": "C0HANOI", "channel_type": "channel"}
    said = read_message(payload)
    assert (said.kind, said.command, said.is_edited) == (kind, command, True)


def test_a_word_in_an_edited_direct_message_is_a_word() -> None:
    said = read_message(make_edit(OLD | EDITED | {"text": "도움말"}))
    assert (said.kind, said.command, said.text, said.is_edited) == ("edit", "", "도움말", True)


@pytest.mark.parametrize("form", ["message_deleted", "tombstone"])
def test_a_deletion_names_the_message_and_brings_no_file_again(form: str) -> None:
    """A message that others replied to is replaced by a notice, any other one is gone."""
    file = {"id": "F1", "name": "a.pdf", "url_private": "https://files.slack.com/a"}
    before = OLD | {"user": "U0LEE", "thread_ts": "50.1", "files": [file], "attachments": [{"is_share": True, "author_name": "지민", "text": "글"}]}  # fmt: skip
    notice = {"subtype": "tombstone", "user": "USLACKBOT", "text": "This message was deleted.", "ts": "100.1"}  # fmt: skip
    how = (
        {"subtype": form, "deleted_ts": "100.1"}
        if form == "message_deleted"
        else {"subtype": "message_changed", "message": notice | {"thread_ts": "50.1"}}
    )
    gone = make_event_payload("C0HANOI", previous_message=before, ts="103.0", user=None, **how)
    said = read_message(gone)
    assert (said.kind, said.id, said.user, said.thread) == ("deleted", "100.1", "U0LEE", "50.1")
    assert (said.text, said.files, said.enclosures) == ("처음\n> 지민: 글", (), ())
    assert build_event(gone).natural_key == f"{NARU}:C0HANOI:100.1::x"


def test_a_deletion_without_the_message_before_still_names_it() -> None:
    gone = make_event_payload(subtype="message_deleted", deleted_ts="100.1", ts="103.0", user=None)
    said = read_message(gone)
    assert (said.kind, said.id, said.user, said.chat) == ("deleted", "100.1", "", "D0MINA")
    assert said.text == ""
    assert said.conversation == build_event(gone).lane == "slack:D0MINA"
    assert build_event(gone).person == ""


def test_what_naru_deleted_itself_is_passed_over() -> None:
    own = OLD | {"bot_id": "B0NARU"}
    gone = make_event_payload(
        "C0HANOI", subtype="message_deleted", deleted_ts="100.1", previous_message=own
    )
    assert parse_message(build_event(gone).payload) is None
