"""Random talks of one founder, from the first message to the case, and what each must keep."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

from bot.context import Decision, Services, Turn
from bot.founder.handover import handle_place_timeout
from bot.founder.reading.triage import triage_message
from bot.founder.turn import decide_founder_turn
from bot.messages import Message
from bot.types import URGENCIES, Case, CaseMessage, Conversation, Urgency
from knowledge.types import Answer, Question, Verdict
from tests.samples.answers import RecordingAnswerer, make_answer, make_offer
from tests.samples.records import (
    HANOI,
    NOW,
    make_binding,
    make_command,
    make_conversation,
    make_file,
    make_message,
    make_services,
    make_turn,
)

# Of every level and language; what each reports is read by triage itself.
GRAVE_TEXTS = (
    "파트너가 도면을 빼돌렸어요",
    "They stole our source code",
    "바이어가 잔금을 석 달째 안 줍니다",
    "컨테이너가 세관에 묶여 있습니다",
    "직원이 어제 체포됐습니다",
    "khách hàng chưa thanh toán 3 tháng rồi",
)
PLAIN_TEXTS = (
    "물류비는 얼마까지 지원하나요?",
    "그럼 언제까지인가요?",
    "이거 누가 보나요?",
    "직원 8명입니다",
    "금액은 6만 달러입니다",
    "Is there support for freight?",
    "고마워요~",
    "ㅇㅋ 감사",
    "안녕하세요",
    "네",
    "아니요",
    "cảm ơn",
    "너는 뭐 할 수 있어?",
    "쓸모없네요",
    "우리 신청 건 어디까지 됐나요?",
    "영어로 답해 주세요",
    "아니 일본 말고 하노이요",
    "잠깐만요 비용 드나요?",
    "1",
)
CALLS = ("상담원이요", "네 전해주세요", "human please")
VERDICTS: tuple[Verdict, ...] = ("answered", "no_evidence", "offered", "expired")
COMMANDS = ("human", "where", "why", "lang", "cases", "help")
PLACES = ("하노이", "호치민", "구름 너머")


@dataclass
class RandomTalk:
    """One founder's talk; `sealed` and `urgency` are those of the gravest text so far."""

    draw: Random
    spoil: Callable[[Conversation], Conversation]
    talk: Conversation
    clock: int = 0
    cases: tuple[Case, ...] = ()
    opening: tuple[tuple[int, CaseMessage], ...] = ()
    sealed: bool = False
    urgency: Urgency = "normal"
    said: tuple[str, ...] = ()

    def step(self) -> None:
        """Let the founder do one thing, and remember what it leads to."""
        self.clock += 1
        services = self._make_services()
        act = self.draw.choice(("grave", "plain", "plain", "plain", "call", "command", "place",
                                "file", "press", "timer", "location"))  # fmt: skip
        if act == "timer":
            turn = Turn(services, self.talk, make_message("", "other"))
            decision = handle_place_timeout(turn)
        else:
            message = self._make_message(act)
            self._weigh(message)
            decision = decide_founder_turn(make_turn(message, self.talk, services))
        self._remember(decision)

    def _weigh(self, message: Message) -> None:
        triage = triage_message(message.text)
        if message.kind != "text":
            return
        self.sealed |= triage.sealed
        self.urgency = max(self.urgency, triage.urgency, key=URGENCIES.index)
        if triage.sealed or triage.urgency != "normal":
            self.said = (*self.said, message.text)

    def _remember(self, decision: Decision) -> None:
        self.talk = self.spoil(decision.conversation or self.talk)
        opened = (decision.new_case, *decision.new_asides)
        self.cases = tuple(case for case in opened if case)
        self.opening = decision.new_lines

    def _make_message(self, act: str) -> Message:
        one = self.draw.choice
        message_id = f"m{self.clock}"
        match act:
            case "grave":
                return make_message(one(GRAVE_TEXTS), id=message_id)
            case "call":
                return make_message(one(CALLS), id=message_id)
            case "command":
                return make_command(one(COMMANDS), id=message_id)
            case "place":
                return make_message(one(PLACES), id=message_id)
            case "file":
                return make_message("", files=(make_file(f"{self.clock}.pdf"),), id=message_id)
            case "location":
                spot = (HANOI.lat or 0.0, HANOI.lon or 0.0)
                return make_message("", "location", location=spot, id=message_id)
            case "press":
                keys = ["human", "ok", "noplace", "place:하노이", "lang:en"]
                keys += [f"none:{offered.token}" for offered in self.talk.offered]
                keys += [f"offer:{offered.token}:0" for offered in self.talk.offered]
                return make_message(one(keys), "button", id=message_id)
        return make_message(one(PLAIN_TEXTS), id=message_id)

    def _make_services(self) -> Services:
        def ask(question: Question) -> Answer:
            verdict = self.draw.choice(VERDICTS)
            offers = (make_offer("가 공고"),) if verdict == "offered" else ()
            return make_answer(verdict, language=question.language, offers=offers)

        now = NOW + timedelta(minutes=7 * self.clock)
        return replace(make_services(ask, bindings=[make_binding()]), now=now)


def play_talks(
    seed: int,
    talks: int,
    steps: int,
    spoil: Callable[[Conversation], Conversation] = lambda one: one,
) -> int:
    """Play random talks until each has a case or `steps` are over; gives how many came to a case.
    Raises AssertionError for a case that lost a seal, an urgency or a grave text."""
    opened = 0
    for number in range(talks):
        talk = RandomTalk(Random(seed * 10_000 + number), spoil, make_conversation())
        for _ in range(steps):
            talk.step()
            if talk.cases:
                opened += 1
                check_case(talk.cases, talk.opening, talk)
                break
    return opened


def play_case(seed: int, steps: int, case: Case) -> Case:
    """Play random messages within an open case; gives the case as it is then. Raises AssertionError
    where a message lowers its urgency or takes its seal off, or is not kept in its record."""
    draw, talk = Random(seed), make_conversation(case=case.number, place=HANOI)
    for number in range(steps):
        text = draw.choice(GRAVE_TEXTS + PLAIN_TEXTS + CALLS + PLACES)
        triage = triage_message(text)
        library = RecordingAnswerer(make_answer(draw.choice(VERDICTS)))
        services = make_services(library, known_cases=[case], bindings=[make_binding()])
        message = make_message(text, id=f"m{number}")
        decision = decide_founder_turn(make_turn(message, talk, services))
        after, talk = decision.case or case, decision.conversation or talk
        least = max(case.urgency, triage.urgency, key=URGENCIES.index)
        assert after.urgency == least, f"urgency lost or made up: {text}"
        assert after.sealed or not (case.sealed or triage.suspect), f"seal lost: {text}"
        assert text in [line.text for _, line in decision.new_lines], f"words lost: {text}"
        case = after
    return case


def check_case(
    cases: Sequence[Case], opening: Sequence[tuple[int, CaseMessage]], talk: RandomTalk
) -> None:
    """Raise AssertionError if a grave text came into no case that is as grave as itself, or if the
    cases together are less grave than what was said."""
    assert any(case.sealed for case in cases) or not talk.sealed, f"seal lost: {talk.said}"
    most = max(URGENCIES.index(case.urgency) for case in cases)
    assert most >= URGENCIES.index(talk.urgency), f"urgency lost: {talk.said}"
    records = {
        case.number: "\n".join(
            [case.question, *(line.text for number, line in opening if number == case.number)]
        )
        for case in cases
    }
    for text in talk.said:
        homes = [case for case in cases if text in records[case.number]]
        assert homes, f"words lost: {text}"
        triage = triage_message(text)
        for case in homes:
            assert case.sealed or not triage.sealed, f"seal lost: {text}"
        assert any(
            URGENCIES.index(case.urgency) >= URGENCIES.index(triage.urgency) for case in homes
        ), f"urgency lost: {text}"
