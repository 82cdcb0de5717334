"""A customer class as a tariff document of Meterbook, with everything the file says kept and what is lacking named."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from meterbook.engine.rates.tariff import addressed
from meterbook.formats.owrs import words
from meterbook.formats.owrs.classes.charges import Charges
from meterbook.formats.owrs.classes.scope import RESULTS, Scope, Unusable
from meterbook.formats.owrs.classes.values import Asked, Unreadable
from meterbook.formats.owrs.document import Bare, OwrsClass, OwrsFile, Value, is_nothing
from meterbook.formats.owrs.yaml_text import dump

#: Where a file states no effective date, its rates are taken to be in force since long.
_LONG_AGO = dt.date(1900, 1, 1)
_UNSTATED = "not stated in the file"
#: What the file says of itself, kept with every class.
FORMAT = "owrs"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing the document does not say as the file did. ``kind``: ``assumed`` (the file is silent and something
    stands in the document), ``kept`` (carried along, in no charge) or ``lacking`` (could not be expressed).
    """

    kind: Literal["lacking", "assumed", "kept"]
    sentence: str


@dataclass(frozen=True, slots=True)
class Converted:
    """A class as a document: its text, the inputs of its bills (those in ``always`` are needed by every one), and where
    the results stand.

    ``results`` holds the component of each of `RESULTS` but the bill that is charged; ``spelled`` the spelling of each
    key by input and canonical form, ``compared`` the inputs that may also hold other words; ``unreadable`` cells
    without a price; ``days`` the length of a normal period.
    """

    schedule: str
    text: str
    asked: tuple[Asked, ...]
    spelled: Mapping[str, Mapping[str, str]]
    always: frozenset[str]
    compared: frozenset[str]
    results: Mapping[str, str]
    days: int
    effective: dt.date
    remarks: tuple[Remark, ...]
    unreadable: tuple[Unreadable, ...]


def convert(owrs: OwrsFile, name: str, *, file: str, revenue: str = "4000") -> Converted:
    """The document of one class, with its origin. Raises `Unusable` or another `ValueError` that says what cannot be
    expressed, or `KeyError` if there is no such class.
    """
    charges = Charges(Scope(owrs.classes[name]))
    charges.bill()
    return _finished(owrs, owrs.classes[name], charges, file=file, revenue=revenue, origin=True)


def convert_for_pricing(owrs: OwrsFile, name: str, *, given: frozenset[str]) -> tuple[Converted, Converted | None]:
    """The document of one class without its origin, where ``given`` inputs win over keys of the same name; and a second
    one with the results that no bill charges, if there are any. Raises what `convert` raises.
    """
    owrs_class = owrs.classes[name]
    charges = Charges(Scope(owrs_class, given))
    charges.bill()
    billed = _finished(owrs, owrs_class, charges, file="", revenue="0", origin=False)
    aside = [key for key in RESULTS[:2] if key in owrs_class.entries and key not in billed.results]
    if not aside:
        return billed, None
    charges = Charges(Scope(owrs_class, given))
    for key in aside:
        charges.line(key)
    return billed, _finished(owrs, owrs_class, charges, file="", revenue="0", origin=False)


def standing_in(owrs_class: OwrsClass, columns: frozenset[str]) -> frozenset[str]:
    """Which input columns have the name of a key of the class, and so stand in its place."""
    keys = owrs_class.entries
    return frozenset(
        name
        for name in columns
        if name not in RESULTS
        and any(key == name or key.startswith(f"{name}_") or key.endswith(f"_{name}") for key in keys)
    )


def schedule_of(utility: str, name: str) -> str:
    """A schedule code for a class of a utility.

    >>> schedule_of("Alder Bend  City Of", "RESIDENTIAL_SINGLE")
    'ALDER-BEND-CITY-OF RESIDENTIAL-SINGLE'
    """
    first, second = (re.sub(r"[^A-Z0-9]+", "-", text.upper()).strip("-") or "X" for text in (utility, name))
    return f"{first[:60]} {second[:60]}"


def _text(value: Value | None) -> str:
    return value.strip() if isinstance(value, str) and not is_nothing(value) else ""


def _no_unit(metadata: Mapping[str, Value]) -> str:
    """The unit of a file that states none (the calculator's own), or none we know (then no volume at all)."""
    return "each" if _text(metadata.get("bill_unit")) else "ccf"


def _finished(owrs: OwrsFile, one: OwrsClass, charges: Charges, *, file: str, revenue: str, origin: bool) -> Converted:
    metadata, remarks = owrs.metadata, []
    utility = _text(metadata.get("utility_name")) or _UNSTATED
    effective = words.day(metadata.get("effective_date"))
    unit = words.unit(metadata.get("bill_unit"))
    period = words.period(metadata.get("bill_frequency"))
    if origin:
        remarks = _remarks(metadata, one, charges, effective, unit, period)
    days, shortest, longest = period or (30, 25, 35)
    since = effective or _LONG_AGO
    link = _text(metadata.get("prop_218_link"))
    schedule = schedule_of(utility, one.name)
    title = words.spoken(one.name.replace("_", " ").lower())
    version: dict[str, Value] = {
        "version": since.isoformat(),
        "effective": Bare(since.isoformat()),
        "source": {
            "utility": utility,
            "resolution": "Open Water Rate Specification file",
            "section": one.name,
            "url": link if addressed(link) else _UNSTATED,
            "adopted": Bare(since.isoformat()),
        },
        "proration": {
            "normal_days": Bare(str(days)),
            "tolerance": [Bare(str(shortest)), Bare(str(longest))],
            "usage_decimals": Bare("0"),
            "source": _UNSTATED,
        },
    }
    asked = tuple(charges.values.asked.values())
    if asked:
        version["inputs"] = {one.native: {"kind": one.kind} for one in asked}
    if charges.values.written:
        version["values"] = dict(charges.values.written)
    version["components"] = [
        _component(line, key, revenue) for line, key in zip(charges.lines, charges.printed, strict=True)
    ]
    document: dict[str, Value] = {
        "schedule": schedule,
        "title": {"en": f"{utility}: {title}", "es": f"{utility}: {title}"},
        "commodity": "water",
        "unit": unit or _no_unit(metadata),
        "eligibility": {"en": f"Customer class {one.name}.", "es": f"Clase de cliente {one.name}."},
        "versions": [version],
    }
    if origin:
        document["origin"] = _origin(owrs, one, file)
    results = {key: charges.values.lines[key] for key in RESULTS[:2] if key in charges.values.lines}
    return Converted(
        schedule=schedule,
        text=dump(document),
        asked=asked,
        spelled=charges.values.spelled,
        always=frozenset(charges.values.always),
        compared=frozenset(charges.values.compared),
        results=results,
        days=days,
        effective=since,
        remarks=tuple(remarks),
        unreadable=tuple(charges.values.unreadable),
    )


def _origin(owrs: OwrsFile, one: OwrsClass, file: str) -> Value:
    kept: dict[str, Value] = {"format": FORMAT, "file": file, "class": one.name}
    if owrs.metadata:
        kept["metadata"] = dict(owrs.metadata)
    if owrs.rest:
        kept["rest"] = dict(owrs.rest)
    kept["keys"] = {key: entry.value for key, entry in one.entries.items()}
    return kept


def _component(line: Mapping[str, Value], key: str, revenue: str) -> Value:
    said = words.label(key) or (words.spoken(key), words.spoken(key))
    head: dict[str, Value] = {"id": line["id"], "component": line["component"]}
    settings = {name: value for name, value in line.items() if name not in head}
    return {**head, "label": {"en": said[0], "es": said[1]}, "revenue": revenue, **settings}


def _remarks(metadata: Mapping[str, Value], one: OwrsClass, charges: Charges, effective: dt.date | None,
             unit: str | None, period: tuple[int, int, int] | None) -> list[Remark]:  # fmt: skip
    found = [Remark("lacking", sentence) for sentence in charges.values.remarks]
    stated = _text(metadata.get("bill_unit"))
    if unit is None:
        why = f"the unit {stated} is none that Meterbook bills in" if stated else "the file states no unit"
        found.append(Remark("lacking" if stated else "assumed", f"{why}: the document says {_no_unit(metadata)}"))
    if period is None:
        stated = _text(metadata.get("bill_frequency"))
        why = f"the billing frequency {stated} is unknown" if stated else "the file states no billing frequency"
        found.append(Remark("assumed", f"{why}: the document says monthly"))
    if effective is None:
        stated = _text(metadata.get("effective_date"))
        why = f"the effective date {stated} is no date" if stated else "the file states no effective date"
        found.append(Remark("assumed", f"{why}: the document says {_LONG_AGO}"))
    found.append(Remark("assumed", "OWRS holds no resolution, ledger account or proration rule: the document has "
                                   "stand-ins to be replaced before release"))  # fmt: skip
    unsaid = [key for key in charges.printed if words.label(key) is None]
    if unsaid:
        found.append(Remark("assumed", f"no Spanish words for {', '.join(unsaid)}: the English ones stand in both"))
    unused = list(charges.scope.unused())
    if unused:
        found.append(Remark("kept", f"the bill does not rest on {', '.join(unused)}: kept under origin, charged never"))
    return found


__all__ = ["FORMAT", "Converted", "Remark", "Unusable", "convert", "convert_for_pricing", "schedule_of", "standing_in"]
