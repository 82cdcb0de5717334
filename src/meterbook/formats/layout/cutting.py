"""A file's bytes to its tree of records, or a refusal where the structure cannot be trusted."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator

from meterbook.formats.contract import WrongFormat, shortened, utf8_text
from meterbook.formats.layout.cells import NotThat, value_of
from meterbook.formats.layout.shape import Field, Layout, Record, Section
from meterbook.formats.layout.tree import Node, control_of


def cut(layout: Layout, section: Section, data: bytes) -> list[Node]:
    """The top records of a file. Raises `WrongFormat` for what could move or lose a row:

    another encoding, an unknown record, one that cannot stand where it stands, one too long (two run together), a
    header or trailer that is missing or cannot be read, a count or sum that does not match.
    """
    by_type = {record.type: record for record in section.records}
    roots: list[Node] = []
    stack: list[Node] = []
    for line, raw in _lines(layout, section, data):
        cells = [] if layout.shape == "fixed" else _cells(layout, line, raw)
        record = _record(section, by_type, line, raw, cells)
        node = _node(layout, record, line, raw, cells)
        while stack and stack[-1].record.name != record.under:
            stack.pop()
        if record.under and not stack:
            _refuse("the record cannot stand there", line, record.name, raw[:40], f"{record.under} before it")
        siblings = stack[-1].children if stack else roots
        ranks = section.records.index
        if siblings and ranks(siblings[-1].record) > ranks(record):
            _refuse("the record cannot stand there", line, record.name, raw[:40],
                    f"it before {siblings[-1].record.name}")  # fmt: skip
        siblings.append(node)
        stack.append(node)
    _check_times(section, roots)
    nodes = [node for root in roots for node in root.all()]
    values = ("reading", "previous_value", "row")
    unread = any(name in values for node in nodes for name, _, _ in node.faults)
    for node in nodes:
        if node.controls:
            _check_controls(section, node, roots, unread=unread)
    return roots


def _lines(layout: Layout, section: Section, data: bytes) -> Iterator[tuple[int, str]]:
    text = _decoded(layout, data)
    if not layout.line_end:
        length = section.row.length
        if len(text) % length:
            _refuse("the last record is cut off", len(text) // length + 1, "row", f"{len(text) % length} bytes",
                    f"{length} bytes")  # fmt: skip
        for at in range(0, len(text), length):
            yield at // length + 1, text[at : at + length]
        return
    lines = text.removesuffix("\x1a").split("\n")
    if layout.shape == "delimited" and lines[-1].strip():
        _refuse("the last line is cut off", len(lines), "row", lines[-1][-40:], "a line end")
    for line, raw in enumerate(lines, start=1):
        if raw.rstrip("\r"):
            yield line, raw.removesuffix("\r")


def _decoded(layout: Layout, data: bytes) -> str:
    if layout.encoding == "utf-8":
        return utf8_text(data)
    try:
        text = data.decode(layout.encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        _refuse(f"the file must be {layout.encoding}", line, "encoding", f"byte 0x{data[error.start]:02X}",
                layout.encoding)  # fmt: skip
        raise
    if "\x00" in text:
        _refuse("not a text file", text.count("\n", 0, text.index("\x00")) + 1, "encoding", "NUL", layout.encoding)
    if not text.strip("\r\n\x1a"):
        _refuse("the file is empty", 0, "file", "", "records")
    return text


def _cells(layout: Layout, line: int, raw: str) -> list[str]:
    try:
        return next(csv.reader([raw], delimiter=layout.delimiter, strict=True), [])
    except csv.Error as error:
        _refuse("quotes do not balance", line, "row", raw, f"complete cells ({error})")
        raise


def _record(section: Section, by_type: dict[str, Record], line: int, raw: str, cells: list[str]) -> Record:
    if not section.type_start:
        return section.records[0]
    start = section.type_start - 1
    found = raw[start : start + section.type_length] if not cells else "".join(cells[start : start + 1])
    record = by_type.get(found.strip())
    if record is None:
        _refuse("a record that the layout does not know", line, "record type", found, f"one of {', '.join(by_type)}")
        raise AssertionError
    return record


def _node(layout: Layout, record: Record, line: int, raw: str, cells: list[str]) -> Node:
    size, most, unit = (
        (len(raw), record.length, "bytes") if layout.shape == "fixed" else (len(cells), record.columns, "columns")
    )
    if size > most:
        _refuse("two records run together", line, record.name, f"{size} {unit}", f"{most} {unit}")
    node = Node(record, line, raw, {})
    if size < most:
        node.faults.append(("row", f"{size} {unit}", f"{most} {unit}"))
        return node
    for field in record.fields:
        text = raw[field.start - 1 : field.end] if layout.shape == "fixed" else cells[field.start - 1]
        _take(node, field, text)
    return node


def _take(node: Node, field: Field, text: str) -> None:
    try:
        value = value_of(text, field)
    except NotThat as wrong:
        name = field.name or field.type
        if field.type in ("count", "sum"):
            _refuse("a control that cannot be read", node.line, f"{node.record.name}.{name}", text, str(wrong))
        node.faults.append((name, shortened(text.strip()), str(wrong)))
        return
    if field.type in ("count", "sum"):
        node.controls.append((field, value))  # type: ignore[arg-type]
    elif field.name:
        node.values[field.name] = value


def _check_times(section: Section, roots: list[Node]) -> None:
    """How often each record stands below another. What is missing inside the file is a fault of the record above."""
    top = Counter(node.record.name for node in roots)
    for record in section.records:
        if not record.under and not _fits(record, top[record.name]):
            _refuse(f"{record.name} stands {top[record.name]} times", roots[-1].line, record.name,
                    str(top[record.name]), _often(record))  # fmt: skip
    for node in (each for root in roots for each in root.all()):
        if not node.record.row and not node.record.under and node.faults and not node.children:
            name, found, expected = node.faults[0]
            _refuse("a header or trailer cannot be read", node.line, f"{node.record.name}.{name}", found, expected)
        below = Counter(child.record.name for child in node.children)
        for record in section.records:
            count = below[record.name]
            if record.under != node.record.name or _fits(record, count):
                continue
            if count:
                _refuse(f"{record.name} stands {count} times", node.line, record.name, str(count), _often(record))
            node.faults.append((record.name, "none", f"{_often(record)} below {node.record.name}"))


def _fits(record: Record, count: int) -> bool:
    return {"once": count == 1, "optional": count <= 1, "many": count >= 1, "any": True}[record.times]


def _often(record: Record) -> str:
    return {"once": "exactly one", "optional": "at most one", "many": "at least one", "any": "any"}[record.times]


def _check_controls(section: Section, node: Node, roots: list[Node], *, unread: bool) -> None:
    """Counts and sums of one record; a sum is left where a value cannot be read, which is a problem of its own."""
    for control, stated in node.controls:
        if control.type == "sum" and unread:
            continue
        found = control_of(control, node, roots, section)
        if found != stated:
            field = f"{node.record.name}.{control.type}"
            what = f"{control.type} of {', '.join(control.of)}"
            _refuse(f"the {what} does not match, the file is truncated or was edited", node.line, field, f"{stated:f}",
                    f"{found:f}")  # fmt: skip


def _refuse(reason: str, line: int, field: str, found: str, expected: str) -> None:
    raise WrongFormat(reason, line=line, field=field, found=found.strip(), expected=expected)
