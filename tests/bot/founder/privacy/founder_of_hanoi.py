"""A founder with a matter in Hanoi, where the notice is shown before a case opens."""

from __future__ import annotations

from dataclasses import replace

from bot.context import Decision, Services
from bot.founder.turn import decide_founder_turn
from bot.messages import Message
from bot.routing.recipient import name_notice_version
from bot.types import Conversation, FounderRules, RetentionPeriods
from tests.bot.founder.privacy.known_persons import KnownPersons
from tests.samples.records import (
    HANOI,
    MISSIONS,
    make_command,
    make_conversation,
    make_message,
    make_pending,
    make_services,
    make_turn,
)

PERIODS = RetentionPeriods()
HANOI_MISSION = MISSIONS.get("vn-hanoi")
AGREE = f"agree:vn-hanoi:{name_notice_version(HANOI_MISSION, PERIODS)}"


class FounderOfHanoi:
    """Someone with a matter in Hanoi, and what is remembered of them."""

    def __init__(self, **values: object) -> None:
        self.people = KnownPersons()
        self.services: Services = replace(
            make_services(), rules=FounderRules(asks=True), people=self.people
        )
        self.talk: Conversation = make_conversation(
            **{"place": HANOI, "pending": make_pending(), **values}
        )

    def sends(self, message: Message) -> Decision:
        decision = decide_founder_turn(make_turn(message, self.talk, self.services))
        self.talk = decision.conversation or self.talk
        return self.people.keep(decision)

    def asks_for_a_person(self) -> Decision:
        return self.sends(make_command("human"))

    def presses(self, key: str) -> Decision:
        return self.sends(make_message(key, "button"))
