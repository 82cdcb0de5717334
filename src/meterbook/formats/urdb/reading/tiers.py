"""Prices by period and tier, and the tables that say which hour of the year is in which period."""

from __future__ import annotations

from decimal import Decimal
from typing import cast, get_args

from meterbook.formats.urdb.reading.places import ENDLESS, Place
from meterbook.formats.urdb.record import FlatDemand, Periods, RateTier, Schedule, TierUnit

_UNITS = {word.lower(): word for word in get_args(TierUnit)}


def read_structure(place: Place, *, of: str) -> tuple[tuple[RateTier, ...], ...]:
    """``[period][tier]``; ``of`` is "kWh" or "kW"."""
    found = [_tiers(period, of=of) for period in place.items(of="periods, each a list of tiers")]
    if not found:
        place.refuse("no period", expected="a list of periods, each a list of tiers")
    return tuple(found)


def _tiers(place: Place, *, of: str) -> tuple[RateTier, ...]:
    places = list(place.items(of="tiers"))
    # Blocks of hours' use with kWh steps inside: every end is in its tier's own unit, and each block ends the steps.
    mixed = len({_unit(tier, of=of) for tier in places if isinstance(tier.value, dict)}) > 1
    found: list[RateTier] = []
    for at, tier in enumerate(places):
        if not isinstance(tier.value, dict):
            tier.refuse("not a tier", expected='an object such as {"rate": 0.12}')
        last = at == len(places) - 1
        bound = _bound(tier, last=last, of=of)
        if not mixed and bound is not None and found and bound <= (found[-1].up_to or 0):
            tier.findings.lack(f"{tier.path}.max", f"{bound} does not lie above the tier before it")
            continue
        found.append(RateTier(bound, _price(tier), _unit(tier, of=of), _own(tier, "sell"), _own(tier, "adj")))
        if bound is None and not last and not mixed:
            tier.findings.note(tier.path, "has no max, so the tiers after it are never reached")
            break
    return tuple(found)


def _bound(tier: Place, *, last: bool, of: str) -> Decimal | None:
    """The tier's upper end; no max, a huge one, or 0 in the last tier is "without end"."""
    if not tier.has("max"):
        return None
    bound = tier.child("max").number()
    if bound >= ENDLESS or (last and bound <= 0):
        return None
    if bound <= 0:
        tier.child("max").refuse("not a tier bound", expected=f"{of} above 0")
    if last:
        words = f"the last tier ends at {bound.normalize():f}; what lies above it is priced as that tier"
        tier.findings.note(f"{tier.path}.max", words)
        return None
    return bound


def _price(tier: Place) -> Decimal:
    """Base price and adjustment together."""
    if not tier.has("rate"):
        tier.findings.note(
            tier.path, "has no rate; only its adjustment is charged" if tier.has("adj") else "has no rate"
        )
    rate = tier.child("rate").number() if tier.has("rate") else Decimal(0)
    return rate + (tier.child("adj").number() if tier.has("adj") else Decimal(0))


def _own(tier: Place, key: str) -> Decimal | None:
    return tier.child(key).number() if tier.has(key) else None


def _unit(tier: Place, *, of: str) -> TierUnit:
    """The unit a tier's ``max`` counts."""
    named = str(tier.value.get("unit") or of).strip().lower()
    if of == "kW":
        if named not in ("kw", "kwh"):
            tier.findings.lack(f"{tier.path}.unit", f"demand is priced per {tier.value['unit']}, not per kW")
        return "kWh"
    if named not in _UNITS:
        tier.child("unit").refuse("an unknown unit", expected="one of " + ", ".join(get_args(TierUnit)))
    return cast("TierUnit", _UNITS[named])


def read_schedule(place: Place, *, periods: int) -> Schedule:
    """Twelve months of 24 hours, each the number of one of ``periods`` periods."""
    rows = list(place.items(of="12 months"))
    if len(rows) != 12:
        place.value = f"{len(rows)} rows"
        place.refuse("not a year of hours", expected="12 rows of 24 period numbers")
    table: list[tuple[int, ...]] = []
    for row in rows:
        cells = list(row.items(of="24 period numbers"))
        if len(cells) != 24:
            row.refuse("not a day of hours", expected="24 period numbers")
        of = "a period that the prices name"
        table.append(tuple(cell.whole(low=0, high=periods - 1, of=of) for cell in cells))
    return tuple(table)


def read_periods(record: Place, *, kind: str, of: str) -> Periods | None:
    """Prices and tables of ``kind`` ("energy" or "demand"); ``None`` when a table is lacking and cannot be guessed."""
    name = f"{kind}ratestructure"
    tiers = read_structure(record.child(name), of=of)
    tables: list[Schedule] = []
    for part in ("weekday", "weekend"):
        field = f"{kind}{part}schedule"
        if record.has(field):
            tables.append(read_schedule(record.child(field), periods=len(tiers)))
        elif len(tiers) == 1:
            record.findings.note(record.child(field).path, "is absent; the only period holds every hour")
            tables.append(((0,) * 24,) * 12)
        else:
            words = f"is absent, so no hour is known to belong to any of the {len(tiers)} periods of {name}"
            record.findings.lack(record.child(field).path, words)
    if len(tables) < 2:
        return None
    if not _same_blocks(tiers):
        words = "tiers end in different units, but not as blocks of kWh/kW alike in all periods with kWh steps inside"
        record.findings.lack(record.child(name).path, words)
        return None
    found = Periods(tiers, tables[0], tables[1])
    for period in found.used:
        if not tiers[period]:
            record.findings.lack(f"{record.child(name).path}[{period}]", "holds hours of the year but no price")
            return None
    for period in set(range(len(tiers))) - set(found.used):
        record.findings.note(f"{record.child(name).path}[{period}]", "no hour of the year belongs to this period")
    return found


def _same_blocks(periods: tuple[tuple[RateTier, ...], ...]) -> bool:
    """Whether all ends are in one unit, or every period begins with the same blocks of kWh/kW."""
    ends = {tier.unit for tiers in periods for tier in tiers if tier.up_to is not None}
    if len(ends) <= 1:
        return True
    alike = {tuple((tier.unit, tier.up_to) for tier in tiers) for tiers in periods if tiers}
    return len(alike) == 1 and "/kW" in periods[0][0].unit


def read_flat_demand(record: Place) -> FlatDemand | None:
    """Flat demand prices by month; ``None``, with the reason, when no month names them."""
    place = record.child("flatdemandstructure")
    tiers = read_structure(place, of="kW")
    if not record.has("flatdemandmonths"):
        words = "is absent, so flatdemandstructure applies to no month"
        record.findings.lack(record.child("flatdemandmonths").path, words)
        return None
    of = "an entry of flatdemandstructure"
    months = [
        month.whole(low=0, high=len(tiers) - 1, of=of) for month in record.child("flatdemandmonths").months(of=of)
    ]
    for used in set(months):
        if not tiers[used]:
            record.findings.lack(f"{place.path}[{used}]", "holds months but no price")
            return None
    return FlatDemand(tiers, tuple(months))
