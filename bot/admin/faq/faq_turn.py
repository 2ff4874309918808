"""What staff and admins do with a draft in a case's thread, and admins in the desk's room."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.admin.faq.draft import build_draft
from bot.admin.faq.draft_text import render_draft
from bot.admin.faq.duplicates import find_duplicates
from bot.admin.faq.form import BadForm, read_form, split_head
from bot.admin.faq.states import ADMIN_ACTS, may_be_published, settle
from bot.buttons import FaqPress, is_number, parse_faq_key
from bot.cases.card import thread_address
from bot.cases.linked.asking import copies_sealed
from bot.cases.rooms import STAFF_LANGUAGE, find_staff_language, find_staff_room
from bot.cases.states import may_become_faq
from bot.context import Decision, Services
from bot.errors import UnknownCase
from bot.messages import Address, Content, LibraryTask, Message, Outgoing
from bot.phrases import render_phrase
from bot.types import DOMESTIC, Case, FaqAct, FaqDraft, StaffThread
from knowledge.types import Language

FAQ_COMMAND = "faq"
_WORDS: dict[str, FaqAct] = {
    "제출": "submit", "submit": "submit", "승인": "approve", "approve": "approve",
    "반려": "refuse", "refuse": "refuse", "철회": "withdraw", "withdraw": "withdraw",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class FaqTurn:
    """One message about a draft in a room of staff, in a case's `thread` or in none. `find_draft` takes
    a case's number, `list_drafts` gives those that are not refused or withdrawn."""

    services: Services
    message: Message
    thread: StaffThread | None
    is_staff: bool
    is_admin: bool
    find_draft: Callable[[int], FaqDraft | None]
    list_drafts: Callable[[], Sequence[FaqDraft]]

    @property
    def account(self) -> str:
        """Who wrote: "channel:user"."""
        return self.message.account

    @property
    def address(self) -> Address:
        """Where replies go: the thread, else where the message was written."""
        if self.thread is not None:
            return thread_address(self.thread)
        return Address(self.message.channel, self.message.chat, self.message.thread)

    @property
    def language(self) -> Language:
        """The language in which the sender is answered."""
        return find_staff_language(self.message)

    def tell(self, key: str, **values: object) -> Outgoing:
        """The phrase `faq.KEY` where the message was written."""
        text = render_phrase(f"faq.{key}", self.language, **values)
        return Outgoing(self.address, Content(text))

    def say(self, key: str, **values: object) -> Decision:
        """Only the phrase `faq.KEY`."""
        return Decision(outgoing=(self.tell(key, **values),))

    def show(self, draft: FaqDraft, *notes: str, is_here: bool = True) -> Content:
        """The draft with what answers it already and a button for each act; `is_here` says whether
        it is shown in the thread of its case, where it can be changed."""
        found = find_duplicates(
            draft, self.services.ask, self.list_drafts(), self.services.now
        )  # fmt: skip
        return render_draft(draft, found, notes, is_here=is_here)


def is_about_faq(message: Message) -> bool:
    """Whether a message in a room is about a draft: a button, `/faq`, or a draft that is sent back."""
    if message.kind == "button":
        return parse_faq_key(message.text) is not None
    if message.kind == "command":
        return message.command == FAQ_COMMAND
    return message.kind in ("text", "edit") and split_head(message.text) is not None


def decide_faq(turn: FaqTurn) -> Decision:
    """Everything that one message about a draft leads to. Raises UnknownMission for a case whose
    mission is no longer listed."""
    press = _read_act(turn)
    if press is None:
        return turn.say("no_case_here")
    if turn.thread is None and press.act not in ADMIN_ACTS:
        return turn.say("no_case_here")
    if turn.thread is not None and press.case != turn.thread.case:
        return turn.say("other_case", number=turn.thread.case)
    try:
        case = turn.services.get_case(press.case)
    except UnknownCase:
        return turn.say("no_case_here")
    draft = turn.find_draft(case.number)
    if press.act in ADMIN_ACTS and not turn.is_admin:
        audit = (turn.account, f"faq {press.act} {case.number}: refused, no admin")
        return replace(turn.say("admins_only"), audit=audit)
    if draft is None:
        return _make(turn, case)
    text = _read_text(turn.message)
    if press.act == "make":
        if text:
            return _edit(turn, draft, text)
        return Decision(outgoing=(Outgoing(turn.address, turn.show(draft), case=case.number),))
    return _settle(turn, case, draft, press.act)


def _read_act(turn: FaqTurn) -> FaqPress | None:
    """What is asked for which case; None in a room where no case is named."""
    if turn.message.kind == "button":
        return parse_faq_key(turn.message.text)
    words = turn.message.text.split() if turn.message.kind == "command" else []
    number = next((int(one.lstrip("#")) for one in words[1:2] if is_number(one.lstrip("#"))), None)
    number = turn.thread.case if turn.thread else number
    if number is None:
        return None
    act = _WORDS.get(words[0].lower()) if words and len(words) <= 2 else None
    return FaqPress(act or "make", number)


def _read_text(message: Message) -> str:
    """The draft that is sent back, "" for none."""
    if message.kind == "button":
        return ""
    if message.kind == "command":
        return message.text.strip()
    return split_head(message.text) or ""


def _make(turn: FaqTurn, case: Case) -> Decision:
    if not may_become_faq(case):
        return turn.say("not_offered")
    services, missions = turn.services, turn.services.missions
    draft = build_draft(
        case, services.list_lines(case.number), services.list_merged(case.number),
        missions.get(case.mission), turn.account, services.now, turn.services.find_today(case.mission),
        lambda one: services.find_topic(one.question, one.language).id,
    )  # fmt: skip
    if draft is None:
        return turn.say("no_reply_yet")
    check = render_phrase("faq.check_names", STAFF_LANGUAGE)
    shown = Outgoing(turn.address, turn.show(draft, check), case=case.number)
    return Decision(
        faq=draft, outgoing=(shown,), audit=(turn.account, f"faq {case.number}: made")
    )  # fmt: skip


def _edit(turn: FaqTurn, draft: FaqDraft, text: str) -> Decision:
    today = turn.services.find_today(draft.mission)
    opened = settle(draft, "edit", turn.account, today)
    if opened is None:
        return turn.say("not_now", state=_render_state(draft, turn.language))
    try:
        changed = read_form(text, opened, today)
    except BadForm as error:
        return turn.say(f"bad_{error.problem}", value=error.value)
    if copies_sealed(turn.services, text):
        return turn.say("founder_words")
    shown = Outgoing(turn.address, turn.show(changed), case=draft.case)
    return Decision(
        faq=changed, outgoing=(shown,), audit=(turn.account, f"faq {draft.case}: edited")
    )  # fmt: skip


def _settle(turn: FaqTurn, case: Case, draft: FaqDraft, act: FaqAct | str) -> Decision:
    wanted: FaqAct | None = next((one for one in _WORDS.values() if one == act), None)
    today = turn.services.find_today(draft.mission)
    after = settle(draft, wanted, turn.account, today) if wanted else None
    if after is None:
        return turn.say("not_now", state=_render_state(draft, turn.language))
    if wanted in ("submit", "approve") and not may_be_published(draft, case):
        return turn.say("not_offered")  # it was opened again, or sealed, since the draft was made
    told = turn.tell(f"done_{wanted}", number=draft.case)
    decision = Decision(
        faq=after, outgoing=(told,), audit=(turn.account, f"faq {draft.case}: {after.state}")
    )
    if wanted == "submit":
        return replace(decision, outgoing=(told, *_ask_admins(turn, after)))
    thread = turn.services.find_current_thread(draft.case)
    home = thread_address(thread) if thread and turn.thread is None else None
    if home:  # an admin settled it in the desk's room: the body hears of it in its own
        decision = replace(decision, outgoing=(told, replace(told, to=home, case=draft.case)))
    if wanted == "refuse":
        return decision
    task = LibraryTask(
        "faq", turn.account, turn.address, STAFF_LANGUAGE, token=f"faq{draft.case}", also_to=home
    )
    return replace(decision, task=task)


def _ask_admins(turn: FaqTurn, draft: FaqDraft) -> list[Outgoing]:
    """The submitted draft with the buttons of admins: in the thread and, where it is another, in the
    desk's room."""
    asked = [Outgoing(turn.address, turn.show(draft), case=draft.case)]
    desk = find_staff_room(DOMESTIC, turn.services.bindings)
    if desk and (desk.channel, desk.chat) != (turn.message.channel, turn.message.chat):
        content = turn.show(draft, is_here=False)
        asked.append(Outgoing(Address(desk.channel, desk.chat), content, case=draft.case))
    return asked


def _render_state(draft: FaqDraft, language: Language) -> str:
    return render_phrase(f"faq.state_{draft.state}", language)
