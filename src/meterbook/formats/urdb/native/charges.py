"""The charges of a record beside energy: fixed, fuel by month, demand flat and by period, reactive, coincident."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.conventions import Conventions
from meterbook.formats.urdb.native.hours import demand_period
from meterbook.formats.urdb.native.seasons import Stretch, stretches
from meterbook.formats.urdb.record import Charge, Lookback, RateTier, UrdbRate

_PRICE = Decimal(1).scaleb(-8)
_LARGEST = Decimal(10**9)
_EVEN_DAYS = 365
Entry = dict[str, Any]


def price(value: Decimal) -> Decimal:
    """A price as a document admits it: at most eight decimals, rounded half up. Raises `WrongFormat`."""
    if abs(value) > _LARGEST:
        expected = f"at most {_LARGEST} dollars"
        raise WrongFormat("a price that no tariff has", line=0, field="price", found=f"{value}", expected=expected)
    return value.quantize(_PRICE, rounding=ROUND_HALF_UP)


def envelope(identity: str, component: str, english: str, spanish: str) -> Entry:
    """The keys every charge has; the revenue account is named once for all."""
    return {"id": identity, "component": component, "label": {"en": english, "es": spanish}, "revenue": ""}


def seasons_of(rate: UrdbRate) -> list[Stretch]:
    """The months that flat demand and fuel prices divide the year into; a single one where they do not."""
    monthly: list[Sequence[object]] = [rate.fuel] if rate.fuel else []
    if rate.flat_demand is not None:
        monthly.append(rate.flat_demand.months)
    return stretches(*monthly) if monthly else [Stretch(1, 12)]


def fixed(rate: UrdbRate, conventions: Conventions) -> Iterator[Entry]:
    """The fixed charge."""
    for charge in rate.fixed:
        if charge.dollars:
            found = envelope("fixed", "fixed", "Customer charge", "Cargo fijo al cliente")
            yield found | per(charge, conventions, key="price")


def per(charge: Charge, conventions: Conventions, *, key: str) -> Entry:
    """A charge per month, day or year as the settings of ``fixed`` and ``minimum`` say it."""
    if charge.unit == "$/year":
        return {key: price(charge.dollars), "per": "year", "periods_per_year": 12}
    if charge.unit == "$/day" and conventions.even_days:
        return {key: price(charge.dollars * _EVEN_DAYS), "per": "year", "periods_per_year": 12}
    return {key: price(charge.dollars), "per": "day" if charge.unit == "$/day" else "period"}


def fuel(rate: UrdbRate) -> Iterator[Entry]:
    """Fuel adjustments per kWh, month by month."""
    seasons = seasons_of(rate)
    for stretch in seasons if rate.fuel else ():
        adjustment = rate.fuel[stretch.first - 1]
        if adjustment:
            found = envelope(_named("fuel", stretch, seasons), "per_unit", "Fuel adjustment", "Ajuste por combustible")
            yield found | _season(stretch, seasons) | {"quantity": "kwh", "price": price(adjustment)}


def flat_demand(rate: UrdbRate) -> Iterator[Entry]:
    """Demand that does not depend on the hour."""
    seasons = seasons_of(rate)
    for stretch in seasons if rate.flat_demand is not None else ():
        assert rate.flat_demand is not None
        tiers = rate.flat_demand.tiers[rate.flat_demand.months[stretch.first - 1]]
        if any(tier.price for tier in tiers):
            identity = _named("demand_flat", stretch, seasons)
            found = envelope(identity, "demand", "Demand charge", "Cargo por demanda")
            found |= _season(stretch, seasons) | {"quantity": "kw"} | _steps(tiers)
            yield found | _ratchet(rate.lookback, "lookback_kw")


def period_demand(rate: UrdbRate) -> Iterator[Entry]:
    """Demand by period of use, one charge each."""
    if rate.demand is None:
        return
    for period in rate.demand.used:
        tiers = rate.demand.tiers[period]
        if any(tier.price for tier in tiers):
            number = period + 1
            found = envelope(f"demand_tou_{number}", "demand", f"Demand charge, period {number}",
                             f"Cargo por demanda, período {number}")  # fmt: skip
            found |= {"quantity": f"kw_{demand_period(period)}"} | _steps(tiers)
            yield found | _ratchet(rate.lookback, f"lookback_kw_{demand_period(period)}")


def other_demand(rate: UrdbRate) -> Iterator[Entry]:
    """Reactive power, and demand at the system's peak."""
    if rate.reactive:
        found = envelope("reactive", "demand", "Reactive power charge", "Cargo por potencia reactiva")
        yield found | {"quantity": "kvar", "price": price(rate.reactive), "unit": "kVAR"}
    for at, tiers in enumerate(rate.coincident, 1):
        if any(tier.price for tier in tiers):
            found = envelope(f"coincident_{at}", "demand", "Coincident peak charge", "Cargo por demanda coincidente")
            yield found | {"quantity": f"coincident_kw_{at}"} | _steps(tiers)


def _steps(tiers: Sequence[RateTier]) -> Entry:
    """One price, or tiers."""
    if len(tiers) == 1:
        return {"price": price(tiers[0].price)}
    steps = [{} if tier.up_to is None else {"up_to": bound(tier.up_to)} for tier in tiers]
    return {"tiers": [step | {"price": price(tier.price)} for step, tier in zip(steps, tiers, strict=True)]}


def bound(value: Decimal) -> Decimal:
    """A tier bound as a document admits it: at most six decimals."""
    return value.quantize(Decimal(1).scaleb(-6), rounding=ROUND_HALF_UP)


def _ratchet(lookback: Lookback | None, of: str) -> Entry:
    if lookback is None:
        return {}
    ratchet: Entry = {"of": of, "percent": (lookback.percent * 100).quantize(Decimal(1).scaleb(-6))}
    ratchet["months_back"] = lookback.range or 11
    if lookback.months and len(lookback.months) < 12:
        ratchet["months"] = list(lookback.months)
    return {"ratchet": ratchet}


def facts_read(entry: Entry) -> list[str]:
    """The facts of a bill that a charge names in its settings."""
    ratchet = entry.get("ratchet", {})
    found = [entry.get(key) for key in ("quantity", "demand", "so_far", "brought", "left")]
    return [name for name in (*found, ratchet.get("of")) if name]


def _named(name: str, stretch: Stretch, seasons: Sequence[Stretch]) -> str:
    return name if len(seasons) == 1 else f"{name}_{stretch.name}"


def _season(stretch: Stretch, seasons: Sequence[Stretch]) -> Entry:
    return {} if len(seasons) == 1 else {"season": stretch.name}
