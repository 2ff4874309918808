"""The file names of fetched pages, which tell them from files that an admin put next to them."""

from __future__ import annotations

import re

# A readable part, eight digits of a digest and the ending of the format.
STORED_PAGE_NAME = re.compile(r".*-[0-9a-f]{8}(\.[a-z0-9]{1,5})(\.meta\.yaml)?(\.part)?")


def is_stored_page(name: str) -> bool:
    """Whether a file has the name of a page that was fetched, and not one that an admin gave it."""
    return bool(STORED_PAGE_NAME.fullmatch(name))
