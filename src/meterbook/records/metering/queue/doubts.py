"""An item of the queue for a read that a person doubts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import polars as pl

from meterbook.records.metering.models import Installation, Read, ReadException
from meterbook.records.metering.validation.policy import rules_on
from meterbook.records.metering.validation.take import judge_reads
from meterbook.records.platform.models import Deed


def open_doubt(deed: Deed, read: Read) -> tuple[ReadException, bool]:
    """The item about a read, opened now if nobody doubted it before or the doubt was settled; and whether it was."""
    item = ReadException.objects.select_for_update().filter(read=read).first()
    if item is not None and item.state != ReadException.RESOLVED:
        return item, False
    if item is not None:
        item.state, item.resolution, item.resolved_on, item.resolved_by = ReadException.OPEN, "", None, None
        item.save(update_fields=["state", "resolution", "resolved_on", "resolved_by"])
        return item, True
    verdict = judged(read, deed.business_date)
    hung = Installation.objects.filter(meter__registers=read.register_id, validity__startswith__lte=read.read_on)
    place = hung.order_by("-validity").values_list("service_point_id", flat=True)[0]
    made = ReadException.objects.create(
        service_point_id=place, register_id=read.register_id, read=read, on=read.read_on, source="person",
        raised_on=deed.business_date, unit=read.register.unit, found_e6=verdict.get("found"),
        expected_e6=verdict.get("expected"), at_risk_cents=verdict.get("at_risk", 0), deed=deed,
    )  # fmt: skip
    return made, True


def judged(read: Read, on: date, value: Decimal | None = None) -> dict[str, int]:
    """What the rules of a business date would make of the read, or of ``value`` in its place.

    Found and expected usage in millionths, cents at risk; what is unknown is left out.
    """
    shown = None if value is None else int(value.scaleb(6))
    rows = judge_reads(as_rows(read, shown), rules=rules_on(on)).reads
    if rows.is_empty():
        return {}
    row = rows.row(0, named=True)
    return {name: row[name] for name in ("found", "expected", "at_risk") if row[name] is not None}


def as_rows(read: Read, value: int | None = None) -> pl.DataFrame:
    """The read as validation takes it, or the same read showing ``value`` (millionths)."""
    shown = int(read.value.scaleb(6)) if value is None else value
    return pl.DataFrame(
        {
            "register": [read.register_id], "read_on": [read.read_on], "read_at": [read.read_at], "value": [shown],
            "estimated": [read.estimated], "line": [read.line], "raw": [read.raw], "reader": [read.reader],
        },
        schema={
            "register": pl.Int64, "read_on": pl.Date, "read_at": pl.Datetime("us", "UTC"), "value": pl.Int64,
            "estimated": pl.Boolean, "line": pl.Int64, "raw": pl.String, "reader": pl.String,
        },
    )  # fmt: skip
