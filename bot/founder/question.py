"""A founder's question: its answer with buttons below, or why there is none and what is offered."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.phrase_evidence import remember_answer
from bot.cases.rooms import STAFF_LANGUAGE
from bot.cases.wording import render_body
from bot.context import Decision, Turn
from bot.founder import answer_text, question_rate
from bot.founder.doors.reply import add_doors
from bot.founder.handover import start_handover
from bot.founder.offers import reply_with_offers
from bot.founder.privacy.answer_log import log_answer
from bot.founder.reading.triage import Triage, triage_message
from bot.founder.talk.matter import (
    carry_over,
    is_matter_begun,
    keep_in_matter,
    remember_exchange,
)
from bot.founder.talk.mission_answer import (
    answer_inquiry,
    explain_far_mission,
    find_inquiry,
    is_said_by_documents,
)
from bot.founder.talk.questions import choose_place
from bot.messages import Content, Outgoing, select_words
from bot.missions.emergency import render_first_steps
from bot.phrases import render_phrase
from bot.routing.route import find_route
from bot.types import URGENT, PendingQuestion, Place
from knowledge.types import Answer, Question, Verdict

QUESTION_LIMIT_CHARACTERS = 2_000  # of a text that is looked up; longer ones can go to a person
MAX_EXPLAINED_PASSAGES = 3  # that /why names


def answer_question(turn: Turn, *, is_follow_up: bool = False) -> Decision:
    """Everything that a question leads to: an answer, sections to choose from, the offer of a person
    or a case. One that `is_follow_up` is one more text of the matter before it."""
    message = turn.message
    text = message.text.strip()
    if not text:
        alone = "file_alone" if message.files else "enclosure_alone"
        if is_matter_begun(turn.conversation.pending, turn.services.now):
            alone = "added"
        return keep_in_matter(turn).offer_person(alone)
    triage, before = triage_message(message.words), turn.conversation.pending
    mentioned = turn.services.places.find_mentioned_place(message.words)
    turn = _keep_question(turn, triage, mentioned, is_follow_up=is_follow_up)
    if len(text) > QUESTION_LIMIT_CHARACTERS:
        return turn.offer_person("too_long", length=len(text), limit=QUESTION_LIMIT_CHARACTERS)
    if not triage.needs_person:
        if wait := question_rate.find_wait(turn):
            return question_rate.ask_to_wait(turn, wait)
        turn = question_rate.note_question(turn)
    decision = _decide_on_question(turn, text, mentioned, triage, is_follow_up=is_follow_up)
    return _note_aside(turn, add_doors(turn, decision, before), before)


def _note_aside(turn: Turn, decision: Decision, before: PendingQuestion | None) -> Decision:
    """The decision with a sentence that the trouble told `before` is kept as another matter, where
    this message tells a new one."""
    conversation = decision.conversation
    pending = conversation.pending if conversation else None
    if pending is None or len(pending.aside) <= len(before.aside if before else ()):
        return decision
    note = Content(render_phrase("founder.kept_aside", turn.conversation.language))
    return replace(decision, outgoing=(Outgoing(turn.address, note), *decision.outgoing))


def keep_question(turn: Turn, *, is_follow_up: bool = False) -> Turn:
    """The turn with its message as the pending question of its matter, with the language and the
    place that it has."""
    words = turn.message.words
    mentioned = turn.services.places.find_mentioned_place(words)
    return _keep_question(turn, triage_message(words), mentioned, is_follow_up=is_follow_up)


def _keep_question(
    turn: Turn, triage: Triage, mentioned: Place | None, *, is_follow_up: bool
) -> Turn:
    message, conversation = turn.message, turn.conversation
    language = turn.choose_language(message.words)
    pending = PendingQuestion(
        render_body(message, STAFF_LANGUAGE),
        language,
        urgency=triage.urgency,
        sealed=triage.sealed,
        files=message.files,
        at=turn.services.now,
    )
    earlier = conversation.pending
    pending = carry_over(earlier, pending, conversation.turns, is_follow_up=is_follow_up)
    if message.forwarded_from:
        place = conversation.place
    else:
        place = choose_place(conversation, mentioned, at_once=triage.urgency == "critical")
    is_new = earlier is not None and earlier.sealed and not pending.sealed
    turns = () if is_new else conversation.turns  # of a sealed matter that is over
    return turn.with_conversation(
        replace(conversation, language=language, place=place, pending=pending, turns=turns)
    )


def reply_with_answer(turn: Turn, answer: Answer, triage: Triage) -> Decision:
    """The reply to the turn's pending question: the library's answer, or what there is instead of
    one. `triage` is what the question reports."""
    answer = explain_far_mission(turn, answer)
    text = answer_text.render_answer_text(answer, turn.services.now)
    logged = log_answer(turn, answer, text, triage)
    decision = replace(_decide_on_answer(turn, answer, triage), answer=answer, logged=logged)
    return _put_first_steps_first(decision, turn, triage)


def _decide_on_question(
    turn: Turn, text: str, place: Place | None, triage: Triage, *, is_follow_up: bool
) -> Decision:
    """What the routing table says to a question about missions, else what the library says."""
    inquiry = find_inquiry(turn, place, triage)
    if inquiry and inquiry.is_for_table:
        return answer_inquiry(turn, inquiry)
    answer = ask_sources(turn, text, place, triage, is_follow_up=is_follow_up)
    if place and answer.is_again:
        answer = answer_text.note_general_answer(answer, place.name)
    if inquiry and not is_said_by_documents(turn, inquiry, answer):
        return answer_inquiry(turn, inquiry)
    return reply_with_answer(turn, answer, triage)


def answer_again(turn: Turn) -> Decision:
    """The reply to the pending question once more, as things are now: in another language. It is the
    same exchange, and the reply before it is forgotten."""
    conversation = turn.conversation
    pending = conversation.pending
    assert pending is not None
    if wait := question_rate.find_wait(turn):
        return question_rate.ask_to_wait(turn, wait)
    turns = conversation.turns
    if turns and turns[-1].question == pending.question:
        turns = turns[:-1]
    pending = replace(pending, language=conversation.language)
    turn = turn.with_conversation(replace(conversation, turns=turns, pending=pending))
    turn = question_rate.note_question(turn)
    text = pending.question
    asked = replace(turn, message=replace(turn.message, text=text))
    mentioned = turn.services.places.find_mentioned_place(text)
    return _decide_on_question(asked, text, mentioned, triage_message(text), is_follow_up=False)


def ask_sources(
    turn: Turn, text: str, place: Place | None, triage: Triage, *, is_follow_up: bool = False
) -> Answer:
    """The library's answer to `text` in the conversation's language, withheld where only people
    can help; then no preview of it is shown either. One that `is_follow_up` leans on the talk."""
    words = (place.name,) if place else ()
    services, conversation = turn.services, turn.conversation
    question = Question(text, conversation.language, services.now, conversation.turns, words)
    asked = (triage, *(triage_message(exchange.question) for exchange in question.history))
    pending = conversation.pending
    is_sealed = pending is not None and pending.sealed
    is_for_people = triage.needs_person or is_sealed or any(one.suspect for one in asked)
    subject = select_words(pending.earlier[0]) if pending and pending.earlier else ""
    question = replace(question, quotes_only=is_for_people, is_follow_up=is_follow_up,
                       subject=subject if is_follow_up else "")  # fmt: skip
    ask = services.ask if is_for_people else services.ask_with_preview or services.ask
    answer = ask(question)
    return withhold_if_for_people(answer, triage)


def withhold_if_for_people(answer: Answer, triage: Triage) -> Answer:
    """The answer, or an empty one with the verdict "sealed" or "no_evidence" where the message
    needs a person whatever the documents say. What documents say of money or goods at stake is
    shown: below what to do at once, above the offer of a person."""
    is_shown = triage.incident and triage.urgency == "high" and not triage.suspect
    if not triage.needs_person or (is_shown and answer.verdict in ("answered", "offered")):
        return answer
    verdict: Verdict = "sealed" if triage.sealed else "no_evidence"
    return replace(answer, verdict=verdict, text="", citations=(), offers=())


def _decide_on_answer(turn: Turn, answer: Answer, triage: Triage) -> Decision:
    conversation, now = turn.conversation, turn.services.now
    pending = conversation.pending
    assert pending is not None
    text = answer_text.render_answer_text(answer, now)
    pending = replace(pending, found=_summarise_findings(answer, triage.needs_person))
    conversation = replace(conversation, pending=pending)
    is_sealed = triage.sealed or pending.sealed
    if is_sealed:  # the next question, another case and /why must not repeat it
        conversation = replace(conversation, why="")
    else:
        exchange = answer_text.make_exchange(pending.question, answer, now)
        conversation = replace(
            remember_exchange(conversation, exchange), why=_explain_answer(answer)
        )
    turn = turn.with_conversation(conversation)
    if answer.verdict == "answered":
        is_kept_back = triage.suspect or is_sealed
        turn, token = (turn, "") if is_kept_back else remember_answer(turn, answer)
        is_emergency = triage.urgency in URGENT
        reply = answer_text.render_reply(answer, now, token, is_emergency=is_emergency)
        return turn.reply_content(reply)
    if answer.verdict == "offered":
        return reply_with_offers(turn, answer, for_people=triage.needs_person)
    if triage.needs_person and triage.urgency == "critical":
        return start_handover(turn, render_phrase("founder.urgent", turn.conversation.language))
    is_unanswered_incident = bool(triage.incident) and answer.verdict == "no_evidence"
    if (triage.needs_person or is_unanswered_incident) and not triage.sealed:
        return turn.offer_person("people")
    return turn.offer_person_below(Content(text))


def _put_first_steps_first(decision: Decision, turn: Turn, triage: Triage) -> Decision:
    """The decision with what to do at once above the reply, and a critical reply above the
    greeting of a new founder. In front of others nothing is said of the incident."""
    conversation, services = turn.conversation, turn.services
    if not triage.incident or not conversation.private:
        return decision
    route = find_route(conversation.place, services.missions, services.now)
    mission = services.missions.get(route.competent)
    steps = render_first_steps(triage.incident, mission, conversation.language)
    if not steps:
        return decision
    before, (reply, *after) = (
        (decision.outgoing[:0], decision.outgoing)
        if conversation.greeted
        else (decision.outgoing[:1], decision.outgoing[1:])
    )
    content = replace(reply.content, text=f"{steps}\n\n{reply.content.text}")
    reply = replace(reply, content=content)
    first = (reply, *before) if triage.urgency == "critical" else (*before, reply)
    return replace(decision, outgoing=(*first, *after))


def _summarise_findings(answer: Answer, needs_person: bool) -> str:
    """For the card that staff read: the best passage found, and why it was not enough."""
    if answer.offers:
        sections = "; ".join(f"「{one.title}」 › {one.heading[-1]}" for one in answer.offers)
        return render_phrase("staff.found_offered", STAFF_LANGUAGE, sections=sections)
    if not answer.findings:
        key = "found_failed" if answer.verdict == "failed" else "found_nothing"
        return render_phrase(f"staff.{key}", STAFF_LANGUAGE)
    passage = answer.findings[0].passage
    key = "found_weak"
    if needs_person:
        key = "found_people"
    elif answer.verdict == "answered":
        key = "found_answered"
    elif answer.verdict == "expired" and passage.document.expires:
        key = "found_expired"
    return render_phrase(
        f"staff.{key}",
        STAFF_LANGUAGE,
        title=passage.document.title,
        heading=passage.heading[-1],
        confidence=round(100 * answer.confidence),
        expires=passage.document.expires,
    )


def _explain_answer(answer: Answer) -> str:
    """For `/why`: the query, the best passages with their scores in percent, what speaks for the
    first, the confidence, what a language model did and, of offers, why they were not said."""
    lines = [
        render_phrase(
            "founder.why_line",
            answer.language,
            number=number,
            title=finding.passage.document.title,
            heading=finding.passage.heading[-1],
            score=round(100 * min(1.0, finding.score)),
        )
        for number, finding in enumerate(answer.findings[:MAX_EXPLAINED_PASSAGES], 1)
    ]
    if answer.findings and (features := answer.findings[0].features):
        shown = {name: round(100 * value) for name, value in features.items()}
        lines.append(render_phrase("founder.why_features", answer.language, **shown))
    percent = round(100 * answer.confidence)
    lines.append(render_phrase("founder.why_confidence", answer.language, confidence=percent))
    if answer.model_outcome != "not_asked":
        lines.append(render_phrase(f"founder.why_model_{answer.model_outcome}", answer.language))
    if answer.offers:
        choices = answer_text.render_offers(answer.offers)
        lines.append(render_phrase("founder.why_offered", answer.language, choices=choices))
    return render_phrase("founder.why", answer.language, query=answer.query, lines="\n".join(lines))
