"""An agenda as a paper."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.admin.desk.agenda import Agenda, CaseItem
from bot.admin.desk.bodies import name_body
from bot.admin.desk.insight.home import render_about
from bot.admin.desk.papers import Chart, DeskPaper, PaperSection
from bot.admin.desk.topics import load_topics
from bot.cases.card import render_state
from bot.missions.office_hours import format_day, format_with_year
from bot.phrases import begin_sentence, render_phrase
from bot.types import Case, DeskAnswer, Insight, Mission, Resolution
from knowledge.types import Language


def build_agenda_paper(agenda: Agenda, language: Language) -> DeskPaper:
    """The agenda in a language; what people wrote stays in theirs."""
    title = render_phrase("desk.agenda_title", language, body=name_body(agenda.mission, language))
    return DeskPaper(
        f"agenda-{agenda.mission.id}-{_pick_day(agenda):%Y-%m-%d}",
        begin_sentence(title),
        language,
        _list_facts(agenda, language),
        (
            PaperSection(render_phrase("desk.summary", language), _summarise(agenda, language)),
            _build_resolutions(agenda, language),
            _build_cases(agenda, language),
            _build_repeated(agenda, language),
            _build_insights(agenda, language),
            *_build_reviews(agenda, language),
        ),
    )


def _pick_day(agenda: Agenda) -> datetime:
    moment = agenda.meeting.starts_at if agenda.meeting else agenda.made_at
    return moment.astimezone(agenda.mission.zone)


def _list_facts(agenda: Agenda, language: Language) -> tuple[str, ...]:
    mission, meeting = agenda.mission, agenda.meeting

    def show(moment: datetime) -> str:
        return format_with_year(moment, mission, language)

    if meeting is None:
        first = [render_phrase("desk.no_meeting", language)]
    else:
        first = [f"{render_phrase('desk.meeting_when', language)}: {show(meeting.starts_at)}"]
        if meeting.place:
            first.append(f"{render_phrase('desk.meeting_place', language)}: {meeting.place}")
    return (
        *first,
        render_phrase("desk.period", language, since=format_day(agenda.since, mission, language)),
        render_phrase("desk.made_at", language, when=show(agenda.made_at)),
    )


def _summarise(agenda: Agenda, language: Language) -> tuple[str, ...]:
    line = render_phrase(
        "desk.in_short", language, open=len(agenda.cases), overdue=len(agenda.overdue),
        sealed=agenda.open_sealed, repeated=len(agenda.repeated),
        resolutions=sum(one.state == "open" for one in agenda.resolutions),
    )  # fmt: skip
    if not agenda.open_sealed:
        return (line,)
    return line, render_phrase("desk.sealed_only_counted", language)


def _build_cases(agenda: Agenda, language: Language) -> PaperSection:
    names = ("case", "opened", "urgency", "state", "topic", "question", "due")
    rows = tuple(_build_case_row(agenda, item, language) for item in agenda.cases)
    marked = frozenset(n for n, item in enumerate(agenda.cases) if item.is_overdue)
    return _make_table(language, "cases", names, rows, "no_cases", marked)


def _build_case_row(agenda: Agenda, item: CaseItem, language: Language) -> tuple[str, ...]:
    def show(moment: datetime) -> str:
        return f"{moment.astimezone(agenda.mission.zone):%Y-%m-%d %H:%M}"

    due = render_phrase("desk.no_due", language)
    if item.due:
        key = "overdue_since" if item.is_overdue else "due_by"
        due = render_phrase(f"desk.{key}", language, when=show(item.due))
    return (
        f"#{item.case.number}",
        f"{item.case.opened_at.astimezone(agenda.mission.zone):%Y-%m-%d}",
        render_phrase(f"staff.urgency_{item.case.urgency}", language),
        _render_state(item.case, agenda.mission, language),
        load_topics().label(item.topic, language),
        item.question,
        due,
    )


def _render_state(case: Case, mission: Mission, language: Language) -> str:
    if language == "ko":
        return render_state(case, mission)
    role = render_phrase(f"staff.role_{case.taken_role or 'staff'}", language)
    return render_phrase(f"staff.state_{case.state}", language, who=case.taken_name or role)


def _build_repeated(agenda: Agenda, language: Language) -> PaperSection:
    topics = load_topics()
    bars = tuple((topics.label(one.topic, language), len(one.cases)) for one in agenda.repeated)
    rows = tuple(
        (label, str(count), ", ".join(f"#{number}" for number in one.cases))
        for (label, count), one in zip(bars, agenda.repeated, strict=True)
    )
    table = _make_table(language, "repeated", ("topic", "count", "numbers"), rows, "no_repeated")
    chart = Chart(render_phrase("desk.count", language), bars) if bars else None
    return PaperSection(
        table.heading, table.text, table.head, table.rows, chart, numbers=frozenset({1})
    )


def _build_insights(agenda: Agenda, language: Language) -> PaperSection:
    heading = render_phrase("desk.insights", language)
    if not agenda.insights and not agenda.answers:
        return PaperSection(heading, (render_phrase("desk.no_insights", language),))
    lines = [(one.at, _render_insight(one, language)) for one in agenda.insights]
    lines += [(one.at, _render_answer(one, language)) for one in agenda.answers]
    lines.sort(key=lambda line: line[0])
    local = ((at.astimezone(agenda.mission.zone), text) for at, text in lines)
    return PaperSection(heading, tuple(f"{at:%Y-%m-%d} · {text}" for at, text in local))


def _render_insight(one: Insight, language: Language) -> str:
    state = render_phrase(f"desk.insight_{one.state}", language)
    return f"#{one.number} ({state}, {render_about(one, language)}) {one.text}"


def _render_answer(one: DeskAnswer, language: Language) -> str:
    about = f" (#{one.insight})" if one.insight else ""
    return f"{render_phrase('staff.role_desk', language)}{about}: {one.text}"


def _build_reviews(agenda: Agenda, language: Language) -> tuple[PaperSection, ...]:
    """The FAQs that have to be reviewed; no section where there are none."""
    if not agenda.reviews:
        return ()
    rows = tuple((f"#{one.case}", one.question, f"{one.review_by}") for one in agenda.reviews)
    return (_make_table(language, "reviews", ("case", "question", "until"), rows, ""),)


def _build_resolutions(agenda: Agenda, language: Language) -> PaperSection:
    names = ("resolution", "what", "owner", "until", "state")
    rows = tuple(_build_resolution_row(agenda, one, language) for one in agenda.resolutions)
    marked = frozenset(n for n, one in enumerate(agenda.resolutions) if agenda.is_late(one))
    return _make_table(language, "resolutions", names, rows, "no_resolutions", marked)


def _build_resolution_row(agenda: Agenda, one: Resolution, language: Language) -> tuple[str, ...]:
    def say(key: str) -> str:
        return render_phrase(f"desk.{key}", language)

    state = "late" if agenda.is_late(one) else one.state
    return (
        str(one.number),
        one.text,
        one.owner or say("everyone"),
        f"{one.due:%Y-%m-%d}" if one.due else say("no_date"),
        render_phrase(f"desk.state_{state}", language),
    )


def _make_table(
    language: Language,
    heading: str,
    names: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    empty: str,
    marked: frozenset[int] = frozenset(),
) -> PaperSection:
    """A table below its heading, or the sentence that there is nothing; the words are phrases."""
    say: Callable[[str], str] = lambda key: render_phrase(f"desk.{key}", language)  # noqa: E731
    if not rows:
        return PaperSection(say(heading), (say(empty),))
    return PaperSection(say(heading), (), tuple(map(say, names)), rows, marked=marked)
