"""`naru eval` and `naru calibrate`: the exam, and the coefficients fitted to its open part."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.options import AsOfOption, JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

# What one question counts in the fit, against one as told.  # tuned: see docs/parameters.md
WITHOUT_PHRASES_WEIGHT, OPEN_EXAM_WEIGHT = 0.25, 0.3


def register(app: typer.Typer) -> None:
    """Add eval and calibrate to `app`."""
    app.command(name="eval")(evaluate)
    app.command()(calibrate)


def evaluate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Exam files; the shipped ones if not given.")
    ] = None,
    part: Annotated[
        str | None,
        typer.Option("--part", help="Only this part of the shipped exam: open or locked."),
    ] = None,
    without_phrases: Annotated[
        bool,
        typer.Option("--without-phrases", help="Leave out all known questions but the headings."),
    ] = False,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Run the exam and print its measures.

    \f
    Raises BadParameter if `part` is not a part of the exam.
    """
    from adapters.evaluation.exam_run import build_exam_report, grade_question
    from knowledge.evaluation.exam import ExamPart, list_exam_files, read_exam
    from knowledge.evaluation.training import list_phrases

    chosen: dict[str | None, ExamPart | None] = {None: None, "open": "open", "locked": "locked"}
    if part not in chosen:
        raise typer.BadParameter("write open or locked", param_hint="--part")
    exam = read_exam(files or list_exam_files(chosen[part]))
    app = build_app(as_of)
    services, edition = app.build_services(), app.library.get_current_edition()
    if without_phrases:
        bare = app.library.open_edition(edition.number, list_phrases(edition))
        services = replace(services, ask=lambda question: app.chain.ask(question, edition=bare))
        edition = bare
    papers = [grade_question(golden, services, edition, app.retriever) for golden in exam]
    report = build_exam_report(papers, edition, app.now())
    if json:
        print_json(report)
    else:
        _print_report(report)


def calibrate(
    json: JsonOption = False,
) -> None:
    """Fit the confidence to questions as told and to the open exam.

    \f
    Raises CommandFailed if there are no questions as told.
    """
    from knowledge.evaluation import calibration
    from knowledge.evaluation.exam import TOLD_FOLDER, list_exam_files, list_told_files, read_exam
    from knowledge.evaluation.training import QuestionCollector

    app = build_app()

    def find_place_words(text: str) -> tuple[str, ...]:
        place = app.places.find_mentioned_place(text)
        return (place.name,) if place else ()

    told_exam, open_exam = read_exam(list_told_files()), read_exam(list_exam_files("open"))
    if not told_exam:
        raise CommandFailed(f"{TOLD_FOLDER} has no questions.")
    collector, now = QuestionCollector(app.library, app.retriever, find_place_words), app.now()
    told = list(collector.collect_exam(told_exam, now))
    others = [
        *collector.collect_without_phrases(told_exam, now, WITHOUT_PHRASES_WEIGHT),
        *collector.collect_exam(open_exam, now, OPEN_EXAM_WEIGHT),
    ]
    made_by = f"naru calibrate, {len(told)} questions as told and {len(others)} others"
    fit = calibration.fit_coefficients(told, others, made_by)
    calibration.write_coefficients(fit.coefficients)
    shown = {
        "questions": fit.question_count,
        "auroc": round(fit.auroc, 3),
        "top_match_right": round(fit.top_match_right, 3),
        "offered_right": round(fit.offered_right, 3),
        "harm": round(fit.harm, 3),
        "match": dict(fit.coefficients.match),
        "confidence": dict(fit.coefficients.confidence),
        "thresholds": {name: asdict(one) for name, one in fit.coefficients.thresholds.items()},
    }
    if json:
        print_json(shown)
    else:
        for name, value in shown.items():
            print_text(f"{name}: {value}")


def _print_report(report: dict[str, Any]) -> None:
    for name, value in report["measures"].items():
        print_text(f"{name:28} {_format_measure(value)}")
    for language, tiers in report["tiers_by_language"].items():
        print_text(f"\n{language}")
        for name, value in tiers.items():
            print_text(f"  {name:26} {_format_measure(value)}")
    for group in ("by_language", "by_kind"):
        print_text(f"\n{group}")
        for name, value in report[group].items():
            print_text(f"  {name:14} {_format_measure(value)}")
    print_text(f"\nfailures: {len(report['failures'])}")
    for failure in report["failures"]:
        print_text(f"  {failure['id']:22} {failure['why']}: {failure['question']}")


def _format_measure(value: Any) -> str:
    if isinstance(value, dict) and "share" in value:
        low, high = value["interval"]
        return f"{value['share']:.3f}  [{low:.3f}, {high:.3f}]  n={value['n']}"
    return str(value)
