"""What is counted of each step, and that a label is never a person."""

from __future__ import annotations

import asyncio
import itertools
import math
from datetime import timedelta

import pytest

from adapters.serve.monitoring.metrics import CHANNEL_LABELS, MESSENGERS, OUTCOMES, Metrics
from adapters.settings.settings import CHANNEL_TOKENS
from bot import errors
from knowledge.types import Answer
from tests.adapters.serve.monitoring.reading import read_samples
from tests.samples.records import NOW


@pytest.fixture
def metrics() -> Metrics:
    seconds = itertools.count()
    return Metrics(lambda: NOW, lambda: float(next(seconds)))


def test_a_step_is_counted_and_timed(metrics: Metrics) -> None:
    with metrics.watch("decide", "telegram"):
        pass
    samples = read_samples(metrics)
    labels = {"step": "decide", "channel": "telegram"}
    assert samples.one("naru_step_seconds_count", **labels) == 1
    assert samples.one("naru_step_seconds_sum", **labels) == 1.0


def test_a_delay_runs_from_the_arrival_and_from_the_decision(metrics: Metrics) -> None:
    with metrics.watch("commit", "slack", NOW - timedelta(seconds=3)):
        pass
    with metrics.watch("send", "slack", NOW - timedelta(seconds=7)):
        pass
    samples = read_samples(metrics)
    assert samples.one("naru_decision_delay_seconds_sum", channel="slack") == 3
    assert samples.one("naru_send_delay_seconds_sum", channel="slack") == 7
    assert samples.one("naru_sends_total", channel="slack", outcome="sent") == 1


def test_what_fails_has_no_delay_and_the_error_goes_on(metrics: Metrics) -> None:
    with (
        pytest.raises(errors.RoomRefused),
        metrics.watch("send", "slack", NOW - timedelta(seconds=7)),
    ):
        raise errors.RoomRefused("archived")
    samples = read_samples(metrics)
    assert samples.one("naru_sends_total", channel="slack", outcome="place_refused") == 1
    assert not samples.all("naru_send_delay_seconds_count")


def list_delivery_errors() -> list[type[BaseException]]:
    found = [
        one
        for one in vars(errors).values()
        if isinstance(one, type) and issubclass(one, errors.NotDelivered)
    ]
    return [*found, TimeoutError, asyncio.CancelledError, ZeroDivisionError]


@pytest.mark.parametrize("kind", list_delivery_errors())
def test_each_error_of_a_send_has_an_outcome_of_a_short_list(
    metrics: Metrics, kind: type[BaseException]
) -> None:
    error = kind.__new__(kind)
    with pytest.raises(kind), metrics.watch("send", "telegram"):
        raise error
    (labels,) = read_samples(metrics).all("naru_sends_total")
    outcome = dict(labels)["outcome"]
    known = {name for _, name in OUTCOMES}
    assert outcome in known | {"failed"}
    named = issubclass(kind, errors.NotDelivered) and kind is not errors.NotDelivered
    assert not named or outcome in known  # no platform's error falls through


def test_every_messenger_has_a_label() -> None:
    assert set(CHANNEL_TOKENS) == set(MESSENGERS) <= set(CHANNEL_LABELS)


def test_labels_do_not_grow_with_people_and_cases(metrics: Metrics) -> None:
    def fill(count: int) -> int:
        for number in range(count):
            for name in (f"staff:{number}", f"library-telegram{number}", "telegram", "clock"):
                with metrics.watch("commit", name, NOW):
                    pass
            metrics.count_answer(Answer("answered", "ko", f"text {number}", 0.5, number))
            metrics.show({"telegram": "on", "inbox_dead": number, "problems": [f"case {number}"]})
        return len(read_samples(metrics).names_and_labels)

    assert fill(2) == fill(200)
    written, _ = metrics.write("")
    assert b"staff:" not in written and b"text" not in written.replace(b"text/plain", b"")


def test_what_a_state_does_not_tell_is_no_number(metrics: Metrics) -> None:
    metrics.show({"outbox_waiting": 4, "telegram": "on", "telegram_last_poll_seconds": None})
    samples = read_samples(metrics)
    assert samples.one("naru_waiting_messages") == 4
    assert math.isnan(samples.one("naru_edition"))
    assert math.isnan(samples.one("naru_dead_letters", queue="inbox"))
    assert math.isnan(samples.one("naru_channel_poll_age_seconds", channel="telegram"))


@pytest.mark.parametrize(
    ("state", "up"),
    [({"slack": "on"}, 1), ({"slack": "off"}, 0), ({"slack": "on", "slack_socket": False}, 0)],
)
def test_a_messenger_is_up_or_not(metrics: Metrics, state: dict[str, object], up: int) -> None:
    metrics.show(state)
    assert read_samples(metrics).one("naru_channel_up", channel="slack") == up


def test_the_form_is_the_one_that_was_asked_for(metrics: Metrics) -> None:
    for odd in ("", "application/openmetrics-text;version=x", ";;=,q"):
        assert metrics.write(odd)[1].startswith("text/plain")
    assert metrics.write("application/openmetrics-text; version=1.0.0")[1].startswith(
        "application/openmetrics-text"
    )
