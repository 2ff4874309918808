"""Who wrote a message on Slack, and whom it names."""

from __future__ import annotations

import pytest

from tests.adapters.slack.test_inbound import NARU, make_event_payload, read_message


@pytest.mark.parametrize(
    ("text", "command", "argument", "named"),
    [
        ("staff add <@U0KIM> lawyer", "staff", "add  lawyer", ["U0KIM"]),
        ("staff list", "staff", "list", []),
        ("담당자 명단", "staff", "", []),
        ("unbind", "unbind", "", []),
        ("unbind vn-hanoi", "unbind", "vn-hanoi", []),
        ("staff visas for my engineers?", "", "staff visas for my engineers?", []),
        ("unbind my contract from the agency", "", "unbind my contract from the agency", []),
    ],
)
def test_staff_are_managed_by_words_that_are_no_question(
    text: str, command: str, argument: str, named: list[str]
) -> None:
    said = read_message(make_event_payload("C0HANOI", "app_mention", text=f"<@{NARU}> {text}"))
    assert (said.command, said.text) == (command, argument)
    assert [one.user for one in said.named] == named


def test_the_slash_command_names_people_by_id() -> None:
    raw = {"command": "/naru", "text": "staff add <@U0KIM|kim> lawyer", "channel_id": "C0HANOI",
           "user_id": "U0LEE", "trigger_id": "1.2"}  # fmt: skip
    said = read_message(raw)
    assert (said.command, [(one.user, one.name) for one in said.named]) == (
        "staff", [("U0KIM", "kim")],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("home", "external"), [({}, False), ({"user_team": "T"}, False), ({"user_team": "T9"}, True)]
)
def test_a_message_says_that_its_author_is_of_another_organisation(
    home: dict[str, str], external: bool
) -> None:
    raw = make_event_payload("C0HANOI", text="안녕하세요", **home) | {"team_id": "T"}
    assert read_message(raw).is_external is external
