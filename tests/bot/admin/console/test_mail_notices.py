"""Staff without a messenger get a mail when a case needs them, and nothing of what it is about."""

from __future__ import annotations

from dataclasses import replace

from bot.admin.console.mail_notices import add_mail_notices
from bot.context import Decision
from bot.delivery.completing import complete_decision
from bot.errors import UnknownCase
from bot.types import Case, CaseMessage, LogEntry, SeatOffer
from tests.samples.records import NOW, make_case, make_services

KIM = "console:kim@example.org"
OFFER = SeatOffer(KIM, "lawyer", "세금")
HELD = replace(make_case(), state="claimed", taken_by=KIM)


def tell(decision: Decision, before: Case | None) -> list[tuple[str, str | None, str]]:
    """Of each mail: to whom, of which case, and its text."""

    def get_case(number: int) -> Case:
        if before is None or before.number != number:
            raise UnknownCase(number)
        return before

    return [
        (one.to.chat, one.to.thread, one.content.text)
        for one in add_mail_notices(decision, get_case).outgoing
    ]


def log(act: str, who: str = "telegram:9", number: int = HELD.number) -> tuple[LogEntry, ...]:
    return (LogEntry(number, NOW, who, "staff", act, "routed", "claimed"),)  # type: ignore[arg-type]


def test_a_new_case_that_is_offered() -> None:
    case = replace(make_case(), offer=OFFER)
    ((chat, thread, text),) = tell(Decision(new_case=case), None)
    assert (chat, thread) == ("kim@example.org", str(case.number))
    assert f"#{case.number}번 건을 먼저 맡아" in text
    assert case.question not in text
    assert tell(Decision(case=case, log=log("urgency")), case) == []  # offered before


def test_a_case_that_somebody_else_hands_over() -> None:
    before = replace(HELD, taken_by="telegram:9")
    ((_, _, text),) = tell(Decision(case=HELD, log=log("hand")), before)
    assert "담당자가 되셨습니다" in text
    assert tell(Decision(case=HELD, log=log("claim", KIM)), make_case()) == []  # they took it
    assert (
        tell(Decision(case=before, log=log("hand", KIM)), HELD) == []
    )  # who has it has a messenger


def test_what_the_founder_writes_in_ones_case() -> None:
    said = CaseMessage("founder", "비밀 도면을 보냅니다", NOW)
    decision = Decision(new_lines=((HELD.number, said), (HELD.number, said)))
    ((_, _, text),) = tell(decision, HELD)
    assert "새 글을 보냈습니다" in text
    assert "도면" not in text
    for author in ("staff", "note", "bot"):
        line = replace(said, author=author)
        assert tell(Decision(new_lines=((HELD.number, line),)), HELD) == []
    assert tell(Decision(new_lines=((HELD.number, said),)), make_case()) == []


def test_a_target_that_is_near() -> None:
    ((_, _, text),) = tell(Decision(case=HELD, log=log("remind", "naru")), HELD)
    assert "답변 기한" in text


def test_each_decision_gets_its_mails() -> None:
    services = make_services(known_cases=[HELD])
    said = CaseMessage("founder", "보냈습니다", NOW)
    done = complete_decision(Decision(new_lines=((HELD.number, said),)), lambda: services, {})
    assert [one.to.channel for one in done.outgoing] == ["console"]
