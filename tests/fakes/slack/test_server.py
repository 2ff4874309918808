"""The Slack stand-in, driven by slack_sdk and slack_bolt over loopback."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.adapter.aiohttp import to_aiohttp_response, to_bolt_request
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.loopback_server import Json
from tests.fakes.slack.screen import MINA
from tests.fakes.slack.server import SlackServer

DESK = "C0DESK"
Script = Callable[[AsyncWebClient], Awaitable[None]]


@pytest.fixture
def server() -> Iterator[SlackServer]:
    with SlackServer(retries=(0.0, 0.1), answer_time=0.5) as running:
        running.create_channel(DESK, "desk-hanoi")
        yield running


def make_client(server: SlackServer, token: str | None = None) -> AsyncWebClient:
    return AsyncWebClient(token or server.bot_token, server.api_url, retry_handlers=[])


def run_script(server: SlackServer, script: Script) -> None:
    asyncio.run(script(make_client(server)))  # type: ignore[arg-type]


async def expect_error(call: Awaitable[Any], error: str) -> Json:
    with pytest.raises(SlackApiError) as caught:
        await call
    assert caught.value.response["error"] == error
    data: Json = caught.value.response.data
    return data


def make_bolt_app(server: SlackServer, heard: list[Json]) -> AsyncApp:
    """A Bolt app that remembers what it hears."""
    app = AsyncApp(client=make_client(server), signing_secret=server.signing_secret)

    @app.event("message")
    async def on_message(body: Json) -> None:
        heard.append(body)

    @app.event("app_mention")
    async def on_mention(body: Json) -> None:
        heard.append(body)

    return app


@asynccontextmanager
async def connect_socket_mode(
    server: SlackServer, app: AsyncApp
) -> AsyncIterator[AsyncSocketModeHandler]:
    handler = AsyncSocketModeHandler(app, server.app_token, ping_interval=0.2)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    await server.until(lambda s: s.sockets == 1)
    try:
        yield handler
    finally:
        await handler.close_async()  # type: ignore[no-untyped-call]


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


def make_card() -> list[Json]:
    text = {"type": "mrkdwn", "text": "*관세* &lt;질문&gt;"}
    label = {"type": "plain_text", "text": "맡기"}
    button = {"type": "button", "action_id": "claim", "text": label, "value": "12"}
    return [{"type": "section", "text": text}, {"type": "actions", "elements": [button]}]


def make_modal() -> Json:
    title = {"type": "plain_text", "text": "답장"}
    element = {"type": "plain_text_input", "action_id": "text"}
    block = {"type": "input", "block_id": "reply", "label": title, "element": element}
    base = {"type": "modal", "callback_id": "reply", "private_metadata": "case 12"}
    return {**base, "title": title, "submit": title, "blocks": [block]}


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


def test_metadata_and_threads_can_be_read_back(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        meta = {"event_type": "naru_outbox", "event_payload": {"outbox_id": "41"}}
        root = await client.chat_postMessage(
            channel=DESK, text="#12", blocks=make_card(), metadata=meta, unfurl_links=False
        )
        server.user_says(DESK, "제가 볼게요", thread_ts=root["ts"])
        await client.chat_postMessage(channel=DESK, text="고마워요", thread_ts=root["ts"])
        await client.reactions_add(channel=DESK, name="eyes", timestamp=root["ts"])
        plain = await client.conversations_history(channel=DESK)
        assert "metadata" not in plain["messages"][0] and len(plain["messages"]) == 1
        full = await client.conversations_history(channel=DESK, include_all_metadata=True)
        assert full["messages"][0]["metadata"] == meta and full["messages"][0]["reply_count"] == 2
        thread = await client.conversations_replies(channel=DESK, ts=root["ts"])
        assert [m["text"] for m in thread["messages"]] == ["#12", "제가 볼게요", "고마워요"]
        assert server.app_texts(DESK) == ["*관세* <질문>\n[맡기]", "고마워요"]
        assert server.app_texts(DESK, root["ts"])[1:] == ["고마워요"]
        assert server.app_messages(DESK)[0]["unfurl_links"] is False
        assert server.reactions(DESK, root["ts"]) == ["eyes"]
        await client.chat_update(channel=DESK, ts=root["ts"], text="#12 끝")
        assert server.app_texts(DESK)[0] == "#12 끝"

    run_script(server, script)


def test_history_comes_in_pages_newest_first(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        stamps = [server.user_says(DESK, str(n)) for n in range(7)]
        found: list[str] = []
        async for page in await client.conversations_history(channel=DESK, limit=3):
            found += [message["ts"] for message in page["messages"]]
        assert found == stamps[::-1]
        after = await client.conversations_history(channel=DESK, oldest=stamps[4])
        assert [m["ts"] for m in after["messages"]] == [stamps[6], stamps[5]]
        same = await client.conversations_history(
            channel=DESK, oldest=stamps[4], latest=stamps[5], inclusive=True
        )
        assert len(same["messages"]) == 2 and same["has_more"] is False

    run_script(server, script)


def test_what_an_outage_hides_is_in_the_history(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        heard: list[Json] = []
        async with connect_socket_mode(server, make_bolt_app(server, heard)):
            server.start_outage()
            lost = server.user_says(DESK, "아무도 못 들어요")
            server.end_outage()
            server.user_says(DESK, "이제 들려요")
            await server.until(lambda s: len(heard) == 1 and not s.unacked)
        history = await client.conversations_history(channel=DESK)
        assert history["messages"][1]["ts"] == lost
        assert heard[0]["event"]["text"] == "이제 들려요"

    run_script(server, script)


def test_edits_deletions_and_own_messages_are_events(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        ts = server.user_says(DESK, "처음")
        server.user_edits(DESK, ts, "다음")
        server.user_deletes(DESK, ts)
        await client.chat_postMessage(channel=DESK, text="제 말")
        events = [envelope.payload["event"] for envelope in server.unacked]
        kinds = [event.get("subtype") for event in events]
        assert kinds == [None, "message_changed", "message_deleted", None]
        assert events[1]["message"]["text"] == "다음"
        assert events[1]["previous_message"]["text"] == "처음"
        assert events[2]["deleted_ts"] == ts and events[3]["bot_id"]

    run_script(server, script)


def test_refusals_are_slacks(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        post = client.chat_postMessage
        await expect_error(post(channel="C0NONE", text="x"), "channel_not_found")
        empty = client.api_call("chat.postMessage", json={"channel": DESK})
        await expect_error(empty, "no_text")
        await expect_error(post(channel=DESK, text="x" * 40_001), "msg_too_long")
        long = {"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3001}}
        answer = await expect_error(post(channel=DESK, text="x", blocks=[long]), "invalid_blocks")
        (why,) = answer["response_metadata"]["messages"]
        assert why == "[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]"
        many = [{"type": "divider"}] * 51
        await expect_error(post(channel=DESK, text="x", blocks=many), "invalid_blocks")
        bad = {"event_type": "x"}
        await expect_error(post(channel=DESK, text="x", metadata=bad), "invalid_metadata_format")
        await expect_error(
            client.views_open(trigger_id="no", view=make_modal()), "invalid_trigger_id"
        )
        await expect_error(client.api_call("chat.nothing"), "unknown_method")
        wrong = make_client(server, "xoxb-wrong")
        await expect_error(wrong.auth_test(), "invalid_auth")
        server.kick_app(DESK)
        await expect_error(post(channel=DESK, text="x"), "not_in_channel")
        server.archive_channel(server.create_channel("C0OLD"))
        await expect_error(post(channel="C0OLD", text="x"), "is_archived")
        assert server.app_texts(DESK) == []

    run_script(server, script)


def test_faults(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        server.fail_next("chat.postMessage", retry_after=3)
        with pytest.raises(SlackApiError) as caught:
            await client.chat_postMessage(channel=DESK, text="하나")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "3"
        assert caught.value.response["error"] == "ratelimited"
        server.lose_answer("chat.postMessage")
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel=DESK, text="둘")
        server.go_down()
        with pytest.raises(aiohttp.ClientError):
            await client.chat_postMessage(channel=DESK, text="셋")
        server.come_up()
        await client.chat_postMessage(channel=DESK, text="넷")
        assert server.app_texts(DESK) == ["둘", "넷"]

    run_script(server, script)


def test_files_both_ways(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        done = await client.files_upload_v2(
            channel=DESK, content="관세,10", filename="표.csv", initial_comment="표입니다"
        )
        assert done["file"]["size"] == len("관세,10".encode())
        assert server.app_texts(DESK) == ["표입니다\n[file 표.csv]"]
        ts = server.user_uploads(DESK, "질문.pdf", b"%PDF-1", "application/pdf", text="보세요")
        history = await client.conversations_history(channel=DESK)
        assert history["messages"][0]["ts"] == ts
        file = history["messages"][0]["files"][0]
        info = await client.files_info(file=file["id"])
        url = info["file"]["url_private_download"]
        bearer = {"Authorization": f"Bearer {server.bot_token}"}
        async with aiohttp.ClientSession() as session:
            async with session.get(url, headers=bearer) as answer:
                assert await answer.read() == b"%PDF-1"
            async with session.get(url) as answer:
                assert answer.status == 200 and "<!DOCTYPE html>" in await answer.text()

    run_script(server, script)


def test_home_direct_messages_and_people(server: SlackServer) -> None:
    async def script(client: AsyncWebClient) -> None:
        server.create_person(MINA, locale="vi-VN")
        person = await client.users_info(user=MINA, include_locale=True)
        assert person["user"]["locale"] == "vi-VN"
        opened = await client.conversations_open(users=MINA)
        assert opened["channel"]["id"] == server.open_dm()
        block = {"type": "section", "text": {"type": "mrkdwn", "text": "내 사건"}}
        await client.views_publish(user_id=MINA, view={"type": "home", "blocks": [block]})
        server.user_opens_home()
        home = server.home()
        assert home is not None and home["blocks"] == [block]
        assert server.unacked[-1].payload["event"]["view"]["id"] == home["id"]
        ts = server.user_says(server.open_dm(), "질문")
        await client.assistant_threads_setStatus(
            channel_id=server.open_dm(), thread_ts=ts, status="찾는 중"
        )
        assert server.statuses[-1]["status"] == "찾는 중"
        await client.chat_postEphemeral(channel=DESK, user=MINA, text="혼자 보세요")
        assert server.ephemerals[0]["text"] == "혼자 보세요" and server.app_texts(DESK) == []

    run_script(server, script)
