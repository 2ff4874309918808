"""`naru eval` and `naru calibrate`: the golden exam and what is fitted to its open part."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from adapters.cli.options import AsOfOption, JsonOption, build_app
from adapters.cli.output import print_json
from adapters.errors import CommandFailed

DEFAULT_CONFIDENCE_THRESHOLD = 0.15


def register(app: typer.Typer) -> None:
    app.command(name="eval")(evaluate)
    app.command()(calibrate)


def evaluate(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Exam files; else the shipped.")
    ] = None,
    part: Annotated[str | None, typer.Option("--part", help="open or locked.")] = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Sit the golden exam and print how it went."""
    from adapters.evaluation.exam_run import build_exam_report, grade_question
    from knowledge.evaluation.exam import ExamPart, list_exam_files, read_exam

    chosen: dict[str | None, ExamPart | None] = {None: None, "open": "open", "locked": "locked"}
    if part not in chosen:
        raise typer.BadParameter("write open or locked", param_hint="--part")
    exam = read_exam(files or list_exam_files(chosen[part]))
    app = build_app(as_of)
    services = app.build_services()
    papers = [grade_question(golden, services, app.library, app.retriever) for golden in exam]
    found = build_exam_report(papers, app.library.get_current_edition(), app.now())
    if json:
        print_json(found)
    else:
        _print_report(found)


def calibrate(
    threshold: Annotated[
        float, typer.Option(help="Confidence from which Naru answers.")
    ] = DEFAULT_CONFIDENCE_THRESHOLD,
    json: JsonOption = False,
) -> None:
    """Fit the grounds' coefficients to the exam's open part and the library's own questions."""
    from knowledge.evaluation import calibration as fitting
    from knowledge.evaluation.exam import list_exam_files, read_exam

    app = build_app()
    exam = [golden for golden in read_exam(list_exam_files("open")) if golden.as_of]
    if not exam:
        raise CommandFailed("The open part of the exam is empty.")

    def place_words(text: str) -> tuple[str, ...]:
        place = app.places.find_mentioned_place(text)
        return (place.name,) if place else ()

    found = fitting.collect_exam_pairs(app.library, app.retriever, exam, place_words)
    own = fitting.collect_library_pairs(app.library, app.retriever, app.now(), place_words)
    made_by = (
        f"naru calibrate --threshold {threshold}, {len(exam)} open questions and "
        f"{len(set(own.question_numbers))} of the library's own"
    )
    fit = fitting.fit_coefficients(found, own, exam, threshold, made_by)
    fitting.write_coefficients(fit.coefficients)
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


def _print_report(found: dict[str, Any]) -> None:
    for name, value in found["measures"].items():
        print(f"{name:28} {_format_measure(value)}")
    for group in ("by_language", "by_kind"):
        print(f"\n{group}")
        for name, value in found[group].items():
            print(f"  {name:14} {_format_measure(value)}")
    print(f"\nfailures: {len(found['failures'])}")
    for failure in found["failures"]:
        print(f"  {failure['id']:22} {failure['why']}: {failure['question']}")


def _format_measure(value: Any) -> str:
    if isinstance(value, dict) and "share" in value:
        low, high = value["interval"]
        return f"{value['share']:.3f}  [{low:.3f}, {high:.3f}]  n={value['n']}"
    return str(value)
