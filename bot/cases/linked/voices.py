"""Speaking to both sides of a linked case: the mission that asked, and the desk."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.card import build_card_update, thread_address
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.sealed import tell_readers_more
from bot.cases.states import CaseStep
from bot.context import Services
from bot.messages import Button, Content, Outgoing
from bot.missions.missions import mission_name
from bot.phrases import begin_sentence, render_phrase
from bot.types import Actor, Case


def tell_mission(
    services: Services,
    parent: Case,
    content: Content,
    number: int,
    buttons: tuple[Button, ...] = (),
) -> tuple[Outgoing, ...]:
    """Words from the desk about linked case `number` for those who work on `parent`. Of a sealed case
    its readers get them in private; the thread learns that they came, and has the `buttons`."""
    rows = (buttons,) if buttons else ()
    thread = services.find_current_thread(parent.number)
    private: tuple[Outgoing, ...] = ()
    if parent.sealed:
        private = tell_readers_more(services, parent, content).outgoing
        note = render_phrase("staff.linked_sealed_answer", STAFF_LANGUAGE, number=number)
        content = Content(note)
    if thread is None:  # the record has them for those who open the next one
        return private
    said = replace(content, buttons=rows)
    return (*private, Outgoing(thread_address(thread), said, case=parent.number))


def tell_desk(services: Services, linked: Case, content: Content) -> tuple[Outgoing, ...]:
    """Words for the desk on a linked case. Of a sealed one the desk's duty officers get them in private,
    and the thread learns that they came."""
    thread = services.find_current_thread(linked.number)
    private: tuple[Outgoing, ...] = ()
    if linked.sealed:
        private = tell_readers_more(services, linked, content).outgoing
        note = render_phrase("staff.sealed_message", STAFF_LANGUAGE, number=linked.number)
        content = Content(note)
    if thread is None:
        return private
    return (*private, Outgoing(thread_address(thread), content, case=linked.number))


def close_desk_thread(services: Services, linked: Case, key: str) -> tuple[Outgoing, ...]:
    """The last messages to the desk's thread of a linked case that has ended: the phrase
    `staff.KEY`, and the card."""
    thread = services.find_current_thread(linked.number)
    if thread is None:
        return ()
    to, text = thread_address(thread), render_phrase(f"staff.{key}", STAFF_LANGUAGE)
    return (
        Outgoing(to, Content(text), case=linked.number),
        build_card_update(linked, thread, services.missions),
        Outgoing(to, Content(""), "close", linked.number),
    )


def tell_founder(services: Services, parent: Case, key: str) -> tuple[Outgoing, ...]:
    """The phrase `founder.KEY` for the founder of a case, which names the case and its mission; () for
    one who was erased."""
    founder = services.find_conversation(parent.conversation)
    if founder is None:
        return ()
    mission = mission_name(services.missions.get(parent.mission), founder.language)
    text = begin_sentence(
        render_phrase(f"founder.{key}", founder.language, number=parent.number, mission=mission)
    )
    content = Content(text, protect=parent.sealed)
    return (Outgoing(founder.personal_address, content, case=parent.number),)


def go_on(services: Services, parent: Case, actor: Actor, number: int) -> CaseStep:
    """The case that waited for an authority, which the mission works on again because of linked case
    `number`; unchanged if it did not wait for one."""
    step = CaseStep(parent)
    if parent.state != "waiting_authority":
        return step
    return step.take("resume", actor, services.now, str(number))


def refresh_parent(services: Services, step: CaseStep) -> tuple[Outgoing, ...]:
    """The card of a case after a step that a linked case led to; () without one."""
    thread = services.find_current_thread(step.case.number)
    if not step.log or thread is None:
        return ()
    return (build_card_update(step.case, thread, services.missions),)
