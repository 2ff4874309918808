"""`naru block`, `naru unblock` and `naru incident`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from sqlalchemy import select

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession
from adapters.cli.options import build_app
from adapters.terminal import FOUNDER_CHANNEL
from bot.store import tables as t
from tests.adapters.cli.conftest import RunCommand

FOUNDER = f"{FOUNDER_CHANNEL}:me"


def talk(*lines: str) -> list[str]:
    """What a founder at the terminal reads."""
    shown: list[str] = []
    seat = TerminalSession(build_app(), FOUNDER_CHANNEL, "me", shown.append)
    for line in lines:
        seat.submit_line(line)
        asyncio.run(seat.run_until_idle())
    return shown


@pytest.fixture
def app(own_library: Path) -> App:
    """A founder with a case in Da Nang."""
    talk("/human 다낭 창고 임대 분쟁을 봐 주세요")
    return build_app()


def list_acts(app: App) -> list[str]:
    with app.engine.connect() as connection:
        return list(connection.execute(select(t.audit.c.act)).scalars())


def test_a_block_stops_the_words_and_keeps_the_case(app: App, run: RunCommand) -> None:
    blocked = json.loads(run("block", FOUNDER, "--reason", "광고", "--json").out)
    assert blocked == {"blocked": FOUNDER, "open_cases": [1]}
    (listed,) = json.loads(run("block", "--json").out)
    assert (listed["account"], listed["reason"]) == (FOUNDER, "광고")
    (told,) = talk("안녕하세요")
    assert "이용을 제한했습니다" in told
    assert app.store.get_case(1).state in ("new", "routed")
    assert len(app.store.list_lines(1)) == 1  # the words of a blocked person are nowhere
    with app.engine.connect() as connection:
        assert not any(
            "안녕" in one for one in connection.execute(select(t.inbox.c.payload)).scalars()
        )
    assert json.loads(run("unblock", FOUNDER, "--json").out) == {"unblocked": FOUNDER}
    assert "이용을 제한했습니다" not in " ".join(talk("아직 계신가요? 창고 열쇠가 바뀌었습니다"))
    assert [one for one in list_acts(app) if "block" in one] == [
        f"block {FOUNDER}: 광고", f"unblock {FOUNDER}",
    ]  # fmt: skip


def test_who_is_not_blocked_cannot_be_unblocked(own_library: Path, run: RunCommand) -> None:
    assert run("unblock", "telegram:5").code == 1
    assert run("block", "nobody").code == 2
    assert "No one" in run("block").out


def test_an_incident_lists_founders_missions_and_the_last_hour(app: App, run: RunCommand) -> None:
    told = json.loads(run("incident", "1", "--known", "2026-12-01T09:00:00", "--json").out)
    (founder,) = told["founders"]
    assert (founder["case"], founder["account"]) == (1, FOUNDER)
    assert [one["country"] for one in told["missions"]] == ["VN"]
    assert told["by"].startswith("2026-12-04T") and "34" in told["basis"]
    assert told["persons"] == 1 and not told["report_to_commission"]
    shown = run("incident", "1").out
    assert FOUNDER in shown and "창고" not in shown  # whom to tell, not what was said
    assert sum("incident" in act for act in list_acts(app)) == 2


def test_an_incident_of_no_case_is_an_error(own_library: Path, run: RunCommand) -> None:
    assert run("incident", "999").code == 1


def test_a_copy_of_ones_records_is_a_file_and_is_written_down(app: App) -> None:
    talk("/export")
    with app.engine.connect() as connection:
        (data,) = connection.execute(select(t.desk_files.c.data)).scalars()
    records = json.loads(data)
    assert records["cases"][0]["number"] == 1
    assert any("창고" in line["text"] for line in records["case_lines"])
    assert {"conversations", "events", "messages", "consents"} <= records.keys()
    assert "a copy of their records was given" in list_acts(app)


def test_what_an_erasure_would_take_is_counted(app: App) -> None:
    counts = app.store.people.count_erasure(FOUNDER)
    assert counts["cases"] == 0 and counts["conversations"] == 0  # its case is open
    talk("/close")
    counts = app.store.people.count_erasure(FOUNDER)
    assert (counts["conversations"], counts["cases"], counts["case_lines"]) == (1, 1, 1)
    (asked,) = talk("/forget")[-1:]
    assert "끝난 건 1개의 내용" in asked and "대화 1개" in asked
