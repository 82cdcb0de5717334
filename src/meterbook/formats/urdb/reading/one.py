"""One URDB object becomes one `UrdbRate`, with everything lacking or chosen noted by path."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, cast

from meterbook.formats.contract import WrongFormat
from meterbook.formats.urdb.reading.fields import DESCRIPTIVE, PRICED, spelled
from meterbook.formats.urdb.reading.places import Findings, Place
from meterbook.formats.urdb.reading.tiers import read_flat_demand, read_periods, read_structure
from meterbook.formats.urdb.record import Charge, ChargeUnit, Lookback, Periods, RateTier, UrdbRate

_CHARGE_UNITS = ("$/month", "$/day", "$/year")
_NOTHING = Periods((), (), ())


def read_record(raw: dict[str, Any], *, place: str = "") -> UrdbRate:
    """Read one record. Raises `WrongFormat` with the path for a wrong shape; what is merely lacking is listed.

    ``place`` is put before every path, such as ``items[0].``.
    """
    findings = Findings()
    record = Place(spelled(raw), place.rstrip("."), findings)
    if len(record.value) != len(raw):
        raise WrongFormat("a field stands twice in two spellings", line=0, field=place or "record",
                          found=", ".join(sorted(raw)), expected="each field once")  # fmt: skip
    energy = read_periods(record, kind="energy", of="kWh") or _NOTHING
    demand = read_periods(record, kind="demand", of="kW") if record.has("demandratestructure") else None
    flat = read_flat_demand(record) if record.has("flatdemandstructure") else None
    fixed, minimums, lookback = _fixed(record), _minimums(record), _lookback(record)
    fuel, window, reactive, coincident = _fuel(record), _window(record), _reactive(record), _coincident(record)
    _others(record, raw)
    return UrdbRate(
        name=_text(record, "name"),
        utility=_text(record, "utility"),
        effective=_day(record, "startdate"),
        ends=_day(record, "enddate"),
        energy=energy,
        demand=demand,
        flat_demand=flat,
        lookback=lookback if demand or flat else None,
        demand_window=window,
        reactive=reactive,
        coincident=coincident,
        fixed=fixed,
        minimums=minimums,
        fuel=fuel,
        lacks=tuple(findings.lacks),
        notes=tuple(findings.notes),
        raw=raw,
    )


def _text(record: Place, key: str) -> str:
    value = record.value.get(key)
    return " ".join(str(value).split()) if value is not None else ""


def _unit(record: Place, key: str) -> ChargeUnit:
    if not record.has(key):
        record.findings.note(record.child(key).path, "is absent; the charge is taken as $/month")
        return "$/month"
    unit = re.sub(r"\s", "", str(record.value[key])).lower()
    if unit not in _CHARGE_UNITS:
        record.child(key).refuse("an unknown unit", expected="one of " + ", ".join(_CHARGE_UNITS))
    return cast("ChargeUnit", unit)


def _fixed(record: Place) -> tuple[Charge, ...]:
    """The fixed charge: version 7's field, or version 3's where only that stands."""
    if record.has("fixedchargefirstmeter"):
        charge = Charge(record.child("fixedchargefirstmeter").number(), _unit(record, "fixedchargeunits"))
        if record.has("fixedmonthlycharge"):
            words = "is the older spelling of fixedchargefirstmeter, which is used"
            record.findings.note(record.child("fixedmonthlycharge").path, words)
        return (charge,)
    if record.has("fixedmonthlycharge"):
        return (Charge(record.child("fixedmonthlycharge").number(), "$/month"),)
    return ()


def _minimums(record: Place) -> tuple[Charge, ...]:
    found: list[Charge] = []
    if record.has("mincharge"):
        found.append(Charge(record.child("mincharge").number(), _unit(record, "minchargeunits")))
    elif record.has("minmonthlycharge"):
        found.append(Charge(record.child("minmonthlycharge").number(), "$/month"))
    if record.has("annualmincharge"):
        found.append(Charge(record.child("annualmincharge").number(), "$/year"))
    return tuple(charge for charge in found if charge.dollars > 0)


def _lookback(record: Place) -> Lookback | None:
    percent = record.child("lookbackpercent").number() if record.has("lookbackpercent") else Decimal(0)
    if record.has("demandratchetpercentage"):
        words = "a ratchet percentage for each month; only lookbackpercent is understood"
        record.findings.lack(record.child("demandratchetpercentage").path, words)
    if percent < 0 or percent > 100:
        record.child("lookbackpercent").refuse("not a share", expected="a share from 0 to 1")
    if percent > 1:
        record.findings.note(record.child("lookbackpercent").path, f"{percent} is above 1 and taken as a percentage")
        percent = percent / 100
    months = _months(record) if record.has("lookbackmonths") else ()
    span = record.child("lookbackrange").whole(low=0, high=12, of="months") if record.has("lookbackrange") else 0
    if not percent:
        return None
    if span:
        months = ()
    elif not record.has("lookbackmonths"):
        record.findings.note(record.child("lookbackmonths").path, "is absent; every month is looked back to")
        months = tuple(range(1, 13))
    return Lookback(percent, months, span) if months or span else None


def _months(record: Place) -> tuple[int, ...]:
    """Months marked by twelve flags, or named by their numbers where there are not twelve."""
    place = record.child("lookbackmonths")
    listed = list(place.items(of="twelve flags, 0 or 1"))
    if len(listed) == 12:
        return tuple(at for at, flag in enumerate(listed, 1) if _flag(flag))
    numbers = {month.whole(low=1, high=12, of="a month") for month in listed}
    record.findings.note(place.path, "does not hold twelve flags and is taken as numbers of months")
    return tuple(sorted(numbers))


def _flag(place: Place) -> bool:
    if isinstance(place.value, bool):
        return place.value
    return bool(place.whole(low=0, high=1, of="a flag"))


def _fuel(record: Place) -> tuple[Decimal, ...]:
    if not record.has("fueladjustmentsmonthly"):
        return ()
    found = tuple(month.number() for month in record.child("fueladjustmentsmonthly").months(of="prices per kWh"))
    return found if any(found) else ()


def _window(record: Place) -> int | None:
    if not record.has("demandwindow"):
        return None
    return record.child("demandwindow").whole(low=1, high=1440, of="minutes")


def _reactive(record: Place) -> Decimal | None:
    if not record.has("demandreactivepowercharge"):
        return None
    return record.child("demandreactivepowercharge").number() or None


def _coincident(record: Place) -> tuple[tuple[RateTier, ...], ...]:
    if not record.has("coincidentratestructure"):
        return ()
    words = "when the system peaks is not in the record; the charge needs the demand at that hour as a fact of the bill"
    record.findings.note(record.child("coincidentratestructure").path, words)
    return read_structure(record.child("coincidentratestructure"), of="kW")


def _others(record: Place, raw: dict[str, Any]) -> None:
    """Say what is priced nowhere: demand in other units, and fields that are not the database's."""
    for field in ("demandrateunit", "demandunits", "flatdemandunit"):
        unit = _text(record, field)
        prices = "flatdemandstructure" if field == "flatdemandunit" else "demandratestructure"
        if unit and unit.lower() != "kw" and record.has(prices):
            record.findings.lack(record.child(field).path, f"demand is priced per {unit}, not per kW")
    for field in raw:
        if field.lower() not in PRICED | DESCRIPTIVE:
            record.findings.note(record.child(field).path, "is not a field of the database; kept, not priced")


def _day(record: Place, key: str) -> date | None:
    """A date written as seconds since 1970, as ISO text, or as ``{"$date": …}``."""
    place = record.child(key)
    value = place.value
    if isinstance(value, dict) and len(value) == 1:
        place = place.child(next(iter(value)))
        value = place.value
    if value is None or value == "":
        return None
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        seconds = int(value)
        if abs(seconds) > 10**11:
            seconds //= 1000  # some exports write milliseconds
        if abs(seconds) > 10**11:
            place.refuse("not a date", expected="seconds since 1970 or YYYY-MM-DD")
        return datetime.fromtimestamp(seconds, tz=UTC).date()
    found = re.match(r"(\d{4})-(\d{2})-(\d{2})", str(value))
    if found is None:
        place.refuse("not a date", expected="seconds since 1970 or YYYY-MM-DD")
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        place.refuse("not a date", expected="seconds since 1970 or YYYY-MM-DD")
