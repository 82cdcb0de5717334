"""Meters a file says were visited and not read: matched to registers, or corrections."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from meterbook.formats.contract import NonRead
from meterbook.records.metering.hub.not_read import REASONS, Skipped
from meterbook.records.metering.interval_data.judge import CORRECTIONS
from meterbook.records.metering.models import Register


def judge_nonreads(nonreads: Sequence[NonRead], *, on: date) -> tuple[list[Skipped], pl.DataFrame]:
    """What can be noted, and the corrections of what cannot: a meter nobody knows, a reason nobody gave a meaning.

    A visit without a time of its own counts for the business date ``on``.
    """
    registers = dict(
        Register.objects.filter(meter__serial__in={each.meter_serial for each in nonreads})
        .order_by("-channel")
        .values_list("meter__serial", "pk")
    )
    skipped: list[Skipped] = []
    wrong: list[tuple[int, str, str, str, str]] = []
    for each in nonreads:
        reason = each.reason.strip().lower().replace(" ", "_")
        if each.meter_serial not in registers:
            wrong.append((each.line, "meter", each.meter_serial, "the serial of a meter on record", each.raw))
        elif reason not in REASONS:
            wrong.append((each.line, "reason", each.reason, f"one of {', '.join(REASONS)}", each.raw))
        else:
            day = each.visited_at.date() if each.visited_at is not None else on
            skipped.append(Skipped(registers[each.meter_serial], day, reason, each.reader))
    return skipped, pl.DataFrame(wrong, schema=CORRECTIONS, orient="row")
