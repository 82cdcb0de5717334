"""A URDB record as a Meterbook tariff document: every charge a component, everything else kept under ``origin``."""

from __future__ import annotations

from datetime import date
from typing import Any

from meterbook.engine.rates.tariff import addressed
from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.conventions import Conventions
from meterbook.formats.urdb.native.charges import (
    Entry,
    facts_read,
    fixed,
    flat_demand,
    fuel,
    other_demand,
    period_demand,
    seasons_of,
)
from meterbook.formats.urdb.native.credits import CREDITS, EXPORTS, MINIMUM, TRUE_UP, credits, minimums, true_up
from meterbook.formats.urdb.native.energy import blocks, energy, exports
from meterbook.formats.urdb.native.hours import calendars
from meterbook.formats.urdb.native.text import document_text
from meterbook.formats.urdb.record import UrdbRate

#: What a bill of an imported record is summed up by.
COLUMNS = ("energy", "demand_flat", "demand_tou", "fixed", MINIMUM, "credit")
#: The first day of a record that names none.
_BEGINNING = date(1900, 1, 1)


def tariff_document(rate: UrdbRate, conventions: Conventions = Conventions()) -> dict[str, Any]:
    """The document as a mapping in order, without ``origin``. Raises `WrongFormat` where no price has any hour."""
    if not rate.energy.tiers:
        path, words = (rate.lacks[0].path, rate.lacks[0].words) if rate.lacks else ("energyratestructure", "is empty")
        raise WrongFormat(words, line=0, field=path, found="nothing", expected="a schedule, so that it can be priced")
    code = rate.name or str(rate.raw.get("label") or "URDB rate")
    said = " ".join(str(rate.raw.get("description") or "").split())
    return {
        "schedule": code,
        "title": {"en": rate.name or code, "es": rate.name or code},
        "commodity": "electricity",
        "unit": "kWh",
        "eligibility": {"en": said or _who(rate, "en"), "es": said or _who(rate, "es")},
        "versions": [_version(rate, conventions)],
    }


def tariff_text(rate: UrdbRate, conventions: Conventions = Conventions()) -> str:
    """The document as YAML, without ``origin``: what prices a bill."""
    return document_text(tariff_document(rate, conventions))


def _who(rate: UrdbRate, language: str) -> str:
    sector = str(rate.raw.get("sector") or "")
    if language == "es":
        return f"Sector: {sector}" if sector else "La ficha no lo dice"
    return f"Sector: {sector}" if sector else "The record does not say"


def _version(rate: UrdbRate, conventions: Conventions) -> dict[str, Any]:
    effective = conventions.effective or rate.effective or _BEGINNING
    seasons = seasons_of(rate)
    found: dict[str, Any] = {
        "version": f"{effective}",
        "effective": effective,
        "source": _source(rate, effective),
        "proration": {
            "normal_days": 30,
            "tolerance": [28, 31],
            "usage_decimals": 6,
            "source": "URDB records are of calendar months; anything shorter is charged by days over 30",
        },
    }
    if len(seasons) > 1:
        found["seasons"] = {each.name: each.entry() for each in seasons}
    found |= calendars(rate)
    components = _components(rate, conventions)
    if blocks(rate) or (conventions.unrounded and any(charge.unit == "$/year" for charge in rate.minimums)):
        found["inputs"] = _inputs(components)
    found["components"] = components
    return found


def _source(rate: UrdbRate, effective: date) -> dict[str, Any]:
    label = str(rate.raw.get("label") or "")
    url = str(rate.raw.get("source") or rate.raw.get("uri") or "").split()
    return {
        "utility": rate.utility or "Utility not named",
        "resolution": rate.name or "Rate not named",
        "section": f"URDB {label}" if label else "URDB record without a label",
        "url": url[0] if url and addressed(url[0]) else "not stated",
        "adopted": rate.effective or effective,
    }


def _components(rate: UrdbRate, conventions: Conventions) -> list[Entry]:
    """Every charge in print order."""
    energies = [*energy(rate, conventions), *fuel(rate)]
    charges = [*fixed(rate, conventions), *energies, *flat_demand(rate), *period_demand(rate), *other_demand(rate)]
    sold = list(exports(rate, conventions))
    found = [*charges, *sold, *credits(rate, conventions, [entry["id"] for entry in energies])]
    # What is sold through a meter of its own is no part of the bill that a minimum looks at.
    base = [entry["id"] for entry in (charges if conventions.metering == "buy-all" else found)]
    every = [*found, *minimums(rate, conventions, base), *true_up(conventions)]
    return [entry | {"revenue": conventions.revenue} for entry in every]


def _inputs(components: list[Entry]) -> dict[str, Any]:
    """Every fact that charges read, typed: where a formula reads one, a version declares all."""
    found: dict[str, Any] = {"kw": {"kind": "per_period"}}
    for entry in components:
        for name in facts_read(entry):
            carried = name in (entry.get("brought"), entry.get("left"))
            found[name] = {"kind": "usage" if name.startswith("kwh") else "count" if carried else "per_period"}
    return found | {"year_so_far": {"kind": "per_period"}, "settles_year": {"kind": "per_period"}}


def column_of(component: str) -> str:
    """To which of `COLUMNS` a charge of an imported record belongs.

    >>> column_of("demand_flat_may_oct"), column_of("true_up"), column_of("fuel_jan")
    ('demand_flat', 'credit', 'energy')
    """
    if component.startswith((EXPORTS, CREDITS, TRUE_UP)):
        return "credit"
    if component.startswith("demand_flat"):
        return "demand_flat"
    # Reactive and coincident demand depend on an hour as period demand does.
    if component.startswith(("demand_tou", "reactive", "coincident")):
        return "demand_tou"
    return next((column for column in ("fixed", MINIMUM) if component.startswith(column)), "energy")
