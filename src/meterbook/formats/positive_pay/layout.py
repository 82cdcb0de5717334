"""Where each field stands in a bank's positive pay file. Every bank varies: a layout is data, checked when it is read.

>>> layout = read_layout('''
... name: mine
... title: my bank
... shape: delimited
... separator: ";"
... dates: YYYYMMDD
... amount: cents
... kinds: {issued: I, void: V, cancelled: X}
... fields: [{field: number, width: 8}, {field: account, width: 12}, {field: amount, width: 10},
...          {field: issued_on}, {field: kind}]
... ''')
>>> layout.kind_of("X"), [each.name for each in layout.fields][:2]
('cancelled', ['number', 'account'])
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

import yaml

from meterbook.formats.positive_pay.checks import KINDS, CheckKind

DateOrder = Literal["MMDDYY", "YYMMDD", "MMDDYYYY", "YYYYMMDD"]
_DATES = {"MMDDYY": "%m%d%y", "YYMMDD": "%y%m%d", "MMDDYYYY": "%m%d%Y", "YYYYMMDD": "%Y%m%d"}
_REQUIRED = ("number", "account", "amount", "issued_on", "kind")
_FIELDS = (*_REQUIRED, "payee", "voided_on")
_KEYS = {"name", "title", "shape", "width", "separator", "dates", "amount", "kinds", "fields"}


class LayoutError(ValueError):
    """The layout cannot be used; the message names the place in it."""


@dataclass(frozen=True, slots=True)
class PayField:
    """`first` to `last` count from 1 in a fixed layout, 0 in a delimited one; `width` is the most it may hold."""

    name: str
    width: int
    first: int = 0
    last: int = 0
    digits: bool = False


@dataclass(frozen=True, slots=True)
class PayLayout:
    """`width` is the record's in a fixed layout, `separator` the character of a delimited one ('' in a fixed one)."""

    name: str
    title: str
    width: int
    separator: str
    dates: DateOrder
    decimal: bool
    markers: dict[CheckKind, str]
    fields: tuple[PayField, ...]

    def kind_of(self, marker: str) -> CheckKind | None:
        """The first kind with that marker; None for an unknown one."""
        return next((kind for kind in KINDS if self.markers[kind] == marker), None)

    def day_text(self, day: dt.date | None) -> str:
        """Blank for none. Raises `ValueError` when a two-digit year cannot hold it."""
        if day is None:
            return ""
        if "YYYY" not in self.dates and not 2000 <= day.year <= 2099:
            raise ValueError(f"{day}: a two-digit year means 2000 to 2099")
        return day.strftime(_DATES[self.dates])

    def day_of(self, text: str) -> dt.date | None:
        """None for anything that is no day."""
        if len(text) != len(self.dates) or not (text.isascii() and text.isdigit()):
            return None
        year, rest = (text[:-4], text[-4:]) if self.dates.startswith("Y") else (text[4:], text[:4])
        try:
            return dt.date(int(year) + (2000 if len(year) == 2 else 0), int(rest[:2]), int(rest[2:]))
        except ValueError:
            return None


def read_layout(text: str) -> PayLayout:
    """The layout of a YAML document. Raises `LayoutError` for anything unknown, missing, overlapping or too wide."""
    try:
        tree = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise LayoutError(f"not YAML: {error}") from error
    if not isinstance(tree, dict) or set(tree) - _KEYS:
        raise LayoutError(f"keys: found {tree if not isinstance(tree, dict) else sorted(tree)}, known {sorted(_KEYS)}")
    fixed = _one_of(tree, "shape", ("fixed", "delimited")) == "fixed"
    dates: Any = _one_of(tree, "dates", tuple(_DATES))
    kinds = tree.get("kinds")
    if (
        not isinstance(kinds, dict)
        or set(kinds) != set(KINDS)
        or kinds["issued"] in (kinds["void"], kinds["cancelled"])
    ):
        raise LayoutError(f"kinds: found {kinds}, expected a marker for each of {KINDS}, issued unlike the others")
    layout = PayLayout(
        name=str(tree.get("name") or ""), title=str(tree.get("title") or ""), dates=dates,
        width=_number(tree, "width") if fixed else 0, separator="" if fixed else str(tree.get("separator", ",")),
        decimal=_one_of(tree, "amount", ("cents", "decimal")) == "decimal",
        markers={kind: str(kinds[kind]) for kind in KINDS},
        fields=tuple(_field(each, at, fixed=fixed, dates=dates) for at, each in enumerate(tree.get("fields") or [])),
    )  # fmt: skip
    _check(layout, fixed=fixed)
    return layout


def _check(layout: PayLayout, *, fixed: bool) -> None:
    names = [each.name for each in layout.fields]
    missing = [each for each in _REQUIRED if each not in names]
    if not layout.name or not layout.title or missing or len(set(names)) != len(names):
        raise LayoutError(f"fields: found {names}, expected each once, with {missing or 'a name and a title'}")
    end = 0
    for each in sorted(layout.fields, key=lambda field: field.first) if fixed else ():
        if each.first <= end or each.last > layout.width:
            raise LayoutError(f"{each.name}: columns {each.first}-{each.last} overlap or exceed {layout.width}")
        end = each.last
    if not fixed and (len(layout.separator) != 1 or layout.separator.isalnum()):
        raise LayoutError(f"separator: found {layout.separator!r}, expected one character")


def _field(entry: Any, at: int, *, fixed: bool, dates: str) -> PayField:
    where = f"fields[{at}]"
    if not isinstance(entry, dict) or set(entry) - {"field", "columns", "width", "digits"}:
        raise LayoutError(f"{where}: found {entry}, expected field, columns or width, digits")
    name = entry.get("field")
    if name not in _FIELDS:
        raise LayoutError(f"{where}: found {name}, expected one of {', '.join(_FIELDS)}")
    first = last = 0
    if fixed:
        parts = str(entry.get("columns", "")).split("-")
        if len(parts) != 2 or not all(each.isdigit() for each in parts) or not 1 <= int(parts[0]) <= int(parts[1]):
            raise LayoutError(f"{where}, columns: found {entry.get('columns')}, expected such as 1-12")
        first, last = int(parts[0]), int(parts[1])
    default = len(dates) if name in ("issued_on", "voided_on") else 1 if name == "kind" else 0
    width = last - first + 1 if fixed else entry.get("width", default)
    if not isinstance(width, int) or width < 1 or (name in ("issued_on", "voided_on") and width != len(dates)):
        raise LayoutError(f"{where}, width: found {width}, expected columns enough, for a date {len(dates)}")
    return PayField(name, width, first, last, bool(entry.get("digits", False)))


def _one_of(tree: dict[str, Any], key: str, known: tuple[str, ...]) -> str:
    if tree.get(key) not in known:
        raise LayoutError(f"{key}: found {tree.get(key)}, expected {' or '.join(known)}")
    return str(tree[key])


def _number(tree: dict[str, Any], key: str) -> int:
    if not isinstance(tree.get(key), int) or tree[key] < 1:
        raise LayoutError(f"{key}: found {tree.get(key)}, expected a number of columns")
    return int(tree[key])
