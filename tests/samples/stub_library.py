"""A library of three short documents, and a model that needs no weights."""

from __future__ import annotations

import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np

from knowledge.embedding.embedder import Vectors

FREIGHT_QUESTION = "수출 물류비를 지원받을 수 있나요?"
FREIGHT_ANSWER = "물류전용 수출바우처로 국제운송비를 지원합니다."
CERTIFICATE_QUESTION = "해외 인증 비용은 얼마까지 지원되나요?"
CERTIFICATE_ANSWER = "해외 인증 비용은 최대 3천만 원까지 지원합니다."
UNANSWERABLE_QUESTION = (
    "오로라 관측 여행의 항공권을 대신 예약해 줄 수 있나요?"  # no document answers it
)

FRONT_MATTER = """---
id: {id}
title: {title}
issuer: 중소벤처기업부
language: ko
url: https://www.mss.go.kr/{id}
published: 2026-10-01
topics: [test]
---
# {title}

"""
DOCUMENTS = {
    "freight": (
        "물류전용 수출바우처",
        f"## {FREIGHT_QUESTION}\n네. {FREIGHT_ANSWER} 한 기업이 한 해에 2,000만 원까지 받습니다.\n"
        "출처: https://www.mss.go.kr/freight (2026-10-01)\n",
    ),
    "certificate": (
        "해외규격인증획득지원",
        f"## {CERTIFICATE_QUESTION}\n{CERTIFICATE_ANSWER} 소요 비용의 70%가 한도입니다.\n"
        "출처: https://www.mss.go.kr/certificate (2026-10-01)\n",
    ),
    "body": (
        "재외공관 지원협의체",
        "## 지원협의체는 어떤 곳인가요?\n재외공관의 중소벤처기업 지원협의체는 현지 기관과 전문가가 "
        "함께 애로를 푸는 곳입니다.\n출처: https://www.mss.go.kr/body (2026-10-01)\n",
    ),
}


def write_library(folder: Path, documents: Mapping[str, tuple[str, str]] = DOCUMENTS) -> Path:
    folder.mkdir()
    for name, (title, text) in documents.items():
        head = FRONT_MATTER.format(id=name, title=title)
        (folder / f"{name}.md").write_text(head + text, encoding="utf-8")
    return folder


class BigramEmbedder:
    """Texts with the same pieces of words lie near each other."""

    name = "hashing"

    def embed_passages(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None
    ) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, text: str) -> Vectors:
        vector = np.zeros(64, np.float32)
        for start in range(len(text) - 1):
            vector[zlib.crc32(text[start : start + 2].encode()) % 64] += 1
        length = float(np.linalg.norm(vector)) or 1.0
        scaled: Vectors = (vector / length).astype(np.float32)
        return scaled
