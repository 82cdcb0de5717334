"""What a value would mean, before anybody decides: usage since the last read, and what the rules would say."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.metering.explain import BeyondDials, RolloverImplausible, explain_usage
from meterbook.records.metering.models import ReadException, Register
from meterbook.records.metering.queue.deciding import check_shows
from meterbook.records.metering.queue.doubts import as_rows
from meterbook.records.metering.queue.screens.expected import Expected, expected_of
from meterbook.records.metering.validation.policy import rules_on
from meterbook.records.metering.validation.take import judge_reads

#: Digits, perhaps a point; a comma stands only between groups of three, never before decimals.
_READ = re.compile(r"(\d{1,3}(,\d{3})+|\d+)(\.\d*)?|\.\d+", re.ASCII)


class NotANumber(ValueError):
    """What was typed is no read."""


@dataclass(frozen=True, slots=True)
class Tried:
    """Usage in millionths, None where it makes none; the rules that would speak: name and figures as JSON text."""

    value: Decimal
    usage: int | None
    expected: int | None
    says: list[tuple[str, str]]


def typed_value(text: str) -> Decimal:
    """A read as it is typed with ten keys: digits, perhaps a point; commas between thousands are let pass.

    A comma anywhere else raises `NotANumber`: 26,5 is no 265.

    >>> typed_value("10,482.5")
    Decimal('10482.5')
    """
    typed = text.strip()
    if not _READ.fullmatch(typed) or len(typed) > 20:
        raise NotANumber(text)
    return Decimal(typed.replace(",", ""))


def tried(item: ReadException, value: Decimal, today: date) -> Tried:
    """What ``value`` in the place of the questioned read would mean. Raises `CannotShow`."""
    assert item.read is not None and item.register is not None
    check_shows(item.register, value)
    judged = judge_reads(as_rows(item.read, int(value.scaleb(6))), rules=rules_on(today))
    says = [(each["rule"], each["figures"]) for each in judged.findings.iter_rows(named=True)]
    expected = expected_of(item, today)
    if expected is None or expected.previous_value is None or expected.previous_on is None:
        return Tried(value, None, None, says)
    return Tried(value, _usage(item.register, expected, item.on, value), expected.usage, says)


def _usage(register: Register, expected: Expected, on: date, value: Decimal) -> int | None:
    """Usage since the last read in millionths, as it will be derived; None where the pair makes none."""
    assert expected.previous_value is not None and expected.previous_on is not None
    try:
        said = explain_usage(
            previous=Decimal(expected.previous_value).scaleb(-6), current=value, dials=register.dials,
            multiplier=register.multiplier, unit=register.unit, previous_on=expected.previous_on, current_on=on,
        )  # fmt: skip
    except (RolloverImplausible, BeyondDials):
        return None
    return int(said.quantity.scaleb(6))
