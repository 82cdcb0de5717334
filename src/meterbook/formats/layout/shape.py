"""A layout as a value: which records a file has, where each field stands, what it means.

A layout is one YAML file (`layouts/*.yaml`, or a city's own text); `read_layout` makes this value of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

FieldType = Literal["text", "number", "decimal", "date", "time", "code", "count", "sum", "fixed"]
Direction = Literal["download", "upload"]
Clock = Literal["local", "standard", "utc"]
Times = Literal["once", "optional", "many", "any"]

STOP_FIELDS: dict[str, str] = {
    "utility": "text", "created_on": "date", "created_at": "time", "cycle": "text", "route": "text", "reader": "text",
    "read_due_on": "date", "account_number": "text", "customer_name": "text", "address": "text", "location": "text",
    "note": "text", "meter_serial": "text", "meter_size": "text", "commodity": "text", "endpoint": "text",
    "sequence": "number", "instruction": "text", "register": "text", "dials": "number", "decimals": "number",
    "unit": "text", "multiplier": "number", "previous_on": "date", "previous_value": "number", "low": "number",
    "high": "number",
}  # fmt: skip
"""What a route download may tell of a stop, with the kind of its value."""

READ_FIELDS: dict[str, str] = {
    "read_on": "date", "read_time": "time", "reading": "number", "kind": "text", "nonread": "text", "comment": "text",
}  # fmt: skip
"""What an upload may tell beside a stop's own fields."""

REGISTER_UNITS = ("kWh", "ccf", "kgal", "gal", "cf", "m3", "kVARh", "kW")
KINDS = ("actual", "estimated")


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `start` counts from 1 in bytes (fixed) or in columns (delimited, `length` 0).

    `decimals` are implied. `codes` translate the file's words to ours. `of` are the records a count or sum is about,
    `value` what a fixed field always holds, `sums` the field that is added up.
    """

    name: str
    start: int
    length: int
    type: FieldType
    about: str
    needed: bool = False
    decimals: int = 0
    format: str = ""
    codes: tuple[tuple[str, str], ...] = ()
    of: tuple[str, ...] = ()
    sums: str = ""
    value: str = ""

    @property
    def end(self) -> int:
        """The last byte (fixed) or column it takes."""
        return self.start + max(self.length, 1) - 1


@dataclass(frozen=True, slots=True)
class Record:
    """One kind of record: known by `type` where the section says its type stands, `under` another or '' for the top.

    `row`: each is one read, or one stop of a route. A record above it is written anew when anything it says changes.
    `when`: written only where that field says something.
    """

    name: str
    type: str
    under: str
    times: Times
    row: bool
    when: str
    length: int
    fields: tuple[Field, ...]

    @property
    def columns(self) -> int:
        """How many columns a delimited record has."""
        return max(field.end for field in self.fields)


@dataclass(frozen=True, slots=True)
class Section:
    """One direction: the records in their order, where their type stands, values the file does not carry."""

    records: tuple[Record, ...]
    type_start: int
    type_length: int
    defaults: tuple[tuple[str, str], ...]

    def record(self, name: str) -> Record:
        """The record called `name`."""
        return next(each for each in self.records if each.name == name)

    @property
    def row(self) -> Record:
        """The record that is one read or one stop."""
        return next(each for each in self.records if each.row)

    @property
    def names(self) -> frozenset[str]:
        """Every field the section carries."""
        return frozenset(field.name for record in self.records for field in record.fields if field.name)


@dataclass(frozen=True, slots=True)
class Layout:
    """One handheld's or head-end's files. `line_end` is what is written ('' none); both kinds are read."""

    name: str
    title: str
    about: str
    shape: Literal["fixed", "delimited"]
    delimiter: str
    encoding: Literal["ascii", "latin-1", "utf-8"]
    line_end: str
    clock: Clock
    multiplier_applied: bool
    download: Section | None
    upload: Section | None
