"""The Slack stand-in sends events to slack_bolt, over a socket and over HTTP."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.loopback_server import Json
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.tests.bolt_app import (
    connect_socket_mode,
    make_bolt_app,
    make_card,
    make_modal,
)
from tests.fakes.slack.tests.scripts import DESK, make_client, run_script


def test_bolt_hears_and_acks_over_a_socket(server: SlackServer) -> None:
    async def script(_: AsyncWebClient) -> None:
        heard: list[Json] = []
        async with connect_socket_mode(server, make_bolt_app(server, heard)):
            ts = server.user_says(server.open_dm(), "관세가 얼마예요?")
            await server.until(lambda s: len(s.acks) == 1 and len(heard) == 1)
            event = heard[0]["event"]
            assert (event["channel_type"], event["ts"]) == ("im", ts)
            assert server.acks[0].after < 1 and server.unacked == []

    run_script(server, script)


def test_a_mention_is_two_events_of_one_message(server: SlackServer) -> None:
    async def script(_: AsyncWebClient) -> None:
        heard: list[Json] = []
        async with connect_socket_mode(server, make_bolt_app(server, heard)):
            ts = server.user_says(DESK, "도와줘요", mention=True)
            await server.until(lambda s: len(s.acks) == 2 and len(heard) == 2)
        assert {body["event"]["type"] for body in heard} == {"message", "app_mention"}
        assert {body["event"]["ts"] for body in heard} == {ts}
        assert len({body["event_id"] for body in heard}) == 2

    run_script(server, script)


def test_what_is_not_acked_comes_again_and_then_is_gone(server: SlackServer) -> None:
    async def script(_: AsyncWebClient) -> None:
        deaf = AsyncApp(client=make_client(server), signing_secret="x")
        async with connect_socket_mode(server, deaf):
            server.user_says(server.open_dm(), "들려요?")
            await server.until(lambda s: len(s.given_up) == 1)
            assert server.given_up[0].attempt == 2 and len(server.given_up[0].ids) == 3
        heard: list[Json] = []
        async with connect_socket_mode(server, make_bolt_app(server, heard)):
            assert server.redeliver() == 1
            await server.until(lambda s: not s.unacked and len(heard) == 1)
            assert server.acks[0].attempt == 3
            server.redeliver(heard[0]["event_id"])
            await server.until(lambda _: len(heard) == 2)
            assert heard[0]["event_id"] == heard[1]["event_id"]

    run_script(server, script)


def test_a_client_told_to_go_comes_back(server: SlackServer) -> None:
    async def script(_: AsyncWebClient) -> None:
        heard: list[Json] = []
        async with connect_socket_mode(server, make_bolt_app(server, heard)):
            server.disconnect("refresh_requested")
            await server.until(lambda s: len(s.calls_of("apps.connections.open")) == 2)
            await server.until(lambda s: s.sockets == 1)
            server.drop_sockets()
            await server.until(lambda s: len(s.calls_of("apps.connections.open")) == 3)
            server.user_says(server.open_dm(), "아직 있어요?")
            await server.until(lambda s: len(heard) == 1 and not s.unacked)

    run_script(server, script)


def test_buttons_shortcuts_commands_and_views(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        heard: list[tuple[str, Json]] = []
        app = make_bolt_app(server, [])

        async def take(ack: Any, body: Json, client: AsyncWebClient) -> None:
            await ack()
            heard.append((body["type"], body))
            await client.views_open(trigger_id=body["trigger_id"], view=make_modal())

        async def refuse(ack: Any, body: Json) -> None:
            heard.append(("view", body))
            await ack(response_action="errors", errors={"reply": "비었어요"})

        async def command(ack: Any, respond: Any, command: Json) -> None:
            await ack()
            heard.append(("command", command))
            await respond("네")

        app.action("claim")(take)
        app.view("reply")(refuse)
        app.command("/naru")(command)
        async with connect_socket_mode(server, app):
            ts = (await client.chat_postMessage(channel=DESK, text="#12", blocks=make_card()))["ts"]
            server.user_presses(DESK, ts, "claim", "12")
            await server.until(lambda s: s.views("reply"))
            server.user_submits_view("reply", {"reply": {"text": "10%입니다"}})
            server.user_runs("/naru", "cases", DESK)
            await server.until(lambda s: len(s.acks) == 4 and s.responses)
        kinds = dict(heard)
        assert kinds["block_actions"]["actions"][0]["value"] == "12"
        assert kinds["block_actions"]["container"]["message_ts"] == ts
        view = kinds["view"]["view"]
        assert view["private_metadata"] == "case 12"
        assert view["state"]["values"]["reply"]["text"]["value"] == "10%입니다"
        answers = [ack.payload for ack in server.acks if ack.payload]
        assert answers == [{"response_action": "errors", "errors": {"reply": "비었어요"}}]
        assert kinds["command"]["text"] == "cases" and server.responses[0]["text"] == "네"
        with pytest.raises(AssertionError):
            server.user_presses(DESK, ts, "claim", "13")

    run_script(server, script)


def test_signed_events_over_http_and_their_retries(server: SlackServer) -> None:
    async def script(_: AsyncWebClient) -> None:
        heard: list[Json] = []
        tries: list[str | None] = []
        app = make_bolt_app(server, heard)

        async def receive(request: web.Request) -> web.Response:
            tries.append(request.headers.get("X-Slack-Retry-Num"))
            if tries == [None]:
                return web.Response(status=503)
            return await to_aiohttp_response(
                await app.async_dispatch(await to_bolt_request(request))
            )

        site = web.Application()
        site.router.add_post("/slack/events", receive)
        runner = web.AppRunner(site)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        server.http_target = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
        server.user_says(server.open_dm(), "HTTP로")
        await server.until(lambda s: s.acks and len(heard) == 1)
        assert tries == [None, "1"] and server.acks[0].attempt == 1
        assert await asyncio.to_thread(server.verify_url)
        for headers in (
            {},
            server.sign("{}", secret="forged"),
            server.sign("{}", at=time.time() - 600),
        ):
            status, _text = await asyncio.to_thread(server.post_signed, "{}", headers)
            assert status == 401
        await runner.cleanup()

    run_script(server, script)
