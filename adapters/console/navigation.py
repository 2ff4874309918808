"""The pages that the console's menu leads to, and who sees which."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from adapters.console.people import ConsoleUser


@dataclass(frozen=True, slots=True)
class MenuEntry:
    """A page of the menu: its path, and its key, whose name is the text "site.page_<key>"."""

    path: str
    key: str
    is_for: Callable[[ConsoleUser], bool] = lambda _: True


def is_desk(person: ConsoleUser) -> bool:
    """Whether a page about all missions is for them: the domestic body and admins."""
    return person.is_desk or person.is_admin


def is_admin(person: ConsoleUser) -> bool:
    """Whether a page about the library is for them."""
    return person.is_admin


def keeps_records(person: ConsoleUser) -> bool:
    """Whether the records are for them: admins, and for their own body its lead."""
    return person.is_admin or person.leads


MENU = (
    MenuEntry("/", "inbox"),
    MenuEntry("/faq", "faq"),
    MenuEntry("/documents", "documents", is_admin),
    MenuEntry("/try", "trial"),
    MenuEntry("/answers", "answers"),
    MenuEntry("/figures", "figures"),
    MenuEntry("/meetings", "meetings"),
    MenuEntry("/body", "body"),
    MenuEntry("/records", "records", keeps_records),
    MenuEntry("/help", "help"),
)


def list_menu(person: ConsoleUser) -> list[MenuEntry]:
    """The entries that a person sees."""
    return [one for one in MENU if one.is_for(person)]


def is_open_to(person: ConsoleUser, path: str) -> bool:
    """Whether a path is of a page that a person sees in the menu, or of none there."""
    under = [one for one in MENU if path == one.path or path.startswith(f"{one.path.rstrip('/')}/")]
    return all(one.is_for(person) for one in under)
