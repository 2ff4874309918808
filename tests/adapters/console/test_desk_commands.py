"""What the forms of the desk's pages are in the room: the words of its commands."""

from __future__ import annotations

import pytest

from adapters.console.pages.desk import body, meetings


@pytest.mark.parametrize(
    ("act", "form", "written"),
    [
        ("minutes", {"what": "회람한다", "owner": "김", "due": "2026-12-31"}, "회람한다 | 김 | 2026-12-31"),
        ("minutes", {"what": "회람한다", "owner": "", "due": "2026-12-31"}, "회람한다 |  | 2026-12-31"),
        ("minutes", {"what": "회람한다", "text": "3 완료\r\n"}, "회람한다\n3 완료"),
        ("settle", {"number": "3", "state": "dropped"}, "3 dropped"),
        ("tell", {"number": "3", "to": "VN", "text": "답"}, "3 VN: 답"),
        ("tell", {"number": "3", "text": "답"}, "3 답"),
        ("tell", {"to": "모두", "text": "답"}, "모두: 답"),
        ("insight", {"text": " 늦습니다 "}, "늦습니다"),
    ],
)  # fmt: skip
def test_an_act_on_a_meeting_is_what_would_be_typed(
    act: str, form: dict[str, str], written: str
) -> None:
    assert meetings.write_command(act, form) == written


@pytest.mark.parametrize(
    ("act", "form", "leads", "written"),
    [
        ("topics", {"topics": ["tax", "law"]}, True, ("seats", "topics slack:U1 tax,law")),
        ("topics", {}, True, ("seats", "topics slack:U1 -")),
        ("capacity", {"capacity": [""]}, True, ("seats", "capacity slack:U1 -")),
        ("away", {"first": ["2026-12-20"], "last": [""], "other": [""]}, False, ("away", "2026-12-20")),
        ("back", {}, True, ("seats", "away slack:U1 -")),
        ("week", {"mon": ["09:00-12:00"], "sat": [""]}, True, ("hours", "mon 09:00-12:00;sat closed")),
        ("holiday_add", {"day": ["2026-12-24"], "name": ["이전; 휴무"]}, True,
         ("hours", "holiday add 2026-12-24 이전, 휴무")),
        ("unseal", {}, True, ("staff", "sealed slack:U1 off")),
    ],
)  # fmt: skip
def test_an_act_on_a_body_is_what_would_be_typed(
    act: str, form: dict[str, list[str]], leads: bool, written: tuple[str, str]
) -> None:
    values = {"seat": ["slack:U1"], **form}
    assert body.write_command(act, values, "slack:U1", leads=leads) == written
