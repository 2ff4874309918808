"""The repository's sources as syntax trees, for the tests that hold its structure and names."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = ("adapters", "bot", "ingest", "knowledge")


def module_name_of(path: Path) -> str:
    """The dotted name of a file below the root."""
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


@cache
def find_sources(*folders: str) -> Mapping[str, Path]:
    """The Python files below some folders of the root (the four packages), by dotted name."""
    paths = [path for name in folders or PACKAGES for path in sorted((ROOT / name).rglob("*.py"))]
    return {module_name_of(path): path for path in paths}


@cache
def parse_modules(*folders: str) -> Mapping[str, ast.Module]:
    """`find_sources`, parsed."""
    return {
        name: ast.parse(path.read_text(encoding="utf-8"))
        for name, path in find_sources(*folders).items()
    }


def list_imports(name: str) -> Iterator[str]:
    """What a module imports, dotted, also inside functions; of ours down to the module."""
    modules = parse_modules()
    for node in ast.walk(modules[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: relative imports hide the arrows"
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                yield inner if inner in modules else str(node.module)


@cache
def build_import_graph() -> Mapping[str, frozenset[str]]:
    """Our modules, and those of ours that each imports."""
    modules = parse_modules()
    return {
        name: frozenset(other for other in list_imports(name) if other in modules)
        for name in modules
    }


def package_of(name: str) -> str:
    """The first part of a dotted name."""
    return name.partition(".")[0]


def wing_of(name: str) -> str:
    """The package's direct child that a module is or lies in; the package for its __init__."""
    return ".".join(name.split(".")[:2])


def build_wing_graph(package: str) -> dict[str, set[str]]:
    """The direct children of a package, and those of them that each imports."""
    graph: dict[str, set[str]] = {}
    for name, others in build_import_graph().items():
        if package_of(name) == package and name != package:
            below = graph.setdefault(wing_of(name), set())
            below |= {wing_of(other) for other in others if package_of(other) == package}
    return {wing: below - {wing, package} for wing, below in graph.items()}


def find_cycle(graph: Mapping[str, Iterable[str]]) -> list[str]:
    """Names that import each other in a ring, the first one again at the end; none: empty."""
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> list[str]:
        if name in trail:
            return [*trail[trail.index(name) :], name]
        if name not in done:
            for other in sorted(graph[name]):
                if cycle := walk(other, (*trail, name)):
                    return cycle
            done.add(name)
        return []

    return next((cycle for name in sorted(graph) if (cycle := walk(name, ()))), [])


def compute_floors(graph: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Each name's floor: 0 for one that imports none, else one above its highest import.

    The graph must have no cycle.
    """
    floors: dict[str, int] = {}

    def find_floor(name: str) -> int:
        if name not in floors:
            floors[name] = 1 + max((find_floor(other) for other in graph[name]), default=-1)
        return floors[name]

    for name in graph:
        find_floor(name)
    return floors


@dataclass(frozen=True, slots=True)
class Definition:
    """A class or function and where it stands; `owner` is the class around a method."""

    module: str
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    owner: ast.ClassDef | None = None

    @property
    def name(self) -> str:
        return self.node.name

    @property
    def is_public(self) -> bool:
        """Whether neither it nor the class around it begins with an underscore."""
        return not self.name.startswith("_") and not (self.owner and self.owner.name[0] == "_")

    @property
    def docstring(self) -> str:
        return ast.get_docstring(self.node) or ""

    def __str__(self) -> str:
        inside = f"{self.owner.name}." if self.owner else ""
        return f"{self.module}:{self.node.lineno} {inside}{self.name}"


@cache
def list_definitions(*folders: str) -> tuple[Definition, ...]:
    """The classes, functions and methods of modules and classes, not those inside functions."""
    return tuple(
        definition
        for module, tree in parse_modules(*folders).items()
        for definition in _walk_definitions(module, tree.body, None)
    )


def _walk_definitions(
    module: str, body: list[ast.stmt], owner: ast.ClassDef | None
) -> Iterator[Definition]:
    for node in body:
        if isinstance(node, ast.ClassDef):
            yield Definition(module, node, owner)
            yield from _walk_definitions(module, node.body, node)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Definition(module, node, owner)
        elif isinstance(node, ast.If | ast.Try):
            yield from _walk_definitions(module, node.body, owner)
