"""Every phrase is written in every language, and every one is used by the code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
import yaml

import adapters
import bot
from bot.buttons import CaseAction
from bot.missions.missions import Missions
from bot.phrases import PHRASES_FOLDER, render_phrase
from bot.routing.route_text import BASIS_NOTE_KEYS
from bot.types import Author, Basis, BodyStatus, CaseState, Urgency
from knowledge.types import LANGUAGES, Language, Verdict

PHRASES: dict[str, dict[str, str]] = {
    f"{path.stem}.{key}": sentences
    for path in sorted(PHRASES_FOLDER.glob("*.yaml"))
    for key, sentences in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
PHRASE_GROUPS = sorted({key.partition(".")[0] for key in PHRASES})
KEY = re.compile(rf"(?:{'|'.join(PHRASE_GROUPS)})\.[a-z_]+")


@cache
def parse_sources() -> tuple[ast.Module, ...]:
    folders = [Path(package.__file__ or "").parent for package in (bot, adapters)]
    files = [path for folder in folders for path in sorted(folder.rglob("*.py"))]
    return tuple(ast.parse(path.read_text(encoding="utf-8")) for path in files)


def walk_nodes() -> Iterator[ast.AST]:
    return (node for tree in parse_sources() for node in ast.walk(tree))


@cache
def list_strings() -> frozenset[str]:
    """Every string in the code."""
    texts = (n.value for n in walk_nodes() if isinstance(n, ast.Constant))
    return frozenset(text for text in texts if isinstance(text, str)) | set(get_args(Verdict))


@cache
def list_key_patterns() -> tuple[re.Pattern[str], ...]:
    """The keys that f-strings can make; f"founder.{key}" is left out, since any key fits it."""
    patterns = []
    for node in walk_nodes():
        if not isinstance(node, ast.JoinedStr):
            continue
        parts = [str(p.value) if isinstance(p, ast.Constant) else None for p in node.values]
        constant = "".join(part or "" for part in parts)
        if re.fullmatch(r"[a-z_.]*_[a-z_.]*", constant) and not constant.endswith("."):
            whole = "".join("[a-z_]+" if part is None else re.escape(part) for part in parts)
            patterns.append(re.compile(whole))
    return tuple(patterns)


def find_phrase_calls() -> Iterator[tuple[ast.Call, str, str]]:
    """The calls that name a phrase by itself: the call, the function's name, the key."""
    for node in walk_nodes():
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name | ast.Attribute):
            name = node.func.id if isinstance(node.func, ast.Name) else node.func.attr
            at = (
                node.args[1:2]
                if name in ("build_desk_notice", "_report_outcome")
                else node.args[:1]
            )
            for argument in at:
                if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                    yield node, name, argument.value


def placeholder_names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


@pytest.mark.parametrize(
    ("key", "ends"),
    [("staff.sealed_mark", " "), ("founder.corrected", " "), ("founder.sealed_desk_told", " ")],
)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_before_other_words_keeps_its_space(
    key: str, ends: str, language: Language
) -> None:
    assert render_phrase(key, language).endswith(ends)


def test_no_phrase_has_a_line_break_at_its_end() -> None:
    names = placeholder_names(PHRASES["staff.card"]["ko"])
    assert not render_phrase("staff.card", "ko", **dict.fromkeys(names, "x")).endswith("\n")


def test_a_phrase_is_written_in_three_languages_with_the_same_names() -> None:
    def is_complete(sentences: dict[str, str]) -> bool:
        written = [sentence for sentence in sentences.values() if sentence.strip()]
        names = {frozenset(placeholder_names(sentence)) for sentence in written}
        return set(sentences) == set(LANGUAGES) and len(written) == 3 and len(names) == 1

    assert [key for key, sentences in PHRASES.items() if not is_complete(sentences)] == []


def test_each_language_is_in_its_own_letters() -> None:
    hangul = re.compile(r"[가-힣]")
    foreign = [key for key, texts in PHRASES.items() if hangul.search(texts["en"] + texts["vi"])]
    assert foreign == []


def is_used(key: str) -> bool:
    name = key.partition(".")[2]
    made = any(pattern.fullmatch(key) or pattern.fullmatch(name) for pattern in list_key_patterns())
    return made or key in list_strings() or name in list_strings()


def test_every_phrase_is_used_somewhere() -> None:
    assert [key for key in PHRASES if not is_used(key)] == []


def test_every_phrase_named_in_the_code_is_written() -> None:
    named = {text for text in list_strings() if KEY.fullmatch(text) and text[-1] != "_"}
    assert len(named) > 30
    assert named <= set(PHRASES)


def test_every_phrase_named_by_its_last_part_alone_is_written() -> None:
    groups = {"reply_phrase": "founder", "offer_person": "founder", "build_desk_notice": "staff"}
    groups |= {"reply_library_phrase": "library", "_report_outcome": "library"}
    named = [
        (groups[name], key)
        for _, name, key in find_phrase_calls()
        if name in groups and "." not in key
    ]
    assert len(named) > 40
    missing = [f"{room}.{key}" for room, key in named if f"{room}.{key}" not in PHRASES]
    assert [key for key in missing if key.replace("founder.", "staff.") not in PHRASES] == []


def test_every_call_that_renders_a_phrase_gives_its_names() -> None:
    for call, name, key in find_phrase_calls():
        if (
            name not in ("render_phrase", "reply_phrase")
            or key not in PHRASES
            or any(k.arg is None for k in call.keywords)
        ):
            continue
        given = {keyword.arg for keyword in call.keywords}
        assert placeholder_names(PHRASES[key]["ko"]) <= given, key


def test_every_state_a_case_or_mission_can_have_has_its_word() -> None:
    keys = [
        *(f"founder.{verdict}" for verdict in get_args(Verdict) if verdict != "answered"),
        *(f"founder.state_{state}" for state in get_args(CaseState)),
        *(f"staff.state_{state}" for state in get_args(CaseState)),
        *(f"staff.button_{action}" for action in get_args(CaseAction)),
        *(f"staff.urgency_{urgency}" for urgency in get_args(Urgency)),
        *(f"staff.line_{author}" for author in get_args(Author)),
        *(f"founder.language_{language}" for language in LANGUAGES),
        *(f"routing.own_{status}" for status in get_args(BodyStatus)),
        *(f"routing.other_{status}" for status in get_args(BodyStatus)),
        *(f"routing.kind_{kind}" for kind in sorted({m.kind for m in Missions.load()})),
        *(f"routing.{note}" for note in BASIS_NOTE_KEYS.values()),
        *(f"routing.{basis}" for basis in set(get_args(Basis)) - {*BASIS_NOTE_KEYS, "staff"}),
    ]
    assert [key for key in keys if key not in PHRASES] == []


def test_a_phrase_is_filled_in_and_trimmed() -> None:
    assert render_phrase("founder.closed", "ko", number=17) == "#17 건을 끝냈습니다."
    assert render_phrase("founder.help", "en") == render_phrase("founder.help", "en").strip()


def test_a_phrase_that_is_not_written_is_a_defect() -> None:
    with pytest.raises(KeyError):
        render_phrase("founder.nosuch", "ko")
    with pytest.raises(KeyError):
        render_phrase("founder.receipt", "ko")


def test_a_brace_in_what_a_founder_wrote_stays() -> None:
    assert "{number}" in render_phrase("staff.founder_says", "ko", text="{number} {0} {}")
