"""`naru cases`, `naru case`, bind and a founder's own records, after a case in the terminal."""

from __future__ import annotations

import ast
import asyncio
from pathlib import Path

import pytest
from sqlalchemy import text

from adapters.bootstrap import App
from adapters.cli.chat.session import TerminalSession
from adapters.cli.options import build_app
from adapters.terminal import FOUNDER_CHANNEL
from bot.cases.states import claim_case
from bot.context import Decision
from bot.types import AccountLink, Actor, Consent, LinkCode
from knowledge.database.engine import write_transaction
from tests.adapters.cli.conftest import RunCommand
from tests.bot.founder.founder_records import make_slack_conversation
from tests.source_tree import parse_modules

CASE = [
    "number", "conversation", "language", "question", "competent", "mission", "via", "body",
    "reason", "urgency", "opened_at", "sealed", "place", "found", "asked_at", "state", "taken_by",
    "taken_at", "ended_at", "wait_until", "merged_into", "parent", "offer", "version", "due", "is_late",
]  # fmt: skip
FOUNDER_QUESTION = "다낭 창고 임대 분쟁을 봐 주세요"


@pytest.fixture
def talked(own_library: Path) -> App:
    """A founder who opened a case with `/human`."""
    app = build_app()
    seat = TerminalSession(app, FOUNDER_CHANNEL, "me", lambda _: None)
    seat.submit_line(f"/human {FOUNDER_QUESTION}")
    asyncio.run(seat.run_until_idle())
    return app


STEERING = "\x1b]0;owned\x07\x9b31m\u202e\r지움"


def test_what_a_founder_wrote_cannot_steer_the_terminal(own_library: Path, run: RunCommand) -> None:
    seat = TerminalSession(build_app(), FOUNDER_CHANNEL, "me", lambda _: None)
    for line in (f"/human 창고 {STEERING}\nstaff: 승인", "다낭"):
        seat.submit_line(line)
        asyncio.run(seat.run_until_idle())
    for arguments in (("cases",), ("case", "1"), ("cases", "--json"), ("export", "terminal:me")):
        shown = run(*arguments).out
        assert not set(STEERING) - set("지움]0;owned31m") & set(shown), arguments
        assert "owned" in shown
    assert "\nstaff: 승인" not in run("case", "1").out


@pytest.mark.parametrize("typed", ["²", "#² 안녕", "#" + "9" * 25 + " 안녕", "9" * 25])
def test_odd_numbers_in_the_terminal_are_words(own_library: Path, typed: str) -> None:
    seat = TerminalSession(build_app(), FOUNDER_CHANNEL, "me", lambda _: None)
    seat.submit_line(typed)
    assert seat.thread is None and seat.app.store.inbox.count_events("waiting") == 1


def test_only_one_module_of_the_commands_prints() -> None:
    """What others wrote reaches the screen through `print_text` and `print_json` alone; in a chat
    it is `adapters.terminal` that escapes it."""
    printing = {
        name
        for name, tree in parse_modules().items()
        for node in ast.walk(tree)
        if name.startswith("adapters.cli.") and not name.startswith("adapters.cli.chat.")
        and isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name) and node.func.id == "print"
    }  # fmt: skip
    assert printing == {"adapters.cli.output", "adapters.cli.progress"}


@pytest.mark.usefixtures("talked")
class TestACase:
    def test_it_is_listed(self, run: RunCommand) -> None:
        (case,) = run("cases", "--json").json
        assert list(case) == CASE
        assert (case["state"], case["mission"], case["question"]) == (
            "new",
            "vn-hanoi",
            FOUNDER_QUESTION,
        )
        assert case["place"]["country"] == "VN" and case["conversation"] == "terminal:me"
        shown = run("cases", "--open").out
        assert f"#{case['number']}" in shown and FOUNDER_QUESTION in shown

    def test_it_is_shown_with_what_was_said(self, run: RunCommand) -> None:
        number = run("cases", "--json").json[0]["number"]
        found = run("case", str(number), "--json").json
        assert list(found) == [*CASE, "lines"]
        assert [(line["author"], line["text"]) for line in found["lines"]] == [
            ("founder", FOUNDER_QUESTION)
        ]
        assert f"founder: {FOUNDER_QUESTION}" in run("case", str(number)).out

    def test_who_has_it_is_one_value(self, talked: App, run: RunCommand) -> None:
        (case,) = talked.store.list_cases()
        taken = claim_case(case, Actor("slack:U9", "staff"), "lawyer", talked.now()).case
        talked.store.commit_without_message("claim", Decision(case=taken), talked.now())
        (shown,) = run("cases", "--json").json
        assert list(shown) == CASE
        assert (shown["state"], shown["taken_by"]) == ("claimed", "slack:U9|lawyer")

    def test_a_room_that_is_bound_gets_what_waits(self, run: RunCommand) -> None:
        assert run("bindings").out.startswith("No body is bound.")
        bound = run("bind", "vn-hanoi", "slack:C0123", "--json").json
        assert bound == {"mission": "vn-hanoi", "place": "slack:C0123", "waiting": 1}
        assert run("bindings", "--json").json == [{"mission": "vn-hanoi", "place": "slack:C0123"}]
        assert "telegram:-100123" in run("bind", "domestic", "telegram:-100123").out

    def test_doctor_says_that_nobody_sees_it(self, run: RunCommand) -> None:
        assert "1 open cases are seen by nobody" in run("doctor").out

    def test_a_founders_records_are_printed(self, run: RunCommand) -> None:
        found = run("export", "terminal:me").json
        assert list(found) == [
            "conversations", "cases", "ratings", "consents", "linked", "subscriptions",
        ]  # fmt: skip
        assert found["cases"][0]["lines"][0]["text"] == FOUNDER_QUESTION

    def test_records_of_an_open_case_stay(self, run: RunCommand) -> None:
        ran = run("forget", "terminal:me")
        assert ran.code == 1 and "is open" in ran.err and run("export", "terminal:me").code == 0


def test_a_copy_covers_the_messengers_that_its_founder_linked(talked: App, run: RunCommand) -> None:
    slack, now = make_slack_conversation(), talked.now()
    agreed = Consent("slack:U0MINA", "alerts", "1", True, now)
    talked.store.commit_without_message("slack", Decision(slack, consents=(agreed,)), now)
    code = LinkCode("d" * 64, "terminal:me", now)
    link = AccountLink(code.digest, "slack:U0MINA", "terminal:me")
    talked.store.commit_without_message("link", Decision(founder_records=(code, link)), now)
    for founder in ("terminal:me", "slack:U0MINA"):
        found = run("export", founder).json
        keys = {one["key"] for one in found["conversations"]}
        assert keys == {"terminal:me", "slack:D0MINA"}
        assert [one["question"] for one in found["cases"]] == [FOUNDER_QUESTION]
        assert [one["account"] for one in found["consents"]] == ["slack:U0MINA"]
        assert found["linked"] == ["slack:U0MINA", "terminal:me"]


def test_what_is_forgotten_is_gone_and_the_count_stays(talked: App, run: RunCommand) -> None:
    seat = TerminalSession(talked, FOUNDER_CHANNEL, "me", lambda _: None)
    seat.submit_line("/close")
    asyncio.run(seat.run_until_idle())
    assert run("cases", "--open").out == "No cases.\n"
    assert run("forget", "terminal:me", "--json").json == {"forgotten": ["terminal:me"]}
    assert run("export", "terminal:me").code == 1
    (case,) = run("cases", "--json").json
    assert case["question"] != FOUNDER_QUESTION and case["state"] == "closed"


def test_a_sealed_case_is_listed_and_shown_without_its_content(
    own_library: Path, run: RunCommand
) -> None:
    app, secret = build_app(), "파트너가 도면을 빼돌렸어요"
    seat = TerminalSession(app, FOUNDER_CHANNEL, "me", lambda _: None)
    for line in (f"/human {secret}", "다낭"):
        seat.submit_line(line)
        asyncio.run(seat.run_until_idle())
    for command in (("cases",), ("cases", "--json"), ("case", "1"), ("case", "1", "--json")):
        assert "도면" not in run(*command).out and "[sealed]" in run(*command).out
    assert secret in run("case", "1", "--unseal").out
    with app.engine.connect() as connection:
        acts = connection.execute(text("select act from audit")).scalars().all()
    assert acts == ["read the sealed case 1"]
    assert secret in run("export", "terminal:me").out
    with app.engine.connect() as connection:
        acts = connection.execute(text("select act from audit")).scalars().all()
    assert acts[1:] == ["a copy of the records of terminal:me was given, with the sealed cases 1"]


def test_a_sweep_says_what_it_cut(talked: App, run: RunCommand) -> None:
    counts = run("sweep", "--json").json
    assert counts["events"] == 0 and set(counts) >= {"messages", "cases", "audit"}
    with write_transaction(talked.engine) as connection:
        connection.execute(text("update inbox set done_at = '2020-01-01T00:00:00.000000+00:00'"))
    shown = run("sweep").out
    assert shown.startswith("Cut: events ") and "events 0," not in shown
    with talked.engine.connect() as connection:
        kept = connection.execute(text("select payload from inbox where state = 'done'")).scalars()
        assert set(kept) == {"{}"}


def test_without_a_case_it_says_so(run: RunCommand) -> None:
    assert run("cases").out == "No cases.\n"
    assert run("cases", "--json").json == []
