"""The log of `naru serve` is in the form that NARU_LOG_FORMAT names; other commands talk to people."""

from __future__ import annotations

import pytest

from tests.adapters.cli.conftest import RunCommand


@pytest.mark.parametrize(("form", "written"), [("json", 1), ("text", 0), ("", 0)])
def test_serving_writes_objects_where_that_is_set(
    run: RunCommand, monkeypatch: pytest.MonkeyPatch, form: str, written: int
) -> None:
    calls: list[None] = []
    monkeypatch.setattr("adapters.settings.log.write_json_lines", lambda: calls.append(None))
    monkeypatch.setenv("NARU_LOG_FORMAT", form)
    ended = run("serve")
    assert ended.code == 1 and "NARU_TELEGRAM_TOKEN" in ended.err
    assert len(calls) == written


def test_another_form_is_refused(run: RunCommand, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARU_LOG_FORMAT", "xml")
    assert "NARU_LOG_FORMAT is wrong" in run("serve").err
