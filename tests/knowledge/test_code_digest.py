"""The digest that stands for a version of code."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.code_digest import compute_code_digest
from knowledge.text import glossary, terms


@pytest.fixture
def paths(tmp_path: Path) -> list[Path]:
    files = {"a.py": "one = 1\n", "b.yaml": "words: two\n"}
    for name, content in files.items():
        (tmp_path / name).write_text(content)
    return [tmp_path / name for name in files]


def test_equal_content_has_an_equal_digest_wherever_it_lies(
    paths: list[Path], tmp_path: Path
) -> None:
    (tmp_path / "copy").mkdir()
    copies = [path.rename(tmp_path / "copy" / path.name) for path in list(paths)]
    digest = compute_code_digest(copies)
    assert len(digest) == 64
    assert compute_code_digest(path.rename(tmp_path / path.name) for path in copies) == digest


def test_a_change_of_any_file_changes_the_digest(paths: list[Path]) -> None:
    digests = {compute_code_digest(paths)}
    for path in paths:
        path.write_text(path.read_text() + "# a rule\n")
        digests.add(compute_code_digest(paths))
    assert len(digests) == 3


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        compute_code_digest([tmp_path / "missing.py"])


def test_the_files_that_decide_terms_and_glosses_are_the_modules_of_the_text_wing() -> None:
    """A new module there has to be added to one of the two lists, or to the exceptions here."""
    decide = {path.name for path in (*terms.TERM_RULE_FILES, *glossary.GLOSS_RULE_FILES)}
    modules = {path.name for path in Path(terms.__file__).parent.glob("*.py")}
    assert modules - decide == {"__init__.py", "dates.py"}
