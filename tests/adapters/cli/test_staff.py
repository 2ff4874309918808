"""`naru staff` and `naru unbind`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.adapters.cli.conftest import RunCommand
from tests.fakes.slack.server import SlackServer

MEMBER = ("staff", "add", "vn-hanoi", "telegram:1001")


@pytest.fixture(autouse=True)
def _own(own_library: Path) -> None:
    """Each test has its own data."""


@pytest.fixture
def slack(monkeypatch: pytest.MonkeyPatch) -> Iterator[SlackServer]:
    """A Slack whose token is in the settings."""
    with SlackServer() as server:
        monkeypatch.setenv("NARU_SLACK_BOT_TOKEN", server.bot_token)
        monkeypatch.setenv("NARU_SLACK_API_URL", server.api_url)
        yield server


def test_a_person_is_admitted_listed_and_removed(run: RunCommand) -> None:
    added = run(*MEMBER, "--role", "lawyer", "--name", "김변호", "--json").json
    assert (added["account"], added["role"], added["lead"], added["name"]) == (
        "telegram:1001", "lawyer", False, "김변호",
    )  # fmt: skip
    assert run("staff", "list", "vn-hanoi", "--json").json == [added]
    assert "김변호" in run("staff", "list", "vn-hanoi").out
    led = run(*MEMBER, "--role", "lead", "--json").json
    assert (led["role"], led["lead"], led["name"]) == ("lawyer", True, "김변호")
    gone = run("staff", "remove", "vn-hanoi", "telegram:1001", "--json").json
    assert gone == {"mission": "vn-hanoi", "account": "telegram:1001", "removed": True}
    assert run("staff", "list", "vn-hanoi", "--json").json == []
    assert "has no staff yet" in run("staff", "list", "vn-hanoi").out
    alone = run("staff", "add", "vn-hcmc", "telegram:1", "--role", "lead", "--json").json
    assert (alone["role"], alone["lead"]) == ("lead", True)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ((*MEMBER, "--role", "king"), 2),
        (("staff", "add", "vn-hanoi", "1001"), 2),
        (("staff", "add", "vn-hanoi"), 2),
        (("staff", "add", f"{'a' * 80}@example.org", "--mission", "vn-hanoi"), 2),
        (("staff", "add", "vn-hanoi", f"telegram:{'1' * 80}"), 2),
        (("bind", "vn-hanoi", f"email:{'a' * 80}@example.org"), 2),
        (("block", f"telegram:{'1' * 200}"), 2),
        (("case", "9999999999"), 2),
        (("rollback", "9999999999"), 2),
        (("incident", "9999999999"), 2),
        (("staff", "add", "xx-nowhere", "telegram:1001"), 1),
        (("staff", "remove", "vn-hanoi", "telegram:1001"), 1),
        (("staff", "list", "xx-nowhere"), 1),
        (("unbind", "vn-hanoi"), 1),
    ],
)
def test_what_cannot_be_done_is_one_line_with_an_exit_code(
    run: RunCommand, arguments: tuple[str, ...], code: int
) -> None:
    ran = run(*arguments, "--json")
    assert ran.code == code and set(ran.json) == {"error"}
    assert len(ran.err.splitlines()) == 1


def test_a_binding_is_undone_by_mission_or_by_room(run: RunCommand) -> None:
    for target in ("vn-hanoi", "slack:C0123"):
        run("bind", "vn-hanoi", "slack:C0123")
        undone = run("unbind", target, "--json").json
        assert undone == {"unbound": ["vn-hanoi"], "moved": 0}
        assert run("bindings", "--json").json == []


@pytest.mark.parametrize("kind", ["is_restricted", "is_ultra_restricted", "is_stranger"])
def test_slack_is_asked_whether_somebody_is_an_outsider(
    run: RunCommand, slack: SlackServer, kind: str
) -> None:
    slack.create_person("U0KIM1", "kim")
    slack.create_outsider("U0GUEST1", "guest", kind)
    assert run("staff", "add", "vn-hanoi", "slack:U0KIM1", "--json").json["name"] == "kim"
    refused = run("staff", "add", "vn-hanoi", "slack:U0GUEST1")
    assert refused.code == 1 and "cannot be staff" in refused.err


def test_a_public_channel_is_not_bound(run: RunCommand, slack: SlackServer) -> None:
    slack.create_channel("C0OPEN")
    slack.create_channel("C0CLOSED", private=True)
    refused = run("bind", "vn-hanoi", "slack:C0OPEN")
    assert refused.code == 1 and "is public" in refused.err
    assert run("bind", "vn-hanoi", "slack:C0CLOSED").code == 0


def test_a_channel_that_is_not_there_is_refused_with_a_next_step(
    run: RunCommand, slack: SlackServer
) -> None:
    refused = run("bind", "vn-hanoi", "slack:C0NOWHERE")
    assert refused.code == 1 and "slack:C0NOWHERE cannot be looked at" in refused.err
    assert "Add Naru to it" in refused.err


def test_a_mission_without_a_messenger_is_bound_to_the_console(run: RunCommand) -> None:
    told = run("bind", "vn-hanoi", "console").out
    _, _, command = told.partition("It has no lead yet: naru ")
    assert command.strip() == "staff add EMAIL --mission vn-hanoi --seat lead"  # as docs/console.md
    assert run(*command.replace("EMAIL", "kim@example.org").split()).code == 0
    (lead,) = run("staff", "list", "vn-hanoi", "--json").json
    assert (lead["account"], lead["lead"]) == ("console:kim@example.org", True)
    assert run("bindings", "--json").json == [{"mission": "vn-hanoi", "place": "console:vn-hanoi"}]


def test_binding_a_mission_without_a_body_says_who_takes_its_cases(
    run: RunCommand, slack: SlackServer
) -> None:
    slack.create_channel("C0CLOSED", private=True)
    told = run("bind", "vn-da-nang", "slack:C0CLOSED").out
    assert "vn-hanoi takes the cases of its area" in told
    assert "takes the cases" not in run("bind", "vn-hanoi", "slack:C0CLOSED").out
