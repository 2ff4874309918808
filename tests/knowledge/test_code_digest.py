"""A digest of code changes with the code it names and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.code_digest import digest_of_modules


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A package with a module and a subpackage, that can be imported."""
    folder = tmp_path / f"sample_{tmp_path.name}"  # imported once in a process
    (folder / "inner").mkdir(parents=True)
    for name in ("__init__.py", "words.py", "inner/__init__.py", "inner/deep.py"):
        (folder / name).write_text(f"# {name}\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    return folder


def compute_digest(*names: str) -> str:
    digest_of_modules.cache_clear()
    return digest_of_modules(*names)


@pytest.mark.parametrize(
    ("changed", "package_changes", "module_changes"),
    [("words.py", True, True), ("inner/deep.py", True, False), ("notes.txt", False, False)],
)
def test_only_the_named_code_counts(
    package: Path, changed: str, package_changes: bool, module_changes: bool
) -> None:
    names = (package.name, f"{package.name}.words")
    before = [compute_digest(name) for name in names]
    (package / changed).write_text("# another\n")
    after = [compute_digest(name) for name in names]
    assert [old != new for old, new in zip(before, after, strict=True)] == [
        package_changes,
        module_changes,
    ]


def test_a_module_that_moves_within_its_package_is_a_change(package: Path) -> None:
    before = compute_digest(package.name)
    (package / "words.py").rename(package / "terms.py")
    assert compute_digest(package.name) != before


def test_several_modules_count_together() -> None:
    both = compute_digest("knowledge.types", "knowledge.errors")
    assert len(both) == 64
    assert both != compute_digest("knowledge.types")
    assert both == compute_digest("knowledge.types", "knowledge.errors")


@pytest.mark.parametrize("name", ["knowledge.nowhere", "sys"])
def test_what_has_no_source_is_refused(name: str) -> None:
    with pytest.raises(ModuleNotFoundError, match="no source of"):
        digest_of_modules(name)
