"""Usage a person decided, in place of what registers tell: spread over its periods, sealed with who and why."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from typing import Any

import polars as pl

from meterbook.engine.billing.corrections.spread import spread_by_days
from meterbook.records.corrections.models import CorrectionCase, DecidedUsage
from meterbook.records.corrections.refusals import DecidedUsageDoesNotFit
from meterbook.records.metering.models import Installation, Register


def with_decided(case: CorrectionCase, agreed: pl.DataFrame, usage: pl.DataFrame) -> pl.DataFrame:
    """``usage`` with every decided usage of the case in place of what is on record for its days.

    Raises `DecidedUsageDoesNotFit` where its days are not whole periods of the case.
    """
    decisions = list(
        case.decided_usages.filter(withdrawn__isnull=True).select_related("service_point", "deed__actor").order_by("pk")
    )
    if not decisions:
        return usage
    usage = usage.with_columns(decided=pl.lit(None, dtype=pl.String))
    for decision in decisions:
        periods = _periods(decision, agreed)
        register = _register(decision, periods[-1][1])
        first, end = decision.period.lower, decision.period.upper
        inside = (
            (pl.col("usage_point") == decision.service_point_id) & (pl.col("to_on") > first) & (pl.col("from_on") < end)
        )
        rows = _rows(case, decision, periods, register)
        usage = pl.concat([usage.filter(~inside), pl.DataFrame(rows, schema=usage.schema, orient="row")])
    return usage


def _periods(decision: DecidedUsage, agreed: pl.DataFrame) -> list[tuple[date, date]]:
    """The periods of the case that fill the decision's days."""
    first, end = decision.period.lower, decision.period.upper
    mine = agreed.filter(
        (pl.col("usage_point") == decision.service_point_id) & (pl.col("starts") >= first) & (pl.col("ends") <= end)
    )
    periods: list[tuple[date, date]] = sorted(set(mine.select("starts", "ends").iter_rows()))
    upto = first
    for starts, ends in periods:
        if starts != upto:
            break
        upto = ends
    if upto != end or any(a[1] > b[0] for a, b in pairwise(periods)):
        raise DecidedUsageDoesNotFit(
            f"{decision.service_point.code}: a usage is decided from {first} to {end}, but the case bills"
            f" {', '.join(f'{a} to {b}' for a, b in periods) or 'no period inside'}"
        )
    return periods


def _register(decision: DecidedUsage, ends: date) -> Register:
    """The delivering register that hung there at the end, whose unit the quantity is in."""
    hung = Installation.objects.filter(service_point=decision.service_point_id, validity__startswith__lt=ends).order_by(
        "-validity__startswith"
    )
    for installation in hung[:1]:
        channels = {each.channel: each for each in Register.objects.filter(meter=installation.meter_id)}
        if Register.RECEIVED in channels:
            raise DecidedUsageDoesNotFit(f"{decision.service_point.code}: its meter counts in two directions")
        found = channels.get(Register.DELIVERED) or channels.get(Register.HIGH_FLOW)
        if found is not None:
            return found
    raise DecidedUsageDoesNotFit(f"{decision.service_point.code}: no meter hung there by {ends}")


def _rows(
    case: CorrectionCase, decision: DecidedUsage, periods: list[tuple[date, date]], register: Register
) -> list[dict[str, Any]]:
    """One row of usage a period: from nothing to what was decided, so that it adds up like reads do."""
    step = max(int(10 ** (6 - register.decimals) * register.multiplier), 1)
    days = [(ends - starts).days for starts, ends in periods]
    why = f"{case.number}, {decision.deed.actor.username}: {decision.reason}"
    return [
        {
            "usage_point": decision.service_point_id, "register": register.pk, "meter": register.meter.serial,
            "size": register.meter.size, "channel": register.channel, "unit": register.unit, "dials": 12,
            "multiplier": "1", "from_read": None, "to_read": None, "from_on": starts, "to_on": ends,
            "from_value": "0", "to_value": _plain(quantity), "quantity_e6": quantity, "rollover": False,
            "estimated": True, "registers": 1, "decided": why,
        }
        for (starts, ends), quantity in zip(periods, spread_by_days(decision.quantity_e6, days, step=step), strict=True)
    ]  # fmt: skip


def _plain(quantity_e6: int) -> str:
    """Millionths as an exact decimal text.

    >>> _plain(12_500_000), _plain(3)
    ('12.500000', '0.000003')
    """
    whole, rest = divmod(quantity_e6, 10**6)
    return f"{whole}.{rest:06}"
