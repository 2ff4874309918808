"""Prints how many paraphrased questions approved FAQs contain, for a file of cases.

    NARU_DATA=copy python -m tests.harness.measure_faqs CASES.yaml

See adapters/evaluation/faq_containment.py for the form of the file. The FAQs stay in NARU_DATA.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from adapters.cli.options import build_app
from adapters.evaluation.faq_containment import measure_containment
from knowledge.text.yaml_text import parse_yaml


def main(path: Path) -> None:
    """Measure on the file at `path` and print JSON."""
    entries = parse_yaml(path.read_text(encoding="utf-8"))
    print(json.dumps(measure_containment(build_app(), entries), ensure_ascii=False, indent=1))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
