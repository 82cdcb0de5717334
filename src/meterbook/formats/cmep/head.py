"""The 14 fields that open a MEPMD01 record."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from meterbook.formats.cmep.clock import Clock
from meterbook.formats.cmep.words import FIELDS, PURPOSES, REGISTER_SUFFIX, UNITS, Unit
from meterbook.formats.contract import Problem, plain_number, shortened

_LENGTH = re.compile(r"[0-9]{8}", re.ASCII)
_COUNT = re.compile(r"[0-9]{1,5}", re.ASCII)
_LONGEST = 7 * 24 * 60  # minutes; a week


@dataclass(frozen=True, slots=True)
class Head:
    """What a record says of all its triplets; `minutes` is 0 for a register record without an interval."""

    meter_serial: str
    unit: Unit
    register: bool
    multiplier: Decimal | None
    minutes: int
    count: int


def read_head(line: int, cells: list[str], clock: Clock) -> Head | list[Problem]:
    """The head of one record, or a problem for each field that cannot be taken."""
    if len(cells) < len(FIELDS):
        return [Problem(line, "row", f"{len(cells)} fields", f"{len(FIELDS)} fields and triplets of three")]
    at = dict(zip(FIELDS, (cell.strip() for cell in cells), strict=False))
    word = at["units"].upper()
    register = word.endswith(REGISTER_SUFFIX)
    unit = UNITS.get(word.removesuffix(REGISTER_SUFFIX))
    if register and unit is not None and unit.factor != 1:
        unit = None
    minutes = interval_minutes(at["interval"])
    multiplier = plain_number(at["constant"])
    count = int(at["count"]) if _COUNT.fullmatch(at["count"]) else 0
    fits = len(cells) == len(FIELDS) + 3 * count
    checks = (
        (bool(at["meter"]) and at["meter"].isprintable(), "meter", "a meter number"),
        (at["purpose"].upper() in PURPOSES, "purpose", ", ".join(PURPOSES)),
        (unit is not None, "units", f"one of {', '.join(UNITS)}, or one with REG"),
        (unit is None or at["commodity"].upper() in tuple(unit.commodities), "commodity", _commodities(unit, word)),
        (not at["constant"] or bool(multiplier), "constant", "a multiplier above 0 such as 1.0, or blank"),
        (not at["time stamp"] or bool(clock.instants(at["time stamp"])), "time stamp", "a time YYYYMMDDhhmm"),
        (register or minutes is not None, "interval", "a length MMDDhhmm of 1 minute to 7 days such as 00000100"),
        (count > 0, "count", "the number of triplets, 1 to 99999"),
        (count == 0 or fits, "count", f"{(len(cells) - len(FIELDS)) / 3:g}, the triplets that follow"),
    )
    problems = [Problem(line, field, shortened(at[field]), expected) for fine, field, expected in checks if not fine]
    if problems or unit is None:
        return problems
    return Head(at["meter"], unit, register, multiplier, minutes or 0, count)


def interval_minutes(text: str) -> int | None:
    """`MMDDhhmm` in minutes; None for no length, one in months, or one beyond a week.

    >>> interval_minutes("00000100"), interval_minutes("00010000"), interval_minutes("01000000")
    (60, 1440, None)
    """
    if not _LENGTH.fullmatch(text):
        return None
    months, days, hours, minutes = (int(text[at : at + 2]) for at in (0, 2, 4, 6))
    total = (days * 24 + hours) * 60 + minutes
    return total if months == 0 and hours < 24 and minutes < 60 and 0 < total <= _LONGEST else None


def _commodities(unit: Unit | None, word: str) -> str:
    names = {"E": "E (electric)", "W": "W (water)", "G": "G (gas)"}
    return f"{' or '.join(names[each] for each in unit.commodities)} for {word}" if unit else ""
