"""`naru eval` and `naru calibrate`: the exam, and the coefficients fitted to its open part."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import AsOfOption, JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from adapters.evaluation.exam_run import GradedAnswer
    from knowledge.evaluation.exam import ExamQuestion
    from knowledge.retrieval.edition import Edition

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
    foreign: Annotated[
        str | None,
        typer.Option(
            "--foreign",
            help="Mix in foreign documents: a folder, a .jsonl file with a text a line, or a number "
            "of passages of made-up notices.",
        ),
    ] = None,
    dialogues: Annotated[
        Path | None,
        typer.Option(
            "--dialogues", help="Play the dialogues of a YAML file instead, turn by turn."
        ),
    ] = None,
    as_of: AsOfOption = None,
    json: JsonOption = False,
) -> None:
    """Run the exam and print its measures; under stress, with the difference to the plain run.

    \f
    Raises BadParameter if `part` is not a part of the exam, with both kinds of stress, and for
    dialogues together with an exam or stress.
    """
    from adapters.evaluation.exam_run import build_exam_report
    from adapters.evaluation.stress import estimate_differences
    from knowledge.evaluation.exam import ExamPart, list_exam_files, read_exam

    if dialogues:
        if files or part or without_phrases or foreign:
            raise typer.BadParameter("dialogues are played alone", param_hint="--dialogues")
        _play_dialogues(dialogues, as_of, as_json=json)
        return
    if without_phrases and foreign:
        raise typer.BadParameter("one kind of stress at a time", param_hint="--foreign")
    chosen: dict[str | None, ExamPart | None] = {None: None, "open": "open", "locked": "locked"}
    if part not in chosen:
        raise typer.BadParameter("write open or locked", param_hint="--part")
    exam = read_exam(files or list_exam_files(chosen[part]))
    app = build_app(as_of)
    edition = app.library.get_current_edition()
    papers = _sit_exam(app, exam, edition)
    report = build_exam_report(papers, edition, app.now())
    if without_phrases or foreign:
        with _open_stressed_edition(app, edition, foreign) as stressed:
            stressed_papers = _sit_exam(app, exam, stressed)
        report = build_exam_report(stressed_papers, stressed, app.now())
        report["differences"] = estimate_differences(papers, stressed_papers)
        report["passages"] = len(stressed.passages)
    if json:
        print_json(report)
    else:
        _print_report(report)


def _play_dialogues(path: Path, as_of: str | None, *, as_json: bool) -> None:
    """Play every dialogue of a file and print how many turns went as labelled."""
    from adapters.evaluation.dialogue_grades import build_dialogue_report, grade_dialogue
    from adapters.evaluation.dialogue_run import play_dialogue
    from knowledge.evaluation.dialogues import read_dialogues

    listed = read_dialogues(path)
    app = build_app(as_of)
    services, documents = app.build_services(), app.library.get_current_edition().documents
    turns = [
        graded
        for one in listed
        for graded in grade_dialogue(one, play_dialogue(one, services), app.places, documents)
    ]
    report = build_dialogue_report(turns)
    if as_json:
        print_json(report)
    else:
        _print_dialogue_report(report)


def _print_dialogue_report(report: dict[str, Any]) -> None:
    for turn in report["turns"]:
        print_text(f"{'ok ' if turn['right'] else '-- '} {turn['turn']:8} {turn['say']}")
        for part, why in turn["wrong"].items():
            print_text(f"             {part}: {'; '.join(why)}")
    print_text("")
    for group in (report["measures"], report["by_kind"], report["by_language"]):
        for name, value in group.items():
            print_text(f"{name:28} {_format_measure(value)}")


def _sit_exam(app: App, exam: Sequence[ExamQuestion], edition: Edition) -> list[GradedAnswer]:
    from adapters.evaluation.exam_run import grade_question

    services = replace(
        app.build_services(), ask=lambda question: app.chain.ask(question, edition=edition)
    )
    return [grade_question(golden, services, edition, app.retriever) for golden in exam]


@contextmanager
def _open_stressed_edition(app: App, edition: Edition, foreign: str | None) -> Iterator[Edition]:
    """The library with the `foreign` documents mixed in, else without its phrases."""
    from adapters.evaluation.foreign_passages import write_foreign_documents
    from knowledge.evaluation.training import list_phrases

    if foreign is None:
        yield app.library.open_edition(edition.number, list_phrases(edition))
        return
    with tempfile.TemporaryDirectory(prefix="naru-foreign-") as home:
        plan = app.ingest.plan([write_foreign_documents(foreign, Path(home))])
        with app.ingest.open_planned_edition(plan) as mixed:
            yield mixed


def calibrate(
    json: JsonOption = False,
) -> None:
    """Fit the confidence to questions as told and to the open exam.

    \f
    Raises CommandFailed if there are no questions as told, or if scipy is not installed.
    """
    try:
        from knowledge.evaluation import calibration
    except ImportError as error:
        raise CommandFailed(
            f"Fitting needs {error.name}, which is not installed. Run `make tools` in Naru's folder."
        ) from error
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
    if differences := report.get("differences"):
        print_text(f"\ndifference to the plain run ({report['passages']} passages)")
        for name, value in differences.items():
            low, high = value["interval"]
            print_text(f"  {name:26} {value['difference']:+.3f}  [{low:+.3f}, {high:+.3f}]  n={value['n']}")  # fmt: skip
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
