"""Setting estimates right when the register was read again: what each period turned out to be, for re-rating.

What is settled depends on the set of current reads alone, never on the order in which they came: the weights are the
estimates as they were first made, whatever was spread since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import polars as pl
from django.db import connection
from django.db.models import Max

from meterbook.engine.metering.estimation.true_up import CHAIN, true_up
from meterbook.records.metering.models import Read, TrueUp
from meterbook.records.platform.copying import copy_out
from meterbook.records.platform.models import Deed

#: Registers that have an estimate a later actual read may settle, and the day their chain is looked at from.
_OPEN = """
SELECT e.register_id,
       coalesce((SELECT max(p.read_on) FROM metering_read p
                  WHERE p.register_id = e.register_id AND NOT p.superseded AND p.status = 'accepted'
                    AND (NOT p.estimated OR p.starts_chain) AND p.read_on < min(e.read_on)), min(e.read_on))
  FROM metering_read e
 WHERE e.register_id = ANY(%s) AND e.estimated AND NOT e.starts_chain AND NOT e.superseded AND e.status = 'accepted'
   AND EXISTS (SELECT FROM metering_read a WHERE a.register_id = e.register_id AND a.read_on > e.read_on
                  AND NOT a.superseded AND a.status = 'accepted' AND NOT a.estimated)
 GROUP BY e.register_id
"""
#: The chain with every estimate as it was first made: the newest version of its day that says how, or that a person
#: put in its place.
_CHAINS = """
SELECT r.register_id, r.id, r.read_on,
       (coalesce((SELECT o.value FROM metering_read o LEFT JOIN metering_estimate m ON m.read_id = o.id
                   WHERE r.estimated AND o.register_id = r.register_id AND o.read_on = r.read_on
                     AND (m.id IS NOT NULL OR o.origin = 'edited')
                     AND o.version <= r.version ORDER BY o.version DESC LIMIT 1), r.value) * 1000000)::bigint,
       g.dials, (g.multiplier * 1000000)::bigint, r.estimated, r.starts_chain, g.decimals
  FROM metering_read r JOIN metering_register g ON g.id = r.register_id
  JOIN unnest(%s::bigint[], %s::date[]) AS asked (register, since) ON asked.register = r.register_id
 WHERE NOT r.superseded AND r.status = 'accepted' AND r.read_on >= asked.since
"""


def settle(deed: Deed, registers: Sequence[int]) -> date | None:
    """Set right every estimate between two actual reads of ``registers``; returns the first day whose read changed.

    A `TrueUp` is written for each period that turns out otherwise than it stood. Where the estimates were too high the
    estimated reads are superseded by what the register would have shown, so that no usage is below 0 and the sum stays
    what it counted; where they were too low the reads stay, and the last period's usage catches up. Usage itself is
    brought up to date by whoever calls, from the returned day on. Doing it again changes nothing.
    """
    waiting = copy_out(_OPEN, [list(registers)], {"register": pl.Int64, "since": pl.Date})
    if waiting.is_empty():
        return None
    chain = copy_out(_CHAINS, [waiting["register"].to_list(), waiting["since"].to_list()], _chain_types())
    spread = true_up(chain).filter(pl.col("problem").is_null())
    changed: list[date] = []
    for _, stretch in spread.group_by(["register", "stretch"], maintain_order=True):
        changed += _settle_stretch(deed, stretch.sort("ends").to_dicts())
    return min(changed, default=None)


def _chain_types() -> dict[str, Any]:
    names = ("register", "read", "read_on", "value", "dials", "multiplier", "estimated", "break_before", "decimals")
    return {name: CHAIN[name] for name in names}


def _settle_stretch(deed: Deed, periods: list[dict[str, Any]]) -> list[date]:
    """One stretch from actual read to actual read; the days whose reads changed."""
    too_high = any(period["was"] < 0 for period in periods)
    first_made = _first_made(periods)
    changed = []
    for period in periods:
        if period["estimated"]:
            wanted = period["value"] if too_high else first_made[period["to_read"]]
            if _shows(deed, period["to_read"], wanted):
                changed.append(period["ends"])
        if period["estimated"] or not too_high:
            _record(deed, period)
    return changed


def _first_made(periods: list[dict[str, Any]]) -> dict[int, int]:
    """What each estimate of the stretch showed when it was made, in millionths."""
    reads = [period["to_read"] for period in periods if period["estimated"]]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT r.id, (coalesce((SELECT o.value FROM metering_read o"
            " LEFT JOIN metering_estimate m ON m.read_id = o.id"
            " WHERE o.register_id = r.register_id AND o.read_on = r.read_on AND o.version <= r.version"
            " AND (m.id IS NOT NULL OR o.origin = 'edited')"
            " ORDER BY o.version DESC LIMIT 1), r.value) * 1000000)::bigint FROM metering_read r WHERE r.id = ANY(%s)",
            [reads],
        )
        return {int(read): int(value) for read, value in cursor.fetchall()}


def _shows(deed: Deed, read_id: int, wanted: int) -> bool:
    """Have the estimated read show ``wanted``, as a newer version if it does not; returns whether it changed."""
    read = Read.objects.get(pk=read_id)
    value = Decimal(wanted).scaleb(-6)
    if read.value == value:
        return False
    Read.objects.filter(pk=read.pk).update(superseded=True)
    newest = Read.objects.filter(register=read.register_id, read_on=read.read_on).aggregate(newest=Max("version"))
    Read.objects.create(
        register_id=read.register_id, read_on=read.read_on, read_at=read.read_at, value=value, estimated=True,
        version=newest["newest"] + 1, origin=Read.ESTIMATED, status=Read.ACCEPTED, reader=read.reader, deed=deed,
    )  # fmt: skip
    return True


def _record(deed: Deed, period: dict[str, Any]) -> None:
    """Write what the period turned out to be, unless that is what it stands at already."""
    rows = TrueUp.objects.filter(register=period["register"], starts=period["starts"], ends=period["ends"])
    stands = rows.order_by("-pk").values_list("becomes_e6", flat=True).first()
    was = period["was"] if stands is None else stands
    if was == period["becomes"]:
        return
    settled_by = _settler(period)
    if settled_by is None:
        return
    TrueUp.objects.create(
        register_id=period["register"], read_id=settled_by, starts=period["starts"], ends=period["ends"], was_e6=was,
        becomes_e6=period["becomes"], deed=deed,
    )  # fmt: skip


def _settler(period: dict[str, Any]) -> int | None:
    """The newest actual read of the register that may have settled it and has not settled a period from that day."""
    reads = Read.objects.filter(
        register=period["register"], superseded=False, status=Read.ACCEPTED, estimated=False,
    ).exclude(true_ups__starts=period["starts"])  # fmt: skip
    return reads.order_by("-pk").values_list("pk", flat=True).first()
