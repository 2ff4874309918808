"""`naru doctor`: checks each part of Naru and says how to fix what fails."""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib.metadata import version

from adapters.bootstrap import App
from adapters.console.inspection import check_console
from adapters.errors import SettingsError
from adapters.messaging.clock_skew import measure_clock_skew
from adapters.serve.health import DISK_FREE_MIN_MEGABYTES, measure_free_megabytes
from adapters.serve.messengers import inspect_messengers
from adapters.serve.scheduled_sources import sources_file
from adapters.settings import read_version
from bot.errors import BotError
from bot.types import Binding
from ingest.errors import IngestError
from ingest.sources.config import read_sources
from knowledge.database.file_modes import list_readable_by_others
from knowledge.errors import KnowledgeError, WriterFailed
from knowledge.phrases.side_files import PhraseFiles
from knowledge.types import find_korean_day

MODEL_TIMEOUT_SECONDS = 20.0
CLOCK_SKEW_LIMIT_SECONDS = 60.0
SHOWN_PACKAGES = (
    "chromadb",
    "kiwipiepy",
    "numpy",
    "python-telegram-bot",
    "slack-sdk",
    "SQLAlchemy",
)


@dataclass(frozen=True, slots=True)
class CheckResult:
    """The outcome of one check; `message` says what to fix if it is not `ok`."""

    name: str
    ok: bool
    message: str


def run_checks(app: App) -> list[CheckResult]:
    """Run every check; a failed one does not stop the others."""
    checks: tuple[tuple[str, Callable[[App], str]], ...] = (
        ("database", _check_database),
        ("files", _check_files),
        ("missions", _check_missions),
        ("library", _check_library),
        ("phrases", _check_phrases),
        ("vectors", _check_vectors),
        ("sources", _check_sources),
        ("FAQs", _check_faqs),
        ("model", _check_models),
        ("inbox and outbox", _check_queues),
        ("channels", _check_channels),
        ("messengers", _check_messengers),
        ("console", check_console),
        ("rooms", _check_rooms),
        ("fonts", _check_fonts),
        ("disk", _check_disk),
        ("clock", _check_clock),
        ("versions", _check_versions),
    )
    return [_run_check(app, name, check) for name, check in checks]


def _run_check(app: App, name: str, check: Callable[[App], str]) -> CheckResult:
    try:
        return CheckResult(name, True, check(app))
    except (BotError, KnowledgeError, IngestError, SettingsError, _CheckFailed) as error:
        return CheckResult(name, False, str(error))


class _CheckFailed(Exception):
    """A check failed; the message says what to fix."""


def _check_database(app: App) -> str:
    counts = {**app.store.count_rows(), **app.catalogue.count_rows()}
    if not app.store.is_writable():
        raise _CheckFailed("it cannot be written. Check its disk or server.")
    shown = app.engine.url.render_as_string(hide_password=True)
    return f"{shown}; " + ", ".join(f"{name} {count}" for name, count in counts.items())


def _check_files(app: App) -> str:
    """Files that hold people's words and that others on this machine can read."""
    folder = app.settings.data
    wide = list_readable_by_others(folder) if folder.exists() else []
    if wide:
        raise _CheckFailed(
            f"{len(wide)} files or folders under {folder} can be read by other users of this "
            f"machine, such as {wide[0].name}: chmod -R go= {folder}"
        )
    return f"only their owner can read what is under {folder}"


def _check_missions(app: App) -> str:
    return f"{len(app.missions)} missions"


def _check_library(app: App) -> str:
    edition = app.library.get_current_edition()
    vectors = len(edition.vector_index.positions) if edition.vector_index else 0
    return (
        f"edition {edition.number}: {len(edition.documents)} documents, "
        f"{len(edition.passages)} passages, {vectors} vectors"
    )


def _check_phrases(app: App) -> str:
    """The side files of known questions; answers leave out one that cannot be read."""
    approved = PhraseFiles(app.settings.data / "phrases").read_approved()
    return f"{len(approved)} approved; `naru phrases` lists what is proposed"


def _check_vectors(app: App) -> str:
    """Vectors that a killed ingest left. Those of an edition that does not answer are missing after
    a restore, which takes nothing away: a rollback to it builds them."""
    if left := app.ingest.find_abandoned_indexes():
        raise _CheckFailed(
            f"{len(left)} sets of vectors belong to no edition ({', '.join(left)}): an ingest was "
            "killed. The next one drops them, and so does `naru prune`."
        )
    kept, rows = set(app.vector_store.list_names()), app.catalogue.list_editions()
    bare = [str(row.id) for row in rows if row.index_name not in kept and not row.active]
    later = f"; those of edition {', '.join(bare)} are built by a rollback to it" if bare else ""
    return f"of {len(rows)} editions; nothing is left over{later}"


def _check_fonts(app: App) -> str:  # noqa: ARG001
    """What this machine lacks to read every PDF. Naru works without, so it is no failure."""
    from ingest.errors import Unreadable
    from ingest.formats.pdf.ocr import find_tesseract
    from ingest.formats.pdf.reader import refuse_lost_letters

    scans = (
        "scanned pages are read"
        if find_tesseract()
        else "scanned pages are left out (install tesseract-ocr-kor)"
    )
    try:
        refuse_lost_letters()
    except Unreadable:
        return f"none is Korean: a PDF without its own is refused (install fonts-nanum); {scans}"
    return f"Korean ones are there; {scans}"


def _check_sources(app: App) -> str:
    """Sources with a problem, and documents whose source was not checked for too long."""
    listed = {one.name for one in read_sources(sources_file(app))}
    readings = app.catalogue.source_log
    wrong = [f"{row.name}: {row.problem}" for row in readings.list_sources().values()
             if row.problem and row.name in listed]  # fmt: skip
    unchecked = readings.find_unchecked_documents(
        app.catalogue.get_active_edition() or 0, app.now()
    )
    if unchecked:
        first = min(unchecked, key=unchecked.__getitem__)
        wrong.append(
            f"{len(unchecked)} documents were checked too long ago, {first} on {unchecked[first]}; "
            "`naru sources --refresh` reads their sources again."
        )
    if wrong:
        raise _CheckFailed(" ".join(wrong))
    return f"{len(listed)} are read on a schedule"


def _check_faqs(app: App) -> str:
    """Approved FAQs whose review date has passed."""
    if due := app.store.faq.list_expired(find_korean_day(app.now())):
        numbers = ", ".join(str(one.case) for one in due)
        raise _CheckFailed(
            f"The review of {numbers} is due since {due[0].review_by}: `naru faq approve N` says that "
            "it still holds, `naru faq withdraw N` takes it out."
        )
    return f"{len(app.store.faq.list_all('approved'))} are approved; no review is due"


def _check_models(app: App) -> str:
    """The embedder and, where one is set, the language model, each asked something short."""
    size = len(app.embedder.embed_query("ferry landing"))
    embedder = f"{app.embedder.name}, {size} dimensions"
    if not (name := app.settings.llm):
        return f"{embedder}; language model: none (answers are quotes)"
    from knowledge.answering.model.language_model import LanguageModel

    model = LanguageModel(name, timeout_seconds=MODEL_TIMEOUT_SECONDS, **app.settings.llm_access)
    began = time.monotonic()
    try:
        model.write_text([("user", "Answer with the word OK.")])
    except WriterFailed as error:
        raise _CheckFailed(
            f"{error} ({error.__cause__ or 'no answer'}). Check NARU_LLM, NARU_LLM_BASE_URL and "
            "NARU_LLM_API_KEY; until then answers are quotes."
        ) from error
    return f"{embedder}; language model: {name}, answered in {time.monotonic() - began:.1f} s"


def _check_queues(app: App) -> str:
    dead = app.store.inbox.count_events("dead") + app.store.outbox.count_messages("dead")
    if dead:
        raise _CheckFailed(
            f"{dead} messages could not be worked or sent; see the log and the cases."
        )
    return "no message was given up"


def _check_channels(app: App) -> str:
    settings = app.settings
    on = []
    if settings.telegram_token.get_secret_value():
        on.append("Telegram " + ("webhook" if settings.telegram_webhook_url else "polling"))
    if settings.slack_bot_token.get_secret_value():
        socket = settings.slack_app_token.get_secret_value()
        http = settings.slack_signing_secret.get_secret_value()
        if not (socket or http):
            raise _CheckFailed(
                "Slack has a bot token, but neither an app token nor a signing secret."
            )
        on.append("Slack " + ("Socket Mode" if socket else "HTTP"))
    on += ["KakaoTalk skill"] if settings.kakao_secret.get_secret_value() else []
    if settings.email_address:
        on.append(f"e-mail {settings.email_address}")
    on += ["the founders' page /ask"] if settings.web_ask else []
    return ", ".join(on) or "none is configured; `naru chat` works without"


def _check_messengers(app: App) -> str:
    """What the messengers say of the tokens, the webhook and Naru's rights in each bound room."""
    findings = inspect_messengers(app.settings, app.store.list_bindings())
    if wrong := [one.message for one in findings if not one.ok]:
        raise _CheckFailed(" ".join(wrong))
    return "; ".join(one.message for one in findings) or "none is configured"


def _check_disk(app: App) -> str:
    folder = next(
        one for one in (app.settings.data, *app.settings.data.absolute().parents) if one.exists()
    )
    free = measure_free_megabytes(folder)
    if free is not None and free < DISK_FREE_MIN_MEGABYTES:
        raise _CheckFailed(f"{free} MB are left where NARU_DATA lies. Make room there.")
    return f"{free} MB are free where NARU_DATA lies"


def _check_clock(app: App) -> str:
    """This machine's clock against a messenger's: Slack refuses what is five minutes off, and office
    hours and deadlines are read from it."""
    skew = measure_clock_skew(app.settings, app.now())
    if skew is None:
        return f"{app.now():%Y-%m-%d %H:%M} UTC; no messenger to compare it with"
    if abs(skew) > CLOCK_SKEW_LIMIT_SECONDS:
        way = "ahead" if skew > 0 else "behind"
        raise _CheckFailed(
            f"this machine's clock is {abs(skew):.0f} s {way}. Set it by NTP (timedatectl set-ntp "
            "true)."
        )
    return f"{app.now():%Y-%m-%d %H:%M} UTC, as the messenger's"


def _check_versions(app: App) -> str:  # noqa: ARG001
    packages = " ".join(f"{name} {version(name)}" for name in SHOWN_PACKAGES)
    return f"naru {read_version()}, Python {platform.python_version()}, {packages}"


def _check_rooms(app: App) -> str:
    rooms, waiting = app.store.list_bindings(), app.store.list_cases_without_room()
    if refusing := _list_refusing_rooms(app, rooms):
        raise _CheckFailed(" ".join(refusing))
    if waiting:
        raise _CheckFailed(
            f"{len(waiting)} open cases are seen by nobody. Bind a room: "
            "naru bind domestic slack:C0123"
        )
    return f"{len(rooms)} bodies are bound"


def _list_refusing_rooms(app: App, rooms: Sequence[Binding]) -> list[str]:
    """A sentence for each room and person that refuses, with what waits for it."""
    rows, sentences = app.store.outbox.list_waiting(), dict[tuple[str, str], str]()
    for hold in app.store.outbox.list_refusals():
        place = (hold.channel, hold.chat)
        count = sum((row.channel, row.address.chat) == place for row in rows)
        bodies = [room.mission for room in rooms if (room.channel, room.chat) == place]
        name = f"the room of {', '.join(bodies)}" if bodies else f"a chat on {hold.channel}"
        if count:
            sentences[place] = (
                f"{count} messages wait for {name} since {hold.since:%Y-%m-%d %H:%M} UTC "
                f"({hold.reason}); it is tried again at {hold.until:%H:%M}."
            )
    return list(sentences.values())
