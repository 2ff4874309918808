"""What a decision sees (the message, what is remembered, the services it may ask), and the Decision
itself."""

from bot.context.decision import Decision
from bot.context.lookups import (
    NO_BRIDGE,
    FounderLookups,
    LanguageBridge,
    NoFounderRecords,
)
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
    find_no_topic,
    find_or_skip,
    show_no_section,
)
from bot.context.steps import Step, WatchStep, watch_nothing
from bot.context.turn import Turn, build_person_buttons, start_conversation
from bot.context.wording import QUOTE_MARK, mark_lines, quote_lines, shorten_text

__all__ = [
    "BYTES_PER_MEGABYTE",
    "NO_BRIDGE",
    "QUOTE_MARK",
    "Decision",
    "FounderLookups",
    "LanguageBridge",
    "NoFounderRecords",
    "PlaceFinder",
    "PreviewStarter",
    "QuestionRate",
    "Services",
    "ShowPreview",
    "Step",
    "Turn",
    "WatchStep",
    "answer_or_fail",
    "build_person_buttons",
    "find_no_officers",
    "find_no_section",
    "find_no_topic",
    "find_or_skip",
    "mark_lines",
    "quote_lines",
    "shorten_text",
    "show_no_section",
    "start_conversation",
    "watch_nothing",
]
