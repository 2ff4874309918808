"""Messages going out to Slack, and everything that can become of them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from adapters.slack.channel import Slack
from adapters.slack.outbound import blocks
from bot.errors import Refused, TryAgain
from bot.types import Address, Body, Button, File, Outgoing
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import PostOffice, post_office, slack_channel, words

ROOM = "C0HANOI"
Script = Callable[[Slack], Awaitable[None]]


@pytest.fixture
def office(tmp_path: Path, slack: SlackServer) -> Iterator[PostOffice]:
    slack.channel(ROOM)
    with post_office(tmp_path) as opened:
        yield opened


@pytest.fixture
def mina(slack: SlackServer) -> Address:
    return Address("slack", slack.dm())


def play(server: SlackServer, script: Script) -> None:
    async def run() -> None:
        await script(slack_channel(server))

    asyncio.run(run())


def send_all(server: SlackServer, office: PostOffice) -> None:
    play(server, lambda channel: office.send_all(channel))


def test_words_call_nobody_and_unfold_no_links(
    slack: SlackServer, office: PostOffice, mina: Address
) -> None:
    text = "<!channel> <@U0LEE> a < b & https://evil.example"
    office.owe(Outgoing(mina, Body(text, "[1] <source>", ((Button("ok", "해결"),),))))
    send_all(slack, office)
    (sent,) = slack.messages(mina.chat)
    section, context, actions = sent["blocks"]
    assert section["text"]["text"].startswith("&lt;!channel&gt; &lt;@U0LEE&gt; a &lt; b &amp;")
    assert context["elements"][0]["text"] == "[1] &lt;source&gt;"
    assert actions["elements"][0]["value"] == "ok"
    assert "<" not in sent["text"]
    assert str(sent["unfurl_links"]).lower() in ("0", "false")


def test_text_that_escaping_made_too_long_stands_in_several_sections() -> None:
    text = "<&>" * 900
    made = blocks(Body(text, buttons=((Button("ok", "해결"),),)))
    sections = [block["text"]["text"] for block in made if block["type"] == "section"]
    assert all(len(section) <= 3000 for section in sections)
    assert "".join(sections) == "&lt;&amp;&gt;" * 900
    assert made[-1]["type"] == "actions"


def test_a_staff_thread_begins_with_its_card_which_is_edited_later(
    slack: SlackServer, office: PostOffice
) -> None:
    to = office.case_at("slack", ROOM)
    claim = Button("claim:1", "맡기")
    office.owe(Outgoing(to, Body("card", buttons=((claim,),)), "card"), words("first", to))
    office.owe(Outgoing(to, Body("card, taken"), "recard"), Outgoing(to, Body(""), "close"))
    send_all(slack, office)
    card, first = slack.messages(ROOM)
    assert slack.sent(ROOM, card["ts"]) == ["card, taken", "first"]
    assert first["thread_ts"] == card["ts"]
    thread = office.store.thread_by_id("1.1")
    assert thread and thread.thread == thread.card == card["ts"]


@pytest.mark.parametrize("in_thread", [False, True])
def test_a_lost_answer_is_found_again_and_nothing_sent_twice(
    slack: SlackServer, office: PostOffice, in_thread: bool
) -> None:
    to = office.case_at("slack", ROOM)
    office.owe(Outgoing(to, Body("card"), "card"))
    if in_thread:
        send_all(slack, office)
        office.owe(words("first", to))
    slack.lose_answer("chat.postMessage")
    office.owe(words("same words", to), words("same words", to))
    send_all(slack, office)
    said = ["card", *["first"] * in_thread, "same words", "same words"]
    card = slack.messages(ROOM)[0]
    assert slack.sent(ROOM, card["ts"]) == said
    thread = office.store.thread_by_id("1.1")
    assert thread and thread.thread == card["ts"]


def test_a_lost_answer_is_found_behind_however_much_was_said_since(
    slack: SlackServer, office: PostOffice
) -> None:
    to = office.case_at("slack", ROOM)
    office.owe(Outgoing(to, Body("card"), "card"))
    send_all(slack, office)
    card = slack.messages(ROOM)[0]["ts"]
    for number in range(250):
        slack.user_says(ROOM, f"{number}", thread_ts=card)
    slack.lose_answer("chat.postMessage")
    office.owe(words("once", to))
    send_all(slack, office)
    assert slack.sent(ROOM, card) == ["card", "once"]


def test_a_lost_answer_is_not_forgotten_while_slack_asks_to_wait(
    slack: SlackServer, office: PostOffice, mina: Address
) -> None:
    slack.lose_answer("chat.postMessage")
    slack.fail_next("conversations.history", status=429, retry_after=3)
    office.owe(words("once", mina))
    send_all(slack, office)
    assert slack.sent(mina.chat) == ["once"]


def test_429_holds_its_lane_for_as_long_as_asked_and_no_other(
    slack: SlackServer, office: PostOffice, mina: Address
) -> None:
    slack.fail_next(
        "chat.postMessage", status=429, retry_after=30, where=lambda p: p["channel"] == ROOM
    )
    room = Address("slack", ROOM)
    office.owe(words("one", room), words("two", room), words("other", mina))

    async def script(channel: Slack) -> None:
        await office.send(channel)
        assert slack.sent(mina.chat) == ["other"] and slack.sent(ROOM) == []
        office.skip(28)
        assert await office.send(channel) == 0
        office.skip(3)
        await office.send(channel)
        assert slack.sent(ROOM) == ["one", "two"]

    play(slack, script)


@pytest.mark.parametrize("status", [200, 500, 503])
def test_what_slack_fails_at_is_tried_again_in_order(
    slack: SlackServer, office: PostOffice, mina: Address, status: int
) -> None:
    slack.fail_next("chat.postMessage", 3, status=status)
    office.owe(*[words(f"{number}", mina) for number in range(4)])
    send_all(slack, office)
    assert slack.sent(mina.chat) == ["0", "1", "2", "3"]


def test_an_archived_channel_is_given_up_and_the_desk_told(
    slack: SlackServer, office: PostOffice
) -> None:
    slack.channel("C0DESK")
    office.desk("slack", "C0DESK")
    slack.archive(ROOM)
    office.owe(words("one", Address("slack", ROOM), case=7))
    send_all(slack, office)
    (told,) = slack.sent("C0DESK")
    assert "#7" in told and "is_archived" in told
    assert len(slack.called("chat.postMessage")) == 2


def test_a_desk_that_refuses_is_not_told_about_itself(
    slack: SlackServer, office: PostOffice
) -> None:
    office.desk("slack", ROOM)
    slack.kick(ROOM)
    office.owe(words("one", Address("slack", ROOM)))
    send_all(slack, office)
    assert len(slack.called("chat.postMessage")) == 1


def test_blocks_that_are_not_taken_go_as_plain_text_and_only_once(
    slack: SlackServer, office: PostOffice, mina: Address
) -> None:
    slack.fail_next("chat.postMessage", status=200, message="invalid_blocks")
    office.owe(Outgoing(mina, Body("words", buttons=((Button("ok", "해결"),),))))
    send_all(slack, office)
    assert slack.sent(mina.chat) == ["words"]
    slack.fail_next("chat.postMessage", 9, status=200, message="invalid_blocks")
    office.owe(words("never", mina))
    send_all(slack, office)
    assert len(slack.called("chat.postMessage")) == 4


def test_a_card_whose_new_blocks_are_not_taken_is_edited_as_plain_text(
    slack: SlackServer, office: PostOffice
) -> None:
    to = office.case_at("slack", ROOM)
    office.owe(Outgoing(to, Body("card"), "card"), Outgoing(to, Body("taken"), "recard"))
    slack.fail_next("chat.update", status=200, message="invalid_blocks")
    send_all(slack, office)
    assert slack.sent(ROOM) == ["taken"]


def test_a_file_from_elsewhere_is_carried_over_with_its_words(
    slack: SlackServer, office: PostOffice, mina: Address
) -> None:
    photo = File("telegram", "AgAC", "photo.jpg", "image/jpeg", 4, "photo")
    office.owe(Outgoing(mina, Body("창업자: <포장>", files=(photo,))))
    send_all(slack, office)
    (sent,) = slack.messages(mina.chat)
    (shared,) = sent["files"]
    assert slack.work.files[shared["id"]].content == b"xxxx"
    assert (shared["name"], sent["text"]) == ("photo.jpg", "창업자: &lt;포장&gt;")


def test_a_file_whose_answer_was_lost_is_not_sent_twice_but_its_like_is(
    slack: SlackServer, office: PostOffice
) -> None:
    to = office.case_at("slack", ROOM)
    album = [File("telegram", "AgAC", "photo.jpg", "image/jpeg", size, "photo") for size in (4, 5)]
    office.owe(Outgoing(to, Body("card"), "card"))
    office.owe(*[Outgoing(to, Body("", files=(photo,))) for photo in album])
    slack.lose_answer("files.completeUploadExternal", 1)
    send_all(slack, office)
    sizes = [one["size"] for m in slack.messages(ROOM) for one in m.get("files", ())]
    assert sizes == [4, 5]


def test_a_file_of_slacks_is_fetched_with_the_token_and_no_other_host_sees_it(
    slack: SlackServer, office: PostOffice
) -> None:
    slack.user_uploads(ROOM, "a.pdf", b"paper", "application/pdf")
    (stored,) = slack.work.files.values()
    address = stored.shape(slack.url)["url_private_download"]

    async def script(channel: Slack) -> None:
        assert (
            await channel.fetch(File("slack", address, "a.pdf", "application/pdf", 5)) == b"paper"
        )
        elsewhere = address.replace("127.0.0.1", "localhost")
        for foreign in (
            elsewhere,
            "https://evil.example/files.slack.com",
            "https://slack.com.evil",
        ):
            with pytest.raises(Refused):
                await channel.fetch(File("slack", foreign, "a.pdf", "application/pdf", 5))

    play(slack, script)


def test_a_login_page_is_no_file(slack: SlackServer, office: PostOffice) -> None:
    slack.user_uploads(ROOM, "a.pdf", b"paper", "application/pdf")
    (stored,) = slack.work.files.values()
    address = stored.shape(slack.url)["url_private"]

    async def script(channel: Slack) -> None:
        channel.client.token = "xoxb-of-another"
        with pytest.raises(Refused):
            await channel.fetch(File("slack", address, "a.pdf", "application/pdf", 5))

    play(slack, script)


def test_a_wrong_token_is_refused_and_a_slack_out_of_reach_is_not(slack: SlackServer) -> None:
    async def script(channel: Slack) -> None:
        for status in (500, 429):
            slack.fail_next("auth.test", status=status)
            with pytest.raises(TryAgain):
                await channel.start()
        with pytest.raises(Refused, match="NARU_SLACK_APP_TOKEN"):
            await channel.connect("xapp-wrong")
        channel.client.token = "xoxb-wrong"
        with pytest.raises(Refused, match="NARU_SLACK_BOT_TOKEN"):
            await channel.start()

    play(slack, script)
