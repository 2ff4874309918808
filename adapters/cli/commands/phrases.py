"""`naru phrases`: known questions that grow by use, for an admin to approve or reject."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from adapters.cli.options import JsonOption, build_app
from adapters.cli.output import print_json, print_text
from adapters.errors import CommandFailed

if TYPE_CHECKING:
    from adapters.bootstrap import App
    from ingest.types import Progress
    from knowledge.phrases.generation import GenerationReport
    from knowledge.phrases.proposals import Proposal, ProposalList, SimilarQuestion
    from knowledge.phrases.side_files import PhraseFiles

SHOWN_SECTION_CHARACTERS = 400  # of a section in the terminal; --json has it whole
REVIEW_CHOICES = "[a]pprove  [e]dit and approve  [r]eject  [s]kip  [q]uit"
NAMES_WARNING = "Approve none that names a person or a firm: it stays when its founder is erased."


def register(app: typer.Typer) -> None:
    """Add the command about phrases to `app`."""
    app.command()(phrases)


def phrases(
    review: Annotated[
        bool, typer.Option("--review", help="Show one after the other and ask what to do with it.")
    ] = False,
    approve: Annotated[
        list[str] | None, typer.Option("--approve", help="Approve the proposal of this id.")
    ] = None,
    reject: Annotated[
        list[str] | None, typer.Option("--reject", help="Reject the proposal of this id.")
    ] = None,
    text: Annotated[
        str | None, typer.Option("--text", help="With one --approve: approve it in these words.")
    ] = None,
    json: JsonOption = False,
) -> None:
    """List the questions that people, or a model, put to sections; approve or reject them.

    \f
    Raises CommandFailed for an unknown id, BadParameter for options that do not go together.
    """
    wanted = [*(approve or ()), *(reject or ())]
    if text is not None and (len(approve or ()) != 1 or not text.strip()):
        raise typer.BadParameter("it needs words and exactly one --approve", param_hint="--text")
    if review and (json or wanted):
        raise typer.BadParameter("it asks, so it goes with no other option", param_hint="--review")
    if len(set(wanted)) < len(wanted):
        raise typer.BadParameter("an id is given twice", param_hint="--approve, --reject")
    app = build_app()
    desk = _ReviewDesk(app)
    found = desk.collect()
    if wanted:
        by_id = {one.id: one for one in found.proposals}
        if unknown := [id for id in wanted if id not in by_id]:
            raise CommandFailed(
                f"There is no open proposal {', '.join(unknown)}. `naru phrases` lists them."
            )
        for id in approve or ():
            desk.approve(by_id[id], text)
        for id in reject or ():
            desk.reject(by_id[id])
        _print_settled(approve or [], reject or [], json)
    elif json:
        proposals = [_serialise_proposal(one) for one in found.proposals]
        print_json({"proposals": proposals, "gone": found.gone})
    elif review:
        _review_all(desk, found)
    else:
        _print_list(found)


def propose_phrases(app: App, progress: Progress) -> GenerationReport:
    """Let the language model propose questions to the sections of the admin's own documents.

    Raises LibraryMissing before the first ingest, PhrasesBroken for a side file that is damaged.
    """
    from ingest.plan.files import SHIPPED_LIBRARY, resolve_origin
    from knowledge.answering.model.language_model import LanguageModel
    from knowledge.errors import LibraryMissing
    from knowledge.phrases.generation import (
        GENERATION_TIMEOUT_SECONDS,
        generate_phrases,
        list_sections,
    )

    edition = app.catalogue.get_active_edition()
    if edition is None:
        raise LibraryMissing("The library is empty. Name your documents: `naru ingest FOLDER`.")
    shipped, settings = resolve_origin(SHIPPED_LIBRARY), app.settings
    own = [one for one in app.catalogue.load_versions(edition) if one.origin != shipped]
    passages = app.library.attach_phrases([passage for one in own for passage in one.passages])
    files = _open_phrase_files(app)
    limit = GENERATION_TIMEOUT_SECONDS
    model = LanguageModel(settings.llm, timeout_seconds=limit, **settings.llm_access)
    return generate_phrases(
        model, list_sections(passages), files.read_generated(), files.add_generated,
        lambda done, total: progress("proposing", done, total),
    )  # fmt: skip


class _ReviewDesk:
    """What the commands do with proposals: collect, approve, reject; acts are in the audit log."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._files = _open_phrase_files(app)

    def collect(self) -> ProposalList:
        """The open proposals. Raises PhrasesBroken, also for a side file that answering leaves out."""
        from knowledge.phrases.proposals import collect_proposals

        self._files.read_approved()
        return collect_proposals(
            self._app.library.get_current_edition(),
            self._app.store.list_section_choices(),
            self._files.read_generated(),
            self._files.read_settled(),
        )

    def approve(self, proposal: Proposal, words: str | None = None) -> None:
        """Write the proposal into its document's side file, in other `words` if they are given."""
        from knowledge.phrases.phrase import identify_phrase

        phrase = proposal.phrase
        if words is not None:
            phrase = replace(phrase, text=" ".join(words.split()))
        self._files.add_approved(phrase)
        if identify_phrase(phrase.section, phrase.text) != proposal.id:
            self._files.add_settled(proposal.id)
        self._note(f"approved the phrase {proposal.id}")

    def reject(self, proposal: Proposal) -> None:
        """Remember that the proposal is not wanted."""
        self._files.add_settled(proposal.id)
        self._note(f"rejected the phrase {proposal.id}")

    def _note(self, act: str) -> None:
        from bot.context import Decision

        decision = Decision(audit=("command line", act))
        self._app.store.commit_without_message(act, decision, self._app.now())


def _open_phrase_files(app: App) -> PhraseFiles:
    from knowledge.phrases.side_files import PhraseFiles

    return PhraseFiles(app.settings.data / "phrases")


def _review_all(desk: _ReviewDesk, found: ProposalList) -> None:
    """Show each proposal and do what the admin says; the end of the input ends the review."""
    if not found.proposals:
        _print_list(found)
        return
    print_text(NAMES_WARNING)
    counts = {"approved": 0, "rejected": 0}
    total = len(found.proposals)
    for number, proposal in enumerate(found.proposals, 1):
        print_text(f"\n{number}/{total}  {_render_proposal(proposal)}\n{REVIEW_CHOICES}")
        choice = _ask("> ", lambda word: word[:1].lower() in tuple("aersq") and bool(word))
        match choice[:1].lower():
            case "a":
                desk.approve(proposal)
                counts["approved"] += 1
            case "e" if words := _ask("In these words: ", lambda _: True):
                desk.approve(proposal, words)
                counts["approved"] += 1
            case "r":
                desk.reject(proposal)
                counts["rejected"] += 1
            case "q" | "":
                break
    print_text("\n" + ", ".join(f"{count} {name}" for name, count in counts.items()) + ".")


def _ask(prompt: str, is_fine: Callable[[str], bool]) -> str:
    """What the admin types, asked again until it is fine; "" at the end of the input."""
    while True:
        try:
            words = input(prompt).strip()
        except EOFError:
            return ""
        if is_fine(words):
            return words


def _print_list(found: ProposalList) -> None:
    if not found.proposals:
        print_text("No proposals.")
    for one in found.proposals:
        print_text(f"{_render_proposal(one)}\n")
    if found.gone:
        print_text(f"{found.gone} more are about sections that the library no longer has.")


def _render_proposal(proposal: Proposal) -> str:
    """A proposal as an admin reads it in the terminal."""
    section = " › ".join((f"「{proposal.title}」", *proposal.section.heading[1:]))
    text = " ".join(proposal.section_text.split())
    if len(text) > SHOWN_SECTION_CHARACTERS:
        text = text[: SHOWN_SECTION_CHARACTERS - 1] + "…"
    lines = [
        f"{proposal.id}  {proposal.language}  {proposal.text}",
        f"  section: {section} ({proposal.section.document})",
        f"  from: {_render_origin(proposal)}",
        f"  says: {text}",
        *(f"  near: {_render_similar(one)}" for one in proposal.similar),
    ]
    return "\n".join(lines)


def _render_origin(proposal: Proposal) -> str:
    if not proposal.counts:
        return "generated by a language model; no one has asked it"
    words = {"chosen": "chosen", "confirmed": "confirmed", "staff": "answered by staff"}
    counts = ", ".join(
        f"{words[source]} in {count}" for source, count in sorted(proposal.counts.items())
    )
    alone = "; one founder alone says so" if proposal.conversations == 1 else ""
    staffed = alone if not proposal.counts.get("staff") else ""
    return f"{counts}; {_count(proposal.conversations, 'conversation')}{staffed}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _render_similar(similar: SimilarQuestion) -> str:
    where = "this section" if similar.same_section else " › ".join(similar.section.heading)
    if not similar.is_answered:
        where = f"{where}, which does not answer it"
    return f"{round(100 * similar.similarity)}% {similar.text} ({where})"


def _serialise_proposal(proposal: Proposal) -> dict[str, Any]:
    return {
        "id": proposal.id,
        "question": proposal.text,
        "language": proposal.language,
        "document": proposal.section.document,
        "title": proposal.title,
        "heading": proposal.section.heading,
        "section_text": proposal.section_text,
        "origin": proposal.origin,
        "sources": dict(proposal.counts),
        "conversations": proposal.conversations,
        "near": [
            {
                "question": one.text,
                "similarity": one.similarity,
                "document": one.section.document,
                "heading": one.section.heading,
                "same_section": one.same_section,
                "answered": one.is_answered,
            }
            for one in proposal.similar
        ],
    }


def _print_settled(approved: Sequence[str], rejected: Sequence[str], json: bool) -> None:
    if json:
        print_json({"approved": list(approved), "rejected": list(rejected)})
        return
    if approved:
        print_text(f"Approved: {', '.join(approved)}. Naru uses them from the next question on.")
    if rejected:
        print_text(f"Rejected: {', '.join(rejected)}.")
