"""Rows to a file's bytes: the records above them wherever a new one begins, counts and sums filled in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from decimal import Decimal

from meterbook.formats.layout.cells import Value, text_of
from meterbook.formats.layout.shape import Field, Layout, Section
from meterbook.formats.layout.tree import Node, ancestors, control_of


def compose(layout: Layout, section: Section, rows: Iterable[Mapping[str, Value]]) -> bytes:
    """The file of `rows` (values by field). Raises `ValueError` for a value that its field cannot hold.

    Rows are written in the order given: sort them by route and sequence before. What a layout has no field for is left
    out; a value that contradicts one of its defaults is refused.
    """
    roots = _tree(section, rows)
    out = io.StringIO(newline="")
    for root in roots:
        for node in root.all():
            out.write(_line(layout, section, node, roots) + layout.line_end)
    return out.getvalue().encode(layout.encoding)


def _tree(section: Section, rows: Iterable[Mapping[str, Value]]) -> list[Node]:
    """Records above a row begin anew where anything they, or those beside them, say changes: nothing gets lost."""
    above = ancestors(section, section.row)
    told = {name: _told(section, name, above) for name in above}
    told |= dict.fromkeys((each.name for each in section.records if each.name not in above), ())
    row_at = section.records.index(section.row)
    roots: list[Node] = []
    open_: dict[str, Node] = {}
    keys: dict[str, tuple[Value, ...]] = {}
    final: Mapping[str, Value] = {}
    for row in rows:
        _check_defaults(section, row)
        begun = {""} if not open_ else set()  # records begun with this row; the file itself with the first
        for at, record in enumerate(section.records):
            key = tuple(row.get(name) for name in told[record.name])
            if record.name in above:
                wanted = record.under in begun or keys.get(record.name) != key
            else:
                wanted = record.row or (record.under in begun and (at < row_at or bool(record.under)))
                wanted = wanted and (not record.when or bool(row.get(record.when)))
            if not wanted:
                continue
            keys[record.name] = key
            begun.add(record.name)
            open_[record.name] = node = Node(record, 0, "", dict(row))
            (open_[record.under].children if record.under else roots).append(node)
        final = row
    for record in section.records:
        if not record.under and record.times in ("once", "optional"):
            count = sum(node.record is record for node in roots)
            if count > 1:
                raise ValueError(f"{record.name} would be written {count} times: rows differ in what it says")
    trailers = [each for at, each in enumerate(section.records) if at > row_at and not each.under]
    return roots + [Node(each, 0, "", dict(final)) for each in trailers]


def _told(section: Section, name: str, above: tuple[str, ...]) -> tuple[str, ...]:
    """The fields of a record above the rows, and of the records beside it that are written with it."""
    beside = [each for each in section.records if each.under == name and not each.row and each.name not in above]
    return tuple(field.name for each in (section.record(name), *beside) for field in each.fields if field.name)


def _check_defaults(section: Section, row: Mapping[str, Value]) -> None:
    for name, value in section.defaults:
        if name not in section.names and row.get(name) not in (None, "", value):
            raise ValueError(f"{name}: {row.get(name)!r}, and every row of the layout is {value!r}")


def _line(layout: Layout, section: Section, node: Node, roots: list[Node]) -> str:
    record = node.record
    texts = {field.start: _text(field, node, roots, section) for field in record.fields}
    start = section.type_start
    if layout.shape == "delimited":
        cells = ["" for _ in range(max(record.columns, start))]
        if start:
            cells[start - 1] = record.type
        for at, text in texts.items():
            cells[at - 1] = text
        out = io.StringIO(newline="")
        csv.writer(out, delimiter=layout.delimiter, lineterminator="").writerow(cells)
        return out.getvalue()
    line = [" "] * record.length
    if start:
        line[start - 1 : start - 1 + section.type_length] = record.type.ljust(section.type_length)
    for at, text in texts.items():
        line[at - 1 : at - 1 + len(text)] = text
    return "".join(line)


def _text(field: Field, node: Node, roots: list[Node], section: Section) -> str:
    value: Value = node.values.get(field.name)
    if field.type in ("count", "sum"):
        value = control_of(field, node, roots, section)
    elif isinstance(value, int):
        value = Decimal(value)
    return text_of(value, field)
