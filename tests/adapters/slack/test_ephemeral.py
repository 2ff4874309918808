"""Messages that one person among others may see."""

from __future__ import annotations

from bot.messages import Address
from tests.adapters.slack.test_channel import send_all
from tests.fakes.slack.server import SlackServer
from tests.harness.channel_harness import (
    ChannelHarness,
    make_outgoing,
)


def test_what_is_for_one_is_shown_to_one_and_sent_again_if_in_doubt(
    office: ChannelHarness, slack: SlackServer
) -> None:
    slack.create_channel("C0TALK")
    slack.create_person("U0MINA")
    to = Address("slack", "C0TALK", "9.1", only_to="U0MINA")
    slack.lose_answer("chat.postEphemeral")
    office.enqueue(make_outgoing("귀하만 보십시오", to))
    send_all(slack, office)
    shown = [(one["user"], one["thread_ts"], one["text"]) for one in slack.ephemerals]
    assert set(shown) == {("U0MINA", "9.1", "귀하만 보십시오")} and slack.app_texts("C0TALK") == []


def test_where_it_cannot_be_shown_to_one_it_goes_to_their_direct_messages(
    office: ChannelHarness, slack: SlackServer
) -> None:
    slack.create_channel("C0TALK", member=False)
    slack.create_person("U0MINA")
    office.enqueue(make_outgoing("귀하만", Address("slack", "C0TALK", only_to="U0MINA")))
    send_all(slack, office)
    assert slack.ephemerals == [] and slack.app_texts(slack.open_dm("U0MINA")) == ["귀하만"]
