"""A founder's question: the answer with its two ends, or why there is none."""

from __future__ import annotations

from dataclasses import replace

from bot.cases.rooms import STAFF_LANGUAGE
from bot.context import Scene, offers, short
from bot.founder import answer_text, clarification
from bot.founder.handover import hand_over
from bot.founder.triage import Triage, triage
from bot.phrases import say
from bot.types import Body, Decision, Pending, Place
from knowledge.types import Answer, Question, Turn, Verdict

QUESTION_LIMIT = 2_000  # characters that are looked up; longer texts can go to people whole
TURNS_KEPT = 6


def asked(scene: Scene, about: str = "") -> Decision:
    """The whole of what a question leads to; `about` is the title of the document it is of."""
    text = scene.message.text.strip()
    language = scene.read_language(text)
    signs = triage(text)
    place = scene.tools.places.mentioned(text) if text else None
    whole = f"{about} {text}".strip()
    pending = Pending(
        whole, language, urgency=signs.urgency, sealed=signs.sealed, files=scene.message.files
    )
    talk = scene.talk
    scene = scene.with_talk(
        replace(talk, language=language, place=place or talk.place, pending=pending)
    )
    if not text:
        return scene.offer("file_alone")
    if len(text) > QUESTION_LIMIT:
        return scene.offer("too_long", length=len(text), limit=QUESTION_LIMIT)
    return _answered(scene, pending, judged(scene, whole, place, signs), signs)


def judged(scene: Scene, text: str, place: Place | None, signs: Triage) -> Answer:
    """What the sources say, in the conversation's language; where only people can help, that they
    do not answer, so that nothing is shown before."""
    words = (place.name,) if place else ()
    tools, talk = scene.tools, scene.talk
    ask = tools.ask if signs.people else tools.aloud or tools.ask
    answer = ask(Question(text, talk.language, tools.now, talk.turns, words))
    return for_people(answer, signs)


def for_people(answer: Answer, signs: Triage) -> Answer:
    """The answer as it counts when the message itself asks for people."""
    if not signs.people:
        return answer
    verdict: Verdict = "sealed" if signs.sealed else "no_evidence"
    return replace(answer, verdict=verdict, text="", citations=())


def _answered(scene: Scene, pending: Pending, answer: Answer, signs: Triage) -> Decision:
    now = scene.tools.now
    shown = answer_text.text(answer, now)
    documents = tuple(citation.document for citation in answer.citations)
    turn = Turn(pending.question, short(shown, 400), documents)
    scene = scene.with_talk(
        replace(
            scene.talk,
            pending=replace(pending, found=_found(answer, signs.people)),
            turns=(*scene.talk.turns, turn)[-TURNS_KEPT:],
            why=_why(answer),
        )
    )
    if answer.verdict == "answered":
        return scene.answer(answer_text.body(answer, now))
    if answer.verdict == "clarify":
        scene = clarification.asking_back(scene, pending.question, answer)
        ways = (*clarification.buttons(scene.talk), *offers(scene.talk.language))
        return scene.answer(Body(shown, buttons=ways))
    if signs.people and signs.urgency == "critical":
        return hand_over(scene, say("founder.urgent", scene.talk.language))
    if signs.people and not signs.sealed:
        return scene.offer("people")
    return scene.answer(Body(shown, buttons=offers(scene.talk.language)))


def _found(answer: Answer, people: bool) -> str:
    """For staff: what the library had, and why it was not enough."""
    if not answer.findings:
        return say("staff.found_nothing", STAFF_LANGUAGE)
    passage = answer.findings[0].passage
    known = {"answered": "found_answered"}
    if passage.document.expires:
        known["expired"] = "found_expired"
    key = "found_people" if people else known.get(answer.verdict, "found_weak")
    return say(
        f"staff.{key}",
        STAFF_LANGUAGE,
        title=passage.document.title,
        heading=passage.heading[-1],
        confidence=round(100 * answer.confidence),
        expires=passage.document.expires,
    )


def _why(answer: Answer) -> str:
    """For `/why`: what was looked up and how well it fitted, in words."""
    lines = [
        say(
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
    lines.append(say("founder.why_confidence", answer.language, confidence=sure))
    return say("founder.why", answer.language, query=answer.query, lines="\n".join(lines))
