"""Nobody's words reach anybody else: random steps of five people in every kind of place."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from bot.messages import Message
from tests.harness.ownership.events import Step, list_places
from tests.harness.ownership.planted_bugs import share_keys, take_group_for_founder
from tests.harness.ownership.world import PEOPLE, run_steps

STEPS_PER_WORLD = 100
WORLDS = {"fast": 10, "full": 100}  # of STEPS_PER_WORLD steps: 1,000 and 10,000
ACTS = (
    "says", "says", "mentions", "mentions", "commands", "commands", "presses", "presses", "forges",
    "edits", "sends_file", "staff", "timer", "exports", "anonymous",
)  # fmt: skip

steps = st.builds(
    Step,
    person=st.sampled_from(PEOPLE),
    place=st.integers(0, len(list_places(0)) - 1),
    act=st.sampled_from(ACTS),
    choice=st.integers(0, 10_000),
)
worlds = st.lists(steps, min_size=STEPS_PER_WORLD, max_size=STEPS_PER_WORLD)


def profile(worlds_tried: int, *, derandomize: bool) -> settings:
    return settings(
        max_examples=worlds_tried,
        deadline=None,
        database=None,
        derandomize=derandomize,
        report_multiple_bugs=False,
        phases=(Phase.generate,)
        if worlds_tried > WORLDS["fast"]
        else (Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )


@profile(WORLDS["fast"], derandomize=True)
@given(worlds)
def test_nobodys_words_reach_anybody_else(taken: list[Step]) -> None:
    run_steps(taken)


@pytest.mark.chaos
@pytest.mark.timeout(600)
@profile(WORLDS["full"], derandomize=True)
@given(worlds)
def test_nobodys_words_reach_anybody_else_in_ten_thousand_steps(taken: list[Step]) -> None:
    run_steps(taken)


@pytest.mark.parametrize("bug", [share_keys, take_group_for_founder])
def test_the_checker_finds_a_planted_bug(bug: Callable[[Message], Message]) -> None:
    """By steps drawn without Hypothesis, which would look for ever smaller ones for a minute."""
    draw = Random(1)
    taken = [
        Step(draw.choice(PEOPLE), draw.randrange(10), draw.choice(ACTS), draw.randrange(10_000))
        for _ in range(10 * STEPS_PER_WORLD)
    ]
    with pytest.raises(AssertionError, match=r"words of|bystander's|another's"):
        run_steps(taken, bug)
