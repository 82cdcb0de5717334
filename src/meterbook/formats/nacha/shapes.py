"""The 94 columns of each record, once for reading and for writing.

>>> ENTRY.cut("627081000210" + "5654221".ljust(17) + "0000002300")["amount"]
'0000002300'
>>> len(FILE_CONTROL.put({"batch_count": 1, "block_count": 1}))
94
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

WIDTH = 94
"""Characters of every record."""


class Field(NamedTuple):
    """Columns `first` to `last`, counted from 1, both included. `digits`: right-aligned, zero-filled; else text."""

    name: str
    first: int
    last: int
    digits: bool

    @property
    def width(self) -> int:
        return self.last - self.first + 1


@dataclass(frozen=True, slots=True)
class Shape:
    """One record type: its first character and its fields."""

    code: str
    name: str
    fields: tuple[Field, ...]

    def cut(self, text: str) -> dict[str, str]:
        """Every field by name, as it stands (not stripped), blank-filled where the line ends early."""
        padded = text.ljust(WIDTH)
        return {each.name: padded[each.first - 1 : each.last] for each in self.fields}

    def put(self, values: Mapping[str, str | int]) -> str:
        """The record of `values`; a field not named is blank or zeros. Raises `ValueError` for what does not fit.

        >>> ENTRY.put({"account": "1" * 18})
        Traceback (most recent call last):
        ValueError: entry, account: '111111111111111111' does not fit 17 columns
        """
        unknown = set(values) - {each.name for each in self.fields}
        if unknown:
            raise ValueError(f"{self.name}: no fields {sorted(unknown)}")
        line = self.code
        for each in self.fields:
            text = str(values.get(each.name, ""))
            if len(text) > each.width:
                raise ValueError(
                    f"{self.name}, {each.name.replace('_', ' ')}: {text!r} does not fit {each.width} columns"
                )
            if each.digits and text.strip(" ") and not (text.isascii() and text.isdigit()):
                raise ValueError(f"{self.name}, {each.name.replace('_', ' ')}: {text!r} is not a number")
            line = line.ljust(each.first - 1) + (text.rjust(each.width, "0") if each.digits else text.ljust(each.width))
        return line.ljust(WIDTH)


def _shape(code: str, name: str, fields: str) -> Shape:
    """Fields as `name:first-last`, with `#` before the name of one that holds digits."""
    found = []
    for spec in fields.split():
        label, columns = spec.split(":")
        first, last = columns.split("-")
        found.append(Field(label.lstrip("#"), int(first), int(last), label.startswith("#")))
    return Shape(code, name, tuple(found))


FILE_HEADER = _shape(
    "1", "file header",
    "#priority:2-3 destination:4-13 origin:14-23 created_on:24-29 created_at:30-33 id_modifier:34-34 "
    "#record_size:35-37 #blocking_factor:38-39 format_code:40-40 destination_name:41-63 origin_name:64-86 "
    "reference:87-94",
)  # fmt: skip
BATCH_HEADER = _shape(
    "5", "batch header",
    "#service_class:2-4 company_name:5-20 company_discretionary:21-40 company_id:41-50 sec:51-53 description:54-63 "
    "descriptive_date:64-69 effective_on:70-75 settlement_day:76-78 originator_status:79-79 odfi:80-87 "
    "#batch_number:88-94",
)  # fmt: skip
IAT_BATCH_HEADER = _shape(
    "5", "batch header",
    "#service_class:2-4 company_name:5-20 exchange:21-40 company_id:41-50 sec:51-53 description:54-63 "
    "descriptive_date:64-69 effective_on:70-75 settlement_day:76-78 originator_status:79-79 odfi:80-87 "
    "#batch_number:88-94",
)  # fmt: skip
ENTRY = _shape(
    "6", "entry",
    "#transaction_code:2-3 rdfi:4-11 check_digit:12-12 account:13-29 #amount:30-39 identification:40-54 name:55-76 "
    "discretionary:77-78 indicator:79-79 trace:80-94",
)  # fmt: skip
CTX_ENTRY = _shape(
    "6", "entry",
    "#transaction_code:2-3 rdfi:4-11 check_digit:12-12 account:13-29 #amount:30-39 identification:40-54 "
    "#addenda_count:55-58 name:59-74 reserved:75-76 discretionary:77-78 indicator:79-79 trace:80-94",
)  # fmt: skip
IAT_ENTRY = _shape(
    "6", "entry",
    "#transaction_code:2-3 rdfi:4-11 check_digit:12-12 #addenda_count:13-16 reserved:17-29 #amount:30-39 "
    "account:40-74 discretionary:77-78 indicator:79-79 trace:80-94",
)  # fmt: skip
ADV_ENTRY = _shape(
    "6", "entry",
    "#transaction_code:2-3 rdfi:4-11 check_digit:12-12 account:13-27 #amount:28-39 identification:40-53 name:55-76 "
    "discretionary:77-78 indicator:79-79 trace:80-94",
)  # fmt: skip
ADDENDA = _shape("7", "addenda", "type_code:2-3 text:4-83 sequence:84-87 entry_sequence:88-94")
CHANGE = _shape(
    "7", "addenda 98",
    "type_code:2-3 code:4-6 original_trace:7-21 reserved:22-27 original_rdfi:28-35 corrected:36-64 "
    "refused_code:65-67 refused_sequence:68-74 reserved_too:75-79 trace:80-94",
)  # fmt: skip
RETURN = _shape(
    "7", "addenda 99",
    "type_code:2-3 code:4-6 original_trace:7-21 date_of_death:22-27 original_rdfi:28-35 information:36-79 trace:80-94",
)  # fmt: skip
BATCH_CONTROL = _shape(
    "8", "batch control",
    "#service_class:2-4 #count:5-10 #entry_hash:11-20 #debit:21-32 #credit:33-44 company_id:45-54 "
    "authentication:55-73 reserved:74-79 odfi:80-87 #batch_number:88-94",
)  # fmt: skip
ADV_BATCH_CONTROL = _shape(
    "8", "batch control",
    "#service_class:2-4 #count:5-10 #entry_hash:11-20 #debit:21-40 #credit:41-60 company_id:61-79 odfi:80-87 "
    "#batch_number:88-94",
)  # fmt: skip
FILE_CONTROL = _shape(
    "9", "file control",
    "#batch_count:2-7 #block_count:8-13 #count:14-21 #entry_hash:22-31 #debit:32-43 #credit:44-55 reserved:56-94",
)  # fmt: skip
ADV_FILE_CONTROL = _shape(
    "9", "file control",
    "#batch_count:2-7 #block_count:8-13 #count:14-21 #entry_hash:22-31 #debit:32-51 #credit:52-71 reserved:72-94",
)  # fmt: skip
