"""`/privacy`: every item that the law asks for, in three languages, made from what is set."""

from __future__ import annotations

import re
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from bot.founder.privacy.policy import PARTS, POLICY_FILE, name_item_version, render_policy
from bot.founder.turn import decide_founder_turn
from bot.types import OPTIONAL_ITEMS, FounderRules, RetentionPeriods
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import LANGUAGES, Language
from tests.samples.records import button_keys, make_command, make_services, make_turn, texts_of

# Sealed cases first: theirs is never longer than that of other cases.
NAMES = sorted(
    (field.name for field in fields(RetentionPeriods)), key=lambda name: name != "sealed"
)
# A different number of days for each kind, none of which is a number of an article.
PERIODS = RetentionPeriods(
    **{name: timedelta(days=141 + n) for n, name in enumerate(sorted(NAMES, key="cases".__eq__))}
)  # of cases the longest: what is sealed is never kept longer
RULES = FounderRules(
    asks=True, model="openai", contact="officer@example.kr", hosting="Cloud, KR",
    channels=("telegram", "slack"),
)  # fmt: skip
DATA = parse_yaml(POLICY_FILE.read_text(encoding="utf-8"))
# What Art. 30 (1) of the act has a policy say, and Art. 22 (3), 26 (2), 28-8 and 37-2 beside it.
DUTIES = {
    "purposes": "30(1)1", "legal_task": "22(3)", "with_consent": "22", "recipients": "17, 28-8",
    "processors": "26(2)", "destruction": "30(1)3-2", "never_kept": "24-2", "safety": "30(1)8",
    "automated": "37-2", "rights": "30(1)5", "contact": "30(1)6",
}  # fmt: skip


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_part_is_said_with_all_of_its_lines(part: str, language: Language) -> None:
    text = render_policy(RULES, PERIODS, language)
    assert DATA["titles"][part][language] in text
    lines = DATA[part] if isinstance(DATA[part], list) else []
    for line in lines:
        start = re.split(r"\{", line[language])[0]
        assert start in text


def test_each_duty_has_its_part() -> None:
    assert set(PARTS) == set(DUTIES) == set(DATA["titles"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_period_is_named(language: Language) -> None:
    named = {
        int(count) for count in re.findall(r"\b1[4-6]\d", render_policy(RULES, PERIODS, language))
    }
    assert named == {141 + n for n in range(len(NAMES))}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_kept_by_consent_stands_apart_from_what_is_not(language: Language) -> None:
    text = render_policy(RULES, PERIODS, language)
    legal, _, rest = text.partition(DATA["titles"]["with_consent"][language])
    for item in OPTIONAL_ITEMS:
        said = DATA["optional"][item][language]
        assert said in rest and said not in legal


@pytest.mark.parametrize("language", LANGUAGES)
def test_processors_and_contact_are_those_that_are_set(language: Language) -> None:
    text = render_policy(RULES, PERIODS, language)
    for said in ("Telegram", "Slack", "openai", "Cloud, KR", "officer@example.kr"):
        assert said in text
    bare = render_policy(FounderRules(), PERIODS, language)
    assert DATA["processors"]["none"][language] in bare
    assert DATA["contact"]["unnamed"][language] in bare
    assert DATA["optional"]["model"][language] not in bare  # there is none


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_line_is_written_in_every_language(language: Language) -> None:
    def check(value: object) -> None:
        if isinstance(value, dict) and set(value) <= set(LANGUAGES):
            assert set(value) == set(LANGUAGES) and value[language]
        elif isinstance(value, dict):
            for one in value.values():
                check(one)
        elif isinstance(value, list):
            for one in value:
                check(one)

    check(DATA)


def test_one_day_is_not_days() -> None:
    text = render_policy(FounderRules(), RetentionPeriods(), "en")
    assert "1 day after it was handled" in text and "7 days" in text


def test_the_command_says_it_and_offers_the_optional_consents() -> None:
    services = replace(make_services(), retention=PERIODS, rules=RULES)
    decision = decide_founder_turn(make_turn(make_command("privacy"), None, services))
    assert texts_of(decision.outgoing)[0] == render_policy(RULES, PERIODS, "ko")
    assert button_keys(decision.outgoing[1]) == [f"consent:{item}:1" for item in OPTIONAL_ITEMS]


def test_a_version_names_the_text_of_an_item() -> None:
    assert len({name_item_version(item) for item in OPTIONAL_ITEMS}) == len(OPTIONAL_ITEMS)
