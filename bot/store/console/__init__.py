"""What the staff console keeps: sessions, accounts without a messenger, notices and presence."""

from sqlalchemy import Engine

from bot.store.console.accounts import ConsoleAccounts
from bot.store.console.notices import ConsoleNotices
from bot.store.console.sessions import ConsoleSessions
from bot.store.readers.audit_log import AuditLog


class ConsoleStore:
    """The three parts, each over its own tables, and the audit log as the console reads it."""

    def __init__(self, engine: Engine) -> None:
        self.sessions = ConsoleSessions(engine)
        self.accounts = ConsoleAccounts(engine)
        self.notices = ConsoleNotices(engine)
        self.audit_log = AuditLog(engine)


__all__ = ["ConsoleStore"]
