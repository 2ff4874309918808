"""Words of founders and staff that could call somebody in a Slack channel."""

from __future__ import annotations

import pytest

from adapters.slack.outbound import render_caption
from bot.messages import Address, Content, File, Outgoing
from tests.adapters.slack.conftest import ROOM
from tests.adapters.slack.test_channel import send_all
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import ChannelHarness, make_outgoing

CALL = "@channel @here @mina #general <!channel> <@U0LEE>"


def test_no_way_to_post_lets_words_call_somebody(
    slack: SlackServer, office: ChannelHarness
) -> None:
    """New messages, edits and what one person sees: an edit is parsed by Slack unless told not to."""
    slack.create_person("U0MINA")
    to = office.open_case("slack", ROOM)
    office.enqueue(Outgoing(to, Content(CALL), "card"), make_outgoing(CALL, to))
    office.enqueue(make_outgoing(CALL, Address("slack", ROOM, only_to="U0MINA")))
    send_all(slack, office)
    office.enqueue(Outgoing(to, Content(f"{CALL}!"), "recard"))
    send_all(slack, office)
    for method in ("chat.postMessage", "chat.update", "chat.postEphemeral"):
        for call in slack.calls_of(method):
            assert (call.params["parse"], str(call.params["link_names"]).lower()) in (("none", "false"), ("none", "0"))  # fmt: skip
            assert "<!" not in call.params["text"] and "<@" not in call.params["text"]
            rich = [block for block in call.params["blocks"] if block["type"] == "rich_text"]
            runs = [run for block in rich for run in block["elements"][0]["elements"]]
            assert runs and {run["type"] for run in runs} == {"text"}  # no user, no broadcast
            others = [block["text"] for block in call.params["blocks"] if "text" in block]
            assert all(text["type"] == "plain_text" or text["verbatim"] for text in others)
        assert slack.calls_of(method)


def test_the_words_of_a_file_call_nobody(slack: SlackServer, office: ChannelHarness) -> None:
    to = office.open_case("slack", ROOM)
    office.enqueue(Outgoing(to, Content("card"), "card"))
    file = File("telegram", "f1", "a.pdf", "application/pdf", 3)
    office.enqueue(Outgoing(to, Content(CALL, files=(file,))))
    send_all(slack, office)
    (call,) = slack.calls_of("files.completeUploadExternal")
    comment = call.params["initial_comment"]
    assert "<" not in comment and "@channel" not in comment and "@here" not in comment
    assert comment.replace("\N{WORD JOINER}", "").startswith("@channel @here @mina #general")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a@here.kr", "a@here.kr"),
        ("@everyone!", "@\N{WORD JOINER}everyone!"),
        ("@hereafter @mina a@b.kr", "@hereafter @mina a@b.kr"),
    ],
)
def test_only_words_that_call_everybody_are_marked(text: str, shown: str) -> None:
    assert render_caption(text) == shown
