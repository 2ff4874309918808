"""What the bodies' desk keeps, as rows: meetings, digests, FAQs, insights and files that Naru made."""

from bot.store.desk.digests import DigestStore
from bot.store.desk.faq import FaqStore
from bot.store.desk.files import DeskFileStore
from bot.store.desk.insights import InsightStore
from bot.store.desk.meetings import MeetingStore

__all__ = ["DeskFileStore", "DigestStore", "FaqStore", "InsightStore", "MeetingStore"]
