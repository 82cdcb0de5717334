"""Energy by period of use and tier, and what exports earn by the same periods and tiers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal

from meterbook.formats.urdb.conventions import Conventions
from meterbook.formats.urdb.native.charges import Entry, bound, envelope, price
from meterbook.formats.urdb.native.credits import EXPORTS
from meterbook.formats.urdb.native.hours import energy_period
from meterbook.formats.urdb.native.text import plain
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
    if blocks(rate):
        convention = "chronological" if conventions.in_order else conventions.tiered_tou.replace("-", "_")
        found |= {"tiers_over": convention, "widths": "as_written"}
        found["periods"] = {energy_period(at): _blocks(tiers, priced) for at, tiers in enumerate(periods)}
        return found
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
    """The unit in which tiers end, where there is one."""
    return next((tier.unit for tiers in periods for tier in tiers if tier.up_to is not None), "kWh")


def blocks(rate: UrdbRate) -> bool:
    """Whether tiers are blocks of hours' use with kWh steps inside."""
    return len({tier.unit for tiers in rate.energy.tiers for tier in tiers if tier.up_to is not None}) > 1


def _blocks(tiers: Tiers, priced: Callable[[RateTier], Entry]) -> Entry:
    """A tier per kWh/kW that kWh steps follow only ends these; each other tier ends at its own end or its block's."""
    steps: list[tuple[str, RateTier]] = []
    block = ""
    for at, tier in enumerate(tiers):
        own = _end(tier)
        if "/kW" in tier.unit:
            block = own
            if at + 1 == len(tiers) or "/kW" in tiers[at + 1].unit:
                steps.append((block, tier))
        else:
            steps.append((f"min({own}, {block})" if own and block else own or block, tier))
    endless = next((at for at, (end, _) in enumerate(steps) if not end), len(steps) - 1)
    ends: list[Entry] = [{"up_to": end} for end, _ in steps[:endless]]
    found = [end | priced(tier) for end, (_, tier) in zip([*ends, {}], steps[: endless + 1], strict=True)]
    return {"tiers": found} if len(found) > 1 else priced(steps[0][1])


def _end(tier: RateTier) -> str:
    """A tier's end in kWh as a formula; empty where it has none."""
    if tier.up_to is None:
        return ""
    times = (" * kw" if "/kW" in tier.unit else "") + (" * days" if "daily" in tier.unit else "")
    return plain(bound(tier.up_to)) + times


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
