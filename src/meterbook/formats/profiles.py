"""Payment files whose layout a partner decides: where each field stands is a profile, written as YAML.

A profile says whether the file is fixed columns or CSV, how amounts and dates are written, and for the header, the
detail and the trailer how such a record begins and where its fields stand:

>>> profile = profile_of('''
... kind: csv
... amounts: decimal
... detail:
...   fields: {account: Account, amount: Amount, paid_on: {at: Date, date: MMDDYYYY}}
... ''', needed=("account", "amount"))
>>> [row.cells for row in rows(b"Account,Amount,Date\\n100245,70.00,06032026\\n", profile)]
[{'account': '100245', 'amount': '70.00', 'paid_on': '06032026'}]
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import yaml

from meterbook.formats.contract import WrongFormat, csv_rows, utf8_text

SECTIONS = ("header", "detail", "trailer")
_SPAN = re.compile(r"(\d{1,4})-(\d{1,4})", re.ASCII)
_ORDERS = ("YYMMDD", "MMDDYY", "YYYYMMDD", "MMDDYYYY", "YYYY-MM-DD", "MM/DD/YYYY")
_CENTS = re.compile(r"-?\d{1,13}", re.ASCII)
_DECIMAL = re.compile(r"-?\d{1,11}\.\d{2}", re.ASCII)


class WrongProfile(ValueError):
    """The profile's own text is wrong: where, and what was expected there."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field stands: columns `first` to `last` from 1 (fixed), or `heading` (CSV), or the cell `number` (CSV
    without headings). `values` turns the sender's words into ours, `strip_zeros` drops leading zeros."""

    first: int = 0
    last: int = 0
    heading: str = ""
    number: int = 0
    date: str = ""
    values: Mapping[str, str] | None = None
    strip_zeros: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A kind of record: how it begins ('' for any) and its fields by our names."""

    starts: str
    fields: Mapping[str, Place]


@dataclass(frozen=True, slots=True)
class Profile:
    """A partner's layout. `amounts` is cents (digits, two implied decimals) or decimal (70.00); `width` the columns
    every record of a fixed file has, 0 for any."""

    kind: str
    amounts: str
    dates: str
    width: int
    sections: Mapping[str, Section]
    headings: bool

    def has(self, section: str, name: str) -> bool:
        """Whether the profile places such a field."""
        return section in self.sections and name in self.sections[section].fields


@dataclass(frozen=True, slots=True)
class Row:
    """One record: its section and the texts of its fields, outer blanks removed."""

    line: int
    section: str
    cells: Mapping[str, str]
    raw: str
    profile: Profile

    def cents(self, name: str) -> int:
        """An amount in cents. Raises `WrongFormat`: money that cannot be read refuses the file."""
        found = self.cells.get(name, "")
        shape, expected = (_CENTS, "digits (cents)") if self.profile.amounts == "cents" else (_DECIMAL, "like 70.00")
        if not shape.fullmatch(found):
            raise self.wrong("not an amount", name=name, expected=expected)
        return int(found) if self.profile.amounts == "cents" else int(Decimal(found).scaleb(2))

    def number(self, name: str) -> int:
        """A count. Raises `WrongFormat`."""
        found = self.cells.get(name, "")
        if not (found.isascii() and found.isdigit() and len(found) < 12):
            raise self.wrong("not a number", name=name, expected="digits")
        return int(found)

    def day(self, name: str) -> dt.date:
        """A date as the profile writes it. Raises `WrongFormat`."""
        order = self.profile.sections[self.section].fields[name].date or self.profile.dates
        day = day_of(self.cells[name], order)
        if day is None:
            raise self.wrong("not a date", name=name, expected=order)
        return day

    def wrong(self, reason: str, *, name: str, expected: str) -> WrongFormat:
        """The refusal, with this record's line."""
        return WrongFormat(reason, line=self.line, field=name, found=self.cells.get(name, ""), expected=expected)


def profile_of(text: str, *, needed: Sequence[str]) -> Profile:
    """The profile a YAML text describes; its detail must place every field of `needed`. Raises `WrongProfile`."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WrongProfile(f"not YAML: {error}") from error
    return profile_from(found, needed=needed)


def profile_from(found: Any, *, needed: Sequence[str]) -> Profile:
    """The same from a document already read. Raises `WrongProfile`."""
    if not isinstance(found, dict) or found.get("kind") not in ("fixed", "csv"):
        raise WrongProfile("kind: fixed or csv")
    known = {"kind", "amounts", "dates", "width", "headings", *SECTIONS}
    if unknown := sorted(set(found) - known):
        raise WrongProfile(f"{unknown[0]}: unknown; known: {', '.join(sorted(known))}")
    amounts, dates = found.get("amounts", "cents"), found.get("dates", "YYYYMMDD")
    if amounts not in ("cents", "decimal"):
        raise WrongProfile("amounts: cents or decimal")
    if dates not in _ORDERS:
        raise WrongProfile(f"dates: one of {', '.join(_ORDERS)}")
    sections = {
        name: _section(found[name], at=name, fixed=found["kind"] == "fixed") for name in SECTIONS if name in found
    }
    missing = [name for name in needed if "detail" not in sections or name not in sections["detail"].fields]
    if missing:
        raise WrongProfile(f"detail.fields.{missing[0]}: missing")
    headings = found.get("headings", any(each.heading for each in sections["detail"].fields.values()))
    width = found.get("width", 0)
    if not isinstance(width, int) or width < 0:
        raise WrongProfile("width: a number of columns")
    return Profile(found["kind"], amounts, dates, width, sections, bool(headings))


def rows(data: bytes, profile: Profile) -> Iterator[Row]:
    """Each record of the file in its order. Raises `WrongFormat` for a record of no kind and for missing headings."""
    text = utf8_text(data)
    return _fixed_rows(text, profile) if profile.kind == "fixed" else _csv_rows(text, profile)


def _fixed_rows(text: str, profile: Profile) -> Iterator[Row]:
    for number, line in enumerate(text.replace("\r\n", "\n").split("\n"), start=1):
        if not line.strip():
            continue
        if profile.width and len(line) != profile.width:
            raise WrongFormat("wrong length", line=number, field="record", found=f"{len(line)} columns",
                              expected=f"{profile.width}")  # fmt: skip
        section = _section_of(profile, line, line, number)
        fields = profile.sections[section].fields
        cells = {name: _cut(line[each.first - 1 : each.last], each) for name, each in fields.items()}
        yield Row(number, section, cells, line, profile)


def _csv_rows(text: str, profile: Profile) -> Iterator[Row]:
    headings: list[str] | None = None
    width = 0
    for number, found, raw in csv_rows(text):
        cells = [each.strip() for each in found]
        if profile.headings and headings is None and not _is_header(profile, cells[0]):
            headings, width = cells, len(cells)
            _check_headings(profile, headings, number, raw)
            continue
        section = _section_of(profile, cells[0], raw, number)
        if section == "detail" and width and len(cells) != width:
            raise WrongFormat("wrong length", line=number, field="row", found=raw, expected=f"{width} cells")
        width = width or (len(cells) if section == "detail" else 0)
        fields = profile.sections[section].fields
        said = {name: _cell(cells, each, headings) for name, each in fields.items()}
        yield Row(number, section, said, raw, profile)


def day_of(text: str, order: str) -> dt.date | None:
    """The date written in one of the orders known, or None; two-digit years are 2000 to 2099.

    >>> day_of("06/03/2026", "MM/DD/YYYY"), day_of("260603", "YYMMDD"), day_of("261303", "YYMMDD")
    (datetime.date(2026, 6, 3), datetime.date(2026, 6, 3), None)
    """
    if len(text) != len(order) or any(a != b for a, b in zip(text, order, strict=True) if b in "-/"):
        return None
    parts = {"Y": "", "M": "", "D": ""}
    for letter, place in zip(text, order, strict=True):
        if place in parts:
            parts[place] += letter
    if not all(each.isascii() and each.isdigit() for each in parts.values()):
        return None
    try:
        return dt.date(int(parts["Y"]) + (2000 if len(parts["Y"]) == 2 else 0), int(parts["M"]), int(parts["D"]))
    except ValueError:
        return None


def _section(found: Any, *, at: str, fixed: bool) -> Section:
    if not isinstance(found, dict) or set(found) - {"starts", "fields"}:
        raise WrongProfile(f"{at}: the keys starts and fields")
    fields = found.get("fields") or {}
    if not isinstance(fields, dict):
        raise WrongProfile(f"{at}.fields: a mapping")
    places = {str(name): _place(each, at=f"{at}.fields.{name}", fixed=fixed) for name, each in fields.items()}
    return Section(str(found.get("starts", "")), places)


def _place(found: Any, *, at: str, fixed: bool) -> Place:
    said = found if isinstance(found, dict) else {"at": found}
    if set(said) - {"at", "date", "values", "zeros"} or "at" not in said:
        raise WrongProfile(f"{at}: at, and if needed date, values, zeros")
    date, values = said.get("date", ""), said.get("values")
    if date not in ("", *_ORDERS):
        raise WrongProfile(f"{at}.date: one of {', '.join(_ORDERS)}")
    if values is not None and not isinstance(values, dict):
        raise WrongProfile(f"{at}.values: a mapping of their words to ours")
    words = None if values is None else {str(key): str(each) for key, each in values.items()}
    zeros = said.get("zeros") == "strip"
    where = str(said["at"])
    if fixed:
        span = _SPAN.fullmatch(where)
        if not span or not 1 <= int(span[1]) <= int(span[2]):
            raise WrongProfile(f"{at}: columns like 2-21")
        return Place(int(span[1]), int(span[2]), date=date, values=words, strip_zeros=zeros)
    number = int(where) if where.isascii() and where.isdigit() else 0
    return Place(heading="" if number else where, number=number, date=date, values=words, strip_zeros=zeros)


def _section_of(profile: Profile, text: str, raw: str, number: int) -> str:
    for name in ("header", "trailer", "detail"):
        section = profile.sections.get(name)
        if section is not None and text.startswith(section.starts) and (section.starts or name == "detail"):
            return name
    known = " or ".join(f"{each.starts} ({name})" for name, each in profile.sections.items())
    raise WrongFormat("not a record of this profile", line=number, field="record type", found=raw, expected=known)


def _is_header(profile: Profile, first_cell: str) -> bool:
    header = profile.sections.get("header")
    return header is not None and bool(header.starts) and first_cell.startswith(header.starts)


def _check_headings(profile: Profile, headings: list[str], number: int, raw: str) -> None:
    needed = [each.heading for each in profile.sections["detail"].fields.values() if each.heading]
    if missing := [each for each in needed if headings.count(each) != 1]:
        raise WrongFormat("wrong headings", line=number, field="heading", found=raw, expected=", ".join(missing))


def _cell(cells: list[str], place: Place, headings: list[str] | None) -> str:
    at = headings.index(place.heading) if place.heading and headings else place.number - 1
    return _cut(cells[at] if 0 <= at < len(cells) else "", place)


def _cut(text: str, place: Place) -> str:
    found = text.strip()
    if place.strip_zeros:
        found = found.lstrip("0")
    return found if place.values is None else place.values.get(found, f"?{found}")
