"""What the staff console keeps: sessions, accounts without a messenger, notices, presence and
logged answers."""

from sqlalchemy import Engine

from bot.store.console.accounts import ConsoleAccounts
from bot.store.console.answers import AnswerLog
from bot.store.console.notices import ConsoleNotices
from bot.store.console.sessions import ConsoleSessions
from bot.store.readers.audit_log import AuditLog


class ConsoleStore:
    """The parts, each over its own tables, and the audit log as the console reads it."""

    def __init__(self, engine: Engine) -> None:
        self.sessions = ConsoleSessions(engine)
        self.accounts = ConsoleAccounts(engine)
        self.notices = ConsoleNotices(engine)
        self.answers = AnswerLog(engine)
        self.audit_log = AuditLog(engine)


__all__ = ["ConsoleStore"]
