"""Which cases a digest counts, as whose, and which words of them it never has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.admin.desk.anonymity import OTHER
from bot.admin.desk.digest import Digest, build_digest, compare, list_countries, load_digest
from bot.admin.desk.papers.digest_paper import build_digest_paper
from bot.admin.desk.quarters import Quarter
from bot.founder.question import _summarise_findings
from bot.phrases import render_phrase
from bot.types import Case
from knowledge.types import LANGUAGES, Answer
from tests.samples.records import MISSIONS, make_case, make_route

QUARTER = Quarter(2026, 3)
NOTHING = render_phrase("staff.found_nothing", "ko")
WEAK = render_phrase("staff.found_weak", "ko", title="부가세", heading="환급", confidence=31)
ANSWERED = render_phrase("staff.found_answered", "ko", title="부가세", heading="환급")
SECRET = "나루정밀 도면"


def make_cases(firms: int, topic: str, found: str = ANSWERED, **values: Any) -> list[Case]:
    """A case for each of so many firms; the topic is told by the language of the test: `reason`."""
    opened = QUARTER.start + timedelta(days=9)
    return [
        make_case(
            number, make_route(), conversation=f"telegram:{topic}{number}", found=found,
            question=f"{SECRET} 바우처", **{"reason": topic, "opened_at": opened, **values},
        )
        for number in range(1, firms + 1)
    ]  # fmt: skip


def digest(*cases: Sequence[Case], erased: str = "") -> Digest:
    return build_digest(
        QUARTER, [one for those in cases for one in those], MISSIONS, lambda case: case.reason,
        lambda case: None if case.conversation == erased else case.conversation,
    )  # fmt: skip


ENOUGH = [make_cases(5, topic) for topic in ("tax", "customs", "law")]


def test_it_counts_the_firms_of_its_quarter() -> None:
    outside = make_cases(9, "tax", opened_at=QUARTER.after.start)
    found = digest(*ENOUGH, outside)
    assert found.table.total == 15 and found.quarter == "2026-Q3"
    assert found.table.rows[-1] == OTHER and set(found.table.column_totals) == {OTHER}


def test_sealed_cases_and_those_of_erased_founders_are_not_in_it() -> None:
    sealed = [replace(one, sealed=True) for one in make_cases(9, "ip")]
    assert digest(*ENOUGH, sealed) == digest(*ENOUGH)
    assert digest(*ENOUGH, erased="telegram:tax1").table.total == 14


def test_of_what_no_document_answered_only_the_topic_is_told_from_three_firms_on() -> None:
    found = digest(
        make_cases(5, "tax", NOTHING), make_cases(5, "customs"), make_cases(5, "law", WEAK),
        make_cases(2, "visa", NOTHING),
    )  # fmt: skip
    assert found.gaps == found.programmes
    assert set(found.gaps) <= {"tax", "law", OTHER} and "law" in found.gaps + found.table.rows
    few = digest(*ENOUGH, [replace(one, found=NOTHING) for one in make_cases(2, "tax")])
    assert few.gaps == ()


def test_a_programme_is_asked_for_by_its_words() -> None:
    plain = [
        [
            replace(one, question="세관이 물건을 잡고 있습니다")
            for one in make_cases(5, topic, NOTHING)
        ]
        for topic in ("tax", "customs", "law")
    ]
    found = digest(*plain)
    assert found.gaps and found.programmes == ()


def test_the_finding_that_a_case_carries_is_read_as_it_is_written() -> None:
    unanswered = _summarise_findings(Answer("no_evidence", "ko", "", 0.0, 1), needs_person=False)
    found = digest(*[make_cases(5, topic, unanswered) for topic in ("tax", "customs", "law")])
    assert found.gaps


def test_no_word_of_a_founder_is_in_any_form_of_it() -> None:
    found = digest(*ENOUGH)
    shown = [str(build_digest_paper(found, found, language)) for language in LANGUAGES]
    for text in [*shown, json.dumps(found.to_json(), ensure_ascii=False)]:
        assert SECRET not in text and "telegram:" not in text


def test_it_is_kept_and_read_as_it_is() -> None:
    found = digest(*ENOUGH)
    assert load_digest(json.loads(json.dumps(found.to_json()))) == found


def test_the_chart_and_the_table_have_the_same_figures() -> None:
    paper = build_digest_paper(digest(*ENOUGH), digest(*ENOUGH[:2], make_cases(7, "law")), "en")
    trends = paper.sections[0]
    assert trends.chart
    told = [(row[0], int(row[1])) for row in trends.rows if row[1] != "·"]
    assert told == list(trends.chart.bars)


def test_figures_that_are_all_merged_are_told_in_one_sentence() -> None:
    paper = build_digest_paper(digest(make_cases(3, "tax"), make_cases(1, "law")), None, "ko")
    first, *others = paper.sections
    assert (
        first.text[0].startswith("4개 기업이 문의했습니다.") and not first.rows and not first.chart
    )
    assert render_phrase("desk.digest_table", "ko") not in [one.heading for one in others]
    assert [one.text for one in others] == [
        (render_phrase("desk.no_gaps", "ko"),), (render_phrase("desk.no_programmes", "ko"),)
    ]  # fmt: skip


def test_a_trend_needs_both_figures() -> None:
    before, now = digest(*ENOUGH), digest(make_cases(5, "tax"), make_cases(7, "customs"))
    changes = {trend.topic: trend.change for trend in compare(now, before)}
    assert OTHER not in changes
    assert all(change is None for topic, change in changes.items() if topic == "law")
    assert {trend.change for trend in compare(now, None)} == {None}


def test_every_country_with_a_mission_is_in_the_table() -> None:
    assert {"VN", "KR", "ZZ"} == set(list_countries(MISSIONS))
