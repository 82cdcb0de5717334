"""Bytes of a URDB file to rate records: versions 3 to 8, a bare record, a list of them, or the API's ``items``."""

from __future__ import annotations

from typing import Any

from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.exact_json import read_json
from meterbook.formats.urdb.reading import read_record
from meterbook.formats.urdb.reading.fields import spelled
from meterbook.formats.urdb.record import UrdbRate

_EXPECTED = "a URDB rate record with energyratestructure"


def parse(data: bytes) -> list[UrdbRate]:
    """Every rate record of a file, in its order. Raises `WrongFormat` with one sentence naming the path.

    >>> found = parse(b'{"energyratestructure": [[{"rate": 0.1}]], "name": "R",'
    ...               b' "energyweekdayschedule": [], "energyweekendschedule": []}')
    Traceback (most recent call last):
    ...
    meterbook.formats.contract.WrongFormat: line 0, energyweekdayschedule: not a year of hours; found 0 rows, \
expected 12 rows of 24 period numbers
    """
    value = read_json(data)
    records = _records(value)
    return [read_record(record, place=place) for place, record in records]


def parse_one(data: bytes) -> UrdbRate:
    """The only record of a file. Raises `WrongFormat` when there are several."""
    found = parse(data)
    if len(found) > 1:
        raise WrongFormat(
            "several rates in one file", line=0, field="items", found=f"{len(found)} records", expected="one record"
        )
    return found[0]


def _records(value: Any) -> list[tuple[str, dict[str, Any]]]:
    """The records with their place in the file."""
    if isinstance(value, dict) and "items" in value:
        items, place = value["items"], "items"
    elif isinstance(value, list):
        items, place = value, ""
    else:
        items, place = [value], ""
    if not isinstance(items, list) or not items:
        raise WrongFormat("no rate record", line=0, field=place or "file", found=_kind(items), expected=_EXPECTED)
    several = isinstance(value, list) or place
    found: list[tuple[str, dict[str, Any]]] = []
    for at, item in enumerate(items):
        where = f"{place}[{at}]." if several else ""
        if not isinstance(item, dict):
            raise WrongFormat("no rate record", line=0, field=where or "file", found=_kind(item), expected=_EXPECTED)
        if "energyratestructure" not in spelled(item):
            field = f"{where}energyratestructure"
            raise WrongFormat("no energy prices", line=0, field=field, found="nothing", expected=_EXPECTED)
        found.append((where, item))
    return found


def _kind(value: Any) -> str:
    names = {dict: "an object", list: "an empty list", str: "text", bool: "true or false", type(None): "null"}
    return names.get(type(value), "a number")
