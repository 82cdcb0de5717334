"""What each register is expected to have used until a day, as the rules for reads expect it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import polars as pl

from meterbook.records.metering.hub.operations.key_reads import keyed_frame
from meterbook.records.metering.models import Read, Register
from meterbook.records.metering.validation.take import judge_reads

Range = tuple[Decimal, Decimal]
_E6 = Decimal(1_000_000)


def last_reads(registers: Sequence[Register], on: date) -> dict[int, Read]:
    """The newest accepted read of each register up to a day."""
    rows = Read.objects.filter(register__in=registers, status=Read.ACCEPTED, superseded=False, read_on__lte=on)
    return {read.register_id: read for read in rows.order_by("register", "read_on", "pk")}


def expected_ranges(
    registers: Sequence[Register], lasts: dict[int, Read], on: date, *, times: int, units: int
) -> dict[int, Range]:
    """From where to where the usage of each register is plausible: so many times more or less than expected.

    ``units`` is what may be used in any case. Registers nothing is known of are left out.
    """
    asked = [each for each in registers if each.pk in lasts and lasts[each.pk].read_on < on]
    if not asked:
        return {}
    frame = pl.concat([keyed_frame(each, lasts[each.pk].value, on) for each in asked])
    judged = judge_reads(frame, rules=None).reads
    found = {}
    for register, expected in judged.select("register", "expected").iter_rows():
        if expected is not None:
            usual = Decimal(expected) / _E6
            most = max(usual * times, usual + units)
            found[int(register)] = ((usual / times).quantize(Decimal(1)), most.quantize(Decimal(1)))
    return found
