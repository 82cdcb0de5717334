"""Banks' lockbox layouts as one cited document: the policy `lockbox-layouts`, or a file beside `formats check`.

>>> text = '''
... layouts:
...   first-bank:
...     origin: "0099999991"
...     account: {record: 6, columns: 83-102}
...     payee: none
... '''
>>> (bank,) = layouts_of(text)
>>> bank.name, bank.layout.account_record, bank.layout.account.width, bank.layout.payee
('first-bank', '6', 20, None)
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any, get_args

import yaml

from meterbook.formats.contract import ParsedPayments, WrongFormat
from meterbook.formats.lockbox.layout import DEFAULT_LAYOUT, Columns, DateOrder, Layout
from meterbook.formats.lockbox.parse import parse

_SPAN = re.compile(r"(\d{1,3})-(\d{1,3})", re.ASCII)
_NUMBERS = ("width", "max_width")
_ORDERS = ("date_order", "check_date_order")
_KNOWN = {each.name for each in fields(Layout)} - {"account_record"}
_OPTIONAL = {each.name for each in fields(Layout) if "None" in str(each.type)}


class WrongLayout(ValueError):
    """The document is wrong: where, and what was expected there."""


@dataclass(frozen=True, slots=True)
class BankLayout:
    """One bank's layout. `origin` is what its files say in record 1, '' for any;
    where it stands there is `origin_columns`."""

    name: str
    layout: Layout
    origin: str = ""


def layouts_of(text: str) -> tuple[BankLayout, ...]:
    """The layouts of a YAML document in its order. Raises `WrongLayout`."""
    try:
        found = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise WrongLayout(f"not YAML: {error}") from error
    named = found.get("layouts") if isinstance(found, dict) else None
    if not isinstance(named, dict) or not named:
        raise WrongLayout("layouts: a mapping of names to layouts")
    return tuple(_bank(str(name), each) for name, each in named.items())


def parse_by(data: bytes, *, layouts: tuple[BankLayout, ...]) -> ParsedPayments:
    """The file under the layout of the bank it says it comes from, else under one that names no bank.

    Raises `WrongFormat` when no layout fits its origin, and whatever `parse` refuses.
    """
    first = data.split(b"\n", 1)[0].decode("latin-1")
    for bank in layouts:
        if bank.origin and bank.layout.origin.cut(first).strip() == bank.origin:
            return parse(data, layout=bank.layout)
    for bank in layouts:
        if not bank.origin:
            return parse(data, layout=bank.layout)
    found = layouts[0].layout.origin.cut(first).strip()
    known = ", ".join(bank.origin for bank in layouts)
    raise WrongFormat("no layout for this bank", line=1, field="origin", found=found, expected=known)


def profiled(text: str) -> Callable[[bytes], ParsedPayments]:
    """The reader of files laid out by a document of layouts. Raises `WrongLayout`."""
    return partial(parse_by, layouts=layouts_of(text))


def _bank(name: str, found: Any) -> BankLayout:
    if not isinstance(found, dict):
        raise WrongLayout(f"layouts.{name}: a mapping")
    changes: dict[str, Any] = {}
    for key, said in found.items():
        at = f"layouts.{name}.{key}"
        if key == "origin":
            continue
        if key == "origin_columns":
            changes["origin"] = _columns(said, at=at)
        elif key not in _KNOWN:
            raise WrongLayout(f"{at}: unknown; known: {', '.join(sorted(_KNOWN))}")
        elif key == "account":
            changes |= _account(said, at=at)
        elif key in _NUMBERS:
            if not isinstance(said, int) or not 40 <= said <= 400:
                raise WrongLayout(f"{at}: a number of columns from 40 to 400")
            changes[key] = said
        elif key in _ORDERS:
            if said not in get_args(DateOrder):
                raise WrongLayout(f"{at}: one of {', '.join(get_args(DateOrder))}")
            changes[key] = said
        elif said in ("none", None):
            if key not in _OPTIONAL:
                raise WrongLayout(f"{at}: needed")
            changes[key] = None
        else:
            changes[key] = _columns(said, at=at)
    origin = str(found.get("origin", ""))
    return BankLayout(name, replace(DEFAULT_LAYOUT, **changes), origin)


def _account(said: Any, *, at: str) -> dict[str, Any]:
    if not isinstance(said, dict) or str(said.get("record")) not in ("4", "6") or "columns" not in said:
        raise WrongLayout(f"{at}: record (4 or 6) and columns")
    return {"account_record": str(said["record"]), "account": _columns(said["columns"], at=f"{at}.columns")}


def _columns(said: Any, *, at: str) -> Columns:
    span = _SPAN.fullmatch(str(said))
    if not span or not 1 <= int(span[1]) <= int(span[2]):
        raise WrongLayout(f"{at}: columns like 12-41")
    return Columns(int(span[1]), int(span[2]))
