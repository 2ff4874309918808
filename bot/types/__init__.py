"""The records of the bot: Place, Mission, Route, Case, Conversation. See docs/how-it-works.md."""

from bot.types.cases import (
    HELD_STATES,
    OPEN_STATES,
    URGENCIES,
    URGENT,
    Actor,
    Author,
    Case,
    CaseAct,
    CaseMessage,
    CaseRole,
    CaseState,
    LogEntry,
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
from bot.types.meetings import Meeting, Minutes, Resolution, ResolutionState
from bot.types.places import DOMESTIC, Basis, BodyStatus, Mission, Place, Route, Via
from bot.types.retention import RetentionPeriods
from bot.types.seats import SeatOffer, SeatRules
from bot.types.staff import SEAT_ROLES, Binding, StaffMember, UnadmittedWriter

__all__ = [
    "DOMESTIC",
    "HELD_STATES",
    "OPEN_STATES",
    "SEAT_ROLES",
    "URGENCIES",
    "URGENT",
    "Actor",
    "Author",
    "Awaited",
    "Basis",
    "Binding",
    "BodyHours",
    "BodyStatus",
    "Case",
    "CaseAct",
    "CaseMessage",
    "CaseRole",
    "CaseState",
    "Conversation",
    "EmbedText",
    "LogEntry",
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
    "SeatOffer",
    "SeatRules",
    "Slot",
    "StaffMember",
    "StaffThread",
    "UnadmittedWriter",
    "Upload",
    "Urgency",
    "Via",
    "WeekSlots",
]
