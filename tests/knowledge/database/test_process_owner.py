"""Which processes have ended, as far as this machine can tell."""

from __future__ import annotations

import os
import socket
import subprocess
import sys

import pytest

from knowledge.database.process_owner import is_process_gone, make_owner_id

HOST = socket.gethostname()


@pytest.fixture(scope="module")
def ended_pid() -> int:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait(30)
    return process.pid


def test_an_owner_id_names_machine_and_process_and_is_unique() -> None:
    first, second = make_owner_id(), make_owner_id()
    assert first != second
    assert first.startswith(f"{HOST}:{os.getpid()}:")


def test_a_process_does_not_find_itself_gone() -> None:
    me = make_owner_id()
    assert not is_process_gone(me, me)


def test_another_id_with_our_pid_is_of_an_earlier_start() -> None:
    assert is_process_gone(make_owner_id(), make_owner_id())


def test_a_process_that_ended_is_gone_and_one_that_runs_is_not(ended_pid: int) -> None:
    assert is_process_gone(f"{HOST}:{ended_pid}:0a1b2c3d", make_owner_id())
    assert not is_process_gone(f"{HOST}:{os.getppid()}:0a1b2c3d", make_owner_id())


@pytest.mark.parametrize("owner", [HOST, "slack-history", f"{HOST}:sender", ""])
def test_an_owner_that_is_no_process_is_not_taken_for_an_ended_one(owner: str) -> None:
    assert not is_process_gone(owner, make_owner_id())


def test_of_another_machine_nothing_is_known(ended_pid: int) -> None:
    assert not is_process_gone(f"not-{HOST}:{ended_pid}:0a1b2c3d", make_owner_id())
