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
from bot.types.hours import BodyHours, Slot, WeekSlots
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
    "BodyHours",
    "BodyStatus",
    "Case",
    "CaseMessage",
    "CaseState",
    "Conversation",
    "EmbedText",
    "Mission",
    "OfferedSections",
    "PendingQuestion",
    "Place",
    "RetentionPeriods",
    "Route",
    "Slot",
    "StaffMember",
    "StaffThread",
    "UnadmittedWriter",
    "Upload",
    "Urgency",
    "Via",
    "WeekSlots",
]
