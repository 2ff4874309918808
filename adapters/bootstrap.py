"""Composition root: the only module that knows every concrete class.

Each part is built when it is first used.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING

from knowledge.database.process_owner import is_process_gone, make_owner_id

if TYPE_CHECKING:
    from pathlib import Path

    from adapters.evaluation.plan_diff import PlanDiffer
    from adapters.messaging.directory import MessengerDirectory
    from adapters.settings import Settings
    from adapters.uploads.faq_shelf import FaqShelf
    from adapters.uploads.library_keeper import LibraryKeeper
    from adapters.uploads.library_service import ChatLibraryService
    from adapters.uploads.retention import UploadRetention
    from adapters.uploads.upload_store import UploadStore
    from bot.assistant import Assistant
    from bot.context import Services
    from bot.messages import File
    from bot.missions.missions import Missions
    from bot.places.gazetteer import Gazetteer
    from bot.store import Store
    from ingest.pipeline import IngestPipeline
    from ingest.sources.page_store import PageStore
    from ingest.sources.schedule import Schedule
    from ingest.web.fetch import WebClient
    from knowledge.answering.interpreter import Interpreter
    from knowledge.catalogue import Catalogue, Engine
    from knowledge.chain import Chain
    from knowledge.embedding.embedder import Embedder
    from knowledge.retrieval.library import Library
    from knowledge.retrieval.retriever import Retriever
    from knowledge.retrieval.vector_store import VectorStore
    from knowledge.text.glossary import Glossary

TERMINAL_ADMIN_ID = "terminal:me"  # the user of the command line is an admin


def utc_now() -> datetime:
    """The current time in UTC."""
    return datetime.now(UTC)


def refuse_file(file: File) -> bytes:
    """Stand-in for a messenger's download where none is connected. Raises DeliveryRefused."""
    from bot.errors import DeliveryRefused

    raise DeliveryRefused(f"{file.name} is on {file.channel}, which is not connected")


@dataclass
class App:
    """Naru, wired. Every choice is a constructor argument; nothing is assigned afterwards.

    `fetch_file` downloads a file from the messenger it was sent on and is called from worker
    threads. `exam_files` are asked of every plan made in a chat; without any, none is compared.
    """

    settings: Settings
    now: Callable[[], datetime] = utc_now
    embedder_override: Embedder | None = None
    fetch_file: Callable[[File], bytes] = refuse_file
    exam_files: Sequence[Path] = ()
    owner: str = field(default_factory=make_owner_id)

    @cached_property
    def engine(self) -> Engine:
        """The database engine of NARU_DATABASE_URL. Raises StoreUnavailable if it cannot be opened."""
        from knowledge.catalogue import open_engine

        return open_engine(self.settings.resolved_database_url)

    @cached_property
    def store(self) -> Store:
        """The bot's tables, migrated."""
        from bot.store import Store

        return Store(self.engine)

    @cached_property
    def catalogue(self) -> Catalogue:
        """The library's tables, migrated."""
        from knowledge.catalogue import Catalogue

        return Catalogue(self.engine)

    @cached_property
    def glossary(self) -> Glossary:
        """The shipped glossary with the files of NARU_DATA/glossary. Raises GlossaryBroken."""
        from knowledge.text.concepts import GLOSSARY_FOLDER, read_glossary
        from knowledge.text.glossary import Glossary

        return Glossary(read_glossary([GLOSSARY_FOLDER, self.settings.data / "glossary"]))

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model. Raises EmbedderMissing when it first embeds and is not there."""
        from knowledge.embedding.embedder import make_embedder

        return self.embedder_override or make_embedder(self.settings.embedder)

    @cached_property
    def vector_store(self) -> VectorStore:
        """The vector indexes, in NARU_DATA/index or on a Chroma server."""
        from knowledge.retrieval.vector_store import VectorStore

        return VectorStore(self.settings.data / "index", self.settings.chroma_url or None)

    @cached_property
    def library(self) -> Library:
        """The documents and passages of the editions, with the vector indexes to search them."""
        from knowledge.phrases.side_files import PhraseFiles
        from knowledge.retrieval.library import Library

        phrases = PhraseFiles(self.settings.data / "phrases")
        return Library(self.catalogue, self.vector_store, self.embedder, self.glossary,
                       phrase_source=phrases)  # fmt: skip

    @cached_property
    def chain(self) -> Chain:
        """Answers questions, worded by a language model if one is set."""
        from knowledge.answering.model.writer import ModelWriter
        from knowledge.chain import Chain

        name, access = self.settings.llm, self.settings.llm_access
        writer = ModelWriter(name, **access) if name else None
        return Chain(self.library, writer)

    @cached_property
    def interpreter(self) -> Interpreter:
        """Translates messages with the language model, if one is set, or tells their key terms."""
        from knowledge.answering.interpreter import Interpreter
        from knowledge.answering.model.translation import Translator

        name, access = self.settings.llm, self.settings.llm_access
        return Interpreter(lambda: self.glossary, Translator(name, **access) if name else None)

    @cached_property
    def library_keeper(self) -> LibraryKeeper:
        """Asks the chain, and rebuilds lost vectors."""
        from adapters.uploads.library_keeper import LibraryKeeper

        return LibraryKeeper(self.catalogue, lambda: self.chain, lambda: self.ingest)

    @cached_property
    def retriever(self) -> Retriever:
        """Finds passages for a question, without weighing them."""
        from knowledge.retrieval.retriever import Retriever

        return Retriever(self.glossary, self.embedder)

    @cached_property
    def plan_differ(self) -> PlanDiffer:
        """Compares a plan with the active edition. Its chain has no language model."""
        from adapters.evaluation.plan_diff import PlanDiffer
        from knowledge.chain import Chain

        return PlanDiffer(self.ingest, Chain(self.library), self.build_services, self.exam_files,
                          lambda: self.store.list_cases())  # fmt: skip

    @cached_property
    def ingest(self) -> IngestPipeline:
        """Plans, applies and prunes editions."""
        from ingest.pipeline import IngestPipeline

        return IngestPipeline(self.catalogue, self.vector_store, self.embedder,
                              lambda: self.library, self.owner)  # fmt: skip

    @cached_property
    def web(self) -> WebClient:
        """Fetches public web pages."""
        from ingest.web.fetch import WebClient

        return WebClient(self.settings.contact)

    @cached_property
    def page_store(self) -> PageStore:
        """The pages fetched from sources, in NARU_DATA/sources."""
        from ingest.sources.page_store import PageStore

        return PageStore(self.settings.data / "sources", self.web)

    @cached_property
    def source_schedule(self) -> Schedule:
        """Reads the sources that are due."""
        from ingest.sources.schedule import Schedule

        return Schedule(self.ingest, self.page_store, self.owner, self.now)

    @cached_property
    def missions(self) -> Missions:
        """All missions. Raises MissionsBroken if missions.yaml is inconsistent."""
        from bot.missions.missions import Missions

        return Missions.load()

    @cached_property
    def places(self) -> Gazetteer:
        """The gazetteer; reads its names when first asked."""
        from bot.places.gazetteer import Gazetteer

        return Gazetteer(self.missions)

    @cached_property
    def library_service(self) -> ChatLibraryService:
        """The library tasks of chats."""
        from adapters.uploads.library_service import ChatLibraryService

        return ChatLibraryService(
            self.ingest, self.page_store, self.upload_store, self.now,
            lambda plan: self.plan_differ.compare(plan), self.upload_retention.expire_uploads,
            self.settings.data / "sources.yaml",
            lambda source: self.source_schedule.build_root(source),
            self.faq_shelf.publish,
        )  # fmt: skip

    @cached_property
    def faq_shelf(self) -> FaqShelf:
        """The documents made of approved drafts, in NARU_DATA/faq."""
        from adapters.uploads.faq_shelf import FaqShelf

        return FaqShelf(self.settings.data / "faq", self.ingest, self.store.faq, self.missions,
                        self.now)  # fmt: skip

    @cached_property
    def upload_store(self) -> UploadStore:
        """The uploads of admins, in NARU_DATA/uploads."""
        from adapters.uploads.upload_store import UploadStore

        return UploadStore(self.settings.data / "uploads", self.fetch_file)

    @cached_property
    def upload_retention(self) -> UploadRetention:
        """Deletes old editions and uploads."""
        from adapters.uploads.retention import UploadRetention

        list_tasks = self.store.inbox.list_open_tasks
        return UploadRetention(
            self.ingest, self.upload_store, lambda: {task.token for task in list_tasks()},
            self.settings.retention.uploads, self.store.list_cases,
        )  # fmt: skip

    @cached_property
    def assistant(self) -> Assistant:
        """An assistant without previews; who has a screen replaces them in a copy."""
        from adapters.platforms import list_limits, select_parser
        from bot.admin.desk.topics import TopicFinder
        from bot.assistant import Assistant

        return Assistant(
            store=self.store,
            ask=lambda question, show: self.library_keeper.ask(question, show),
            missions=self.missions, places=self.places,
            parser_for=select_parser,
            admins=self.settings.admin_ids | {TERMINAL_ADMIN_ID},
            library_service=lambda: self.library_service, now=self.now, previews={},
            limits=list_limits(has_console=bool(self.settings.console_port)),
            directory=self.directory,
            retention=self.settings.retention,
            question_rate=self.settings.question_rate,
            rules=self.settings.founder_rules,
            show_section=lambda question, offer: self.library_keeper.show_section(question, offer),
            find_linked_section=lambda text: self.library_keeper.find_linked_section(text),
            list_samples=lambda language, day: self.library_keeper.list_samples(language, day),
            embed_text=lambda text: self.library_keeper.embed_text(text),
            find_topic=lambda text, language: TopicFinder(self.glossary).name_in(text, language),
            emergency_route=self.settings.emergency_address,
            languages=self.interpreter, console_address=self.settings.console_address,
        )  # fmt: skip

    @cached_property
    def directory(self) -> MessengerDirectory:
        """People and rooms of the messengers, once the service has connected them."""
        from adapters.messaging.directory import MessengerDirectory

        return MessengerDirectory()

    def build_services(self) -> Services:
        """What a decision made from the command line may read; asking raises KnowledgeError."""
        return replace(self.assistant.build_services(), ask=self.library_keeper.ask)

    def recover_abandoned_work(self, is_absent: Callable[[str], bool] = lambda _: False) -> None:
        """Release what dead processes of this machine hold in inbox, outbox and source log, in the first
        two also what owners hold that `is_absent`, and what a clock that was ahead put off."""
        is_gone = partial(is_process_gone, me=self.owner)
        self.catalogue.source_log.recover_leases(is_gone)
        for queue in (self.store.inbox, self.store.outbox):
            queue.recover_leases(lambda owner: is_gone(owner) or is_absent(owner))
            queue.recall(self.now())
