"""Accounts of staff who have no messenger: a mail address with one-time codes (TOTP, RFC 6238).

The secret must be kept to check codes; recovery codes are kept as digests.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

import pyotp
from sqlalchemy import Engine, delete, insert, select, update

from bot.store import tables as t
from bot.store.console.sessions import compute_digest
from knowledge.database.engine import open_reader, write_transaction

STEP_SECONDS = 30
CLOCK_TOLERANCE_STEPS = 1
RECOVERY_CODE_COUNT = 8
RECOVERY_CODE_BYTES = 10
FAILURE_LIMIT = 5  # wrong codes until an account waits
LOCK_TIME = timedelta(minutes=15)


class ConsoleAccounts:
    """The accounts that sign in with a one-time code."""

    def __init__(self, engine: Engine) -> None:
        self._engine, self._reader = engine, open_reader(engine)

    def add(self, email: str, by: str, now: datetime) -> tuple[str, Sequence[str]]:
        """Make an account, or give the one that is there a new secret; its secret in base 32 and its
        recovery codes, which are shown once."""
        secret = pyotp.random_base32()
        codes = [secrets.token_hex(RECOVERY_CODE_BYTES) for _ in range(RECOVERY_CODE_COUNT)]
        row = {
            "email": email, "secret": secret, "added_by": by, "added_at": now, "last_step": 0,
            "failures": 0,
        }  # fmt: skip
        with write_transaction(self._engine) as connection:
            for table in (t.console_accounts, t.recovery_codes):
                connection.execute(delete(table).where(table.c.email == email))
            connection.execute(insert(t.console_accounts).values(row))
            digests = [{"digest": compute_digest(code), "email": email} for code in codes]
            connection.execute(insert(t.recovery_codes), digests)
        return secret, codes

    def remove(self, email: str) -> bool:
        """Delete an account; whether there was one."""
        with write_transaction(self._engine) as connection:
            connection.execute(delete(t.recovery_codes).where(t.recovery_codes.c.email == email))
            gone = delete(t.console_accounts).where(t.console_accounts.c.email == email)
            return connection.execute(gone).rowcount == 1

    def list_all(self) -> list[str]:
        """The mail addresses of all accounts."""
        query = select(t.console_accounts.c.email).order_by(t.console_accounts.c.email)
        with self._reader.connect() as connection:
            return list(connection.execute(query).scalars())

    def check(self, email: str, code: str, now: datetime) -> bool:
        """Whether a one-time or a recovery code is right; it is spent then. After FAILURE_LIMIT wrong
        ones none is until LOCK_TIME has passed."""
        code = "".join(code.split()).lower()
        a = t.console_accounts.c
        own = a.email == email
        with write_transaction(self._engine) as connection:
            row = connection.execute(select(t.console_accounts).where(own)).first()
            if row is None or (row.locked_until and row.locked_until > now):
                return False
            step = find_step(row.secret, code, now)
            if step > row.last_step:
                fresh = {"last_step": step, "failures": 0, "locked_until": None}
                connection.execute(update(t.console_accounts).where(own).values(fresh))
                return True
            r = t.recovery_codes.c
            spend = update(t.recovery_codes).where(
                r.email == email, r.digest == compute_digest(code), r.spent_at.is_(None)
            )
            if connection.execute(spend.values(spent_at=now)).rowcount:
                fresh = {"failures": 0, "locked_until": None}
                connection.execute(update(t.console_accounts).where(own).values(fresh))
                return True
            failures = row.failures + 1
            locked = now + LOCK_TIME if failures % FAILURE_LIMIT == 0 else None
            missed = {"failures": failures, "locked_until": locked}
            connection.execute(update(t.console_accounts).where(own).values(missed))
            return False


def find_step(secret: str, code: str, now: datetime) -> int:
    """The number of the 30-second step whose code this is, one step early or late allowed; 0 for a
    wrong one."""
    totp = pyotp.TOTP(secret, interval=STEP_SECONDS)
    present = int(now.timestamp()) // STEP_SECONDS
    for step in range(present - CLOCK_TOLERANCE_STEPS, present + CLOCK_TOLERANCE_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step), code):
            return step
    return 0
