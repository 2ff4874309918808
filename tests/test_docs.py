"""What the documents say is what the code does."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import typer
import yaml
from pydantic import SecretStr

from adapters.cli.app import app
from adapters.settings import Settings
from bot.types import RetentionPeriods
from ingest.document.sidecar import SIDECAR_FIELDS, parse_sidecar, split_front_matter
from ingest.passages.phrase_files import PhraseFile
from ingest.passages.phrases import read_phrases

ROOT = Path(__file__).parents[1]
READMES = [ROOT / name for name in ("README.md", "README.ko.md", "README.vi.md")]
PAGES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in [*READMES, *sorted((ROOT / "docs").glob("*.md")),
                 *sorted((ROOT / "adapters/cli/sheets").glob("*.md"))]
}  # fmt: skip
ALL_PAGES = "\n".join(PAGES.values())
NAMES = [Settings.name_variable(name) for name in Settings.model_fields]


def list_commands(group: typer.Typer, prefix: str = "") -> dict[str, Callable[..., Any]]:
    """The function of every command by its name, "staff add" for one in a group."""
    own = {
        prefix + (command.name or command.callback.__name__): command.callback
        for command in group.registered_commands
        if command.callback
    }
    for inner in group.registered_groups:
        assert inner.typer_instance
        own |= list_commands(inner.typer_instance, f"{prefix}{inner.name} ")
    return own


COMMANDS = list_commands(app)
FENCE = re.compile(r"^ *```(\w*)\n(.*?)^ *```", re.MULTILINE | re.DOTALL)


def render_default(name: str) -> str:
    value = Settings.model_fields[name].default
    shown = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return f"`{shown}`" if shown else ""


def parse_settings_table() -> list[tuple[str, ...]]:
    """The rows of the settings table."""
    rows = re.findall(
        r"^\| (`(?:NARU|OTEL)_\w+`) \|(.*?)\| (.*) \|$", PAGES["docs/settings.md"], re.MULTILINE
    )
    return [tuple(cell.strip() for cell in row) for row in rows]


def list_fences(language: str) -> list[str]:
    return [text for kind, text in FENCE.findall(ALL_PAGES) if kind == language]


def list_typed_commands() -> list[list[str]]:
    """Every `naru …` command line in the pages: in fences and between backticks."""
    inline = re.findall(r"`(naru [^`]+)`", FENCE.sub("", ALL_PAGES))
    lines = [line for text in list_fences("bash") for line in text.splitlines()]
    fenced = [line.removeprefix(".venv/bin/") for line in lines if "naru " in line.split("#")[0]]
    return [shlex.split(line, comments=True) for line in [*inline, *fenced]]


def describe_command(name: str) -> str:
    """The first paragraph of what `--help` says."""
    return " ".join((COMMANDS[name].__doc__ or "").split("\n\n")[0].split())


def find_command(words: list[str]) -> str:
    """The name of the command that is typed, with its group's."""
    grouped = " ".join(words[1:3])
    return grouped if grouped in COMMANDS else words[1]


def test_the_settings_table_is_the_settings() -> None:
    expected = [
        (f"`{Settings.name_variable(name)}`", render_default(name), field.description)
        for name, field in Settings.model_fields.items()
    ]
    assert parse_settings_table() == expected


def test_the_table_of_periods_is_the_settings_and_what_is_swept() -> None:
    text = (ROOT / "docs/privacy.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `NARU_KEEP_(\w+)_DAYS` \| (\d+) \|", text, re.MULTILINE))
    periods = {
        field.name: getattr(RetentionPeriods(), field.name).days
        for field in fields(RetentionPeriods)
    }
    assert {name.lower(): int(days) for name, days in rows.items()} == periods
    assert Settings(_env_file=None).retention == RetentionPeriods()


def test_every_naru_command_in_the_pages_exists() -> None:
    commands = [find_command(words) for words in list_typed_commands() if words[0] == "naru"]
    assert len(commands) >= 8
    assert set(commands) <= set(COMMANDS)


def test_the_table_of_commands_is_the_command_line() -> None:
    rows = re.findall(r"^\| `naru ([^`]+)` \| (.+) \|$", PAGES["docs/commands.md"], re.MULTILINE)
    assert dict(rows) == {name: describe_command(name) for name in COMMANDS}


@pytest.mark.parametrize(
    "words", [w for w in list_typed_commands() if "-" in "".join(w)], ids=" ".join
)
def test_every_option_in_the_pages_exists(words: list[str]) -> None:
    parameters = {f"--{name}" for name in COMMANDS[find_command(words)].__annotations__}
    assert {word for word in words if word.startswith("--")} <= parameters


def find_make_targets(pattern: str = r"^([a-z]+):") -> set[str]:
    return set(re.findall(pattern, (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))


def test_make_help_describes_every_target() -> None:
    assert find_make_targets(r"^([a-z]+):.*## \w") == find_make_targets()


def test_every_fenced_bash_command_has_its_file() -> None:
    targets = find_make_targets()
    seen = 0
    for text in list_fences("bash"):
        for line in text.splitlines():
            words = shlex.split(line, comments=True)
            if not words:
                continue
            seen += 1
            if words[0] == "make":
                assert words[1] in targets, line
            else:
                assert words[0] in (".venv/bin/naru", "naru", "docker"), line
    assert seen >= 5


def test_every_file_and_folder_the_pages_name_exists() -> None:
    named = set(re.findall(r"`((?:adapters|bot|ingest|knowledge|tests)/[\w./-]+)`", ALL_PAGES))
    assert named and [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_every_setting_the_pages_name_exists() -> None:
    named = set(re.findall(r"\bNARU_[A-Z_]+[A-Z]\b", ALL_PAGES))
    assert named <= set(NAMES)


def test_the_tables_of_declared_fields_are_what_is_read() -> None:
    page = FENCE.sub("", PAGES["docs/keep-the-library.md"])
    text = page.split("## What is declared")[1].split("\n## ")[0]
    named = re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)
    assert sorted(named) == sorted(SIDECAR_FIELDS)


def test_the_front_matter_and_the_side_file_that_are_shown_are_read() -> None:
    (shown,) = list_fences("markdown")
    front, body = split_front_matter(shown)
    assert front["id"] == "freight-2026" and body.startswith("# ")
    (side,) = (text for text in list_fences("yaml") if "columns:" in text)
    assert parse_sidecar(side.encode(), "faq.xlsx.meta.yaml")["columns"]["question"]


def test_the_phrases_that_are_shown_are_read() -> None:
    (shown,) = (dedent(text) for text in list_fences("yaml") if "unanswered" in text)
    phrases = read_phrases(PhraseFile("notice.yaml", shown.encode()), "notice-2026")
    ((heading, found),) = phrases.items()
    assert (len(heading), len(found.asked), len(found.unanswered)) == (2, 2, 1)


def test_the_slack_manifest_is_whole() -> None:
    (manifest,) = (yaml.safe_load(text) for text in list_fences("yaml") if "oauth_config" in text)
    events = manifest["settings"]["event_subscriptions"]["bot_events"]
    scopes = manifest["oauth_config"]["scopes"]["bot"]
    assert {"app_mention", "message.im", "message.channels"} <= set(events)
    assert {"chat:write", "im:history", "files:read", "files:write", "commands"} <= set(scopes)
    assert {"users:read", "channels:read", "groups:read"} <= set(scopes)  # who and where staff are
    assert manifest["features"]["slash_commands"][0]["should_escape"]  # `@kim` comes with an id
    assert manifest["settings"]["interactivity"]["is_enabled"]
    assert manifest["features"]["slash_commands"][0]["command"] == "/naru"


def test_the_example_names_exactly_the_settings() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    named = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert named == NAMES
