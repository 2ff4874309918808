"""What an admin does with the library from the console becomes the task of their chat."""

from __future__ import annotations

from typing import Any, cast

import pytest

from bot.admin.console.events import INGEST, LIBRARY_BUTTON, ConsoleAct, build_event, parse_message
from bot.admin.console.library import decide_library_act, find_console_chat, is_library_act
from bot.buttons import write_apply_key, write_rollback_key
from bot.context import Decision
from bot.messages import File

ADMIN = "telegram:9001"
FILES = (File("desk", "f00d", "a.md", "text/markdown", 5), File("desk", "beef", "b.pdf", "", 7))


def decide(act: str, text: str = "", *, is_admin: bool = True) -> Decision:
    sent = ConsoleAct("form", ADMIN, "관리자", 0, act, text, files=FILES, language="en")
    message = parse_message(build_event(sent).payload)
    assert message and message.account == ADMIN and is_library_act(message)
    return decide_library_act(message, is_admin, lambda: cast(Any, None))


def test_files_are_planned_and_reported_to_the_console() -> None:
    decision = decide(INGEST)
    task = decision.task
    assert task and (task.act, task.who, task.files, task.language) == ("plan", ADMIN, FILES, "en")
    assert task.to == find_console_chat(ADMIN)
    assert decision.outgoing == () and decision.conversation is None
    assert decision.notice and (decision.notice.kind, decision.notice.text) == ("done", "")


@pytest.mark.parametrize(
    ("key", "act"),
    [
        (write_apply_key("0a1b2c3d", "0123456789ab"), "apply"),
        (write_rollback_key(3, 5), "rollback"),
    ],
)
def test_a_button_does_what_it_does_in_a_chat(key: str, act: str) -> None:
    task = decide(LIBRARY_BUTTON, key).task
    assert task and (task.act, task.to) == (act, find_console_chat(ADMIN))


def test_who_is_no_admin_is_refused_and_the_refusal_audited() -> None:
    for decision in (
        decide(INGEST, is_admin=False),
        decide(LIBRARY_BUTTON, "library:keep", is_admin=False),
    ):
        assert decision.task is None and decision.audit and "refused" in decision.audit[1]
        assert decision.notice and decision.notice.kind == "refused" and decision.notice.text
