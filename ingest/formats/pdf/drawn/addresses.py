"""The address of a link, written after the words that it is behind."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.formats.links import write_link
from ingest.formats.pdf.drawn.geometry import Box, Glyph, contains_point


def add_addresses(glyphs: Sequence[Glyph], links: Sequence[tuple[Box, str]]) -> list[Glyph]:
    """The glyphs with the address of each link after its last letter, as the links are drawn."""
    found = list(glyphs)
    for number, (_, address) in enumerate(links):
        if number + 1 < len(links) and links[number + 1][1] == address:
            continue  # it goes on in the next line
        boxes = _list_boxes_of_link(links, number)
        inside = [
            (-round(glyph.baseline), glyph.left, index)
            for index, glyph in enumerate(found)
            if any(contains_point(box, *glyph.middle) for box in boxes)
        ]
        if not inside:
            continue
        inside.sort()
        words = "".join(found[index].letter for _, _, index in inside)
        last = inside[-1][2]
        shown = write_link(words, address)
        if shown != words:
            glyph = found[last]
            suffix = shown[len(words.rstrip()) :].rstrip() if words.strip() else ""
            found[last] = glyph._replace(letter=glyph.letter + suffix)
    return found


def _list_boxes_of_link(links: Sequence[tuple[Box, str]], last: int) -> list[Box]:
    """The boxes of one link: that at `last` and those before it with the same address."""
    boxes = [links[last][0]]
    for box, address in reversed(links[:last]):
        if address != links[last][1]:
            break
        boxes.append(box)
    return boxes
