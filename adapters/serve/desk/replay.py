"""Asking the questions of past cases again, and the report of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from adapters.evaluation.estimates import estimate_share
from bot.admin.desk.topics import TopicFinder, load_topics
from bot.admin.faq.draft import find_countries
from bot.admin.faq.replay import find_right_documents, judge_answer, rate_topics
from bot.store.retention.remains import ERASED_TEXT
from knowledge.types import Question

if TYPE_CHECKING:
    from adapters.bootstrap import App


def replay_cases(app: App) -> dict[str, Any]:
    """The questions of all founders' cases that are neither sealed nor erased, asked of the present
    edition: the share that it would have contained with its interval, rates by topic, and each case. Before is
    when they were cases: all of them went to people. Raises KnowledgeError without a library."""
    find_topic = TopicFinder(app.glossary).find
    approved = app.store.faq.list_all("approved")
    choices = app.store.list_section_choices()
    replayed = []
    for case in app.store.list_cases():
        if case.sealed or case.parent is not None or case.question == ERASED_TEXT:
            continue
        topic = find_topic(case)
        countries = find_countries(case, app.missions.get(case.mission))
        right = find_right_documents(case, topic, countries, approved, choices)
        answer = app.chain.ask(Question(case.question, case.language, app.now()))
        replayed.append(judge_answer(case.number, topic, answer, right))
    return {
        "edition": app.catalogue.get_active_edition(),
        "faqs": len(approved),
        "contained": estimate_share(replayed, lambda one: bool(one.how)),
        "topics": [
            {
                "topic": rate.topic, "cases": rate.cases, "said": rate.said,
                "offered": rate.offered, "handed_over_before": 1.0,
                "handed_over_after": round(rate.handed_over, 3),
            }
            for rate in rate_topics(replayed)
        ],
        "cases": replayed,
    }  # fmt: skip


def render_replay(found: dict[str, Any]) -> str:
    """The report as Markdown."""
    share = found["contained"]
    low, high = share["interval"]
    lines = [
        f"# Past questions asked again of edition {found['edition']}",
        "",
        f"{found['faqs']} approved FAQs. Contained: {share['share']} [{low}, {high}] of "
        f"{share['n']} cases that are neither sealed nor erased.",
        "",
        "| topic | cases | said | offered | handed over before | after |",
        "|---|---|---|---|---|---|",
        *(
            f"| {load_topics().label(one['topic'], 'en')} | {one['cases']} | {one['said']} "
            f"| {one['offered']} | {one['handed_over_before']:.0%} "
            f"| {one['handed_over_after']:.0%} |"
            for one in found["topics"]
        ),
        "",
        "| case | how | document | right because |",
        "|---|---|---|---|",
        *(
            f"| {one.case} | {one.how or 'not contained'} | {one.document} | {one.why} |"
            for one in found["cases"]
        ),
    ]
    return "\n".join(lines)
