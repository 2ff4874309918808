"""A quarter's digest as a paper."""

from __future__ import annotations

from bot.admin.desk.anonymity import OTHER
from bot.admin.desk.digest import ELSEWHERE, Digest, Trend, compare
from bot.admin.desk.papers import Chart, DeskPaper, PaperSection
from bot.admin.desk.quarters import render_quarter
from bot.admin.desk.topics import load_topics
from bot.phrases import render_phrase
from bot.routing.route_text import translate_country
from knowledge.types import Language


def build_digest_paper(digest: Digest, before: Digest | None, language: Language) -> DeskPaper:
    """The digest in a language, compared with the one of the quarter before where there is one."""
    return DeskPaper(
        f"digest-{digest.quarter}",
        render_phrase(
            "desk.digest_title", language, quarter=render_quarter(digest.quarter, language)
        ),
        language,
        (render_phrase("desk.digest_rules", language),),
        (
            _build_trends(digest, before, language),
            *_build_table(digest, language),
            _build_labels("gaps", digest.gaps, language),
            _build_labels("programmes", digest.programmes, language),
            *_build_ratings(digest, language),
        ),
    )


def _build_trends(digest: Digest, before: Digest | None, language: Language) -> PaperSection:
    heading = render_phrase("desk.digest_chart", language)
    if digest.table.total is None:
        return PaperSection(heading, (render_phrase("desk.digest_empty", language),))
    table = digest.table.row_totals
    if set(table) == {OTHER}:
        return PaperSection(
            heading, (render_phrase("desk.digest_merged", language, count=table[OTHER]),)
        )
    trends, topics = compare(digest, before), load_topics()
    bars = [(topics.label(one.topic, language), one.now) for one in trends if one.now is not None]
    rows = [(topics.label(one.topic, language), *_show_trend(one)) for one in trends]
    if OTHER in table:
        other = render_phrase("desk.other", language)
        bars.append((other, table[OTHER]))
        rows.append((other, str(table[OTHER]), "·", "·"))
    text = () if before else (render_phrase("desk.no_trends", language),)
    head = tuple(
        render_phrase(key, language)
        for key in ("desk.topic", "desk.firms", "desk.firms_before", "desk.change")
    )
    chart = Chart(render_phrase("desk.firms", language), tuple(bars))
    return PaperSection(heading, text, head, tuple(rows), chart, frozenset({1, 2, 3}))


def _show_trend(trend: Trend) -> tuple[str, str, str]:
    change = "·" if trend.change is None else f"{trend.change:+d}" if trend.change else "0"
    return _show(trend.now), _show(trend.before), change


def _show(count: int | None) -> str:
    return "·" if count is None else str(count)


def _build_table(digest: Digest, language: Language) -> tuple[PaperSection, ...]:
    """Countries below each other and topics across would be too wide: topics are the rows. () where no
    figure is told but the sum."""
    table, topics = digest.table, load_topics()
    heading = render_phrase("desk.digest_table", language)
    if table.total is None or (set(table.row_totals), set(table.columns)) == ({OTHER}, {OTHER}):
        return ()
    total = render_phrase("desk.total", language)

    def name_country(code: str) -> str:
        if code in (OTHER, ELSEWHERE):
            return render_phrase(f"desk.{'other' if code == OTHER else 'elsewhere'}", language)
        return translate_country(code, language)

    def name_topic(topic: str) -> str:
        if topic == OTHER:
            return render_phrase("desk.other", language)
        return topics.label(topic, language)

    rows = [
        (
            name_topic(row),
            *(_show(table.cells.get((row, column))) for column in table.columns),
            str(table.row_totals[row]),
        )
        for row in table.rows
    ]
    sums = (str(table.column_totals[column]) for column in table.columns)
    rows.append((total, *sums, str(table.total)))
    head = (
        render_phrase("desk.topic", language), *map(name_country, table.columns), total,
    )  # fmt: skip
    numbers = frozenset(range(1, len(head)))
    return (PaperSection(heading, (), head, tuple(rows), numbers=numbers),)


def _build_ratings(digest: Digest, language: Language) -> tuple[PaperSection, ...]:
    """How cases helped, as founders say; () where too few have said so."""
    if not digest.ratings:
        return ()
    rows = tuple(
        (
            render_phrase("desk.other", language)
            if score == OTHER
            else render_phrase(f"own.score_{score}", language),
            str(count),
        )
        for score, count in digest.ratings
    )
    head = (render_phrase("desk.rating", language), render_phrase("desk.firms", language))
    heading = render_phrase("desk.ratings", language)
    return (PaperSection(heading, (), head, rows, numbers=frozenset({1})),)


def _build_labels(key: str, labels: tuple[str, ...], language: Language) -> PaperSection:
    heading = render_phrase(f"desk.{key}", language)
    topics = load_topics()
    names = [
        render_phrase("desk.other", language) if one == OTHER else topics.label(one, language)
        for one in labels
    ]
    return PaperSection(heading, (", ".join(names) or render_phrase(f"desk.no_{key}", language),))
