"""The search alone on a set in SQuAD's format."""

from __future__ import annotations

import json
from pathlib import Path

from adapters.evaluation.reading_sets import measure_reading_set
from knowledge.text.glossary import Glossary
from tests.fakes.hashing_embedder import HashingEmbedder


def test_the_passage_of_a_question_is_ranked(tmp_path: Path) -> None:
    contexts = ["The lighthouse burns oil.", "The pier is made of oak.", "등대는 기름을 태운다."]
    questions = [
        "What does the lighthouse burn?",
        "Which wood is the pier made of?",
        "등대는 무엇을 태우나요?",
    ]
    paragraphs = [
        {"context": context, "qas": [{"question": question}]}
        for context, question in zip(contexts, questions, strict=True)
    ]
    path = tmp_path / "set.json"
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    found = measure_reading_set(path, Glossary([]), HashingEmbedder())
    assert (found["share"], found["n"]) == (1.0, 3)
    paragraphs[0]["qas"] = [{"question": "Which wood is the pier made of?"}]  # the second's
    path.write_text(json.dumps({"data": [{"paragraphs": paragraphs}]}), encoding="utf-8")
    assert measure_reading_set(path, Glossary([]), HashingEmbedder())["share"] < 0.9
