"""The keys by which an event of Slack is known when it comes again carry the app that it came to."""

from __future__ import annotations

import pytest

from adapters.slack.inbound import build_event
from tests.adapters.slack.test_inbound import make_event_payload


def test_another_apps_events_have_other_keys() -> None:
    """Two workspaces may have channels of the same id, and two apps are in the same channel."""
    raw = make_event_payload("C0TALK", text="물류비?")
    other = {**raw, "event_id": "Ev2", "authorizations": [{"team_id": "T2", "user_id": "U0NEW"}]}
    old, new, again = (build_event(one).natural_key for one in (raw, other, other))
    assert new == again == "U0NEW:C0TALK:100.1::" and old != new


@pytest.mark.parametrize("odd", [None, [], "x", [None], [{"user_id": None}]])
def test_an_event_that_names_no_app_is_kept_all_the_same(odd: object) -> None:
    raw = {**make_event_payload(text="물류비?"), "authorizations": odd}
    assert build_event(raw).natural_key == "D0MINA:100.1::"
