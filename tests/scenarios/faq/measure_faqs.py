"""Prints how many paraphrased questions approved FAQs contain, for a file of cases.

    NARU_DATA=copy python -m tests.scenarios.faq.measure_faqs CASES.yaml

See adapters/serve/desk/faq_containment.py for the form of the file. The FAQs stay in NARU_DATA.
"""

from __future__ import annotations

import sys
from pathlib import Path

from adapters.cli.options import build_app
from adapters.cli.output import print_json
from adapters.serve.desk.faq_containment import measure_containment
from knowledge.text.yaml_text import parse_yaml


def main(path: Path) -> None:
    """Measure on the file at `path` and print JSON."""
    entries = parse_yaml(path.read_text(encoding="utf-8"))
    print_json(measure_containment(build_app(), entries))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
