"""What the bodies' desk keeps, as rows: meetings, digests, FAQs, insights, seats and files that Naru made."""

from bot.store.desk.digests import DigestStore
from bot.store.desk.faq import FaqStore
from bot.store.desk.files import DeskFileStore
from bot.store.desk.insights import InsightStore
from bot.store.desk.meetings import MeetingStore
from bot.store.desk.seats import SeatStore

__all__ = ["DeskFileStore", "DigestStore", "FaqStore", "InsightStore", "MeetingStore", "SeatStore"]
