"""`naru sources` and `naru ingest https://…`: the web from the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from adapters import bootstrap
from adapters.bootstrap import App
from adapters.settings import Settings
from ingest.web.fetch import FetchLimits, WebClient
from knowledge.types import find_korean_day
from tests.adapters.cli.conftest import RunCommand
from tests.fakes.website import Website, respond_with_status, run_website

NOTICE = "---\nlanguage: ko\n---\n# 새 제도\n\n## 새 제도는 무엇인가요?\n새 제도는 나루를 건너는 제도입니다.\n"
QUESTION = "새 제도는 무엇인가요?"
KEYS = ["name", "owner", "kind", "place", "language", "every", "max_age", "read_at", "next_at",
        "problem"]  # fmt: skip


@pytest.fixture
def site() -> Iterator[Website]:
    with run_website() as site:
        site.pages["/notice.md"] = NOTICE.encode()
        yield site


@pytest.fixture(autouse=True)
def _loopback(own_library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands may fetch from loopback, and do not wait."""
    quick: Callable[..., App] = bootstrap.__dict__["App"]

    def made(settings: Settings, **choices: Any) -> App:
        app = quick(settings, **choices)
        app.web = WebClient(
            allowed=lambda _: True,
            limits=FetchLimits(step_seconds=20, total_seconds=60, pause_seconds=0),
        )
        return app

    monkeypatch.setattr(bootstrap, "App", made)


def write_sources(folder: Path, *sources: str) -> None:
    (folder / "sources.yaml").write_text("\n".join(sources) + "\n", encoding="utf-8")


def render_url_source(site: Website, name: str = "guide", path: str = "/notice.md") -> str:
    return f"- {{name: {name}, owner: 김나루, kind: url, url: {site.url(path)}, max_age: 90d}}"


def render_day_ahead(days: int) -> str:
    return (datetime.now().astimezone() + timedelta(days=days)).isoformat()


class TestSources:
    def test_without_any_it_says_where_to_list_them(self, run: RunCommand) -> None:
        ran = run("sources")
        assert ran.code == 0 and "sources.yaml" in ran.out
        assert run("sources", "--json").json == []

    def test_what_is_listed_is_shown_before_it_was_read(
        self, run: RunCommand, own_library: Path, site: Website
    ) -> None:
        write_sources(own_library, render_url_source(site))
        (shown,) = run("sources", "--json").json
        assert list(shown) == KEYS
        assert (shown["owner"], shown["every"], shown["max_age"]) == ("김나루", "1d", "90d")
        assert (shown["read_at"], shown["problem"], site.requests) == (None, "", [])

    def test_a_refresh_reads_them_and_they_answer(
        self, run: RunCommand, own_library: Path, site: Website
    ) -> None:
        write_sources(own_library, render_url_source(site))
        ran = run("sources", "--refresh", "--json")
        assert (ran.code, ran.err) == (0, "")
        (shown,) = ran.json
        assert shown["read_at"] and shown["next_at"] > shown["read_at"]
        asked = run("ask", QUESTION, "--json").json
        assert "나루를 건너는" in asked["text"] and "checked" not in asked["citations"][0]

    def test_a_document_that_was_not_checked_for_too_long_says_so(
        self, run: RunCommand, own_library: Path, site: Website
    ) -> None:
        write_sources(own_library, render_url_source(site))
        run("sources", "--refresh")
        today = find_korean_day(datetime.now(UTC))
        late = run("ask", QUESTION, "--json", "--as-of", render_day_ahead(91)).json
        assert late["citations"][0]["checked"] == today.isoformat()
        said = f"이 문서는 {today.year}년 {today.month}월 {today.day}일에 마지막으로 확인되었습니다"
        assert said in late["text"]
        soon = run("ask", QUESTION, "--json", "--as-of", render_day_ahead(89)).json
        assert "마지막으로 확인" not in soon["text"]

    def test_one_that_fails_is_shown_with_its_last_good_read(
        self, run: RunCommand, own_library: Path, site: Website
    ) -> None:
        write_sources(own_library, render_url_source(site))
        (good,) = run("sources", "--refresh", "--json").json
        site.pages["/notice.md"] = respond_with_status(404)
        ran = run("sources", "--refresh", "--json")
        assert ran.code == 1 and ran.json[0]["read_at"] == good["read_at"]
        shown = run("sources")
        assert shown.code == 1 and "FIX" in shown.out and "not there any more" in shown.out
        assert "나루를 건너는" in run("ask", QUESTION, "--json").json["text"]
        said = {one["check"]: one for one in run("doctor", "--json").json}
        assert not said["sources"]["ok"] and "guide: " in said["sources"]["say"]

    def test_another_list_can_be_named(
        self, run: RunCommand, site: Website, tmp_path: Path
    ) -> None:
        (tmp_path / "elsewhere").mkdir()
        write_sources(tmp_path / "elsewhere", render_url_source(site, "other"))
        ran = run("sources", "--file", "elsewhere/sources.yaml", "--refresh", "--json")
        assert [one["name"] for one in ran.json] == ["other"]

    def test_a_list_that_cannot_be_read_is_one_line(
        self, run: RunCommand, own_library: Path
    ) -> None:
        write_sources(own_library, "- {name: guide, kind: url}")
        ran = run("sources", "--json")
        assert ran.code == 1 and "has no owner" in ran.json["error"]
        said = {one["check"]: one for one in run("doctor", "--json").json}
        assert not said["sources"]["ok"] and "has no owner" in said["sources"]["say"]

    def test_what_is_listed_no_more_answers_until_it_is_dropped(
        self, run: RunCommand, own_library: Path, site: Website
    ) -> None:
        write_sources(own_library, render_url_source(site))
        run("sources", "--refresh")
        assert run("sources", "--drop", "guide").code == 1
        (own_library / "sources.yaml").unlink()
        ran = run("sources", "--json")
        assert ran.code == 1 and "naru sources --drop guide" in ran.json[0]["problem"]
        assert "나루를 건너는" in run("ask", QUESTION, "--json").json["text"]
        assert run("sources", "--drop", "guide", "--json").json == []
        assert "나루를 건너는" not in run("ask", QUESTION, "--json").json["text"]
        assert "There is no source guide" in run("sources", "--drop", "guide").err


class TestIngest:
    def test_a_page_is_ingested_and_the_second_time_nothing_changes(
        self, run: RunCommand, site: Website
    ) -> None:
        found = run("ingest", site.url("/notice.md"), "--json").json
        assert (found["applied"], found["counts"]["created"], found["skipped"]) == (True, 1, [])
        assert "나루를 건너는" in run("ask", QUESTION, "--json").json["text"]
        again = run("ingest", site.url("/notice.md"), "--json").json
        assert (again["applied"], again["counts"]["withdrawn"]) == (False, 0)

    def test_a_page_that_cannot_be_had_is_named_and_the_others_go_in(
        self, run: RunCommand, site: Website, tmp_path: Path
    ) -> None:
        (tmp_path / "own.md").write_text("# Own\n\n## What?\nOur own text.\n")
        ran = run("ingest", site.url("/gone.md"), "own.md", "ftp://example.org/a", "--json")
        assert ran.code == 1 and ran.json["counts"]["created"] == 1
        whys = {one["file"]: one["why"] for one in ran.json["skipped"]}
        assert "404" in whys[site.url("/gone.md")]
        assert "not a web address" in whys["ftp://example.org/a"]

    def test_a_page_that_is_gone_withdraws_nothing(self, run: RunCommand, site: Website) -> None:
        run("ingest", site.url("/notice.md"))
        site.pages["/notice.md"] = respond_with_status(410)
        ran = run("ingest", site.url("/notice.md"), "--json")
        assert (ran.code, ran.json["counts"]["withdrawn"]) == (1, 0)
        assert "나루를 건너는" in run("ask", QUESTION, "--json").json["text"]

    def test_a_plan_changes_no_edition(self, run: RunCommand, site: Website) -> None:
        found = run("ingest", site.url("/notice.md"), "--plan", "--no-golden", "--json").json
        assert (found["edition"], found["applied"], found["counts"]["created"]) == (1, False, 1)
