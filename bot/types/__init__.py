"""The records of the bot: Place, Mission, Route, Case, Conversation. See docs/how-it-works.md."""

from bot.types.cases import (
    URGENCIES,
    URGENT,
    Author,
    Case,
    CaseMessage,
    CaseState,
    StaffThread,
    Urgency,
)
from bot.types.conversations import (
    Awaited,
    Conversation,
    EmbedText,
    OfferedSections,
    PendingQuestion,
    Upload,
)
from bot.types.meetings import Meeting, Minutes, Resolution, ResolutionState
from bot.types.places import DOMESTIC, Basis, BodyStatus, Mission, Place, Route, Via
from bot.types.retention import RetentionPeriods
from bot.types.staff import Binding, StaffMember, UnadmittedWriter

__all__ = [
    "DOMESTIC",
    "URGENCIES",
    "URGENT",
    "Author",
    "Awaited",
    "Basis",
    "Binding",
    "BodyStatus",
    "Case",
    "CaseMessage",
    "CaseState",
    "Conversation",
    "EmbedText",
    "Meeting",
    "Minutes",
    "Mission",
    "OfferedSections",
    "PendingQuestion",
    "Place",
    "Resolution",
    "ResolutionState",
    "RetentionPeriods",
    "Route",
    "StaffMember",
    "StaffThread",
    "UnadmittedWriter",
    "Upload",
    "Urgency",
    "Via",
]
