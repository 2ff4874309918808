"""The log of answers: what it keeps, who finds what, and what leaves it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.admin.console.acts import ConsoleDesk
from bot.admin.console.events import WRONG_ANSWER, ConsoleAct, build_event, parse_message
from bot.context import Decision
from bot.store import Store
from bot.store.console.answers import AnswerFilter
from bot.types import LoggedAnswer, Rating, RetentionPeriods, StaffMember, WrongAnswer
from knowledge.phrases.phrase import SectionChoice
from tests.bot.store.sample_records import NOW, make_case, make_conversation
from tests.samples.records import make_services

ASKED = "도자기 물류비도 되나요?"
LOGGED = LoggedAnswer(
    "telegram:1001", "answered", "ko", ASKED, "네.", "logistics", "VN", "vn-hanoi", NOW
)


def log(store: Store, *answers: LoggedAnswer) -> None:
    for number, one in enumerate(answers):
        key = f"{one.mission}{one.verdict}{number}"
        store.commit_without_message(key, Decision(logged=one), NOW)


def test_an_answer_is_found_by_what_it_is_and_names_no_one(store: Store) -> None:
    other = replace(LOGGED, verdict="no_evidence", mission="us-new-york", country="US", topic="tax")
    log(store, LOGGED, other)
    answers = store.console.answers
    (found,) = answers.list_answers(AnswerFilter(("vn-hanoi",)))
    assert found == replace(LOGGED, conversation="", number=found.number)
    for wanted in (AnswerFilter(outcome="nothing"), AnswerFilter(topic="tax"), AnswerFilter(country="US"),
                   AnswerFilter(since=NOW, missions=("us-new-york",))):  # fmt: skip
        assert [one.mission for one in answers.list_answers(wanted)] == ["us-new-york"]
    assert (
        answers.count(AnswerFilter(()))
        == answers.count(AnswerFilter(since=NOW + timedelta(1)))
        == 0
    )
    assert len(answers.list_answers(AnswerFilter(), limit=1, offset=1)) == 1


def test_what_a_founder_shows_of_an_answer_is_noted(store: Store) -> None:
    log(store, LOGGED, replace(LOGGED, conversation="telegram:2"))
    answers = store.console.answers
    choice = SectionChoice(LOGGED.conversation, "ko", ASKED, "d", ("가",), "confirmed")
    store.commit_without_message("choice", Decision(choice=choice), NOW)
    assert answers.count(AnswerFilter(thumb="confirmed")) == 1
    case = replace(make_case(1), question=ASKED)
    store.commit_without_message("c", Decision(make_conversation(), new_case=case), NOW)
    assert answers.count(AnswerFilter(outcome="handed_over")) == 1
    rated = Decision(founder_records=(Rating(1), Rating(1, "bad")))
    store.commit_without_message("rating", rated, NOW)
    assert [one.handed_over for one in answers.list_answers(AnswerFilter(thumb="bad"))] == [True]


def test_it_is_erased_swept_and_loses_what_is_sealed(store: Store) -> None:
    answers, case = store.console.answers, replace(make_case(1), question=ASKED, sealed=True)
    log(store, LOGGED, replace(LOGGED, question="다른 물음"))
    store.commit_without_message("sealed", Decision(make_conversation(), new_case=case), NOW)
    assert [one.question for one in answers.list_answers(AnswerFilter())] == ["다른 물음"]
    wrong = WrongAnswer(answers.list_answers(AnswerFilter())[0].number, "telegram:9", "아니요")
    store.commit_without_message("wrong", Decision(wrong_answer=wrong), NOW)
    other = replace(LOGGED, conversation="telegram:2")
    log(store, replace(other, verdict="offered"))
    store.commit_without_message("forget", Decision(erase_account="telegram:1001"), NOW)
    assert [one.verdict for one in answers.list_answers(AnswerFilter())] == ["offered"]
    periods = RetentionPeriods()
    assert store.sweep(periods, NOW + periods.choices)["answers"] == 0
    assert store.sweep(periods, NOW + periods.choices + timedelta(seconds=1))["answers"] == 1


def test_only_staff_who_may_see_an_answer_call_it_wrong(store: Store) -> None:
    members = tuple(
        StaffMember(mission, "telegram", user, user, "diplomat", "test", NOW)
        for mission, user in (("vn-hanoi", "1"), ("us-new-york", "2"), ("domestic", "3"))
    )
    store.commit_without_message("staff", Decision(new_staff=members), NOW)
    log(store, LOGGED, replace(LOGGED, question="", answer=""))
    wordless, logged = store.console.answers.list_answers(AnswerFilter())
    desk = ConsoleDesk(store, make_services())

    def decide(user: str, number: int) -> Decision:
        act = ConsoleAct("1", f"telegram:{user}", user, number, WRONG_ANSWER, "아니요")
        message = parse_message(build_event(act).payload)
        assert message
        return desk.decide(message, is_admin=False)

    for user in ("1", "3"):
        assert decide(user, logged.number).wrong_answer == WrongAnswer(
            logged.number, f"telegram:{user}", "아니요"
        )
    for user, number in (("2", logged.number), ("1", wordless.number), ("1", 99)):
        refused = decide(user, number)
        assert refused.wrong_answer is None
        assert refused.notice and refused.notice.kind == "refused"
