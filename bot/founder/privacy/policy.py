"""The text of `/privacy`, made from policy.yaml, the periods and what the operator has set."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

from bot.phrases import render_phrase
from bot.routing.recipient import find_sealed_days, render_days
from bot.types import OPTIONAL_ITEMS, FounderRules, OptionalItem, RetentionPeriods
from knowledge.text.yaml_text import parse_yaml
from knowledge.types import Language

POLICY_FILE = Path(__file__).with_name("policy.yaml")
# The parts of the policy in order. Those that are no lists are made by `_list_lines`.
PARTS = (
    "purposes", "legal_task", "with_consent", "recipients", "processors", "destruction", "never_kept",
    "safety", "automated", "rights", "contact",
)  # fmt: skip


def render_policy(rules: FounderRules, periods: RetentionPeriods, language: Language) -> str:
    """The policy: each part with its title and its lines, then what stays with the messengers."""
    texts = [
        "\n".join([_load()["titles"][part][language], *_list_lines(part, rules, periods, language)])
        for part in PARTS
    ]
    return "\n\n".join([*texts, render_phrase("founder.messenger_keeps", language)])


def name_item_version(item: OptionalItem) -> str:
    """Eight hex digits of what is asked for an optional item, in all languages."""
    text = "\n".join(_load()["optional"][item].values())
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _list_lines(
    part: str, rules: FounderRules, periods: RetentionPeriods, language: Language
) -> Iterator[str]:
    values = {
        field.name: render_days(getattr(periods, field.name).days, language)
        for field in fields(periods)
    }
    values |= {"sealed": render_days(find_sealed_days(periods), language)}
    values |= {"model": rules.model, "hosting": rules.hosting, "contact": rules.contact}
    for line in _select_lines(part, rules):
        yield f"- {line[language].format(**values)}"


def _select_lines(part: str, rules: FounderRules) -> Iterable[Mapping[str, str]]:
    lines: Any = _load()[part]
    if part == "with_consent":
        offered = (one for one in OPTIONAL_ITEMS if one != "model" or rules.model)
        return [*lines, *(_load()["optional"][one] for one in offered)]
    if part == "processors":
        names = [*rules.channels, *(["model"] if rules.model else ())]
        names += ["hosting"] if rules.hosting else []
        return [lines[name] for name in names or ["none"]]
    if part == "contact":
        return [lines["named" if rules.contact else "unnamed"]]
    return list(lines)


@cache
def _load() -> dict[str, Any]:
    policy: dict[str, Any] = parse_yaml(POLICY_FILE.read_text(encoding="utf-8"))
    return policy
