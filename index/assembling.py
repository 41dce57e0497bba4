"""Parts of an article put together to one text and the blocks that lie in it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from index.cleaning import clean_line, clean_text, without_template_tags
from index.documents import Block, LeftOut, Span
from index.formats.parsed import Part

_LISTED = ("item", "row")


def assemble(parts: Iterable[Part], title: str) -> tuple[str, tuple[Block, ...]]:
    """Return the text of ``parts`` and a block for each that holds text.

    Blocks are parted by an empty line, the items of a list and the rows of a table by a line end.
    A heading that only repeats ``title`` is a block but heads no other.
    """
    pieces: list[str] = []
    blocks: list[Block] = []
    above: list[Part] = []
    end = 0
    for part in _cleaned(parts):
        if blocks:
            is_same_list = part.kind in _LISTED and blocks[-1].kind == part.kind
            pieces.append("\n" if is_same_list else "\n\n")
        if part.kind == "heading":
            above = [*(heading for heading in above if heading.level < part.level), part]
        start = end + (len(pieces[-1]) if blocks else 0)
        end = start + len(part.text)
        blocks.append(Block(part.kind, Span(start, end), _names(above, part, title)))
        pieces.append(part.text)
    return "".join(pieces), tuple(blocks)


def without_headings_left_out(
    text: str, blocks: Sequence[Block], left_out: Sequence[LeftOut]
) -> tuple[Block, ...]:
    """Return ``blocks`` with no heading above them that is itself left out, such as an advert."""
    spans = {stretch.span for stretch in left_out}
    gone = {
        text[block.span.start : block.span.end]
        for block in blocks
        if block.kind == "heading" and block.span in spans
    }
    if not gone:
        return tuple(blocks)
    return tuple(
        replace(block, heading=tuple(name for name in block.heading if name not in gone))
        for block in blocks
    )


def _cleaned(parts: Iterable[Part]) -> Iterator[Part]:
    for part in parts:
        if part.kind == "code":
            # A listing may be about templates: its tags are content.
            text = clean_text(part.text).strip("\n").rstrip()
        else:
            text = clean_line(without_template_tags(clean_line(part.text)))
        if text:
            yield replace(part, text=text)


def _names(above: Sequence[Part], part: Part, title: str) -> tuple[str, ...]:
    """Return the headings in force for ``part``, without the title unless it is the part."""
    return tuple(
        heading.text
        for heading in above
        if heading is part or heading.text.casefold() != title.casefold()
    )
