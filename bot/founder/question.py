"""A founder's question: the answer with its two ends, or why there is none."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Turn, build_person_buttons, shorten_text
from bot.founder import answer_text, clarification
from bot.founder.handover import start_handover
from bot.founder.triage import Triage, triage_message
from bot.phrases import render_phrase
from bot.types import Content, Decision, PendingQuestion, Place
from knowledge.types import Answer, Exchange, Question, Verdict

QUESTION_LIMIT_CHARACTERS = (
    2_000  # characters that are looked up; longer texts can go to people whole
)
MAX_REMEMBERED_TURNS = 6


def answer_question(scene: Turn, about: str = "") -> Decision:
    """The whole of what a question leads to; `about` is the title of the document it is of."""
    text = scene.message.text.strip()
    language = scene.choose_language(text)
    signs = triage_message(text)
    place = scene.services.places.find_mentioned_place(text) if text else None
    whole = f"{about} {text}".strip()
    pending = PendingQuestion(
        whole, language, urgency=signs.urgency, sealed=signs.sealed, files=scene.message.files
    )
    talk = scene.conversation
    scene = scene.with_conversation(
        replace(talk, language=language, place=place or talk.place, pending=pending)
    )
    if not text:
        return scene.offer_person("file_alone")
    if len(text) > QUESTION_LIMIT_CHARACTERS:
        return scene.offer_person("too_long", length=len(text), limit=QUESTION_LIMIT_CHARACTERS)
    return _decide_on_answer(scene, pending, ask_sources(scene, whole, place, signs), signs)


def ask_sources(scene: Turn, text: str, place: Place | None, signs: Triage) -> Answer:
    """What the sources say, in the conversation's language; where only people can help, that they
    do not answer, so that nothing is shown before."""
    words = (place.name,) if place else ()
    tools, talk = scene.services, scene.conversation
    ask = tools.ask if signs.needs_person else tools.ask_with_preview or tools.ask
    answer = ask(Question(text, talk.language, tools.now, talk.turns, words))
    return withhold_if_for_people(answer, signs)


def withhold_if_for_people(answer: Answer, signs: Triage) -> Answer:
    """The answer as it counts when the message itself asks for people."""
    if not signs.needs_person:
        return answer
    verdict: Verdict = "sealed" if signs.sealed else "no_evidence"
    return replace(answer, verdict=verdict, text="", citations=())


def _decide_on_answer(
    scene: Turn, pending: PendingQuestion, answer: Answer, signs: Triage
) -> Decision:
    now = scene.services.now
    shown = answer_text.render_answer_text(answer, now)
    documents = tuple(citation.document for citation in answer.citations)
    turn = Exchange(pending.question, shorten_text(shown, 400), documents)
    scene = scene.with_conversation(
        replace(
            scene.conversation,
            pending=replace(pending, found=_summarise_findings(answer, signs.needs_person)),
            turns=(*scene.conversation.turns, turn)[-MAX_REMEMBERED_TURNS:],
            why=_explain_answer(answer),
        )
    )
    if answer.verdict == "answered":
        return scene.reply_content(answer_text.render_reply(answer, now))
    if answer.verdict == "clarify":
        scene = clarification.remember_clarification(scene, pending.question, answer)
        ways = (
            *clarification.build_choice_buttons(scene.conversation),
            *build_person_buttons(scene.conversation.language),
        )
        return scene.reply_content(Content(shown, buttons=ways))
    if signs.needs_person and signs.urgency == "critical":
        return start_handover(scene, render_phrase("founder.urgent", scene.conversation.language))
    if signs.needs_person and not signs.sealed:
        return scene.offer_person("people")
    return scene.reply_content(
        Content(shown, buttons=build_person_buttons(scene.conversation.language))
    )


def _summarise_findings(answer: Answer, people: bool) -> str:
    """For staff: what the library had, and why it was not enough."""
    if not answer.findings:
        return render_phrase("staff.found_nothing", STAFF_LANGUAGE)
    passage = answer.findings[0].passage
    known = {"answered": "found_answered"}
    if passage.document.expires:
        known["expired"] = "found_expired"
    key = "found_people" if people else known.get(answer.verdict, "found_weak")
    return render_phrase(
        f"staff.{key}",
        STAFF_LANGUAGE,
        title=passage.document.title,
        heading=passage.heading[-1],
        confidence=round(100 * answer.confidence),
        expires=passage.document.expires,
    )


def _explain_answer(answer: Answer) -> str:
    """For `/why`: what was looked up and how well it fitted, in words."""
    lines = [
        render_phrase(
            "founder.why_line",
            answer.language,
            number=number,
            title=finding.passage.document.title,
            heading=finding.passage.heading[-1],
            score=round(100 * min(1.0, finding.score)),
        )
        for number, finding in enumerate(answer.findings[:3], 1)
    ]
    sure = round(100 * answer.confidence)
    lines.append(render_phrase("founder.why_confidence", answer.language, confidence=sure))
    return render_phrase("founder.why", answer.language, query=answer.query, lines="\n".join(lines))
