"""What a founder does with a case of theirs by its buttons, and what no one else can do with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.staff_turn import decide_staff_turn
from bot.context import Decision, Services
from bot.founder.own_cases.pressing import leads_on
from bot.founder.public_place import decide_public_turn
from bot.founder.turn import decide_founder_turn
from bot.messages import Address
from bot.types import Case, Conversation, NextWords, Rating
from knowledge.types import LANGUAGES, Language
from tests.bot.founder.founder_records import (
    SLACK_ACCOUNT,
    KnownFounders,
    make_founder_services,
    make_slack_conversation,
    make_slack_message,
)
from tests.samples.answers import RecordingAnswerer, make_answer
from tests.samples.records import (
    NOW,
    button_keys,
    make_case,
    make_command,
    make_conversation,
    make_message,
    make_staff_message,
    make_staff_turn,
    make_taken_case,
    make_thread,
    make_turn,
    phrase,
    sent_to_founder,
    sent_to_staff,
    texts_of,
)

LINKED = [frozenset({"telegram:1001", SLACK_ACCOUNT})]


def serve(*cases: Case, **values: object) -> Services:
    talks = values.pop("talks", [make_conversation()])
    threads = [make_thread(case.number) for case in cases]
    return make_founder_services(cases=cases, talks=talks, threads=threads, **values)  # type: ignore[arg-type]


def press(key: str, services: Services, talk: Conversation | None = None) -> Decision:
    return decide_founder_turn(make_turn(make_message(key, "button"), talk, services))


def says(key: str, language: Language = "ko", **values: object) -> str:
    return phrase(f"own.{key}", language, **values)


@pytest.mark.parametrize("language", LANGUAGES)
def test_cases_are_listed_with_their_target_in_its_zone_and_buttons(language: Language) -> None:
    ended = make_case(6, state="resolved", ended_at=NOW)
    merged = make_case(5, state="closed", ended_at=NOW, merged_into=6)
    talk = make_conversation(language=language)
    turn = make_turn(make_command("cases"), talk, serve(merged, ended, make_case(7)))
    (listed,) = decide_founder_turn(turn).outgoing
    zone = {"ko": "하노이", "en": "Hanoi", "vi": "Hanoi"}[language]
    assert zone in listed.content.text.splitlines()[-1]  # the next target, with the zone's name
    assert button_keys(listed) == ["reopen:6", "remind:7", "add:7", "end:7"]


def test_what_is_late_is_said_to_be_late() -> None:
    services = replace(serve(make_case(7)), now=NOW + timedelta(days=9))
    (listed,) = decide_founder_turn(make_turn(make_command("cases"), None, services)).outgoing
    assert "늦어지고" in listed.content.text


def test_staff_are_reminded_in_one_line_and_once_for_each_target() -> None:
    services = serve(make_case(7))
    first = press("remind:7", services)
    (line,) = texts_of(sent_to_staff(first))
    assert "#7" in line and "\n" not in line
    assert first.log[-1].act == "remind" and first.log[-1].role == "founder"
    again = press("remind:7", serve(make_case(7), log=first.log))
    assert sent_to_staff(again) == [] and again.log == ()
    assert "한 번만" in texts_of(again.outgoing)[0]


def test_a_move_begins_no_other_target_but_a_reply_does() -> None:
    reminded = press("remind:7", serve(make_taken_case(7))).log
    moved = replace(reminded[-1], act="reassign", role="staff", detail="vn-hcmc")
    log = [*reminded, moved]
    assert sent_to_staff(press("remind:7", serve(make_taken_case(7), log=log))) == []
    answered = replace(moved, act="answer", at=NOW)
    log = [*reminded, answered]
    assert len(sent_to_staff(press("remind:7", serve(make_taken_case(7), log=log)))) == 1


def test_who_is_waited_for_reminds_no_one() -> None:
    case = make_taken_case(7, state="waiting_founder")
    entry = replace(press("remind:7", serve(make_case(7))).log[-1], act="ask_founder")
    decision = press("remind:7", serve(case, log=[replace(entry, role="staff")]))
    assert texts_of(decision.outgoing) == [says("remind_your_turn", number=7)]


def test_a_sealed_case_is_reminded_of_to_its_readers_only() -> None:
    services = serve(make_case(7, sealed=True))
    officer = Address("telegram", "501")
    services = replace(services, find_duty_officers=lambda mission: [officer])
    told = [one for one in press("remind:7", services).outgoing if one.to == officer]
    assert len(told) == 1 and told[0].content.protect


def test_without_a_room_the_founder_hears_that_no_one_can_be_reminded() -> None:
    services = make_founder_services(cases=[make_case(7)], talks=[make_conversation()])
    decision = press("remind:7", services)
    assert texts_of(decision.outgoing) == [says("remind_no_room", number=7)] and not decision.log


def test_what_is_written_next_goes_to_the_case() -> None:
    services = serve(make_case(7))
    talk = press("add:7", services).conversation
    assert talk and talk.case == 7
    turn = make_turn(make_message("송장을 더 보냅니다"), talk, services)
    assert "송장" in texts_of(sent_to_staff(decide_founder_turn(turn)))[0]


def test_beside_another_open_case_one_message_goes_to_the_case() -> None:
    services = serve(make_case(5), make_case(7))
    talk = press("add:7", services, make_conversation(case=5)).conversation
    assert talk and (talk.case, talk.next_words) == (5, NextWords("case", 7))
    turn = make_turn(make_message("송장을 더 보냅니다"), talk, services)
    decision = decide_founder_turn(turn)
    assert [number for number, _ in decision.new_lines] == [7]
    assert decision.conversation and decision.conversation.next_words is None
    turn = make_turn(make_message("다른 이야기입니다"), decision.conversation, services)
    assert [number for number, _ in decide_founder_turn(turn).new_lines] == [5]


def test_a_case_is_closed_by_its_button_and_the_conversation_left() -> None:
    decision = press("end:7", serve(make_case(7)), make_conversation(case=7))
    assert decision.case and decision.case.state == "closed"
    assert decision.conversation and decision.conversation.case is None


@pytest.mark.parametrize(
    "key", ["remind:7", "add:7", "end:7", "reopen:7", "rate:good:7", "words:7"]
)
@pytest.mark.parametrize("state", ["routed", "closed"])
def test_another_persons_case_has_no_buttons_for_one(key: str, state: str) -> None:
    other = replace(make_conversation(), key="telegram:2002", chat="2002", user="2002")
    case = make_case(7, conversation="telegram:2002", state=state)
    rated = KnownFounders(ratings=[Rating(7, "good")])
    services = serve(case, talks=[make_conversation(), other], founders=rated)
    decision = press(key, services)
    assert texts_of(decision.outgoing) == [phrase("founder.stale_button", "ko")]
    assert not (decision.case or decision.log or decision.founder_records)


def test_a_founder_whose_case_was_merged_into_it_cannot_reopen_it() -> None:
    other = replace(make_conversation(), key="telegram:2002", chat="2002", user="2002", case=7)
    case = make_case(7, state="resolved", ended_at=NOW)
    services = serve(case, talks=[make_conversation(), other])
    message = make_message("reopen:7", "button", account="telegram:2002")
    decision = decide_founder_turn(make_turn(message, other, services))
    assert decision.case is None and decision.log == ()


def test_a_stranger_in_a_group_cannot_reopen_it() -> None:
    case = make_case(7, state="resolved", ended_at=NOW)
    group = {"chat": "-500", "private": False}
    message = make_message("reopen:7@1001", "button", account="telegram:2002", **group)
    stranger = replace(make_conversation(), key="telegram:-500:2002", chat="-500", user="2002",
                       private=False, version=1)  # fmt: skip
    decision = decide_public_turn(make_turn(message, stranger, serve(case)))
    assert decision.case is None and decision.log == ()
    own = replace(message, text="reopen:7")  # a forged key without an owner
    assert decide_public_turn(make_turn(own, stranger, serve(case))).case is None


def test_who_is_in_another_open_case_is_told_which() -> None:
    services = serve(make_case(5), make_case(7, state="resolved", ended_at=NOW))
    decision = press("reopen:7", services, make_conversation(case=5))
    assert texts_of(decision.outgoing) == [says("reopen_elsewhere", number=7, other=5)]


def test_linked_messengers_list_all_cases_and_replies_follow_the_founder() -> None:
    slack = make_slack_conversation(case=7)
    services = serve(make_case(7), talks=[make_conversation(), slack],
                     founders=KnownFounders(linked=LINKED))  # fmt: skip
    turn = make_turn(make_slack_message(kind="command", command="cases"), slack, services)
    assert "#7" in texts_of(decide_founder_turn(turn).outgoing)[0]
    turn = make_turn(make_slack_message("슬랙에서 이어 씁니다"), slack, services)
    moved = decide_founder_turn(turn).case
    assert moved and moved.conversation == "slack:D0MINA"
    unlinked = replace(services, founders=KnownFounders())
    kept = decide_founder_turn(replace(turn, services=unlinked)).case
    assert kept is None or kept.conversation == "telegram:1001"


def resolve(case: Case, founders: KnownFounders | None = None) -> Decision:
    message = make_staff_message(kind="command", command="resolve")
    talk = make_conversation(case=7)
    services = serve(case, talks=[talk], founders=founders or KnownFounders())
    return decide_staff_turn(make_staff_turn(message, case, talk, services=services))


def rating_keys(decision: Decision) -> list[str]:
    keys = [key for one in decision.outgoing for key in button_keys(one)]
    return [key for key in keys if key.startswith("rate:")]


def test_whether_it_helped_is_asked_once_and_never_after_a_sealed_case() -> None:
    asked = resolve(make_taken_case(7))
    assert rating_keys(asked) == ["rate:good:7", "rate:partly:7", "rate:bad:7"]
    assert asked.founder_records == (Rating(7),)
    closed = press("end:7", serve(make_case(7)))
    assert len(rating_keys(closed)) == 3 and closed.founder_records == (Rating(7),)
    assert rating_keys(resolve(make_taken_case(7), KnownFounders(ratings=[Rating(7)]))) == []
    sealed = resolve(make_taken_case(7, sealed=True))
    assert rating_keys(sealed) == [] and sealed.founder_records == ()


def test_a_score_and_words_are_kept_and_staff_see_neither() -> None:
    case = make_case(7, state="resolved", ended_at=NOW)
    asked = serve(case, founders=KnownFounders(ratings=[Rating(7)]))
    rated = press("rate:partly:7", asked)
    assert rated.founder_records == (Rating(7, "partly"),)
    scored = serve(case, founders=KnownFounders(ratings=[Rating(7, "partly")]))
    assert texts_of(press("rate:bad:7", scored).outgoing) == [says("rated_before", number=7)]
    talk = press("words:7", scored).conversation
    assert talk
    kept = decide_founder_turn(make_turn(make_message("답이 늦었습니다"), talk, scored))
    assert kept.founder_records == (Rating(7, "partly", "답이 늦었습니다"),)
    assert [sent_to_staff(one) for one in (rated, kept)] == [[], []]
    assert not kept.new_lines and len(sent_to_founder(kept)) == 1


def test_an_emergency_is_no_word_about_a_rating() -> None:
    founders = KnownFounders(ratings=[Rating(7, "good")])
    case = make_case(7, state="closed", ended_at=NOW)
    ask = RecordingAnswerer(make_answer("no_evidence"))
    services = replace(serve(case, founders=founders), ask=ask)
    talk = make_conversation(next_words=NextWords("rating", 7))
    turn = make_turn(make_message("직원이 공항에서 경찰에 체포됐습니다"), talk, services)
    decision = decide_founder_turn(turn)
    assert decision.founder_records == ()
    assert decision.conversation and decision.conversation.next_words is None


@pytest.mark.parametrize(
    ("case", "alive"),
    [
        (make_case(), {"fix:place:7", "withdraw:7", "remind:7", "add:7", "end:7", "share:7"}),
        (make_case(state="resolved"), {"settled:7", "reopen:7"}),
        (make_case(state="closed"), {"reopen:7"}),
        (make_case(state="closed", merged_into=2), set[str]()),
    ],
)
def test_a_button_leads_on_only_while_its_case_is_in_a_state_for_it(
    case: Case, alive: set[str]
) -> None:
    acts = ("fix:place", "withdraw", "remind", "add", "end", "share", "settled", "reopen")
    of_case, others = {f"{act}:7" for act in acts}, {"ok", "rate:good:7", "offer:abc:7", "claim:7"}
    get_case = serve(case).get_case
    assert {key for key in of_case | others if leads_on(key, get_case)} == alive | others
    assert not leads_on("reopen:8", get_case)
