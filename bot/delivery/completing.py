"""What follows from any decision: a seal on what hangs on the case, offers to seats, the end of FAQs
and insights, timers, mails to staff without a messenger, and its messages in parts that fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.admin.console.mail_notices import add_mail_notices, is_mail_address
from bot.admin.desk.insight.sealing import erase_sealed_insights
from bot.admin.faq.sealing import withdraw_sealed_faqs
from bot.cases.linked.sealing import seal_what_hangs_on
from bot.cases.reminders.timers import set_timers
from bot.cases.seats.offering import offer_cases
from bot.context import Decision, Services
from bot.delivery.splitting import split_messages
from bot.founder.public_place import own_buttons
from bot.messages import ChannelLimits


def complete_decision(
    decision: Decision, build_services: Callable[[], Services], limits: Mapping[str, ChannelLimits]
) -> Decision:
    """The decision as it is committed. Services are built only where a case
    changed."""
    if decision.log:
        services = build_services()
        decision = seal_what_hangs_on(decision, services)
        decision = offer_cases(decision, services)
        decision = withdraw_sealed_faqs(decision, services)
        decision = erase_sealed_insights(decision, services)
        decision = set_timers(decision, services, services.missions, services.now)
    is_private = any(is_mail_address(one.to) for one in decision.outgoing)
    if decision.log or decision.new_lines or is_private:
        decision = add_mail_notices(decision, build_services())
    parts = split_messages(map(own_buttons, decision.outgoing), limits)
    return replace(decision, outgoing=parts)
