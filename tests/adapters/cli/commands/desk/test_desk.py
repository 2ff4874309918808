"""`naru meeting`, `agenda`, `minutes` and `digest`, as they are typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from adapters.cli.options import build_app
from tests.adapters.cli.conftest import RunCommand

pytestmark = pytest.mark.usefixtures("own_library")


def test_a_meeting_is_planned_moved_and_withdrawn(run: RunCommand) -> None:
    assert "No meeting of vn-hanoi" in run("meeting", "vn-hanoi").out
    planned = run("meeting", "vn-hanoi", "2099-12-15T10:00", "--place", "3층", "--json").json
    assert (planned["starts_at"], planned["sequence"]) == ("2099-12-15T10:00:00+07:00", 0)
    moved = run("meeting", "vn-hanoi", "--minutes", "120", "--json").json
    assert (moved["uid"], moved["sequence"], moved["minutes"]) == (planned["uid"], 1, 120)
    assert moved["place"] == "3층"
    shown = run("meeting", "vn-hanoi", "--withdraw")
    assert shown.code == 0 and "withdrawn" in shown.out and "no invitation was sent" in shown.out
    assert run("meeting", "vn-hanoi", "--withdraw").code == 1


@pytest.mark.parametrize(("arguments", "code", "says"), [
    (("meeting", "vn-hanoi", "tomorrow"), 2, "2026-12-15T10:00"),
    (("meeting", "vn-hanoi", "2020-01-01T10:00"), 2, "is over"),
    (("meeting", "vn-hanoi", "--place", "x"), 1, "Name its time"),
    (("meeting", "vn-hanoi", "2099-01-01T10:00", "--place", "x" * 201), 1, "longer than 200"),
    (("meeting", "vn-hanoy"), 1, "did you mean vn-hanoi"),
    (("minutes", "vn-hanoi", "none.txt"), 1, "cannot be read"),
    (("agenda", "vn-hanoi", "--format", "doc"), 2, "md, html or pdf"),
    (("agenda", "vn-hanoi", "--out", "a.doc"), 2, "end the file in"),
    (("agenda", "vn-hanoi", "--lang", "fr"), 2, "ko, en and vi"),
    (("digest", "2099-Q1"), 1, "has not ended"),
    (("digest", "last week"), 2, "2026-Q3"),
])  # fmt: skip
def test_what_is_wrong_is_said_in_a_sentence(
    run: RunCommand, arguments: tuple[str, ...], code: int, says: str
) -> None:
    ended = run(*arguments)
    assert ended.code == code and says in ended.err


def test_minutes_of_a_file_come_back_on_the_agenda(run: RunCommand, tmp_path: Path) -> None:
    file = tmp_path / "minutes.txt"
    file.write_text("- 회람한다 | KOTRA | 2026-12-31\n설명회를 연다\n", encoding="utf-8-sig")
    entered = run("minutes", "vn-hanoi", str(file), "--json").json
    assert [(one["number"], one["owner"]) for one in entered] == [(1, "KOTRA"), (2, "")]
    file.write_text("1 done\nx | y | 2026-99-99\n", encoding="utf-8")
    assert "A date is wrong" in run("minutes", "vn-hanoi", str(file)).err
    assert len(run("minutes", "vn-hanoi", "--json").json) == 2  # nothing of it counts
    file.write_text("1 done\n", encoding="utf-8")
    assert "설명회" in run("minutes", "vn-hanoi", str(file)).out
    agenda = run("agenda", "vn-hanoi", "--json").json
    assert [one["state"] for one in agenda["resolutions"]] == ["done", "open"]


def test_a_paper_is_printed_and_written(run: RunCommand, tmp_path: Path) -> None:
    assert run("agenda", "vn-hanoi", "--lang", "en").out.startswith(
        "# Agenda of the regular meeting"
    )
    assert "<!DOCTYPE html>" in run("digest", "--format", "html").out
    written = run("agenda", "vn-hanoi", "--format", "html", "--out", str(tmp_path))
    (path,) = tmp_path.glob("agenda-vn-hanoi-*.html")
    assert str(path) in written.out and path.read_text(encoding="utf-8").lstrip().startswith("<!")


def test_a_digest_is_made_once(run: RunCommand) -> None:
    first = run("digest", "2026-Q3", "--json").json
    assert first["table"]["total"] is None
    store = build_app().store
    assert store.digests.find("2026-Q3") == first and store.digests.find("2026-Q2") is None


def test_an_insight_is_noted_listed_and_drafted(run: RunCommand, tmp_path: Path) -> None:
    assert run("insight").out == "No insights.\n"
    text = "세무서가 환급을 석 달 늦게 줍니다. 담당 010-1234-5678, https://gdt.gov.vn/1"
    noted = run("insight", "vn-hanoi", text, "--json").json
    assert (noted["number"], noted["mission"], noted["countries"]) == (1, "vn-hanoi", ["VN"])
    assert "010-1234-5678" not in noted["text"] and noted["evidence"] == ["https://gdt.gov.vn/1"]
    again = run("insight", "vn-hcmc", "통관이 빨라졌습니다").out
    assert "Noted as 2." in again and "No room is bound to domestic" in again
    listed = run("insight").out
    assert "vn-hanoi" in listed and "vn-hcmc" in listed and "VN,tax" in listed
    assert [one["number"] for one in run("insight", "2", "--json").json["insights"]] == [2]
    written = run("insight", "1", "--draft", "--out", str(tmp_path)).out
    (file,) = tmp_path.glob("*.md")
    assert str(file) in written and "환급을 석 달" in file.read_text(encoding="utf-8")
    assert run("insight", "1", "--json").json["insights"][0]["state"] == "drafted"
    assert 'url: "https://gdt.gov.vn/1"' in run("insight", "1", "--draft").out


@pytest.mark.parametrize(("arguments", "says"), [
    (("insight", "9"), "There is no insight 9"),
    (("insight", "vn-hanoi"), "Write what vn-hanoi learned"),
    (("insight", "vn-hanoy", "세무"), "did you mean vn-hanoi"),
])  # fmt: skip
def test_what_is_wrong_with_an_insight_is_said(
    run: RunCommand, arguments: tuple[str, ...], says: str
) -> None:
    ended = run(*arguments)
    assert ended.code == 1 and says in ended.err
