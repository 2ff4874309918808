"""A library of eight short documents, ingested by the shipped model."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path

from adapters.bootstrap import App
from adapters.settings import Settings
from knowledge.embedding.embedder import ShippedEmbedder
from knowledge.text.concepts import GLOSSARY_FOLDER, read_glossary
from knowledge.text.glossary import Glossary
from tests.harness import prepared_data

NOW = datetime.fromisoformat("2026-11-21T10:00+09:00")

FRONT_MATTER = """---
id: {id}
title: {title}
issuer: {issuer}
language: {language}
url: https://example.org/{id}
{more}
---
# {title}

"""

FREIGHT_KO = """## 물류비는 얼마까지 지원하나요?
나루 물류바우처는 기업당 한 해 최대 3천만 원까지 국제운송비를 지원합니다. 자부담은 30%입니다.
출처: https://example.org/freight (2026-10-01)

## 누가 신청할 수 있나요?
나루 물류바우처는 전년도 직접 수출액이 100만 달러 미만인 중소기업이 신청할 수 있습니다.
출처: https://example.org/freight (2026-10-01)
"""
FREIGHT_PHRASES = """document: freight
sections:
- heading: [나루 물류바우처, 누가 신청할 수 있나요?]
  generated: [물류바우처 우리도 신청되나요, 수출 80만불인데 물류바우처 되나요]
  unanswered: [물류바우처 담당자 직통번호 좀 알려주세요]
"""
FREIGHT_EN = """## How much freight support is there?
The Naru freight voucher pays up to KRW 30 million a year per firm for international transport.
The firm's own share is 30 percent.
Source: https://example.org/freight (2026-10-01)

## Who can apply?
The Naru freight voucher is for small firms with direct exports under USD 1 million last year.
Source: https://example.org/freight (2026-10-01)
"""
FREIGHT_OLD = """## 물류비는 얼마까지 지원하나요?
2025년 나루 물류바우처는 기업당 최대 2천만 원까지 국제운송비를 지원했습니다.
출처: https://example.org/freight-2025 (2025-02-01)
"""
CERTIFICATE = """## 해외인증 지원은 언제까지 신청하나요?
해외인증 1차 모집은 2026년 3월 2일부터 3월 31일까지이며, 시험비와 인증비의 70%를 지원합니다.
출처: https://example.org/certificate (2026-02-20)
"""
DEBT = """## Who collects unpaid export money for us?
The Landing Agency collects unpaid export receivables abroad, also without insurance.
The fee is 8 percent of what is collected and nothing is due if the collection fails.
Source: https://example.org/debt (2026-05)
"""
REFUND = """## Hoàn thuế giá trị gia tăng mất bao lâu?
Cơ quan thuế giải quyết hồ sơ hoàn thuế giá trị gia tăng trong 40 ngày. Doanh nghiệp nộp hồ sơ tại \
cục thuế tỉnh.
Nguồn: https://example.org/refund (2026-06-15)
"""
ORIGIN = """## 원산지 증명은 어디에 물어보나요?
원산지 증명과 FTA 활용은 상담전화 1380으로 물어볼 수 있습니다. 상담은 무료입니다.
출처: https://example.org/origin (2026-04-02)
"""
BODY = """## 협의체는 무엇을 하나요?
재외공관 협의체는 현지 진출 기업의 애로를 듣고 관계 기관과 함께 해결 방법을 찾습니다. 소송을 대신하지는 않습니다.
출처: https://example.org/body (2026-01-15)
"""

# A document that is added; its second section says whether one can still apply.
PIER = """# 부두 임대 지원
## 부두 임대료는 얼마까지 지원하나요?
부두 임대료는 300만 원까지 지원합니다.
## 부두 임대 지원을 지금 신청할 수 있나요?
아니요, 2026년 모집은 3월 2일에 마감되었습니다.
"""

# id: (title, issuer, language, further front matter, text)
DOCUMENTS: dict[str, tuple[str, str, str, str, str]] = {
    "freight": (
        "나루 물류바우처", "나루청", "ko",
        "published: 2026-10-01\nsupersedes: [freight-2025]", FREIGHT_KO,
    ),
    "freight-en": (
        "Naru freight voucher", "Naru Office", "en",
        "published: 2026-10-01\ntranslation_of: freight\nsupersedes: [freight-2025]", FREIGHT_EN,
    ),
    "freight-2025": (
        "2025년 나루 물류바우처", "나루청", "ko", "published: 2025-02-01", FREIGHT_OLD,
    ),
    "certificate": (
        "해외인증 1차 모집", "나루청", "ko",
        "published: 2026-02-20\neffective_from: 2026-03-02\nexpires: 2026-03-31", CERTIFICATE,
    ),
    "debt-en": ("Collection of export debts", "Landing Agency", "en", "published: 2026-05", DEBT),
    "refund-vi": (
        "Hoàn thuế giá trị gia tăng", "Cục Thuế", "vi", "published: 2026-06-15", REFUND,
    ),
    "origin": ("원산지 상담", "나루세관", "ko", "published: 2026-04-02", ORIGIN),
    "body": ("재외공관 협의체", "나루청", "ko", "published: 2026-01-15", BODY),
}  # fmt: skip


def write_documents(folder: Path) -> Path:
    """The documents as files an admin would ingest."""
    folder.mkdir(parents=True)
    for name, (title, issuer, language, more, text) in DOCUMENTS.items():
        head = FRONT_MATTER.format(
            id=name, title=title, issuer=issuer, language=language, more=more
        )
        (folder / f"{name}.md").write_text(head + text, encoding="utf-8")
    (folder / "phrases").mkdir()
    (folder / "phrases" / "freight.yaml").write_text(FREIGHT_PHRASES, encoding="utf-8")
    return folder


@cache
def load_glossary() -> Glossary:
    """The shipped glossary, read once: its analyser takes seconds to load."""
    return Glossary(read_glossary([GLOSSARY_FOLDER]))


@cache
def load_embedder() -> ShippedEmbedder:
    """The shipped model, loaded once."""
    return ShippedEmbedder()


def warm_up() -> None:
    """Load the model and the analyser, which takes seconds, before a test asks for them."""
    load_embedder().embed_query("ferry")
    load_glossary().analyser.tokenise("나루", "ko")


def make_app(folder: Path, embedder: ShippedEmbedder | None = None) -> App:
    """A Naru over a data folder, its clock stopped at NOW."""
    settings = Settings(data=folder, _env_file=None)
    app = App(settings, lambda: NOW, embedder_override=embedder or load_embedder())
    app.glossary = load_glossary()
    return app


@cache
def prepare_data() -> Path:
    """A data folder with the small library, embedded by the shipped model; do not write there."""
    home = tempfile.TemporaryDirectory(prefix="naru-small-")
    atexit.register(home.cleanup)
    shutil.copytree(prepare_cached_data(), Path(home.name) / "data")
    return Path(home.name) / "data"


def prepare_cached_data() -> Path:
    """The folder that all runs copy; filled now, if it never was."""
    return prepared_data.prepare_data("small", _fill_data)


def _fill_data(folder: Path, embedder: ShippedEmbedder) -> None:
    app = make_app(folder, embedder)
    with tempfile.TemporaryDirectory(prefix="naru-small-") as home:
        plan = app.ingest.plan([write_documents(Path(home) / "documents")])
        assert not plan.skipped, plan.skipped
        app.ingest.apply(plan, note="small", now=NOW)
    app.engine.dispose()


def make_extended_app(folder: Path, documents: Mapping[str, str]) -> App:
    """A copy of the small library with more documents; close its engine."""
    shutil.copytree(prepare_data(), folder / "data")
    (folder / "more").mkdir()
    for name, text in documents.items():
        (folder / "more" / f"{name}.md").write_text(text, encoding="utf-8")
    app = make_app(folder / "data")
    app.ingest.apply(app.ingest.plan([folder / "more"]), note="more", now=NOW)
    return app
