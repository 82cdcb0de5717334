"""A tariff text being written: a version added after the last, cases added to or taken from its golden bills.

Text in, text out: what is not touched keeps every character, comments included.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal

import yaml

from meterbook.engine.rates.document import read_document


class CannotWrite(ValueError):
    """The text has no place where this could be written; it is edited as text instead."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where new rates are enacted: the fields of a version's ``source``."""

    utility: str
    resolution: str
    section: str
    url: str
    adopted: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """What names a version: its name, its first day and its citation."""

    version: str
    effective: date
    source: Citation


def _entries(node: yaml.Node | None) -> dict[str, yaml.Node]:
    return {str(key.value): value for key, value in node.value} if isinstance(node, yaml.MappingNode) else {}


def _versions(text: str, file: str) -> list[yaml.Node]:
    """The places of the versions, in a list written one item below the other."""
    listed = _entries(read_document(text, file=file).node).get("versions")
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style or not listed.value:
        raise CannotWrite("found no list of versions below each other, expected the key 'versions' with '- version:'")
    return list(listed.value)


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def add_version(text: str, heading: Heading, *, file: str) -> str:
    """The text with its last version once more at the end, under another name, date and citation.

    Raises `TariffError` if the text is no document, and `CannotWrite` where its versions do not stand one below the
    other.
    """
    last = _versions(text, file)[-1]
    starts, ends = _line_start(text, last.start_mark.index), last.end_mark.index
    block = text[starts:ends].rstrip() + "\n"
    kept = text[:ends].rstrip() + "\n"
    return set_heading(kept + block + text[ends:].lstrip("\n"), heading, file=file)


def set_heading(text: str, heading: Heading, *, file: str) -> str:
    """The text with the last version's name, first day and citation as given."""
    version = _entries(_versions(text, file)[-1])
    if not {"version", "effective", "source"} <= version.keys() or not isinstance(version["source"], yaml.MappingNode):
        raise CannotWrite("found no version, effective and source in the last version")
    changes = [
        _span(text, version["version"], _quoted(heading.version)),
        _span(text, version["effective"], heading.effective.isoformat()),
        _span(text, version["source"], _source(version["source"], heading.source)),
    ]
    for begins, ends, new in sorted(changes, reverse=True):
        text = text[:begins] + new + text[ends:]
    return text


def _span(text: str, node: yaml.Node, new: str) -> tuple[int, int, str]:
    """Where a value stands, without the space after it, and what shall stand there."""
    begins, ends = node.start_mark.index, node.end_mark.index
    return begins, begins + len(text[begins:ends].rstrip()), new


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _source(node: yaml.MappingNode, source: Citation) -> str:
    """A citation in the form the earlier one was written in."""
    told = {each.name: getattr(source, each.name) for each in fields(source)}
    pairs = [
        f"{name}: {value.isoformat() if isinstance(value, date) else _quoted(value)}"
        for name, value in told.items()
        if value
    ]
    return "{" + ", ".join(pairs) + "}" if node.flow_style else f"\n{' ' * node.start_mark.column}".join(pairs)


def heading_of(text: str, *, file: str) -> Mapping[str, str]:
    """What the last version says of itself: version, effective and the fields of its source, as they stand."""
    version = _entries(_versions(text, file)[-1])
    found = {**{key: version.get(key) for key in ("version", "effective")}, **_entries(version.get("source"))}
    return {key: str(node.value) for key, node in found.items() if isinstance(node, yaml.ScalarNode)}


def version_lines(text: str, name: str, *, file: str) -> tuple[int, str]:
    """The first line of a version and its text as it stands; raises ``KeyError`` if there is none."""
    for node in _versions(text, file):
        named = _entries(node).get("version")
        if named is not None and str(named.value) == name:
            starts = _line_start(text, node.start_mark.index)
            return node.start_mark.line + 1, text[starts : node.end_mark.index].rstrip()
    raise KeyError(name)


@dataclass(frozen=True, slots=True)
class GoldenBill:
    """A case to add: its name, its half-open period, its facts, and the total worked from the resolution."""

    name: str
    starts: date
    ends: date
    determinants: Mapping[str, Decimal | str]
    total: Decimal
    note: str = ""


def add_case(cases: str, bill: GoldenBill) -> str:
    """The golden bills with one more at the end."""
    told = ", ".join(
        f"{_quoted(name)}: {_quoted(value) if isinstance(value, str) else value}"
        for name, value in bill.determinants.items()
    )
    lines = [
        f"  - name: {_quoted(bill.name)}",
        f"    starts: {bill.starts.isoformat()}",
        f"    ends: {bill.ends.isoformat()}",
        f"    determinants: {{{told}}}",
        f'    total: "{bill.total:.2f}"',
        *([f"    note: {_quoted(bill.note)}"] if bill.note else []),
    ]
    before = cases.rstrip()
    return "\n".join([before if before and "- " in before else "cases:", *lines]) + "\n"


def drop_case(cases: str, at: int, *, file: str) -> str:
    """The golden bills without the one at place ``at``; raises `CannotWrite` if there is none."""
    listed = _entries(read_document(cases, file=file).node).get("cases")
    if not isinstance(listed, yaml.SequenceNode) or listed.flow_style or not 0 <= at < len(listed.value):
        raise CannotWrite(f"found no golden bill at place {at + 1}")
    node = listed.value[at]
    starts = _line_start(cases, node.start_mark.index)
    following = listed.value[at + 1].start_mark.index if at + 1 < len(listed.value) else None
    ends = len(cases) if following is None else _line_start(cases, following)
    return cases[:starts] + cases[ends:]
