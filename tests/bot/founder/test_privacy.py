"""What founders are told about their records is what the periods are."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.founder.privacy import render_erasure, render_erasure_question, render_privacy
from bot.founder.turn import decide_founder_turn
from bot.types import RetentionPeriods
from knowledge.types import LANGUAGES, Language
from tests.samples.records import make_command, make_services, make_turn, phrase, texts_of

NAMES = [field.name for field in fields(RetentionPeriods)]
# A different number of days for each kind.
PERIODS = RetentionPeriods(**{name: timedelta(days=41 + n) for n, name in enumerate(NAMES)})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_period_is_named_once_and_no_other(language: Language) -> None:
    named = [int(count) for count in re.findall(r"\d+", render_privacy(PERIODS, language))]
    assert sorted(named) == [41 + n for n in range(len(NAMES))]


def test_one_day_is_not_days() -> None:
    text = render_privacy(RetentionPeriods(), "en")
    assert "1 day after it was handled" in text and "7 days" in text


def test_the_command_says_the_periods_that_are_set() -> None:
    services = replace(make_services(), retention=PERIODS)
    (told,) = texts_of(
        decide_founder_turn(make_turn(make_command("privacy"), None, services)).outgoing
    )
    assert told == render_privacy(PERIODS, "ko")


@pytest.mark.parametrize("language", LANGUAGES)
def test_before_and_after_an_erasure_what_stays_is_said(language: Language) -> None:
    for text in (render_erasure_question([7, 9], language), render_erasure([7, 9], language)):
        assert "#7, #9" in text and "/close" in text
        for key in ("forget_keeps", "messenger_keeps"):
            assert phrase(f"founder.{key}", language) in text
    assert "/close" not in render_erasure([], language)
