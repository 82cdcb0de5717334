"""A tariff document said again in the words of a URDB record, as far as its charges are of the kinds a record has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.native.energy import TIER_UNITS
from meterbook.formats.urdb.native.hours import DEMAND, demand_period, schedule_of
from meterbook.formats.urdb.native.text import plain

Record = dict[str, Any]
Document = Mapping[str, Any]


def said_again(document: Document) -> Record:
    """The fields of a record that the document's charges say; ``document`` has every scalar as text.

    Raises `WrongFormat` for a charge that no field of a record can say.
    """
    version = document["versions"][0]
    found: Record = {"name": document["title"]["en"], "utility": version["source"]["utility"]}
    found["startdate"] = version["effective"]
    components = version["components"]
    for entry in components:
        if not any(entry["id"].startswith(prefix) for prefix in _SAYINGS):
            raise WrongFormat("a charge that a URDB record cannot say", line=0, field=entry["id"],
                              found=entry["component"], expected="one of " + ", ".join(_SAYINGS))  # fmt: skip
    for prefix, say in _SAYINGS.items():
        entries = [entry for entry in components if entry["id"].startswith(prefix)]
        if entries:
            found |= say(entries, version)
    return found | _hours(version)


def number(text: str) -> int | Decimal:
    """A number as JSON would have it: without a point where there is none."""
    value = Decimal(text)
    return int(value) if value == value.to_integral_value() else Decimal(plain(value))


def _hours(version: Document) -> Record:
    found: Record = {}
    tables = {"energy": version.get("time_of_use"), DEMAND: version.get("calendars", {}).get(DEMAND)}
    for kind, calendar in tables.items():
        if calendar is not None:
            names = list(calendar["periods"])
            for part in ("weekday", "weekend"):
                found[f"{kind}{part}schedule"] = schedule_of(calendar["schedule"][f"{part}s"], names)
    return found


def _fixed(entries: Sequence[Document], version: Document) -> Record:
    amount, unit = _per(entries[0], "price")
    return {"fixedchargefirstmeter": amount, "fixedchargeunits": unit}


def _per(entry: Document, key: str) -> tuple[int | Decimal, str]:
    unit = {"period": "$/month", "day": "$/day", "year": "$/year"}[entry["per"]]
    return number(entry[key]), unit


def _tiers(entry: Document) -> list[Record]:
    return [_tier(step) for step in _steps(entry)]


def _fuel(entries: Sequence[Document], version: Document) -> Record:
    months: list[int | Decimal] = [0] * 12
    for entry in entries:
        for month in _months(entry, version):
            months[month - 1] = number(entry["price"])
    return {"fueladjustmentsmonthly": months}


def _months(entry: Document, version: Document) -> list[int]:
    """The months a charge stands in."""
    season = entry.get("season")
    if season is None:
        return list(range(1, 13))
    stretch = version["seasons"][season]
    first, after = int(stretch["from"][:2]), int(stretch["until"][:2])
    return [(first - 1 + step) % 12 + 1 for step in range((after - first - 1) % 12 + 1)]


def _flat(entries: Sequence[Document], version: Document) -> Record:
    """Entries of the structure in order of the months that first need them; months without a charge cost nothing."""
    by_month: list[list[Record]] = [[{"rate": 0}] for _ in range(12)]
    for entry in entries:
        for month in _months(entry, version):
            by_month[month - 1] = _tiers(entry)
    structure: list[list[Record]] = []
    for tiers in by_month:
        if tiers not in structure:
            structure.append(tiers)
    return {
        "flatdemandstructure": structure,
        "flatdemandmonths": [structure.index(tiers) for tiers in by_month],
    } | _lookback(entries)


def _period_demand(entries: Sequence[Document], version: Document) -> Record:
    periods = list(version["calendars"][DEMAND]["periods"])
    charged = {entry["quantity"].removeprefix("kw_"): _tiers(entry) for entry in entries}
    structure = [charged.get(demand_period(at), [{"rate": 0}]) for at in range(len(periods))]
    return {"demandratestructure": structure} | _lookback(entries)


def _lookback(entries: Sequence[Document]) -> Record:
    ratchets = [entry["ratchet"] for entry in entries if "ratchet" in entry]
    if not ratchets:
        return {}
    found: Record = {"lookbackpercent": number(plain(Decimal(ratchets[0]["percent"]) / 100))}
    months = [int(month) for month in ratchets[0].get("months", ())]
    back = int(ratchets[0].get("months_back", 11))
    if months or back == 11:
        found["lookbackmonths"] = [int(not months or month in months) for month in range(1, 13)]
    else:
        found["lookbackrange"] = back
    return found


def _energy(entries: Sequence[Document], version: Document) -> Record:
    entry = entries[0]
    unit = {tariff: record for record, tariff in TIER_UNITS.items()}[entry.get("tier_unit", "kwh")]
    periods = [entry["periods"][name] for name in version["time_of_use"]["periods"]]
    if any("kw" in step.get("up_to", "") for period in periods for step in _steps(period)):
        return {}  # blocks of hours' use with steps inside: the record's own words are kept
    return {"energyratestructure": [[_tier(step) | {"unit": unit} for step in _steps(period)] for period in periods]}


def _steps(entry: Document) -> Sequence[Document]:
    steps: Sequence[Document] = entry.get("tiers") or [entry]
    return steps


def _tier(step: Document) -> Record:
    found: Record = {"rate": number(step["price"])}
    found |= {"adj": number(step["adjustment"])} if "adjustment" in step else {}
    return found | ({"max": number(step["up_to"])} if "up_to" in step else {})


def _reactive(entries: Sequence[Document], version: Document) -> Record:
    return {"demandreactivepowercharge": number(entries[0]["price"])}


def _coincident(entries: Sequence[Document], version: Document) -> Record:
    return {"coincidentratestructure": [_tiers(entry) for entry in entries]}


def _minimum(entries: Sequence[Document], version: Document) -> Record:
    found: Record = {}
    for entry in entries:
        amount, unit = _per(entry, "amount")
        if not found:
            found = {"mincharge": amount, "minchargeunits": unit}
        else:
            found["annualmincharge"] = amount
    return found


_SAYINGS: dict[str, Callable[[Sequence[Document], Document], Record]] = {
    "fixed": _fixed,
    "energy": _energy,
    "fuel": _fuel,
    "demand_flat": _flat,
    "demand_tou": _period_demand,
    "reactive": _reactive,
    "coincident": _coincident,
    "minimum": _minimum,
}
