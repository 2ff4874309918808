"""What a decision sees (the message, what is remembered, the services it may ask), and the Decision
itself."""

from bot.context.decision import Decision
from bot.context.services import (
    BYTES_PER_MEGABYTE,
    PlaceFinder,
    PreviewStarter,
    QuestionRate,
    Services,
    ShowPreview,
    answer_or_fail,
    find_no_officers,
    find_no_section,
    find_section_or_none,
    show_no_section,
)
from bot.context.turn import Turn, build_person_buttons, start_conversation
from bot.context.wording import QUOTE_MARK, mark_lines, quote_lines, shorten_text

__all__ = [
    "BYTES_PER_MEGABYTE",
    "QUOTE_MARK",
    "Decision",
    "PlaceFinder",
    "PreviewStarter",
    "QuestionRate",
    "Services",
    "ShowPreview",
    "Turn",
    "answer_or_fail",
    "build_person_buttons",
    "find_no_officers",
    "find_no_section",
    "find_section_or_none",
    "mark_lines",
    "quote_lines",
    "shorten_text",
    "show_no_section",
    "start_conversation",
]
