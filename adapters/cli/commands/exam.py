"""`naru eval` and `naru calibrate`: the exam, and the coefficients fitted to its open part."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.options import AsOfOption, JsonOption, build_app
from adapters.cli.output import print_json
from adapters.errors import CommandFailed

DEFAULT_CONFIDENCE_THRESHOLD = 0.15  # 0 to 1


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
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Run the exam and print its measures.

    \f
    Raises BadParameter if `part` is not a part of the exam.
    """
    from adapters.evaluation.exam_run import build_exam_report, grade_question
    from knowledge.evaluation.exam import ExamPart, list_exam_files, read_exam

    chosen: dict[str | None, ExamPart | None] = {None: None, "open": "open", "locked": "locked"}
    if part not in chosen:
        raise typer.BadParameter("write open or locked", param_hint="--part")
    exam = read_exam(files or list_exam_files(chosen[part]))
    app = build_app(as_of)
    services = app.build_services()
    papers = [grade_question(golden, services, app.library, app.retriever) for golden in exam]
    report = build_exam_report(papers, app.library.get_current_edition(), app.now())
    if json:
        print_json(report)
    else:
        _print_report(report)


def calibrate(
    threshold: Annotated[
        float, typer.Option(help="The confidence from which Naru answers, 0 to 1.")
    ] = DEFAULT_CONFIDENCE_THRESHOLD,
    json: JsonOption = False,
) -> None:
    """Fit the confidence coefficients to the open part of the exam and the library's questions.

    \f
    Raises CommandFailed if the open part of the exam is empty.
    """
    from knowledge.evaluation import calibration
    from knowledge.evaluation.exam import list_exam_files, read_exam

    app = build_app()
    exam = [golden for golden in read_exam(list_exam_files("open")) if golden.as_of]
    if not exam:
        raise CommandFailed("The open part of the exam is empty.")

    def place_words(text: str) -> tuple[str, ...]:
        place = app.places.find_mentioned_place(text)
        return (place.name,) if place else ()

    exam_pairs = calibration.collect_exam_pairs(app.library, app.retriever, exam, place_words)
    library_pairs = calibration.collect_library_pairs(
        app.library, app.retriever, app.now(), place_words
    )
    made_by = (
        f"naru calibrate --threshold {threshold}, {len(exam)} open questions and "
        f"{len(set(library_pairs.question_numbers))} of the library's own"
    )
    fit = calibration.fit_coefficients(exam_pairs, library_pairs, exam, threshold, made_by)
    calibration.write_coefficients(fit.coefficients)
    shown = {
        "questions": fit.question_count,
        "auroc": round(fit.auroc, 3),
        "recall_at_95_precision": round(fit.recall_at_95_precision, 3),
        "first_document_right": round(fit.top_hit_accuracy, 3),
        "weights": dict(fit.coefficients.weights),
    }
    if json:
        print_json(shown)
    else:
        for name, value in shown.items():
            print(f"{name}: {value}")


def _print_report(report: dict[str, Any]) -> None:
    for name, value in report["measures"].items():
        print(f"{name:28} {_format_measure(value)}")
    for language, tiers in report["tiers_by_language"].items():
        print(f"\n{language}")
        for name, value in tiers.items():
            print(f"  {name:26} {_format_measure(value)}")
    for group in ("by_language", "by_kind"):
        print(f"\n{group}")
        for name, value in report[group].items():
            print(f"  {name:14} {_format_measure(value)}")
    print(f"\nfailures: {len(report['failures'])}")
    for failure in report["failures"]:
        print(f"  {failure['id']:22} {failure['why']}: {failure['question']}")


def _format_measure(value: Any) -> str:
    if isinstance(value, dict) and "share" in value:
        low, high = value["interval"]
        return f"{value['share']:.3f}  [{low:.3f}, {high:.3f}]  n={value['n']}"
    return str(value)
