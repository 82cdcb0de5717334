"""Energy by period of use and tier, and what exports earn by the same periods and tiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from meterbook.formats.urdb.conventions import Conventions
from meterbook.formats.urdb.native.charges import Entry, bound, envelope, price
from meterbook.formats.urdb.native.credits import EXPORTS
from meterbook.formats.urdb.native.hours import energy_period
from meterbook.formats.urdb.record import RateTier, UrdbRate

ENERGY = "energy"
#: What a record calls a tier's unit, and what a tariff does.
TIER_UNITS = {
    "kWh": "kwh",
    "kWh/kW": "kwh_per_kw",
    "kWh daily": "kwh_daily",
    "kWh/kW daily": "kwh_per_kw_daily",
}
Tiers = tuple[RateTier, ...]


def energy(rate: UrdbRate, conventions: Conventions) -> Iterator[Entry]:
    """The energy charge."""
    yield envelope(ENERGY, "time_of_use", "Energy", "Energía") | _settings(rate, conventions, _buy)


def exports(rate: UrdbRate, conventions: Conventions) -> Iterator[Entry]:
    """What exports earn: the same periods and tiers, at sell prices below zero."""
    if conventions.metering in ("", "nem-kwh"):
        return

    def sell(tier: RateTier) -> Entry:
        own = tier.sell if conventions.sell_rate is None else conventions.sell_rate
        return {"price": price(-(own or Decimal(0)))}

    found = envelope(EXPORTS, "time_of_use", "Energy fed in", "Energía entregada a la red") | {"flow": "export"}
    yield found | _settings(rate, conventions, sell)


def _buy(tier: RateTier) -> Entry:
    if tier.adjustment is None:
        return {"price": price(tier.price)}
    return {"price": price(tier.price - tier.adjustment), "adjustment": price(tier.adjustment)}


def _settings(rate: UrdbRate, conventions: Conventions, priced: Callable[[RateTier], Entry]) -> Entry:
    periods = [tiers or (RateTier(None, Decimal(0)),) for tiers in rate.energy.tiers]
    tiered = any(len(tiers) > 1 for tiers in periods)
    found: Entry = {}
    if tiered:
        convention = "chronological" if conventions.in_order else conventions.tiered_tou.replace("-", "_")
        if convention == "chronological":
            periods = _with_common_bounds(periods)
        unit = TIER_UNITS[tier_unit(rate.energy.tiers)]
        found["tiers_over"] = convention
        found |= {"tier_unit": unit} if unit != "kwh" else {}
        found |= {"demand": "kw"} if "per_kw" in unit else {}
    found["periods"] = {energy_period(at): _period(tiers, priced) for at, tiers in enumerate(periods)}
    return found


def tier_unit(periods: tuple[Tiers, ...]) -> str:
    """The unit in which tiers end; a record with several is refused while it is read."""
    return next((tier.unit for tiers in periods for tier in tiers if tier.up_to is not None), "kWh")


def _period(tiers: Tiers, priced: Callable[[RateTier], Entry]) -> Entry:
    if len(tiers) == 1:
        return priced(tiers[0])
    ends = [{} if tier.up_to is None else {"up_to": bound(tier.up_to)} for tier in tiers]
    return {"tiers": [end | priced(tier) for end, tier in zip(ends, tiers, strict=True)]}


def _with_common_bounds(periods: list[Tiers]) -> list[Tiers]:
    """The same prices with every period divided at every bound: a running total has one tier, whatever the hour."""
    bounds = sorted({tier.up_to for tiers in periods for tier in tiers if tier.up_to is not None})
    found: list[Tiers] = []
    for tiers in periods:
        divided: list[RateTier] = []
        for top in [*bounds, None]:
            here = next(tier for tier in tiers if tier.up_to is None or (top is not None and top <= tier.up_to))
            divided.append(RateTier(top, here.price, here.unit, here.sell, here.adjustment))
        found.append(tuple(divided))
    return found
