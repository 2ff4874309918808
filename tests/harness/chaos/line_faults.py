"""What goes wrong between Naru and either messenger."""

from __future__ import annotations

import random
from collections.abc import Callable

from tests.fakes.loopback_server import LoopbackServer
from tests.fakes.slack.server import SlackServer

RETRY_AFTER_SECONDS = 5

Fault = Callable[[random.Random], float]  # does it; for how many seconds nothing can be delivered


def list_line_faults(server: LoopbackServer, send_method: str) -> dict[str, Fault]:
    """The faults by name. Those of events are the messenger's side of a webhook or a socket."""

    def lose_answer(chance: random.Random) -> float:
        server.lose_answer(send_method)
        return 0.0

    def delay_answer(chance: random.Random) -> float:
        server.stall(send_method, chance.uniform(0.2, 2.0))
        return 0.0

    def limit_chat(chance: random.Random) -> float:
        server.fail_next(send_method, status=429, retry_after=RETRY_AFTER_SECONDS)
        return 0.0

    def fail(chance: random.Random) -> float:
        server.fail_next(send_method, chance.randint(1, 3), chance.choice((500, 502, 503)), None)
        return 0.0

    def hang_up(chance: random.Random) -> float:
        seconds = chance.uniform(0.2, 1.5)
        server.go_down(seconds)
        return seconds + 2.0  # Naru notices, and waits before it comes again

    def lose_event_answer(chance: random.Random) -> float:
        server.lose_answer("event" if isinstance(server, SlackServer) else "webhook")
        return 0.0

    def delay_event(chance: random.Random) -> float:
        kind = "event" if isinstance(server, SlackServer) else "webhook"
        server.stall(kind, chance.uniform(0.05, 0.4))
        return 0.0

    return {
        "answer lost": lose_answer, "answer late": delay_answer, "429": limit_chat, "5xx": fail,
        "hung up": hang_up, "event's answer lost": lose_event_answer, "event late": delay_event,
    }  # fmt: skip
