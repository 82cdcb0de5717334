"""Pricing one invented class, for tests: keys as YAML, inputs by name."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from textwrap import indent

from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.formats.owrs import parse
from meterbook.formats.owrs.facts import facts_of
from meterbook.formats.owrs.native import Converted, convert_for_pricing, standing_in

HEAD = "metadata: {effective_date: 2024-01-01, utility_name: Alder Bend, bill_frequency: monthly, bill_unit: ccf}\n"


def file_of(keys: str) -> bytes:
    """A file with the one class A."""
    return f"{HEAD}rate_structure:\n  A:\n{indent(keys.strip(), '    ')}\n".encode()


def charged(converted: Converted, **row: str) -> dict[str, Decimal]:
    """Exact dollars by line of a converted class."""
    tariff = parse_tariff(converted.text, file="A")
    facts = facts_of("A", converted, row)
    found: dict[str, Decimal] = {}
    ends = converted.effective + timedelta(days=converted.days)
    for line in amounts(tariff, converted.effective, ends, facts):
        found[line[0]] = found.get(line[0], Decimal(0)) + line[-1] / 100
    return found


def bill(keys: str, **row: str) -> Decimal:
    """The exact bill of the class."""
    owrs = parse(file_of(keys))
    given = standing_in(owrs.classes["A"], frozenset(row) - {"usage"})
    billed, _ = convert_for_pricing(owrs, "A", given=given)
    return sum(charged(billed, **row).values(), Decimal(0))
