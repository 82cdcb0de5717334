"""A layout's YAML text to its value, or every problem of it by path.

>>> read_layout("layout: x")
Traceback (most recent call last):
...
meterbook.formats.layout.entries.LayoutError: title: found nothing, expected a text; about: found nothing, expected \
a text; upload: found nothing, expected an upload, a download, or both
"""

from __future__ import annotations

import re
from typing import Any, cast

from meterbook.formats.layout.entries import Entries, LayoutError, LayoutProblem, document
from meterbook.formats.layout.shape import (
    KINDS,
    READ_FIELDS,
    REGISTER_UNITS,
    STOP_FIELDS,
    Direction,
    Field,
    FieldType,
    Layout,
    Record,
    Section,
)

_TYPES = ("text", "number", "decimal", "date", "time", "code", "count", "sum", "fixed")
_FITTING = {"text": ("text", "code"), "number": ("number", "decimal"), "date": ("date",), "time": ("time",)}
_NEEDED: dict[str, tuple[str, ...]] = {
    "upload": ("meter_serial", "reading", "read_on", "unit"),
    "download": ("meter_serial", "route"),
}
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}", re.ASCII)
_DATE_FORMATS = ("YYYYMMDD", "MMDDYYYY", "YYMMDD", "MMDDYY", "YYYY-MM-DD", "MM/DD/YYYY")
_TIME_FORMATS = ("HHMM", "HHMMSS", "HH:MM", "HH:MM:SS")
_LINE_ENDS = {"lf": "\n", "crlf": "\r\n", "none": ""}


def read_layout(text: str) -> Layout:
    """The layout a YAML text describes. Raises `LayoutError` with every problem."""
    problems: list[LayoutProblem] = []
    top = document(text, problems)
    name = top.text("layout", expected="a name of small letters, digits and -")
    if name and not _NAME.fullmatch(name):
        top.blame("layout", name, "a name of small letters, digits and -")
    title, about = top.text("title"), top.text("about")
    shape = top.choice("shape", ("fixed", "delimited"), default="fixed")
    encoding = top.choice("encoding", ("ascii", "latin-1", "utf-8"), default="ascii")
    delimiter = top.text("delimiter", default=",")
    if shape == "delimited" and (len(delimiter) != 1 or delimiter in '"\r\n'):
        top.blame("delimiter", delimiter, "one character, no quote or line end")
    if shape == "fixed" and encoding == "utf-8":
        top.blame("encoding", encoding, "ascii or latin-1: positions count bytes")
    line_end = _LINE_ENDS[top.choice("line_end", _LINE_ENDS, default="crlf")]
    if shape == "delimited" and not line_end:
        top.blame("line_end", "none", "lf or crlf: delimited records end with their line")
    clock = top.choice("clock", ("local", "standard", "utc"), default="local")
    applied = top.yes("multiplier_applied")
    if not (top.has("upload") or top.has("download")):
        top.blame("upload", "", "an upload, a download, or both")
    ways: tuple[Direction, ...] = ("download", "upload")
    sections = {way: _section(top.inner(way), way, shape) if top.has(way) else None for way in ways}
    top.close()
    if problems:
        raise LayoutError(problems)
    return Layout(
        name, title, about, cast("Any", shape), delimiter if shape == "delimited" else "", cast("Any", encoding),
        line_end, cast("Any", clock), applied, sections["download"], sections["upload"],
    )  # fmt: skip


def _section(entries: Entries, way: Direction, shape: str) -> Section:
    fixed = shape == "fixed"
    length = entries.whole("length", default=0, least=0) if fixed else 0
    start, width = 0, 0
    if entries.has("type"):
        place = entries.inner("type")
        start = place.whole("start" if fixed else "column")
        width = place.whole("length") if fixed else 1
        place.close()
    defaults = entries.pairs("defaults")
    records = [_record(each, way, fixed=fixed, length=length) for each in entries.list("records")]
    section = Section(tuple(records), start, width, defaults)
    if records:
        _check(entries, section, way)
    entries.close()
    return section


def _check(entries: Entries, section: Section, way: Direction) -> None:
    """What must hold between the records of a section."""
    records = section.records
    names = [each.name for each in records]
    rows = [each.name for each in records if each.row]
    if len(rows) != 1:
        entries.blame("records", f"{len(rows)} with row: true", "exactly one record that is one row")
    if len(set(names)) < len(names) or len({each.type for each in records}) < len(records):
        entries.blame("records", ", ".join(names), "each name and type once")
    if not section.type_start and len(records) > 1:
        entries.blame("type", "", "where the type of a record stands, since there are several")
    for at, each in enumerate(records):
        if each.under and each.under not in names[:at]:
            entries.blame(f"records[{at}].under", each.under, "the name of a record before it")
        if section.type_length and each.length and len(each.type) > section.type_length:
            entries.blame(f"records[{at}].type", each.type, f"at most {section.type_length} characters")
        if rows and at > names.index(rows[0]) and each.under not in ("", rows[0]):
            entries.blame(f"records[{at}].under", each.under, f"{rows[0]}, or nothing: it stands behind the row")
        for field in each.fields:
            if any(name not in names for name in field.of):
                entries.blame(f"records[{at}].fields", ", ".join(field.of), f"records of {', '.join(names)}")
    known = STOP_FIELDS | (READ_FIELDS if way == "upload" else {})
    for name, value in section.defaults:
        fits = {"unit": REGISTER_UNITS, "kind": KINDS}.get(name)
        if known.get(name) != "text" or (fits is not None and value not in fits):
            entries.blame(f"defaults.{name}", value, f"one of {', '.join(fits)}" if fits else "a text field")
    given = section.names | {name for name, _ in section.defaults}
    lacking = [name for name in _NEEDED[way] if name not in given]
    if lacking:
        entries.blame("records", f"no {', '.join(lacking)}", f"a field for each of {', '.join(_NEEDED[way])}")


def _record(entries: Entries, way: Direction, *, fixed: bool, length: int) -> Record:
    name = entries.text("record")
    entries.text("about")
    own = entries.whole("length", default=length, least=0) if fixed else 0
    fields = tuple(_field(each, way, fixed=fixed) for each in entries.list("fields"))
    taken: dict[int, str] = {}
    for at, field in enumerate(fields):
        if fixed and field.end > own:
            entries.blame(f"fields[{at}].length", f"ends at {field.end}", f"at most the record's length {own}")
        for place in range(field.start or 1, min(field.end, 10_000) + 1 if field.start else 0):
            if place in taken:
                entries.blame(f"fields[{at}].start", str(field.start), f"free places: {taken[place]} stands there")
                break
            taken[place] = field.name or field.value or "a filler"
    if fixed and not own:
        entries.blame("length", "", "the length of the record in bytes")
    found = [field.name for field in fields if field.name]
    if len(set(found)) < len(found):
        entries.blame("fields", ", ".join(found), "each field once")
    record = Record(
        name, entries.text("type", default=name), entries.text("under", default=""),
        cast("Any", entries.choice("times", ("many", "once", "optional", "any"), default="many")), entries.yes("row"),
        entries.text("when", default=""), own, fields,
    )  # fmt: skip
    if record.when and record.when not in STOP_FIELDS | READ_FIELDS:
        entries.blame("when", record.when, "the name of a field")
    entries.close()
    return record


def _field(entries: Entries, way: Direction, *, fixed: bool) -> Field:
    type_ = cast("FieldType", entries.choice("type", _TYPES, default="text"))
    control = type_ in ("count", "sum", "fixed")
    known = STOP_FIELDS | (READ_FIELDS if way == "upload" else {})
    name = "" if control else entries.choice("field", known)
    start = entries.whole("start" if fixed else "column")
    length = entries.whole("length") if fixed else 0
    about = entries.text("about")
    decimals = entries.whole("decimals", default=0, least=0) if type_ in ("number", "sum") else 0
    format_ = ""
    if type_ in ("date", "time"):
        format_ = entries.choice("format", _DATE_FORMATS if type_ == "date" else _TIME_FORMATS)
        if fixed and length != len(format_):
            entries.blame("length", str(length), f"{len(format_)}, the length of {format_}")
    if decimals > 6:
        entries.blame("decimals", str(decimals), "0 to 6")
    codes = entries.pairs("codes") if type_ == "code" else ()
    if type_ == "code":
        _codes(entries, name, codes, length)
    if name and not control and type_ not in _FITTING[known[name]]:
        entries.blame("type", type_, f"{' or '.join(_FITTING[known[name]])}, since {name} is a {known[name]}")
    of = entries.words("of") if type_ in ("count", "sum") else ()
    if type_ in ("count", "sum") and not of:
        entries.blame("of", "", "the records it counts")
    sums = entries.choice("field", ("reading", "previous_value")) if type_ == "sum" else ""
    value = entries.text("value") if type_ == "fixed" else ""
    if fixed and len(value) > length:
        entries.blame("value", value, f"at most {length} characters")
    needed = entries.yes("needed")
    entries.close()
    return Field(name, start, length, type_, about, needed, decimals, format_, codes, of, sums, value)


def _codes(entries: Entries, name: str, codes: tuple[tuple[str, str], ...], length: int) -> None:
    allowed = {"unit": REGISTER_UNITS, "kind": KINDS}.get(name)
    if not codes:
        entries.blame("codes", "", "what each word of the file means")
    for code, word in codes:
        if allowed is not None and word not in allowed:
            entries.blame(f"codes.{code}", word, f"one of {', '.join(allowed)}")
        if length and len(code) > length:
            entries.blame(f"codes.{code}", code, f"at most {length} characters")
    if len({word for _, word in codes}) < len(codes):
        entries.blame("codes", ", ".join(word for _, word in codes), "each meaning once, so that it can be written")
