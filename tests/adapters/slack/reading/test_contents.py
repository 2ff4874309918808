"""What a Slack message carries besides its text: forwarded words, files, and stubs of files."""

from __future__ import annotations

from typing import Any

import pytest

from adapters.slack.reading.contents import read_content
from adapters.slack.reading.markup import NO_NAMES, SlackNames
from bot.messages import Enclosure, File

STUB = {"id": "F1", "mode": "file_access", "file_access": "check_file_info", "created": 0}
HOSTED = {
    "id": "F1", "name": "사업계획서.pdf", "mimetype": "application/pdf", "size": 9, "mode": "hosted",
    "file_access": "visible", "url_private": "https://files.slack.com/a",
}  # fmt: skip
PLAN = File("slack", "https://files.slack.com/a", "사업계획서.pdf", "application/pdf", 9)


def make_share(text: str = "신청은 <https://x/apply|apply>에서", **more: Any) -> dict[str, Any]:
    share = {"is_share": True, "is_msg_unfurl": True, "author_name": "지민", "text": text}
    return share | {"fallback": f"[Feb 18th] jimin: {text}"} | more


def test_a_message_that_is_only_forwarded_has_its_author() -> None:
    content = read_content({"text": "", "attachments": [make_share()]}, NO_NAMES, {})
    assert content.text == "신청은 apply (https://x/apply)에서"
    assert (content.forwarded_from, content.own) == ("지민", "")


def test_a_forwarded_message_with_words_of_the_sender_is_quoted_below_them() -> None:
    said = {"text": "이것도 되나요?", "attachments": [make_share("첫 줄\n둘째 줄")]}
    content = read_content(said, NO_NAMES, {})
    assert content.text == "이것도 되나요?\n> 지민: 첫 줄\n> 둘째 줄"
    assert (content.forwarded_from, content.own) == ("", "이것도 되나요?")


def test_several_forwarded_messages_keep_their_authors() -> None:
    shares = [make_share("하나"), make_share("둘", author_name="민아")]
    content = read_content({"attachments": shares}, NO_NAMES, {})
    assert (content.text, content.forwarded_from) == ("지민:\n하나\n\n민아:\n둘", "지민, 민아")


@pytest.mark.parametrize(
    ("share", "author", "text"),
    [
        (make_share(author_name=None, author_id="U3"), "하은", "신청은 apply (https://x/apply)에서"),
        (make_share(author_name=None), "?", "신청은 apply (https://x/apply)에서"),
        (make_share(""), "지민", "[Feb 18th] jimin:"),
        (
            make_share("", message_blocks=[{"message": {"blocks": [
                {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [
                    {"type": "text", "text": "블록뿐"}]}]}]}}]),
            "지민", "블록뿐",
        ),
    ],
)  # fmt: skip
def test_forwarded_words_are_found_where_they_are(
    share: dict[str, Any], author: str, text: str
) -> None:
    content = read_content({"attachments": [share]}, SlackNames({"U3": "하은"}), {})
    assert (content.forwarded_from, content.text.strip()) == (author, text)


def test_files_of_a_forwarded_message_come_too() -> None:
    content = read_content({"attachments": [make_share("", files=[HOSTED])]}, NO_NAMES, {})
    assert (content.files, content.text, content.forwarded_from) == ((PLAN,), "", "지민")


def test_the_preview_of_a_link_is_nobodys_message() -> None:
    preview = {"from_url": "https://x.kr", "title": "제목", "text": "딴 글"}
    content = read_content({"text": "<https://x.kr>", "attachments": [preview]}, NO_NAMES, {})
    assert (content.text, content.enclosures) == ("https://x.kr", ())


def test_a_stub_is_the_file_that_was_looked_up_or_lies_elsewhere() -> None:
    said = {"text": "보십시오", "files": [STUB]}
    assert read_content(said, NO_NAMES, {"F1": HOSTED}).files == (PLAN,)
    content = read_content(said, NO_NAMES, {})
    assert (content.text, content.files) == ("보십시오", ())
    assert content.enclosures == (Enclosure("file_elsewhere"),)


@pytest.mark.parametrize(
    ("file", "enclosure"),
    [
        ({"mode": "tombstone", "name": "a.pdf"}, Enclosure("file_elsewhere", "a.pdf")),
        (HOSTED | {"mode": "hidden_by_limit"},
         Enclosure("file_elsewhere", "사업계획서.pdf", "https://files.slack.com/a")),
        ({"mode": "external", "is_external": True, "title": "견적", "url_private": "https://drive.example/1"},
         Enclosure("file_elsewhere", "견적", "https://drive.example/1")),
        ({"mode": "quip", "filetype": "quip", "title": "회의록", "permalink": "https://t.slack.com/docs/1",
          "url_private": "https://files.slack.com/q"},
         Enclosure("file_elsewhere", "회의록", "https://t.slack.com/docs/1")),
        (HOSTED | {"file_access": "access_denied"},
         Enclosure("file_elsewhere", "사업계획서.pdf", "https://files.slack.com/a")),
        ({"id": "F2"}, Enclosure("file_elsewhere")),
    ],
)  # fmt: skip
def test_a_file_that_slack_does_not_hand_out_is_named(
    file: dict[str, Any], enclosure: Enclosure
) -> None:
    content = read_content({"files": [file]}, NO_NAMES, {})
    assert (content.files, content.enclosures) == ((), (enclosure,))


@pytest.mark.parametrize(
    "more",
    [
        {"mode": "snippet", "filetype": "text", "name": "a.txt", "mimetype": "text/plain"},
        {"subtype": "slack_audio", "name": "audio_message.m4a", "mimetype": "audio/mp4"},
        {"mode": "email", "filetype": "email", "name": "메일", "mimetype": "text/html"},
    ],
)
def test_snippets_voice_clips_and_mails_are_files(more: dict[str, Any]) -> None:
    (file,) = read_content({"files": [HOSTED | more]}, NO_NAMES, {}).files
    assert (file.name, file.mime, file.ref) == (more["name"], more["mimetype"], PLAN.ref)


@pytest.mark.parametrize(
    ("said", "word"),
    [
        ({"blocks": [{"type": "call", "call_id": "R1"}]}, "call"),
        ({"attachments": [{"fallback": "[no preview available]"}]}, "[no preview available]"),
    ],
)
def test_what_has_no_words_and_no_file_is_named(said: dict[str, Any], word: str) -> None:
    assert read_content(said, NO_NAMES, {}).enclosures == (Enclosure("unsupported", word),)


def test_an_empty_message_carries_nothing() -> None:
    assert read_content({"text": ""}, NO_NAMES, {}).enclosures == ()
