"""The life of one message: read this first.

A worker claims a lane's oldest events, parses them into messages, loads what is remembered,
decides, and writes everything in one transaction. The decision is made outside the transaction;
if the conversation or the case was changed by somebody else before the commit, it is made again.

See docs/decisions/0001-inbox-and-outbox-as-two-database-tables.md
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import partial

from bot.admin import library_commands, library_tasks
from bot.admin.alerts import report_lost_event
from bot.admin.console import signing
from bot.admin.console.acts import ConsoleDesk
from bot.admin.directory import Directory
from bot.admin.library_service import LibraryService
from bot.admin.officers import list_officer_chats, may_read_sealed
from bot.admin.people import blocking
from bot.admin.seats.absence import AWAY_KEY_PREFIX, decide_absence_timer
from bot.admin.staff_rooms import StaffRooms
from bot.cases.reminders.escalation import decide_case_timer
from bot.cases.reminders.timers import parse_timer
from bot.context import (
    NO_BRIDGE,
    Decision,
    LanguageBridge,
    PlaceFinder,
    PreviewStarter,
    QuestionRate,
    Services,
    ShowPreview,
    Turn,
    WatchStep,
    answer_or_fail,
    find_no_section,
    find_no_topic,
    find_or_skip,
    show_no_section,
    watch_nothing,
)
from bot.delivery.completing import complete_decision
from bot.errors import Conflict, TooEarly, WorkerLost
from bot.founder import public_place
from bot.founder.acquaintance import begin_conversation
from bot.founder.opening.talk_timer import decide_talk_timer
from bot.founder.privacy.consents import hide_from_model, may_use
from bot.founder.turn import decide_founder_turn
from bot.messages import Address, ChannelLimits, LibraryTask, Message
from bot.missions.missions import Missions
from bot.store import InboxRow, Store
from bot.store.inbox import CLOCK_CHANNEL, INBOX_MAX_TRIES, LIBRARY_TASK_PREFIX
from bot.store.lane import EventParser, LaneReader, compose_message
from bot.store.lease import hold_lease
from bot.store.serialisation import describe_error, load_library_task
from bot.types import EmbedText, FounderRules, RetentionPeriods, TopicName
from knowledge.phrases.phrase import SectionName
from knowledge.types import Answer, Language, Offer, Question, find_korean_day

log = logging.getLogger(__name__)

MAX_DECISION_TRIES = 3  # of one message, when others commit first
FRESH = timedelta(seconds=1)  # what was read before a decision is not read again for its timers
POSTPONE_DELAY = timedelta(milliseconds=200)


@dataclass(frozen=True, slots=True)
class WorkResult:
    """Events were handled; `to_acknowledge` is a message to mark as passed on, if there is one."""

    to_acknowledge: Message | None


@dataclass(frozen=True, slots=True)
class Assistant:
    """Handles events of the inbox.

    `parser_for` gives a channel's parser of raw events; `admins` are "channel:user"; `directory`
    looks up people and rooms at their messenger; `library_service` is called when an admin needs
    it; `previews`, where there are any, and `limits` are by channel; `languages` is for two of them.
    """

    store: Store
    ask: Callable[[Question, ShowPreview | None], Answer]
    missions: Missions
    places: PlaceFinder
    parser_for: Callable[[str], EventParser]
    admins: frozenset[str]
    library_service: Callable[[], LibraryService]
    now: Callable[[], datetime]
    previews: Mapping[str, PreviewStarter]
    limits: Mapping[str, ChannelLimits]
    directory: Directory
    retention: RetentionPeriods = field(default_factory=RetentionPeriods)
    question_rate: QuestionRate = field(default_factory=QuestionRate)
    rules: FounderRules = field(default_factory=FounderRules)
    show_section: Callable[[Question, Offer], Answer] = show_no_section
    find_linked_section: Callable[[str], SectionName | None] = find_no_section
    list_samples: Callable[[Language, date], Sequence[Offer]] = lambda _language, _day: ()
    embed_text: EmbedText | None = None
    find_topic: Callable[[str, Language], TopicName] = find_no_topic
    emergency_route: Address | None = None
    languages: LanguageBridge = NO_BRIDGE
    watch: WatchStep = watch_nothing
    console_address: str = ""

    def work_lane(self, owner: str, channels: Sequence[str] | None = None) -> WorkResult | None:
        """Handle the oldest events of one lane; None when nothing was waiting.

        `owner` names this worker in leases; `channels` are those it works for (None: all). An
        event that fails is logged and retried later; only the store's own errors are raised.
        """
        reader = LaneReader(self.store, self.parser_for, self.now)
        rows = reader.sort_rows(self.store.inbox.claim(owner, self.now(), channels))
        if not rows:
            return None
        group: Sequence[InboxRow] = rows[:1]
        try:
            if rows[0].attempts >= INBOX_MAX_TRIES:  # its workers did not live to give it up
                lost = WorkerLost(f"{rows[0].attempts} workers died or hung over it")
                self._handle_failure(group, owner, lost)
                return WorkResult(None)
            group, message = reader.read_message(rows)
            return WorkResult(self._handle_group(group, message, owner))
        except (Conflict, TooEarly) as error:
            log.info("postponed: %s", error)
            self.store.inbox.postpone(group, owner, self.now() + POSTPONE_DELAY)
        except Exception as error:  # one message that fails must not stop its lane
            log.exception("event %s of %s failed", group[0].seq, group[0].channel)
            self._handle_failure(group, owner, error)
        finally:
            if rest := [row for row in rows if row not in group]:
                self.store.inbox.release(rest, owner)
        return WorkResult(None)

    def _handle_group(
        self, group: Sequence[InboxRow], message: Message | None, owner: str
    ) -> Message | None:
        """Decide by the kind of event (timer, library task or message) and commit."""
        if group[0].channel == CLOCK_CHANNEL:
            decide_timer = partial(self._decide_timer, group[0].payload)
            return self._decide_and_commit(group, owner, decide_timer)
        if group[0].channel.startswith(LIBRARY_TASK_PREFIX):
            task = load_library_task(group[0].payload)
            with hold_lease(self.store.inbox, group, owner, self.now):
                return self._decide_and_commit(group, owner, lambda _: self._run_library_task(task))
        if message is None:
            self.store.inbox.ignore(group[0], owner, "nothing to do", self.now())
            return None
        decide_message = partial(self._decide_message, compose_message(message))
        return self._decide_and_commit(group, owner, decide_message)

    def _decide_and_commit(
        self, group: Sequence[InboxRow], owner: str, decide: Callable[[Services], Decision]
    ) -> Message | None:
        """Decide and commit, again when somebody else committed first. Raises Conflict in the end."""
        for attempt in range(1, MAX_DECISION_TRIES + 1):
            try:
                with self.watch("decide", group[0].channel):
                    services = self.build_services()
                    refresh = partial(self._refresh, services)
                    decision = complete_decision(decide(services), refresh, self.limits)
                with self.watch("commit", group[0].channel, group[0].received_at):
                    self.store.commit(group, owner, decision, self.now())
                if decision.erase_account in self.admins:
                    self.library_service().forget_uploads(decision.erase_account)
            except Conflict:
                if attempt == MAX_DECISION_TRIES:
                    raise
            else:
                return decision.to_acknowledge
        return None

    def _decide_message(self, message: Message, services: Services) -> Decision:
        """Whose message it is, an admin's, a staff member's or a founder's, and its decision."""
        is_admin = message.account in self.admins and not message.is_unverified
        rooms = StaffRooms(self.store, self.directory, services)
        desk = ConsoleDesk(self.store, services, self.console_address, self.library_service, rooms)
        if message.from_console:
            return desk.decide(message, is_admin=is_admin)
        if (anywhere := rooms.decide_anywhere(message, is_admin)) is not None:
            return anywhere
        if blocking.is_about_block(message):
            return blocking.decide_block(services, message, self.admins)
        conversation = services.find_conversation(message.conversation)
        begun = conversation or begin_conversation(message, services.list_conversations)
        if signing.is_about_signing(message):
            return desk.decide_signing(message, begun, is_admin=is_admin)
        admin_turn = library_commands.AdminTurn(message, begun, is_admin, self.library_service)
        if library_commands.is_about_library(admin_turn):
            return library_commands.decide_library_command(admin_turn)
        if (in_room := rooms.decide(message, is_admin)) is not None:
            return in_room
        if not message.private and not public_place.is_for_naru(message, conversation):
            return Decision(forget_message=True)
        remembered = library_commands.stop_waiting_for_files(admin_turn)
        turn = Turn(self._add_preview(services, message), remembered, message)
        decide = decide_founder_turn if message.private else public_place.decide_public_turn
        decision = blocking.refuse_blocked(turn) or decide(turn)
        greeting = rooms.greet_officer(remembered) if conversation is None else ()
        return replace(decision, outgoing=(*decision.outgoing, *greeting))

    def _decide_timer(self, key: str, services: Services) -> Decision:
        """What a timer of a case, an absence or a conversation leads to."""
        if parse_timer(key):
            return decide_case_timer(services, key)
        if key.startswith(AWAY_KEY_PREFIX):
            return decide_absence_timer(services, key)
        return decide_talk_timer(services, key)

    def _run_library_task(self, task: LibraryTask) -> Decision:
        """Run an admin's task, unless a later one replaced it. A second run changes nothing."""
        if library_tasks.is_overtaken(task, self.store.find_conversation(task.to.lane)):
            return Decision()
        return library_tasks.run_task(task, self.library_service())

    def _refresh(self, services: Services) -> Services:
        """Services as of now: other ones where a decision took long, as it asked the library."""
        return services if self.now() - services.now <= FRESH else self.build_services()

    def build_services(self) -> Services:
        """What a decision may look up and ask, as of now."""
        store, bindings = self.store, tuple(self.store.list_bindings())
        members, talks = store.staff.list_members, store.list_conversations
        list_chats = partial(
            list_officer_chats, list_conversations=talks, limits=self.limits, rooms=bindings
        )
        services = Services(
            ask=lambda question: self._ask_library(question, None),
            missions=self.missions.with_hours(store.seats.list_hours()),
            places=self.places,
            now=self.now(),
            bindings=bindings,
            reserve_case_number=lambda: store.reserve_case_number(self.now()),
            get_case=store.get_case,
            list_cases=lambda conversation: store.list_cases(conversation=conversation),
            list_lines=store.list_lines,
            list_threads=store.list_staff_threads,
            list_log=store.list_log,
            list_merged=store.list_merged,
            list_linked=store.list_linked,
            find_faq=store.faq.find,
            list_insights=store.insights.list_insights,
            limits=self.limits,
            find_duty_officers=lambda mission: list_chats(
                filter(may_read_sealed, members(mission))
            ),
            find_leads=lambda mission: list_chats(one for one in members(mission) if one.is_lead),
            find_private_chats=list_chats,
            list_seats=store.seats.list_seats,
            find_topic=self.find_topic,
            list_joined=store.list_joined,
            emergency_route=self.emergency_route,
            list_conversations=store.list_conversations,
            find_conversation=store.find_conversation,
            list_current_threads=store.list_current_threads,
            list_open_cases=lambda: store.list_cases(open_only=True),
            list_sealed_cases=lambda: [one for one in store.list_cases() if one.sealed],
            retention=self.retention,
            question_rate=self.question_rate,
            rules=self.rules,
            people=store.people,
            keep_file=lambda name, mime, data: store.desk_files.add(name, mime, data, self.now()),
            show_section=lambda q, at: answer_or_fail(q, lambda: self.show_section(q, at)),
            find_linked_section=lambda text: find_or_skip(text, self.find_linked_section),
            list_samples=lambda language: self.list_samples(language, find_korean_day(self.now())),
            embed_text=self.embed_text,
            founders=store.founders,
            languages=self.languages,
        ).read_once()
        return replace(services, has_consent=partial(may_use, services))

    def _add_preview(self, services: Services, message: Message) -> Services:
        """Services that show an answer to the sender while it is written, where the channel can."""
        start = self.previews.get(message.channel)
        ask = partial(self._ask_previewed, start, message) if start else None
        return hide_from_model(replace(services, ask_with_preview=ask), message.account)

    def _ask_previewed(self, start: PreviewStarter, message: Message, question: Question) -> Answer:
        with start(message, question.language) as show:
            return self._ask_library(question, show)

    def _ask_library(self, question: Question, show: ShowPreview | None) -> Answer:
        """The library's answer; one that offers a person while it cannot be asked."""
        return answer_or_fail(question, lambda: self.ask(question, show))

    def _handle_failure(self, group: Sequence[InboxRow], owner: str, error: Exception) -> None:
        """Retry each event by itself; after its last try it is buried, and desk or admin are told."""
        for row in group:
            if row.attempts + 1 < INBOX_MAX_TRIES:
                self.store.inbox.retry(row, owner, describe_error(error), self.now())
                continue
            notices = report_lost_event(row, error, self.store.list_bindings())
            self.store.bury_event(row, owner, describe_error(error), notices, self.now())
