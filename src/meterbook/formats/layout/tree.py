"""Records of a file as a tree: each below the record it belongs to, and what its counts are about."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from meterbook.formats.layout.cells import Value
from meterbook.formats.layout.shape import Field, Record, Section

#: What is wrong with a field: its name, what was found, what was expected.
Fault = tuple[str, str, str]


@dataclass(slots=True)
class Node:
    """One record: its values by field, what is wrong with it, and the records below it."""

    record: Record
    line: int
    raw: str
    values: dict[str, Value]
    faults: list[Fault] = field(default_factory=list)
    controls: list[tuple[Field, Decimal]] = field(default_factory=list)
    children: list[Node] = field(default_factory=list)

    def all(self) -> Iterator[Node]:
        """This record and everything below it, in file order."""
        yield self
        for child in self.children:
            yield from child.all()


def ancestors(section: Section, record: Record) -> tuple[str, ...]:
    """Names of the records above one, the nearest first."""
    found: list[str] = []
    while record.under:
        found.append(record.under)
        record = section.record(record.under)
    return tuple(found)


def control_of(control: Field, node: Node, roots: list[Node], section: Section) -> Decimal:
    """What a count or sum must be: about the records below its own, or of the whole file if they are not below."""
    below = all(node.record.name in ancestors(section, section.record(name)) for name in control.of)
    counted = [each for root in ([node] if below else roots) for each in root.all() if each.record.name in control.of]
    if control.type == "count":
        return Decimal(len(counted))
    amounts = [each.values.get(control.sums) for each in counted]
    return sum((amount for amount in amounts if isinstance(amount, Decimal)), Decimal(0))


Row = tuple[Node, dict[str, Value], list[Fault]]


def rows(section: Section, roots: list[Node]) -> Iterator[Row]:
    """Each row record with everything the file says of it, from the records above, beside and below it.

    Two records that say different things of one field are a fault of the row.
    """
    above = set(ancestors(section, section.row))

    def walk(
        node: Node, values: dict[str, Value], faults: list[Fault]
    ) -> Iterator[tuple[Node, dict[str, Value], list[Fault]]]:
        values, faults = dict(values), list(faults)
        _merge(node, values, faults)
        if node.record.row:
            for child in node.children:
                for each in child.all():
                    _merge(each, values, faults)
            yield node, values, faults
            return
        for child in node.children:
            if not child.record.row and child.record.name not in above:
                for each in child.all():
                    _merge(each, values, faults)
        for child in node.children:
            if child.record.row or child.record.name in above:
                yield from walk(child, values, faults)

    for root in roots:
        if root.record.row or root.record.name in above:
            yield from walk(root, dict(section.defaults), [])


def _merge(node: Node, values: dict[str, Value], faults: list[Fault]) -> None:
    prefix = "" if node.record.row else f"{node.record.name}."
    faults += [(f"{prefix}{name}", found, f"{expected} (line {node.line})") for name, found, expected in node.faults]
    for name, value in node.values.items():
        known = values.get(name)
        if value is None or known is None:
            values[name] = known if value is None else value
        elif known != value:
            faults.append((f"{prefix}{name}", str(value), f"{known}, as said before it"))
