"""A founder's cases, with by when they hear from a person and what they can do."""

from __future__ import annotations

from bot.buttons import write_case_key
from bot.cases.reminders.timers import find_case_due
from bot.cases.states import is_allowed, is_open
from bot.cases.targets import describe_due
from bot.context import Decision, Turn, shorten_text
from bot.founder import answer_text
from bot.founder.own_cases.ownership import list_own_cases
from bot.founder.talk.matter import is_matter_begun
from bot.messages import Button, Content
from bot.missions.missions import mission_name
from bot.phrases import render_phrase
from bot.types import Case
from knowledge.types import Language

CASES_LISTED = 10  # that /cases shows, newest last


def list_cases(turn: Turn) -> Decision:
    """The latest of the founder's cases, a few lines each, and a row of buttons for each."""
    shown = list_own_cases(turn)[-CASES_LISTED:]
    if not shown:
        return _say_without_cases(turn)
    lines = [_render_case(turn, case) for case in shown]
    rows = [_build_buttons(case, turn.conversation.language) for case in shown]
    return turn.reply_content(Content("\n".join(lines), buttons=tuple(filter(None, rows))))


def _render_case(turn: Turn, case: Case) -> str:
    language, missions = turn.conversation.language, turn.services.missions
    mission = missions.get(case.mission)
    line = render_phrase(
        "founder.case_line",
        language,
        number=case.number,
        state=_render_state(case, language),
        mission=mission_name(mission, language),
        day=answer_text.render_day(mission.find_day(case.opened_at), language),
        question=_summarise_question(case, language),
    )
    due = find_case_due(case, turn.services.list_log(case.number), missions)
    if due is None or not is_open(case):
        return line
    key = "case_due" if due >= turn.services.now else "case_late"
    moment = describe_due(due, mission, language).text
    return f"{line}\n  {render_phrase(f'own.{key}', language, due=moment)}"


def _build_buttons(case: Case, language: Language) -> tuple[Button, ...]:
    """What the founder can do with a case; () for one that was merged into another."""
    number = case.number
    if case.merged_into is not None:
        return ()
    if not is_open(case):
        label = render_phrase("own.button_reopen", language, number=number)
        return (Button(write_case_key("reopen", number), label),)
    acts = ("remind", "add", "end") if is_allowed(case, "remind", "founder") else ("add", "end")
    return tuple(
        Button(f"{act}:{number}", render_phrase(f"own.button_{act}", language, number=number))
        for act in acts
    )


def _render_state(case: Case, language: Language) -> str:
    if case.merged_into is not None:
        return render_phrase("founder.state_merged", language, number=case.merged_into)
    return render_phrase(f"founder.state_{case.state}", language)


def _say_without_cases(turn: Turn) -> Decision:
    """That there is no case; with a matter that no person has, also that, and how to change it."""
    if not is_matter_begun(turn.conversation.pending, turn.services.now):
        return turn.reply_phrase("no_cases")
    parts = (
        render_phrase(f"founder.{key}", turn.conversation.language)
        for key in ("no_cases", "still_offered")
    )
    return turn.offer_person_below(Content("\n".join(parts)))


def _summarise_question(case: Case, language: Language) -> str:
    if case.sealed:
        return render_phrase("founder.sealed_question", language)
    return shorten_text(case.question)
