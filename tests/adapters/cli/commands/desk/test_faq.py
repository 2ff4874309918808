"""`naru faq` and `naru replay`, as they are typed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from adapters.cli.options import build_app
from bot.context import Decision
from bot.types import CaseMessage
from tests.adapters.cli.conftest import RunCommand
from tests.samples.records import NOW, make_case

QUESTION = "가마 도면을 하노이 세관에 언제 내나요?"


@pytest.fixture
def cases(own_library: Path) -> None:
    """Case 7 is resolved and answered, 8 sealed, 9 open."""
    app = build_app()
    plain = replace(make_case(7), question=QUESTION, state="resolved")
    for case in (
        plain,
        replace(plain, number=8, question="봉인된 말", sealed=True),
        replace(plain, number=9, state="claimed"),
    ):
        line = CaseMessage("staff", "가마 도면은 도착 열흘 전까지 냅니다.", NOW, "lawyer")
        decision = Decision(new_case=case, new_lines=((case.number, line),))
        app.store.commit_without_message(f"case {case.number}", decision, NOW)


@pytest.mark.usefixtures("cases")
def test_a_case_becomes_an_edition_and_contains_itself(run: RunCommand, tmp_path: Path) -> None:
    assert "No FAQ" in run("faq").out
    made = run("faq", "7", "--json").json["faq"]
    assert (made["state"], made["question"], made["countries"]) == ("draft", QUESTION, ["VN"])
    form = tmp_path / "form.txt"
    form.write_text(
        "FAQ 초안 #7\n다른 말: 도면은 며칠 전에 내요?\n답변:\n도착 아흐레 전입니다.", "utf-8"
    )
    edited = run("faq", "7", "--edit", str(form)).out
    assert "아흐레" in edited and "다른 말: 도면은 며칠 전에 내요?" in edited
    assert run("faq", "submit", "7").code == 0
    before = run("replay", "--json").json
    assert (before["contained"]["n"], before["contained"]["share"]) == (2, 0)  # not the sealed one
    approved = run("faq", "approve", "7", "--review", "2099-01-31", "--json").json
    assert approved["edition"] and approved["faq"]["review_by"] == "2099-01-31"
    found = run("replay", "--json").json
    first = next(one for one in found["cases"] if one["how"])
    assert (first["case"], first["document"]) == (7, "naru-faq-7")
    report = tmp_path / "replay.md"
    assert run("replay", "--out", str(report)).code == 0
    assert "| 100% |" in report.read_text("utf-8") and "봉인된" not in report.read_text("utf-8")
    assert "approved" in run("faq").out
    assert run("faq", "7", "--edit", str(form)).code == 1  # it is withdrawn first
    assert "Edition" in run("faq", "withdraw", "7").out


@pytest.mark.usefixtures("cases")
@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("8",), 1, "neither sealed nor critical"),
    (("9",), 1, "only a resolved case"),
    (("70",), 1, "There is no case 70"),
    (("twelve",), 2, "neither a number"),
    (("9999999999",), 2, "neither a number"),
    (("approve", "9999999999"), 2, "less than or equal to 999999999"),
    (("approve",), 2, "naru faq approve 12"),
    (("approve", "7"), 1, "There is no FAQ 7"),
    (("7", "--edit", "none.txt"), 1, "cannot be read"),
])  # fmt: skip
def test_what_is_not_possible_is_said(
    run: RunCommand, arguments: tuple[str, ...], code: int, says: str
) -> None:
    ended = run("faq", *arguments)
    assert ended.code == code and says in ended.err
