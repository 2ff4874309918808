"""What the staff console keeps: sessions, accounts without a messenger, notices and presence."""

from bot.store.console.accounts import ConsoleAccounts
from bot.store.console.notices import ConsoleNotices
from bot.store.console.sessions import ConsoleSessions

__all__ = ["ConsoleAccounts", "ConsoleNotices", "ConsoleSessions"]
