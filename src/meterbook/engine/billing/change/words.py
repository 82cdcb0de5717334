"""The parts of a difference as sentences, marked for translation: steps that know their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from meterbook.engine.billing.change.decompose import Part
from meterbook.engine.money import dollars
from meterbook.engine.trace import N_, Step, Value

#: What a bill is compared with, as a sentence names it.
LAST, YEAR = "last", "year"
_BEFORE = {LAST: N_("on the bill before"), YEAR: N_("a year ago")}
_THAN = {LAST: N_("than on the bill before"), YEAR: N_("than a year ago")}
SERVICES = {
    "electricity": N_("electricity"),
    "water": N_("water"),
    "sewer": N_("sewer"),
    "refuse": N_("refuse"),
    "stormwater": N_("stormwater"),
    "street_lights": N_("street lights"),
}
TITLES = {
    "estimated": N_("Estimated reads"),
    "usage": N_("Usage"),
    "days": N_("Days"),
    "rate": N_("Rates"),
    "season": N_("Season"),
    "fact": N_("Facts"),
    "inside": N_("Changes within a bill"),
    "split": N_("Billed in parts"),
    "added": N_("Service added"),
    "removed": N_("Service ended"),
    "correction": N_("Correction"),
    "other": N_("What is left"),
    "one_off": N_("One-off charge"),
    "credit": N_("Credit"),
    "balance": N_("Balance before"),
}
#: Facts by the names tariffs give them; any other is named as it is.
FACTS = {
    "meter_size": N_("meter size"),
    "winter_average": N_("winter average"),
    "dwelling_units": N_("dwelling units"),
    "impervious_sqft": N_("hard surface"),
    "carts": N_("carts"),
    "cart_size": N_("cart size"),
    "bin_size": N_("bin size"),
    "pickups_per_week": N_("pickups a week"),
    "lamps": N_("lamps"),
    "lamp_type": N_("lamp type"),
}


def amount(cents: int) -> str:
    """A signed amount: +$18.34, −$2.00.

    >>> amount(1834), amount(-200)
    ('+$18.34', '−$2.00')
    """
    return f"{'+' if cents > 0 else '−' if cents < 0 else ''}${dollars(abs(cents)):,}"


def quantity(value: Decimal, unit: str) -> str:
    """A quantity with its unit and no idle zeros.

    >>> quantity(Decimal("6.200000"), "ccf")
    '6.2 ccf'
    """
    text = f"{value:,f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return f"{text} {unit}".strip()


def said(part: Part, against: str) -> Step:
    """One part as a sentence."""
    make = _SAYS.get(part.kind, _plain)
    values: dict[str, Value] = {
        "amount": amount(part.cents),
        "before": Step(_BEFORE[against]),
        "than": Step(_THAN[against]),
    }
    if part.commodity:
        values["service"] = Step(SERVICES.get(part.commodity, part.commodity))
    message, more = make(part)
    return Step(message, {**values, **more})


def sentences(parts: Sequence[Part], against: str) -> list[Step]:
    """Every part as a sentence, in their order: dearest first."""
    return [said(part, against) for part in parts]


_Said = tuple[str, dict[str, Value]]


def _usage(part: Part) -> _Said:
    figures = part.figures
    if "now" not in figures or figures["now"] == figures["before"]:
        return N_("The way {service} was used changed (demand, times of use): {amount}."), {}
    more = figures["now"] - figures["before"]
    used: dict[str, Value] = {"quantity": quantity(abs(more), figures["unit"])}
    if more > 0:
        return N_("You used {quantity} more {service} {than}: {amount}."), used
    return N_("You used {quantity} less {service} {than}: {amount}."), used


def _estimated(part: Part) -> _Said:
    figures = part.figures
    if "now" not in figures or figures["now"] == figures["before"]:
        return N_("The {service} use rests on an estimated read: {amount}."), {}
    more = figures["now"] - figures["before"]
    used: dict[str, Value] = {"quantity": quantity(abs(more), figures["unit"])}
    if more > 0:
        return N_("Estimated reads make {quantity} more {service} {than}; an actual read settles it: {amount}."), used
    return N_("Estimated reads make {quantity} less {service} {than}; an actual read settles it: {amount}."), used


def _days(part: Part) -> _Said:
    counted: dict[str, Value] = {"now": part.figures["now"], "days": part.figures["before"]}
    if part.figures["now"] == part.figures["before"]:
        return N_("The days of the {service} bill: {amount}."), {}
    return N_("This bill has {now} days of {service}; {before} it was {days}: {amount}."), counted


def _rate(part: Part) -> _Said:
    figures = part.figures
    return N_("The rates for {service} are those of {schedule} {now}; {before} they were those of {old}: {amount}."), {
        "schedule": figures["schedule"], "now": figures["now"], "old": figures["earlier"],
    }  # fmt: skip


def _fact(part: Part) -> _Said:
    name, now, earlier = part.figures["fact"], part.figures["now"], part.figures["before"]
    known: Value = Step(FACTS[name]) if name in FACTS else name.replace("_", " ")
    if now is None or earlier is None:
        return N_("The {fact} of the {service} changed: {amount}."), {"fact": known}
    return N_("The {fact} of the {service} is {now}; {before} it was {old}: {amount}."), {
        "fact": known, "now": _value(now), "old": _value(earlier),
    }  # fmt: skip


def _value(value: Decimal | str) -> str:
    return quantity(value, "") if isinstance(value, Decimal) else value


def _booked(part: Part) -> _Said:
    words = part.figures["words"]
    what: dict[str, Value] = {"what": words if isinstance(words, str) else words.get("en", "")}
    if part.figures["of"] == "other":
        return N_("{what}, {before} and not on this one: {amount}."), what
    return N_("{what}: {amount}."), what


def _balance(part: Part) -> _Said:
    now, earlier = part.figures["now"], part.figures["before"]
    return N_("This bill began with a balance of {now}; {before} it was {old}: {amount}."), {
        "now": _money(now), "old": _money(earlier),
    }  # fmt: skip


def _money(cents: int) -> str:
    return f"{'−' if cents < 0 else ''}${dollars(abs(cents)):,}"


_PLAIN: Mapping[str, str] = {
    "season": N_("Other days of the year cost something else for {service}: {amount}."),
    "inside": N_("Something changed for {service} within one of the bills: {amount}."),
    "split": N_("The {service} was billed in several parts on one of the bills: {amount}."),
    "added": N_("The {service} is new on this bill: {amount}."),
    "removed": N_("The {service} is no longer on this bill: {amount}."),
    "correction": N_("An earlier {service} bill was corrected: {amount}."),
    "other": N_("For {service}, this is left unexplained: {amount}."),
}


def _plain(part: Part) -> _Said:
    return _PLAIN[part.kind], {}


_SAYS: dict[str, Any] = {
    "usage": _usage, "estimated": _estimated, "days": _days, "rate": _rate, "fact": _fact, "one_off": _booked,
    "credit": _booked, "balance": _balance,
}  # fmt: skip


def in_language(part: Part, language: str) -> Part:
    """The part with the words of a booking in one language, for sentences in it."""
    words = part.figures.get("words")
    if not isinstance(words, Mapping):
        return part
    figures = {**part.figures, "words": words.get(language) or words.get("en", "")}
    return Part(part.kind, part.cents, part.commodity, part.point, figures)
