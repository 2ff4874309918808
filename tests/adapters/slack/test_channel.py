"""Messages going out to Slack, and everything that can become of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest

from adapters.slack.channel import SlackChannel
from adapters.slack.outbound import render_blocks
from bot.errors import DeliveryRefused, DeliveryUncertain
from bot.messages import Address, Button, Content, File, Outgoing
from tests.adapters.slack.conftest import ROOM
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import (
    ChannelHarness,
    make_outgoing,
    make_slack_channel,
)

Script = Callable[[SlackChannel], Awaitable[None]]


@pytest.fixture
def mina(slack: SlackServer) -> Address:
    return Address("slack", slack.open_dm())


def run_script(server: SlackServer, script: Script) -> None:
    async def run() -> None:
        await script(make_slack_channel(server))

    asyncio.run(run())


def send_all(server: SlackServer, office: ChannelHarness) -> None:
    run_script(server, lambda channel: office.send_all(channel))


def test_words_call_nobody_and_unfold_no_links(
    slack: SlackServer, office: ChannelHarness, mina: Address
) -> None:
    text = "<!channel> <@U0LEE> a < b & https://evil.example"
    office.enqueue(Outgoing(mina, Content(text, "[1] <source>", ((Button("ok", "해결"),),))))
    send_all(slack, office)
    (sent,) = slack.app_messages(mina.chat)
    section, context, actions = sent["blocks"]
    words, link = section["elements"][0]["elements"]
    assert words == {"type": "text", "text": "<!channel> <@U0LEE> a < b & "}
    assert link == {"type": "link", "url": "https://evil.example"}
    assert context["elements"][0]["text"] == "[1] &lt;source&gt;"
    assert actions["elements"][0]["value"] == "ok"
    assert "<" not in sent["text"]
    assert str(sent["unfurl_links"]).lower() in ("0", "false")


def test_small_print_that_escaping_made_too_long_stands_in_several_parts() -> None:
    made = render_blocks(Content("답", "<&>" * 900, buttons=((Button("ok", "해결"),),)))
    small = [block["elements"][0]["text"] for block in made if block["type"] == "context"]
    assert len(small) > 1 and all(len(one) <= 3000 for one in small)
    assert "".join(small) == "&lt;&amp;&gt;" * 900
    assert made[-1]["type"] == "actions"


def test_a_staff_thread_begins_with_its_card_which_is_edited_later(
    slack: SlackServer, office: ChannelHarness
) -> None:
    to = office.open_case("slack", ROOM)
    claim = Button("claim:1", "맡기")
    office.enqueue(
        Outgoing(to, Content("card", buttons=((claim,),)), "card"), make_outgoing("first", to)
    )
    office.enqueue(
        Outgoing(to, Content("card, taken"), "recard"), Outgoing(to, Content(""), "close")
    )
    send_all(slack, office)
    card, first = slack.app_messages(ROOM)
    assert slack.app_texts(ROOM, card["ts"]) == ["card, taken", "first"]
    assert first["thread_ts"] == card["ts"]
    thread = office.store.find_thread_by_id("1.1")
    assert thread and thread.thread == thread.card == card["ts"]


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_lost_answer_is_found_again_and_nothing_sent_twice(
    slack: SlackServer, office: ChannelHarness, in_thread: bool
) -> None:
    to = office.open_case("slack", ROOM)
    office.enqueue(Outgoing(to, Content("card"), "card"))
    if in_thread:
        send_all(slack, office)
        office.enqueue(make_outgoing("first", to))
    slack.lose_answer("chat.postMessage")
    office.enqueue(make_outgoing("same words", to), make_outgoing("same words", to))
    send_all(slack, office)
    said = ["card", *["first"] * in_thread, "same words", "same words"]
    card = slack.app_messages(ROOM)[0]
    assert slack.app_texts(ROOM, card["ts"]) == said
    thread = office.store.find_thread_by_id("1.1")
    assert thread and thread.thread == card["ts"]


def test_a_lost_answer_is_found_behind_however_much_was_said_since(
    slack: SlackServer, office: ChannelHarness
) -> None:
    to = office.open_case("slack", ROOM)
    office.enqueue(Outgoing(to, Content("card"), "card"))
    send_all(slack, office)
    card = slack.app_messages(ROOM)[0]["ts"]
    for number in range(250):
        slack.user_says(ROOM, f"{number}", thread_ts=card)
    slack.lose_answer("chat.postMessage")
    office.enqueue(make_outgoing("once", to))
    send_all(slack, office)
    assert slack.app_texts(ROOM, card) == ["card", "once"]


@pytest.mark.parametrize("hours", [1, 9, -2])
def test_a_lost_answer_is_found_again_where_the_clock_was_wrong(
    slack: SlackServer, office: ChannelHarness, mina: Address, hours: int
) -> None:
    office.clock.shift = timedelta(hours=hours)
    slack.lose_answer("chat.postMessage")
    office.enqueue(make_outgoing("once", mina))
    send_all(slack, office)
    assert slack.app_texts(mina.chat) == ["once"]


def test_a_lost_answer_is_not_forgotten_while_slack_asks_to_wait(
    slack: SlackServer, office: ChannelHarness, mina: Address
) -> None:
    slack.lose_answer("chat.postMessage")
    slack.fail_next("conversations.history", status=429, retry_after=3)
    office.enqueue(make_outgoing("once", mina))
    send_all(slack, office)
    assert slack.app_texts(mina.chat) == ["once"]


def test_429_holds_its_lane_for_as_long_as_asked_and_no_other(
    slack: SlackServer, office: ChannelHarness, mina: Address
) -> None:
    slack.fail_next(
        "chat.postMessage", status=429, retry_after=30, where=lambda p: p["channel"] == ROOM
    )
    room = Address("slack", ROOM)
    office.enqueue(
        make_outgoing("one", room), make_outgoing("two", room), make_outgoing("other", mina)
    )

    async def script(channel: SlackChannel) -> None:
        await office.send_due(channel)
        assert slack.app_texts(mina.chat) == ["other"] and slack.app_texts(ROOM) == []
        office.advance_clock(28)
        assert await office.send_due(channel) == 0
        office.advance_clock(3)
        await office.send_due(channel)
        assert slack.app_texts(ROOM) == ["one", "two"]

    run_script(slack, script)


@pytest.mark.parametrize("status", [200, 500, 503])
def test_what_slack_fails_at_is_tried_again_in_order(
    slack: SlackServer, office: ChannelHarness, mina: Address, status: int
) -> None:
    slack.fail_next("chat.postMessage", 3, status=status)
    office.enqueue(*[make_outgoing(f"{number}", mina) for number in range(4)])
    send_all(slack, office)
    assert slack.app_texts(mina.chat) == ["0", "1", "2", "3"]


def test_blocks_that_are_not_taken_go_as_plain_text_and_only_once(
    slack: SlackServer, office: ChannelHarness, mina: Address
) -> None:
    slack.fail_next("chat.postMessage", status=200, message="invalid_blocks")
    office.enqueue(Outgoing(mina, Content("words", buttons=((Button("ok", "해결"),),))))
    send_all(slack, office)
    assert slack.app_texts(mina.chat) == ["words"]
    slack.fail_next("chat.postMessage", 9, status=200, message="invalid_blocks")
    office.enqueue(make_outgoing("never", mina))
    send_all(slack, office)
    tried = slack.calls_of("chat.postMessage")
    assert len([call for call in tried if call.params["channel"] == mina.chat]) == 4


def test_a_card_whose_new_blocks_are_not_taken_is_edited_as_plain_text(
    slack: SlackServer, office: ChannelHarness
) -> None:
    to = office.open_case("slack", ROOM)
    office.enqueue(Outgoing(to, Content("card"), "card"), Outgoing(to, Content("taken"), "recard"))
    slack.fail_next("chat.update", status=200, message="invalid_blocks")
    send_all(slack, office)
    assert slack.app_texts(ROOM) == ["taken"]


def test_a_file_from_elsewhere_is_carried_over_with_its_words(
    slack: SlackServer, office: ChannelHarness, mina: Address
) -> None:
    photo = File("telegram", "AgAC", "photo.jpg", "image/jpeg", 4, "photo")
    office.enqueue(Outgoing(mina, Content("창업자: <포장>", files=(photo,))))
    send_all(slack, office)
    (sent,) = slack.app_messages(mina.chat)
    (shared,) = sent["files"]
    assert slack.work.files[shared["id"]].content == b"xxxx"
    assert (shared["name"], sent["text"]) == ("photo.jpg", "창업자: &lt;포장&gt;")


def test_a_file_whose_answer_was_lost_is_not_sent_twice_but_its_like_is(
    slack: SlackServer, office: ChannelHarness
) -> None:
    to = office.open_case("slack", ROOM)
    album = [File("telegram", "AgAC", "photo.jpg", "image/jpeg", size, "photo") for size in (4, 5)]
    office.enqueue(Outgoing(to, Content("card"), "card"))
    office.enqueue(*[Outgoing(to, Content("", files=(photo,))) for photo in album])
    slack.lose_answer("files.completeUploadExternal", 1)
    send_all(slack, office)
    sizes = [one["size"] for m in slack.app_messages(ROOM) for one in m.get("files", ())]
    assert sizes == [4, 5]


def test_a_file_of_slacks_is_fetched_with_the_token_and_no_other_host_sees_it(
    slack: SlackServer, office: ChannelHarness
) -> None:
    slack.user_uploads(ROOM, "a.pdf", b"paper", "application/pdf")
    (stored,) = slack.work.files.values()
    address = stored.to_json(slack.url)["url_private_download"]

    async def script(channel: SlackChannel) -> None:
        assert (
            await channel.fetch_file(File("slack", address, "a.pdf", "application/pdf", 5))
            == b"paper"
        )
        elsewhere = address.replace("127.0.0.1", "localhost")
        for foreign in (
            elsewhere,
            "https://evil.example/files.slack.com",
            "https://slack.com.evil",
        ):
            with pytest.raises(DeliveryRefused):
                await channel.fetch_file(File("slack", foreign, "a.pdf", "application/pdf", 5))

    run_script(slack, script)


def test_a_login_page_is_no_file(slack: SlackServer, office: ChannelHarness) -> None:
    slack.user_uploads(ROOM, "a.pdf", b"paper", "application/pdf")
    (stored,) = slack.work.files.values()
    address = stored.to_json(slack.url)["url_private"]

    async def script(channel: SlackChannel) -> None:
        channel.client.token = "xoxb-of-another"
        with pytest.raises(DeliveryRefused):
            await channel.fetch_file(File("slack", address, "a.pdf", "application/pdf", 5))

    run_script(slack, script)


def test_a_wrong_token_is_refused_and_a_slack_out_of_reach_is_not(slack: SlackServer) -> None:
    async def script(channel: SlackChannel) -> None:
        for status in (500, 429):
            slack.fail_next("auth.test", status=status)
            with pytest.raises(DeliveryUncertain):
                await channel.start()
        channel.client.token = "xoxb-wrong"
        with pytest.raises(DeliveryRefused, match="NARU_SLACK_BOT_TOKEN"):
            await channel.start()

    run_script(slack, script)


@pytest.mark.parametrize(
    ("said", "links"),
    [
        ("@here #general <!channel> <@U1>", []),
        ("https://x.kr/a?b=1&c=2 참고", ["https://x.kr/a?b=1&c=2"]),
        ("https://x.kr/에서 (https://y.kr).", ["https://x.kr/", "https://y.kr"]),
        ("https://x.kr|<!here>", ["https://x.kr"]),
        ("<https://x.kr|@here>", ["https://x.kr"]),
        ("http:// https:// httpx://y", []),
        ("*굵게* _기울여_ ~지움~ `부호` :smile:\n> 인용", []),
    ],
)
def test_words_of_others_become_links_and_nothing_else(said: str, links: list[str]) -> None:
    (block,) = render_blocks(Content(said))
    (section,) = block["elements"]
    runs = section["elements"]
    assert [run["url"] for run in runs if run["type"] == "link"] == links
    assert "".join(run.get("text") or run["url"] for run in runs) == said
    assert not any("style" in run for run in runs)
