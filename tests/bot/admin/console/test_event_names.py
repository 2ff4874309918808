"""A form that is sent twice is one act; another act in the same form is another one."""

from __future__ import annotations

from dataclasses import replace

from bot.admin.console.body_acts import BodyAct, build_body_event
from bot.admin.console.events import ConsoleAct, build_event, parse_message
from bot.messages import File

ACT = ConsoleAct("form", "telegram:1", "김영사", 7, "reply", "내일 뵙겠습니다.", 12)
BODY_ACT = BodyAct("form", "telegram:1", "김영사", "vn-hanoi", "insight", "통관이 늦어집니다.")


def test_a_form_that_is_sent_twice_is_one_act() -> None:
    first = build_event(ACT)
    assert build_event(replace(ACT, seen=13, name="김 영사")).key == first.key
    message = parse_message(first.payload)
    assert message and message.id == first.key and len(first.key) <= 64
    assert build_body_event(BODY_ACT).key == build_body_event(replace(BODY_ACT, name="")).key


def test_what_is_sent_from_a_page_one_went_back_to_is_another_act() -> None:
    files = (File("console", "1", "a.pdf", "application/pdf", 9),)
    others = [
        replace(ACT, text="모레 뵙겠습니다."), replace(ACT, act="note"), replace(ACT, case=8),
        replace(ACT, account="telegram:2"), replace(ACT, id="form-2"), replace(ACT, files=files),
    ]  # fmt: skip
    assert len({build_event(one).key for one in (ACT, *others)}) == len(others) + 1
    others_of_body = [
        replace(BODY_ACT, text="-"), replace(BODY_ACT, mission="vn-hcmc"),
        replace(BODY_ACT, account="telegram:2"), replace(BODY_ACT, command="tell"),
    ]  # fmt: skip
    keys = {build_body_event(one).key for one in (BODY_ACT, *others_of_body)}
    assert len(keys) == len(others_of_body) + 1
