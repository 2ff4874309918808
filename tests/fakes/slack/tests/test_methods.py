"""The methods of the Slack stand-in, called with slack_sdk over loopback."""

from __future__ import annotations

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.fakes.loopback_server import Json
from tests.fakes.slack.screen import MINA
from tests.fakes.slack.server import SlackServer
from tests.fakes.slack.tests.bolt_app import (
    connect_socket_mode,
    make_bolt_app,
    make_card,
    make_modal,
)
from tests.fakes.slack.tests.scripts import DESK, expect_error, make_client, run_script


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
