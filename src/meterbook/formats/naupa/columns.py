"""The 625 columns of each NAUPA II record, once for reading and for writing. See README.md for the source of each.

>>> SUMINFO.put({"records": 3, "reported": 25_373})[:25]
'9000003000000000000025373'
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

WIDTH = 625
"""Characters of every record, without its CR and LF."""


@dataclass(frozen=True, slots=True)
class Column:
    """`first` to `last` count from 1, both included. `digits`: right-aligned and zero-filled; else left-aligned."""

    first: int
    last: int
    digits: bool

    @property
    def width(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class RecordShape:
    """A record type: its TR-CODE, its name in the standard, its columns by name."""

    code: str
    name: str
    columns: Mapping[str, Column]

    def cut(self, line: str) -> dict[str, str]:
        """Every field, outer blanks removed."""
        return {name: line[each.first - 1 : each.last].strip() for name, each in self.columns.items()}

    def put(self, values: Mapping[str, str | int]) -> str:
        """The record; what is not named is blank or zeros. Raises `ValueError` for what does not fit."""
        line = self.code
        for name, each in self.columns.items():
            text = str(values.get(name, ""))
            if len(text) > each.width or (each.digits and text and not text.isdigit()):
                raise ValueError(f"{self.name}, {name.replace('_', ' ')}: {text!r} is not for {each.width} columns")
            filled = text.rjust(each.width, "0") if each.digits else text.ljust(each.width)
            line = line.ljust(each.first - 1) + filled
        unknown = set(values) - set(self.columns)
        if unknown:
            raise ValueError(f"{self.name}: no columns for {sorted(unknown)}")
        return line.ljust(WIDTH)


def _shape(code: str, name: str, start: int, spec: str) -> RecordShape:
    """Columns one after the other from `start`, each `name:width`, `#` before the name of a number."""
    columns: dict[str, Column] = {}
    at = start
    for each in spec.split():
        label, width = each.split(":")
        columns[label.lstrip("#")] = Column(at, at + int(width) - 1, label.startswith("#"))
        at += int(width)
    if at - 1 > WIDTH:
        raise ValueError(f"{name}: {at - 1} columns")
    return RecordShape(code, name, columns)


_CONTACT = "_name:40 _line1:30 _line2:30 _line3:30 _city:30 _state:2 _zip:9 _country:3 _phone:10 _extension:4 _email:50"
_OWNER = (
    "#sequence:6 owner_type:1 name_kind:1 last:40 first:30 middle:10 prefix:10 suffix:10 title:6 line1:30 line2:30 "
    "line3:30 city:30 county:20 state:2 zip:9 country:3 tax_id:9 tax_id_extension:2 #born_on:8"
)

HOLDER = _shape(
    "1", "HOLDER", 2,
    "tax_id:9 tax_id_extension:4 #year:4 report_type:1 #report_number:2 report_format:1 sic:4 incorporated_in:2 "
    "#incorporated_on:8 name:40 city:30 county:20 state:2 "
    + _CONTACT.replace("_", "contact_") + " " + _CONTACT.replace("_", "second_") + " fax:10 naics:6",
)  # fmt: skip
PROPERTY = _shape(
    "2", "PROPERTY", 2,
    _OWNER + " #started_on:8 #last_on:8 property_type:4 #reported:10 deduction_type:2 #deduction:10 #advertised:10 "
    "addition_type:2 #addition:10 deletion_type:2 #deletion:10 #remitted:10 interest_flag:1 #interest_rate:7 "
    "stock_name:25 stock_cusip:9 #shares:12 #shares_added:12 #shares_deleted:12 #shares_remitted:12 "
    "unexchanged_name:25 unexchanged_cusip:9 #unexchanged_shares:12 account:20 check:20 description:50 "
    "relationship:2 ownership:2",
)  # fmt: skip
PROPADD = _shape("3", "PROPADD", 2, _OWNER + " relationship:2 ownership:2")
SUMINFO = _shape(
    "9", "SUMINFO", 2,
    "#records:6 #properties:6 #reported:12 #deduction:12 #advertised:12 #addition:12 #deletion:12 #remitted:12 "
    "#shares:14 #shares_added:14 #shares_deleted:14 #shares_remitted:14 negative:1 software:20 creator:20 "
    "creator_contact:70",
)  # fmt: skip
