"""Names, docstrings and sizes, held over the syntax tree of the whole repository.

`python -m tests.test_names` prints the figures.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.source_tree import (
    PACKAGES,
    ROOT,
    build_wing_graph,
    compute_floors,
    find_cycle,
    find_sources,
    list_definitions,
    parse_modules,
)

EVERYTHING = (*PACKAGES, "tests")
FILE_LINE_LIMIT = 300
FOLDER_MODULE_LIMIT = 12  # modules at the top of a folder, without __init__.py
PACKAGE_ENTRY_LIMIT = 16  # modules and folders at the top of a package
PARTICIPLE_SHARE_LIMIT = 0.02

# The words of docs/how-it-works.md that are records, and two more that must not be taken for anything else. `Body`
# is a mission's consultative body, not a class: what a message holds is its `Content`.
DEFINED_RECORDS = ("Document", "Passage", "Citation", "Edition", "Answer", "Mission", "Case",
                  "Conversation", "Inbox", "Outbox")  # fmt: skip
NOMENCLATURE = (*DEFINED_RECORDS, "Content", "Route")

# A name is a participle if its first word is one. `read_rows` and `set_owner` are a verb and its
# object: there the verb only looks like its participle, unless it stands alone.
PARTICIPLE = re.compile(
    r"_?((?!(?:feed|seed|embed|need|speed|exceed|proceed)(?:_|$))[a-z]+ed|said|told|taken|kept|shown"
    r"|written|given|known|made|found|chosen|sent|heard|held|left|met|seen|done|gone|built|bound"
    r"|brought|lost|meant|paid|thought|won|drawn|driven|grown|hidden|spoken)(_\w+)?"
    r"|_?(read|put|set|cut|split|shut)"
)
# A record goes in, the same record as it is afterwards comes out.
STATE_TRANSITION_MODULES = re.compile(r"bot\.cases\..*")

DIALECT = re.compile(
    r"\b(afresh|anew|beside|besides|farewell|furniture|house|keepers?|lest|meanwhile|mend(?:s|ed|ing)?"
    r"|nobody|ordeal|shel(?:f|ves)|whoever|whomever|whosoever)\b",
    re.IGNORECASE,
)
DIALECT_ALLOWED: dict[str, set[str]] = {}  # module → words that are the field's there


def list_class_places() -> dict[str, list[str]]:
    """Where each class name is defined, classes inside functions included."""
    places: dict[str, list[str]] = {}
    for module, tree in parse_modules(*EVERYTHING).items():
        for node in ast.walk(tree):
            if isinstance(node, ast.ClassDef):
                places.setdefault(node.name, []).append(f"{module}:{node.lineno}")
    return places


def list_action_names() -> list[str]:
    """The "module name" of every function that acts: no test, fixture, property or special method."""
    return [
        f"{module} {node.name}"
        for module, tree in parse_modules(*EVERYTHING).items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and not node.name.startswith(("test_", "__"))
        and not any("property" in mark or "fixture" in mark for mark in _list_decorators(node))
    ]


def _list_decorators(node: ast.FunctionDef | ast.AsyncFunctionDef) -> list[str]:
    return [ast.unparse(decorator) for decorator in node.decorator_list]


def is_participle(action: str) -> bool:
    """Whether a "module name" says what has been done instead of what it does."""
    module, name = action.split()
    return bool(PARTICIPLE.fullmatch(name)) and not STATE_TRANSITION_MODULES.fullmatch(module)


def list_undocumented() -> list[str]:
    """Public classes, functions and methods of the packages that say nothing of themselves."""
    return [str(one) for one in list_definitions() if one.is_public and not one.docstring]


def list_silent_raisers() -> list[str]:
    """Public functions that raise an error their docstring does not name, nor a base of it."""
    return [
        f"{one}: {error}"
        for one in list_definitions()
        if one.is_public and isinstance(one.node, ast.FunctionDef | ast.AsyncFunctionDef)
        for error in sorted(set(_list_raised(one.node)))
        if not any(re.search(rf"\b{name}\b", one.docstring) for name in _list_bases(error))
    ]


def _list_raised(node: ast.AST) -> Iterator[str]:
    """The classes raised in a body itself; what is raised again, or by functions in it, is not."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda | ast.ClassDef):
            continue
        if isinstance(child, ast.Raise) and child.exc is not None:
            raised = child.exc.func if isinstance(child.exc, ast.Call) else child.exc
            name = ast.unparse(raised).rpartition(".")[2]
            if name[0].isupper():
                yield name
        yield from _list_raised(child)


def _list_bases(name: str) -> set[str]:
    """A class and its bases, as far as they are ours."""
    known = {one.name: one.node for one in list_definitions() if isinstance(one.node, ast.ClassDef)}
    found = {name}
    for base in known[name].bases if name in known else []:
        found |= _list_bases(ast.unparse(base).rpartition(".")[2])
    return found - {"Exception", "RuntimeError", "ValueError"} | {name}


def list_dialect() -> list[str]:
    """Words of the dialect in docstrings and comments of the packages."""
    return [
        f"{module}:{line} {word}"
        for module, path in find_sources().items()
        for line, text in _list_prose(path, parse_modules()[module])
        for word in DIALECT.findall(text)
        if word.lower() not in DIALECT_ALLOWED.get(module, ())
    ]


def _list_prose(path: Path, tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The comments and docstrings of a file, each with its line."""
    source = path.read_text(encoding="utf-8")
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT:
            yield token.start[0], token.string
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield getattr(node, "lineno", 1), ast.get_docstring(node) or ""


def list_long_files() -> list[str]:
    """Files over the limit, with their lines."""
    sizes = {name: len(path.read_text(encoding="utf-8").splitlines())
             for name, path in find_sources(*EVERYTHING).items()}  # fmt: skip
    return [f"{name} {size}" for name, size in sizes.items() if size > FILE_LINE_LIMIT]


def list_full_folders() -> list[str]:
    """Folders with too many modules at their top; migrations only ever grow."""
    counts = Counter(
        str(path.parent.relative_to(ROOT))
        for path in find_sources(*EVERYTHING).values()
        if path.name != "__init__.py" and path.parent.name != "versions"
    )
    return [f"{name} {count}" for name, count in counts.items() if count > FOLDER_MODULE_LIMIT]


def test_a_class_name_has_one_meaning() -> None:
    places = list_class_places()
    assert {name: where for name, where in places.items() if len(where) > 1} == {}


def test_the_defined_words_are_classes() -> None:
    places = list_class_places()
    assert [word for word in NOMENCLATURE if len(places.get(word, ())) != 1] == []
    assert "Body" not in places
    page = (ROOT / "docs/how-it-works.md").read_text(encoding="utf-8")
    assert [word for word in DEFINED_RECORDS if f"**{word}**" not in page] == []


def test_what_acts_is_named_by_a_verb() -> None:
    actions = list_action_names()
    participles = [action for action in actions if is_participle(action)]
    assert len(participles) <= PARTICIPLE_SHARE_LIMIT * len(actions), participles


def test_what_is_public_has_a_docstring() -> None:
    assert list_undocumented() == []


def test_docstrings_name_the_errors_raised() -> None:
    assert list_silent_raisers() == []


def test_prose_is_plain_english() -> None:
    assert list_dialect() == []


def test_no_file_is_long() -> None:
    assert list_long_files() == []


def test_no_folder_is_full() -> None:
    assert list_full_folders() == []


@pytest.mark.parametrize("package", PACKAGES)
def test_wings_stand_on_floors(package: str) -> None:
    graph = build_wing_graph(package)
    assert len(graph) <= PACKAGE_ENTRY_LIMIT, sorted(graph)
    assert find_cycle(graph) == []


def print_report() -> None:
    """Every figure with its offenders, and the floors of the packages."""
    actions = list_action_names()
    participles = [action for action in actions if is_participle(action)]
    share = len(participles) / len(actions)
    places = list_class_places()
    reports = {
        f"functions that are participles, of {len(actions)} ({share:.1%})": participles,
        "class names with two meanings": [
            f"{name}: {', '.join(where)}" for name, where in places.items() if len(where) > 1
        ],
        "public definitions without a docstring": list_undocumented(),
        "errors raised without saying so": list_silent_raisers(),
        "words of the dialect": list_dialect(),
        f"files over {FILE_LINE_LIMIT} lines": list_long_files(),
        f"folders with more than {FOLDER_MODULE_LIMIT} modules": list_full_folders(),
    }
    for title, offenders in reports.items():
        print(f"{len(offenders):5} {title}")
        print(*(f"        {offender}" for offender in offenders), sep="\n")
    for package in PACKAGES:
        print_floors(package)


def print_floors(package: str) -> None:
    """The floors of a package from the top, or the ring that leaves it without any."""
    graph = build_wing_graph(package)
    print(f"{package}: {len(graph)} at its top, {sum(map(len, graph.values()))} arrows")
    if cycle := find_cycle(graph):
        print("        in a ring:", " → ".join(cycle))
        return
    floors = compute_floors(graph)
    for floor in range(max(floors.values()), -1, -1):
        names = sorted(name.partition(".")[2] for name in graph if floors[name] == floor)
        print(f"        {floor}  {' · '.join(names)}")


if __name__ == "__main__":
    print_report()
