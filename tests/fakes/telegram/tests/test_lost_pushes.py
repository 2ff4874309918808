"""A webhook whose answer is lost: the update was taken, and comes again."""

from __future__ import annotations

from aiohttp import web

from tests.fakes.loopback_server import LoopbackServer
from tests.fakes.telegram.server import TelegramServer


class Hook(LoopbackServer):
    """Counts what it is sent."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[int] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/hook", self._take)]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        with self.change():
            self.taken.append((await request.json())["update_id"])
        return web.Response()


def test_a_lost_answer_brings_the_update_again_and_waits_for_one_that_was_given() -> None:
    with Hook() as hook, TelegramServer(webhook_delays=(0.01,)) as telegram:
        hook.go_down()
        telegram.webhook = {"url": f"{hook.url}/hook", "secret": "", "max_connections": 1}
        telegram.lose_answer("webhook")
        update = telegram.user_says(7, "안녕하세요")
        telegram.wait_for(lambda t: len(t.calls_of("webhook")) >= 2)
        hook.come_up()
        telegram.wait_for(lambda t: not t.pending)
        assert hook.taken == [update, update]
