"""The figures of a quarter: how much was asked, which targets were met, about what and where."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from adapters.console.pages.library.answers import select_missions
from adapters.console.people import ConsoleUser
from adapters.console.rendering import name_mission, render_page, render_text
from adapters.console.site import CONSOLE, PERSON
from adapters.serve.desk.papers import find_firm
from bot.admin.desk.digest import build_digest
from bot.admin.desk.papers import Chart, DeskPaper, PaperSection
from bot.admin.desk.papers.digest_paper import build_digest_paper
from bot.admin.desk.quarters import Quarter, find_ended_quarter, parse_quarter, render_quarter
from bot.admin.desk.topics import TopicFinder
from bot.cases.reminders.timers import read_case_clocks
from bot.cases.targets import due_at
from bot.errors import NoWorkingTime
from bot.missions.missions import Missions
from bot.missions.office_hours import build_working_hours
from bot.store.console.answers import OUTCOMES, AnswerFilter
from bot.types import Case
from knowledge.types import KOREA, Language

if TYPE_CHECKING:
    from adapters.bootstrap import App

ROUTES = web.RouteTableDef()

QUARTERS_SHOWN = 8  # the running one and those before it
WEEK = timedelta(days=7)
TARGET_RESULTS = ("met", "slipped", "running")


@dataclass(frozen=True, slots=True)
class FigureScope:
    """Whose figures of which quarter: `missions` None is all."""

    quarter: Quarter
    missions: tuple[str, ...] | None

    def has(self, case: Case) -> bool:
        """Whether a case is counted."""
        is_own = self.missions is None or case.mission in self.missions
        return is_own and case.parent is None and self.quarter.has(case.opened_at)


@ROUTES.get("/figures")
async def show_figures(request: web.Request) -> web.StreamResponse:
    """The figures of the quarter and mission that were chosen, by default the running one and all
    that the person may see."""
    person, app = request[PERSON], request.app[CONSOLE].app
    language = person.session.language
    running = find_ended_quarter(app.now()).after
    quarter = parse_quarter(request.query.get("quarter", "")) or running
    scope = FigureScope(quarter, choose_missions(request.query.get("mission", ""), person))
    sections = await asyncio.to_thread(collect_sections, app, scope, language)
    ended = quarter if quarter < running else running.before
    papers = await asyncio.to_thread(
        collect_digest, app, FigureScope(ended, scope.missions), language
    )
    quarters = [running]
    while len(quarters) < QUARTERS_SHOWN:
        quarters.append(quarters[-1].before)
    own = [one for one in app.missions if person.sees_mission(one.id)]
    return render_page(
        "figures.html", language, person, sections=(*sections, *papers.sections),
        quarter=quarter.name, mission=request.query.get("mission", ""),
        quarters=[(one.name, render_quarter(one.name, language)) for one in quarters],
        missions=[(one.id, name_mission(one, language)) for one in own],
    )  # fmt: skip


def choose_missions(asked: str, person: ConsoleUser) -> tuple[str, ...] | None:
    """The missions of the figures: the one that was asked for if they may see it, else all theirs."""
    return (asked,) if asked and person.sees_mission(asked) else select_missions(person)


def collect_sections(app: App, scope: FigureScope, language: Language) -> Sequence[PaperSection]:
    """Volume, outcomes and targets, each with its table."""
    quarter, log = scope.quarter, app.store.console.answers
    start, end = quarter.start, quarter.after.start
    wanted = AnswerFilter(scope.missions, since=start, until=end)
    asked = [one.at for one in log.list_answers(wanted)]
    cases = [one for one in app.store.list_cases() if scope.has(one)]
    outcomes = [
        log.count(AnswerFilter(scope.missions, one, since=start, until=end)) for one in OUTCOMES
    ]
    missions = app.build_services().missions
    targets = Counter(find_result(app, one, missions) for one in cases)

    def say(key: str, **values: object) -> str:
        return render_text(f"figures.{key}", language, **values)

    weeks = build_weeks(quarter, app.now(), asked, (one.opened_at for one in cases))
    return (
        build_section(
            say("volume"), say("questions"), (say("week"), say("questions"), say("cases")), weeks
        ),
        build_section(
            say("outcomes"), say("questions"), (say("outcome"), say("questions"), say("share")),
            [(render_text(f"answers.outcome_{name}", language), count, say_share(count, len(asked)))
             for name, count in zip(OUTCOMES, outcomes, strict=True)],
        ),
        build_section(
            say("targets"), say("cases"), (say("target"), say("cases"), say("share")),
            [(say(f"target_{one}"), targets[one], say_share(targets[one], len(cases)))
             for one in TARGET_RESULTS],
        ),
    )  # fmt: skip


def collect_digest(app: App, scope: FigureScope, language: Language) -> DeskPaper:
    """Topics and countries, unanswered topics and ratings as the digest counts them: no figure is of
    fewer than three firms. Of a quarter that has ended: what is counted again each day can be
    subtracted from what was counted before."""
    digest = build_digest(
        scope.quarter, filter(scope.has, app.store.list_cases()), app.missions,
        TopicFinder(app.glossary).find, lambda case: find_firm(app, case),
        app.store.founders.list_scores(),
    )  # fmt: skip
    paper = build_digest_paper(digest, None, language)
    name = render_quarter(scope.quarter.name, language)
    sections = tuple(
        PaperSection(
            f"{one.heading} ({name})", one.text, one.head, one.rows, one.chart, one.numbers,
        )
        for one in paper.sections
    )  # fmt: skip
    return DeskPaper(paper.name, paper.title, language, paper.facts, sections)


def build_section(
    heading: str, counted: str, head: tuple[str, ...], rows: Iterable[tuple[str, int, object]]
) -> PaperSection:
    """A chart of the first figure of each row, and the rows as a table."""
    rows = list(rows)
    bars = tuple((name, count) for name, count, _ in rows)
    chart = Chart(counted, bars) if any(count for _, count in bars) else None
    cells = tuple(tuple(map(str, row)) for row in rows)
    return PaperSection(heading, (), head, cells, chart, frozenset({1, 2}))


def build_weeks(
    quarter: Quarter, now: datetime, asked: Iterable[datetime], opened: Iterable[datetime]
) -> list[tuple[str, int, int]]:
    """The Mondays of a quarter's weeks that have begun, with the questions and cases of each."""
    first = quarter.start - timedelta(days=quarter.start.weekday())
    mondays = []
    while first < quarter.after.start and first <= now:
        mondays.append(first)
        first += WEEK
    questions, cases = Counter(map(find_monday, asked)), Counter(map(find_monday, opened))
    return [
        (f"{one:%Y-%m-%d}", questions[f"{one:%Y-%m-%d}"], cases[f"{one:%Y-%m-%d}"])
        for one in mondays
    ]


def find_monday(moment: datetime) -> str:
    """The day on which the week of a moment began, in Korea."""
    local = moment.astimezone(KOREA)
    return f"{local - timedelta(days=local.weekday()):%Y-%m-%d}"


def find_result(app: App, case: Case, missions: Missions) -> str:
    """How the target for the first answer of a case went: one of TARGET_RESULTS."""
    clocks = read_case_clocks(case, app.store.list_log(case.number))
    try:
        hours = build_working_hours(missions.get(case.mission))
        due = due_at(case.urgency, clocks.first_response_started, hours)
    except NoWorkingTime:
        return "running"
    answered = clocks.first_response_stopped or case.ended_at
    if (answered or app.now()) > due:
        return "slipped"
    return "met" if answered else "running"


def say_share(count: int, total: int) -> str:
    """A share in percent; "·" of nothing."""
    return f"{round(100 * count / total)}%" if total else "·"
