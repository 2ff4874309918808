"""Exit 2 for wrong usage, 1 for failure; one clear line on stderr, an object for machines."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from adapters.cli.app import app, main
from tests.adapters.cli.conftest import CommandResult, RunCommand

pytestmark = pytest.mark.usefixtures("quick")

WRONG_USAGE = [
    ("ask",),
    ("ask", "  "),
    ("ask", "질문", "--bogus"),
    ("ask", "질문", "--lang", "fr"),
    ("ask", "질문", "--as-of", "yesterday"),
    ("route",),
    ("route", "Da Nang", "--lang", "de"),
    ("frobnicate",),
    ("bind", "vn-hanoi"),
    ("bind", "vn-hanoi", "nowhere"),
    ("case", "seventeen"),
    ("rollback", "last"),
    ("eval", "--part", "secret"),
    ("demo", "--as-of", "yesterday"),
]


def is_one_clear_line(ran: CommandResult) -> bool:
    return len(ran.err.splitlines()) == 1 and ran.err.startswith("naru: ")


@pytest.mark.parametrize("arguments", WRONG_USAGE, ids=" ".join)
def test_wrong_usage_exits_2_with_one_line(run: RunCommand, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert ran.code == 2 and ran.out == "" and is_one_clear_line(ran)


@pytest.mark.parametrize(
    ("arguments", "help_command"),
    [(("rollback",), "naru rollback"), (("staff", "add"), "naru staff add"), (("zzz",), "naru")],
)
def test_wrong_usage_names_the_help_that_shows_the_right_one(
    run: RunCommand, arguments: tuple[str, ...], help_command: str
) -> None:
    assert f"`{help_command} --help`" in run(*arguments).err


def test_what_the_machine_refuses_is_one_line(
    run: RunCommand, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    ran = run("backup", str(tmp_path / "file/copy"))
    assert ran.code == 1 and is_one_clear_line(ran) and "Not a directory" in ran.err

    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("adapters.cli.operations.copies.write_manifest", refuse)
    full = run("backup", str(tmp_path / "copy"), "--json")
    assert full.code == 1 and is_one_clear_line(full) and "No space left" in full.json["error"]


def test_for_machines_wrong_usage_is_an_object_too(run: RunCommand) -> None:
    ran = run("ask", "--json")
    assert ran.code == 2 and list(ran.json) == ["error"] and is_one_clear_line(ran)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", "물류비"), "naru ingest"),
        (("chat",), "naru ingest"),
        (("chat", "--staff", "xx-nowhere"), "xx-nowhere"),
        (("ingest", "nowhere"), "nowhere does not exist"),
        (("reindex",), "naru ingest"),
        (("case", "17"), "17"),
        (("rollback", "9"), "9"),
        (("bind", "xx-nowhere", "slack:C0123"), "xx-nowhere"),
        (("export", "telegram:1"), "Nothing is kept of telegram:1"),
        (("forget", "telegram:1"), "Nothing is kept of telegram:1"),
        (("eval", "nowhere.yaml"), "nowhere.yaml cannot be read"),
        (("serve",), "NARU_TELEGRAM_TOKEN"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else value,
)
def test_a_failure_exits_1_and_says_what_to_do(
    run: RunCommand, arguments: tuple[str, ...], says: str
) -> None:
    ran = run(*arguments)
    assert ran.code == 1 and is_one_clear_line(ran) and says in ran.err


def test_without_an_edition_ask_prints_an_error_object(run: RunCommand) -> None:
    ran = run("ask", "물류비", "--json")
    assert ran.code == 1 and list(ran.json) == ["error"] and "naru ingest" in ran.json["error"]


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("NARU_HTTP_PORT", "many", "NARU_HTTP_PORT is wrong"),
        ("NARU_DATABASE_URL", "nonsense", "NARU_DATABASE_URL is not a database address"),
        ("NARU_DATABASE_URL", "postgresql+psycopg://u:pw@h:x/n", "is not a database address"),
        ("NARU_DATABASE_URL", "sqlite:////proc/nowhere/naru.db", "cannot be opened"),
        ("NARU_DATA", "a-file", "cannot be opened"),
    ],
)
def test_a_wrong_setting_is_one_line(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str
) -> None:
    Path("a-file").touch()
    monkeypatch.setenv(name, value)
    ran = run("cases", "--json")
    assert ran.code == 1 and says in ran.json["error"] and is_one_clear_line(ran)


def test_a_password_in_the_database_address_is_not_shown(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = "postgresql+psycopg://naru:hunter2@127.0.0.1:1/naru"
    monkeypatch.setenv("NARU_DATABASE_URL", address)
    ran = run("cases")
    assert ran.code == 1 and is_one_clear_line(ran)
    assert "127.0.0.1" in ran.err and "hunter2" not in ran.err


def test_a_database_that_is_none_is_one_line(run: RunCommand) -> None:
    Path("data").mkdir()
    Path("data/naru.db").write_bytes(b"this is not a database" * 100)
    ran = run("cases")
    assert ran.code == 1 and is_one_clear_line(ran)


def test_every_command_of_the_contract_is_there(run: RunCommand) -> None:
    names = {command.name or command.callback.__name__ for command in app.registered_commands
             if command.callback}  # fmt: skip
    assert names >= {
        "demo", "chat", "ask", "route", "ingest", "editions", "rollback", "reindex", "prune",
        "serve", "cases", "case", "bind", "unbind", "bindings", "eval", "calibrate", "doctor", "export",
        "forget", "sweep",
    }  # fmt: skip
    helped = run("--help")
    assert helped.code == 0 and all(name in helped.out for name in names)
    assert run().out == helped.out  # alone, `naru` says how to use it


@pytest.mark.parametrize("name", ["ask", "route", "ingest", "chat", "case", "bind", "eval"])
def test_every_command_explains_itself(run: RunCommand, name: str) -> None:
    ran = run(name, "--help")
    assert ran.code == 0 and "Usage" in ran.out


def test_a_process_of_its_own_creates_files_for_its_owner_alone(
    monkeypatch: pytest.MonkeyPatch, run: RunCommand
) -> None:
    masks: list[int] = []
    monkeypatch.setattr(os, "umask", masks.append)
    run("--help")
    assert masks == []  # a caller's process is the caller's
    monkeypatch.setattr(sys, "argv", ["naru", "--help"])
    with pytest.raises(SystemExit):
        main()
    assert masks == [0o077]
