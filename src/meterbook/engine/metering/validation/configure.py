"""The policy ``read-validation``: which rules look at which reads, with which numbers, and what follows.

Read whole or refused whole: every problem is named by its path, what stands there and what should. Numbers stand in
quotes, so that YAML makes no binary fraction of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, cast

from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.contract import Parameter, Rule, Settings, Then
from meterbook.engine.quantity import QUANTITY_SCALE, UNITS, WrongUnit, convert

_NUMBER = re.compile(r"[0-9]{1,9}(\.[0-9]{1,6})?")
_FOR = ("commodity", "class", "size", "channel")
_THEN = ("queue", "note", "off")
#: The unit a quantity's default is said in, by what its unit measures.
_DEFAULT_UNITS = {"volume": "ccf", "energy": "kWh"}


@dataclass(frozen=True, slots=True)
class RuleProblem:
    """One thing wrong with the document: where, what stands there, and what should."""

    path: str
    found: str
    expected: str

    def __str__(self) -> str:
        return f"{self.path or 'document'}: found {self.found}, expected {self.expected}"


class WrongRules(ValueError):
    """The document is refused; ``problems`` names everything wrong with it."""

    def __init__(self, problems: Sequence[RuleProblem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, problems)))


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the list: a rule, which rows it is for (None: any), what follows, its numbers and their unit."""

    rule: str
    commodity: str | None
    premise_class: str | None
    size: str | None
    channel: str | None
    then: Then
    numbers: Mapping[str, Decimal]
    unit: str | None

    def matches(self, commodity: str, premise_class: str, size: str, channel: str) -> bool:
        """Whether the entry is for such a read."""
        asked = (self.commodity, self.premise_class, self.size, self.channel)
        given = (commodity, premise_class, size, channel)
        return all(want in (None, got) for want, got in zip(asked, given, strict=True))

    def settings(self, unit: str) -> Settings:
        """The rule's numbers for rows counted in ``unit``; quantities are converted, a millionth rounded half up."""
        return {
            one.name: _scaled_quantity(one, self.numbers.get(one.name), self.unit, unit)
            if one.measure == "quantity"
            else _scaled(one, self.numbers.get(one.name, one.default))
            for one in rules.rule(self.rule).parameters
        }


@dataclass(frozen=True, slots=True)
class Limit:
    """The most a meter of that size can pass in a day."""

    commodity: str
    size: str
    daily: Decimal
    unit: str


@dataclass(frozen=True, slots=True)
class Worth:
    """What a unit of a commodity is worth, in dollars, for ranking only."""

    unit: str
    dollars: Decimal


@dataclass(frozen=True, slots=True)
class Configured:
    """The rules in force: entries by rule, in the document's order; limits; what a unit is worth."""

    citation: str
    effective: date
    entries: Mapping[str, tuple[Entry, ...]]
    limits: tuple[Limit, ...]
    value_per_unit: Mapping[str, Worth]

    def then_of(self, rule: str, *, commodity: str, premise_class: str, size: str, channel: str = "") -> Then:
        """What follows where the rule objects to such a read; "off" where no entry is for it."""
        for entry in reversed(self.entries.get(rule, ())):
            if entry.matches(commodity, premise_class, size, channel):
                return entry.then
        return "off"

    def limit_daily(self, commodity: str, size: str, unit: str) -> int | None:
        """The most that size can pass in a day, in millionths of ``unit``; None where the document names none."""
        for limit in self.limits:
            if (limit.commodity, limit.size) == (commodity, size):
                try:
                    return _millionths(convert(limit.daily, found=limit.unit, wanted=unit))
                except WrongUnit:
                    return None
        return None

    def worth(self, commodity: str, unit: str) -> Fraction | None:
        """Dollars of one ``unit``, exactly; None where nobody says."""
        known = self.value_per_unit.get(commodity)
        try:
            return Fraction(known.dollars) * convert(Decimal(1), found=unit, wanted=known.unit) if known else None
        except WrongUnit:
            return None


def _millionths(value: Fraction) -> int:
    scaled = value * QUANTITY_SCALE
    return (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)


def _scaled(parameter: Parameter, number: Decimal) -> int:
    return int(number) if parameter.measure == "count" else _millionths(Fraction(number))


def _scaled_quantity(parameter: Parameter, number: Decimal | None, stated: str | None, unit: str) -> int:
    """A quantity in the unit of the rows; a unit nobody can convert has no floor."""
    if number is None:
        stated = _DEFAULT_UNITS.get(UNITS.get(unit, ""))
        number = parameter.default
        if stated == "kWh" and parameter.default_energy is not None:
            number = parameter.default_energy
    try:
        return _millionths(convert(number, found=stated or "", wanted=unit))
    except WrongUnit:
        return 0


class _Reader:
    """Walks the mapping and gathers problems; what was refused reads as a harmless stand-in."""

    def __init__(self) -> None:
        self.problems: list[RuleProblem] = []

    def refuse(self, path: str, found: object, expected: str) -> None:
        shown = "nothing" if found is None else "a list" if isinstance(found, list) else repr(found)
        self.problems.append(RuleProblem(path, "a mapping" if isinstance(found, Mapping) else shown, expected))

    def mapping(self, value: object, path: str) -> Mapping[str, Any]:
        if isinstance(value, Mapping) and all(isinstance(key, str) for key in value):
            return cast("Mapping[str, Any]", value)
        self.refuse(path, value, "a mapping")
        return {}

    def items(self, value: object, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        if not isinstance(value, list) or not value:
            self.refuse(path, value, "a list")
            return
        for at, item in enumerate(value):
            yield f"{path}[{at}]", self.mapping(item, f"{path}[{at}]")

    def keys(self, found: Mapping[str, Any], path: str, *, needed: Sequence[str], known: Sequence[str] = ()) -> None:
        for key in needed:
            if key not in found:
                self.refuse(_step(path, key), None, f"the key {key!r}")
        for key in found:
            if key not in (*needed, *known):
                self.refuse(_step(path, key), f"the key {key}", "one of " + ", ".join((*needed, *known)))

    def text(self, value: object, path: str, *options: str) -> str:
        text = {True: "on", False: "off"}.get(value) if isinstance(value, bool) else value  # YAML's own reading of off
        if isinstance(text, str) and text and (not options or text in options):
            return text
        self.refuse(path, value, "one of " + ", ".join(options) if options else "text")
        return options[0] if options else ""

    def number(self, value: object, path: str, *, low: Decimal, high: Decimal, whole: bool = False) -> Decimal:
        expected = f"a {'whole number' if whole else 'number in quotes'} from {low:f} to {high:f}"
        text = str(value) if isinstance(value, int | str) and not isinstance(value, bool) else ""
        if not _NUMBER.fullmatch(text) or not low <= Decimal(text) <= high or (whole and "." in text):
            self.refuse(path, value, expected)
            return low
        return Decimal(text)

    def unit(self, value: object, path: str) -> str:
        return self.text(value, path, *(unit for unit, sort in UNITS.items() if sort in ("energy", "power", "volume")))


def _step(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def parse(document: Mapping[str, Any]) -> Configured:
    """Read the document of the policy ``read-validation``; raise `WrongRules` with everything wrong with it.

    A rule the document does not name is off. Of several entries for a read, the last one that matches holds.
    """
    reader = _Reader()
    needed = ("policy", "citation", "effective", "value_per_unit", "rules")
    reader.keys(document, "", needed=needed, known=("limits",))
    if "policy" in document:
        reader.text(document["policy"], "policy", "read-validation")
    effective = document.get("effective")
    if not isinstance(effective, date):
        reader.refuse("effective", effective, "a date YYYY-MM-DD")
        effective = date.min
    worth = _worth(reader, document.get("value_per_unit"))
    limits = tuple(_limits(reader, document["limits"])) if "limits" in document else ()
    entries: dict[str, list[Entry]] = {}
    for path, item in reader.items(document.get("rules"), "rules"):
        entry = _entry(reader, item, path, worth)
        if entry is not None:
            entries.setdefault(entry.rule, []).append(entry)
    citation = reader.text(document.get("citation"), "citation")
    if reader.problems:
        raise WrongRules(reader.problems)
    return Configured(citation, effective, {rule: tuple(some) for rule, some in entries.items()}, limits, worth)


def _worth(reader: _Reader, value: object) -> dict[str, Worth]:
    found = {}
    for commodity, item in reader.mapping(value, "value_per_unit").items():
        path = f"value_per_unit.{commodity}"
        one = reader.mapping(item, path)
        reader.keys(one, path, needed=("unit", "dollars"))
        dollars = reader.number(one.get("dollars"), f"{path}.dollars", low=Decimal(0), high=Decimal(100_000))
        found[commodity] = Worth(reader.unit(one.get("unit"), f"{path}.unit"), dollars)
    return found


def _limits(reader: _Reader, value: object) -> Iterator[Limit]:
    seen: set[tuple[str, str]] = set()
    for path, item in reader.items(value, "limits"):
        reader.keys(item, path, needed=("commodity", "size", "daily", "unit"))
        size, commodity = (reader.text(item.get(key), f"{path}.{key}") for key in ("size", "commodity"))
        if (commodity, size) in seen:
            reader.refuse(path, f"{commodity} {size} again", "each size once")
        seen.add((commodity, size))
        daily = reader.number(item.get("daily"), f"{path}.daily", low=Decimal(0), high=Decimal(100_000_000))
        yield Limit(commodity, size, daily, reader.unit(item.get("unit"), f"{path}.unit"))


def _entry(reader: _Reader, item: Mapping[str, Any], path: str, worth: Mapping[str, Worth]) -> Entry | None:
    name = reader.text(item.get("rule"), f"{path}.rule", *rules.names())
    if item.get("rule") not in rules.names():
        return None
    rule = rules.rule(name)
    known = _parameters(name)
    reader.keys(item, path, needed=("rule", "then"), known=("for", *known))
    asked = reader.mapping(item.get("for", {}), f"{path}.for")
    options = _FOR if rule.applies_to == "reads" else _FOR[:3]
    reader.keys(asked, f"{path}.for", needed=(), known=options)
    criteria = {key: reader.text(asked[key], f"{path}.for.{key}") if key in asked else None for key in _FOR}
    numbers = {
        key: reader.number(item[key], _step(path, key), low=one.low, high=one.high, whole=one.measure == "count")
        for key, one in known.items()
        if key in item
    }
    commodity = criteria["commodity"]
    unit = worth[commodity].unit if commodity is not None and commodity in worth else None
    for key in numbers:
        if known[key].measure == "quantity" and unit is None:
            expected = "a commodity of value_per_unit in for, so that the unit of the number is known"
            reader.refuse(_step(path, key), item[key], expected)
    then = cast("Then", reader.text(item.get("then"), f"{path}.then", *_THEN))
    return Entry(name, commodity, criteria["class"], criteria["size"], criteria["channel"], then, numbers, unit)


@cache
def _parameters(name: str) -> Mapping[str, Parameter]:
    rule: Rule = rules.rule(name)
    return {one.name: one for one in rule.parameters}
