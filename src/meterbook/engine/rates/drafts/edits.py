"""Numbers changed in place: the text of a tariff document keeps every other character, comments included.

A path is written as the problems of a document write it: ``versions[1].components[0].tiers[2].price``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

import yaml

from meterbook.engine.rates.document import read_document
from meterbook.engine.trace import N_, Step

_NUMBER = re.compile(r"-?\d+(\.\d+)?")


class CannotEdit(ValueError):
    """A path names no single number that stands plainly in the text; ``step`` says which in the reader's language."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


def scalars(text: str, *, file: str) -> dict[str, yaml.ScalarNode]:
    """Every scalar of the document by its path, in order; raise `TariffError` if the text is no document.

    A path that two places share (a key with a dot in it may do that) is left out: it names neither.
    """
    found: dict[str, yaml.ScalarNode] = {}
    twice: set[str] = set()
    for path, node in _walk(read_document(text, file=file).node, ""):
        if path in found:
            twice.add(path)
        found[path] = node
    return {path: node for path, node in found.items() if path not in twice}


def _walk(node: yaml.Node | None, path: str) -> Iterator[tuple[str, yaml.ScalarNode]]:
    if isinstance(node, yaml.ScalarNode):
        yield path, node
    elif isinstance(node, yaml.SequenceNode):
        for at, item in enumerate(node.value):
            yield from _walk(item, f"{path}[{at}]")
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            step = str(key.value) if isinstance(key, yaml.ScalarNode) else "?"
            yield from _walk(value, f"{path}.{step}" if path else step)


def numbers(text: str, *, file: str) -> dict[str, Decimal]:
    """Every number of the document by its path, in order, exactly as it stands there.

    >>> numbers("tiers: [{up_to: '10', price: 0.50}]", file="x.yaml")
    {'tiers[0].up_to': Decimal('10'), 'tiers[0].price': Decimal('0.50')}
    """
    nodes = scalars(text, file=file)
    return {path: Decimal(node.value) for path, node in nodes.items() if _NUMBER.fullmatch(node.value)}


def written(value: Decimal, *, like: str) -> str:
    """A number as the document should show it: with at least the decimals of the number it replaces.

    >>> written(Decimal("6"), like="5.80"), written(Decimal("0.17505"), like="0.1739")
    ('6.00', '0.17505')
    """
    plain = f"{value.normalize() + 0:f}"  # never -0
    whole, _, decimals = plain.partition(".")
    wanted = len(like.partition(".")[2])
    decimals = decimals.ljust(wanted, "0")
    return f"{whole}.{decimals}" if decimals else whole


def edit_numbers(text: str, changes: Mapping[str, Decimal], *, file: str = "document") -> str:
    """The text with the numbers at these paths changed, and not one other character.

    Quotes stay, decimals are not lost. Raises `CannotEdit` for a path that names no number, and `TariffError` if the
    text is no document.

    >>> edit_numbers("price: '5.80'  # since 2020", {"price": Decimal(6)})
    "price: '6.00'  # since 2020"
    """
    nodes = scalars(text, file=file)
    places: list[tuple[int, int, str]] = []
    for path, value in changes.items():
        node = nodes.get(path)
        if node is None:
            raise CannotEdit(Step(N_("The document has no single value at {path}."), {"path": path}))
        begins, ends = node.start_mark.index, node.end_mark.index
        shown = text[begins:ends]
        quote = shown[:1] if shown[:1] in ("'", '"') and shown[:1] == shown[-1:] else ""
        if not _NUMBER.fullmatch(node.value) or shown != f"{quote}{node.value}{quote}":
            raise CannotEdit(Step(N_("At {path} stands {found}, not a number."), {"path": path, "found": node.value}))
        places.append((begins, ends, f"{quote}{written(value, like=node.value)}{quote}"))
    for begins, ends, new in sorted(places, reverse=True):
        text = text[:begins] + new + text[ends:]
    return text
