"""The scope of a version's formulas: typed inputs, and named values (numbers, formulas, tables, bands).

An input types a determinant that formulas use; a named value is computed from inputs and other values, never in a
circle. Evaluation is `on_columns` and `in_decimal`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from meterbook.engine.quantity import UNITS
from meterbook.engine.rates.document import UNREAD, Field
from meterbook.engine.rates.language import shapes
from meterbook.engine.rates.language.expressions import (
    DAYS,
    ROUNDINGS,
    VALUE_LIMIT,
    Formula,
    FormulaError,
    Sort,
    Typed,
    parse_formula,
)
from meterbook.engine.rates.language.keys import BAND, BANDS_VALUE, BILLED_KEYS, FORMULA_VALUE, INPUT_KEYS, TABLE_VALUE
from meterbook.engine.rates.language.units import Unit, parse_unit, shown_unit
from meterbook.engine.rates.terms import COUNT_LIMIT, KINDS, QUANTITY_LIMIT, Determinant, Kind

#: The text value that names the season of the days being priced.
SEASON = "season"
#: How many values may rest on each other, and how deep their formulas may be together.
CHAIN, NESTED = 40, 150
_WORD = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Billed:
    """Usage is billed in whole units of ``per`` measured ones; a part of a unit is rounded as ``rounding`` says.

    ``measured`` is the meter's unit where it is not the schedule's.
    """

    per: Decimal
    rounding: str
    measured: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """A determinant that formulas may use, with its unit; ``default`` stands where a bill does not state it.

    A bill's whole usage is brought to ``billed`` units first and split by days afterwards.
    """

    name: str
    kind: Kind
    unit: Unit | None
    default: Decimal | str | None
    billed: Billed | None = None

    @property
    def determinant(self) -> Determinant:
        """The fact a bill is asked for."""
        return Determinant(self.name, self.kind, optional=self.default is not None)


@dataclass(frozen=True, slots=True)
class Table:
    """A value looked up by one or more keys (key inputs or text values), in the order of ``by``."""

    by: tuple[str, ...]
    cells: tuple[tuple[tuple[str, ...], Formula], ...]
    otherwise: Formula | None


@dataclass(frozen=True, slots=True)
class Bands:
    """A value by the band a number falls into: the first step whose ``up_to`` it does not exceed (``None``: any)."""

    of: Formula
    steps: tuple[tuple[Decimal | None, Formula], ...]


@dataclass(frozen=True, slots=True)
class NamedValue:
    """One entry of ``values``: a formula, a table or bands."""

    name: str
    sort: Sort
    unit: Unit | None
    rule: Formula | Table | Bands

    def formulas(self) -> tuple[Formula, ...]:
        """Every formula this value is made of."""
        match self.rule:
            case Formula():
                return (self.rule,)
            case Table():
                cells = tuple(cell for _, cell in self.rule.cells)
                return cells if self.rule.otherwise is None else (*cells, self.rule.otherwise)
            case Bands():
                return (self.rule.of, *(step for _, step in self.rule.steps))

    def keys(self) -> tuple[str, ...]:
        """The names it is looked up by."""
        return self.rule.by if isinstance(self.rule, Table) else ()


@dataclass(frozen=True, slots=True)
class Scope:
    """What formulas of one version may name. ``values`` stand in an order in which each uses only earlier ones."""

    inputs: Mapping[str, Input] = field(default_factory=dict)
    values: Mapping[str, NamedValue] = field(default_factory=dict)
    seasonal: bool = False

    def types(self) -> dict[str, Typed]:
        """Names with what they stand for."""
        found: dict[str, Typed] = {SEASON: Typed("text")} if self.seasonal else {}
        for name, one in self.inputs.items():
            found[name] = Typed("text") if one.kind == "key" else Typed("number", one.unit)
        for name, value in self.values.items():
            found[name] = Typed(value.sort, value.unit)
        return found

    def reached(self, names: Iterable[str]) -> tuple[str, ...]:
        """The inputs (and `SEASON`) that these names rest on, directly or through values, in order of first use."""
        found: dict[str, None] = {}
        seen: set[str] = set()  # a value that many others rest on is gone into once
        ahead = list(names)[::-1]
        while ahead:
            name = ahead.pop()
            value = self.values.get(name)
            if value is None:
                found[name] = None
            elif name not in seen:
                seen.add(name)
                inner = [*value.keys(), *(inner for formula in value.formulas() for inner in formula.names)]
                ahead += inner[::-1]
        return tuple(found)

    def determinants(self, names: Iterable[str]) -> tuple[Determinant, ...]:
        """The facts a bill must state for formulas that use these names."""
        return tuple(self.inputs[name].determinant for name in self.reached(names) if name in self.inputs)


def _unit(entries: Mapping[str, Field]) -> Unit | None:
    if "unit" not in entries:
        return None
    unit = parse_unit(entries["unit"].text())
    if unit is None:
        entries["unit"].refuse(expected="a unit such as ccf or USD/ccf, or 1")
    return unit


def _input(name: str, place: Field) -> Input:
    entries = place.entries(*shapes.names(INPUT_KEYS))
    kind = entries["kind"].choice(*KINDS)
    default: Decimal | str | None = None
    if "default" in entries:
        high = COUNT_LIMIT if kind == "count" else QUANTITY_LIMIT
        low = -high if kind == "signed" else Decimal(0)
        place_ = entries["default"]
        default = place_.text() if kind == "key" else place_.decimal(decimals=6, low=low, high=high)
    if "words" in entries:
        entries["words"].bilingual()
    return Input(name, kind, _unit(entries), default, _billed(entries, kind))  # type: ignore[arg-type]


def _billed(entries: Mapping[str, Field], kind: str) -> Billed | None:
    if "billed" not in entries:
        return None
    if kind not in ("usage", "per_period"):
        entries["billed"].refuse(found=f"billed units of a {kind}", expected="the kind usage or per_period")
    inner = entries["billed"].entries(*shapes.names(BILLED_KEYS))
    per = inner["per"].decimal(decimals=6, low=Decimal("0.000001"), high=QUANTITY_LIMIT)
    measured = inner["measured"].choice(*UNITS) if "measured" in inner else ""
    return Billed(per, inner["rounding"].choice(*ROUNDINGS), measured)


def read_inputs(place: Field) -> dict[str, Input]:
    """The typed inputs of a version."""
    found: dict[str, Input] = {}
    for name, field_ in place.pairs(expected="a mapping from each determinant to {kind, unit}", least=1):
        if not _WORD.fullmatch(name) or name in (*DAYS, SEASON):
            field_.refuse(found=f"the input {name!r}", expected="a lower-case word that is not " + ", ".join(DAYS))
        found[name] = _input(name, field_)
    return found


class _Reading:
    """Values are read when first needed, so that they may stand in any order; a circle is refused where it closes."""

    def __init__(self, places: dict[str, Field], inputs: Mapping[str, Input], seasons: Sequence[str]) -> None:
        self.places, self.inputs, self.seasons = places, inputs, seasons
        self.done: dict[str, NamedValue] = {}
        self.open: list[str] = []
        self.levels: dict[str, int] = {}

    def need(self, name: str, place: Field) -> bool:
        """Read the value called so, if there is one; false where that closes a circle."""
        if name in self.done or name not in self.places:
            return True
        if name in self.open:
            circle = " → ".join((*self.open[self.open.index(name) :], name))
            place.refuse(found=f"a circle: {circle}", expected="values that do not rest on themselves")
            return False
        if len(self.open) == CHAIN:
            place.refuse(found=f"more than {CHAIN} values that rest on each other", expected="fewer")
            return False
        self.open.append(name)
        self.done[name] = self.measured(self.value(name, self.places[name]))
        self.open.pop()
        return True

    def measured(self, value: NamedValue) -> NamedValue:
        """The value, if what it rests on is not nested deeper than can be computed."""
        looked_up = value.keys()
        deepest = max((self.levels.get(key, 0) for key in looked_up), default=0)
        for formula in value.formulas():
            deepest = max(
                deepest, formula.levels + max((self.levels.get(name, 0) for name in formula.names), default=0)
            )
        self.levels[value.name] = deepest + 1
        if deepest > NESTED:
            self.places[value.name].refuse(
                found=f"{deepest} levels of values and formulas", expected=f"at most {NESTED}"
            )
            self.levels[value.name] = 0
        return value

    def formula(self, place: Field) -> Formula:
        text = place.text(expected="a number or a formula")
        words = re.findall(r"[A-Za-z_][A-Za-z0-9_]*", re.sub(r"'[^']*'|\[[^\]]*\]", " ", text))
        if not all(self.need(name, place) for name in dict.fromkeys(words)):
            return parse_formula("1", scope={})
        types = Scope(self.inputs, self.done, bool(self.seasons)).types()
        return formula_at(place, text, types, ())

    def value(self, name: str, place: Field) -> NamedValue:
        if not _WORD.fullmatch(name) or name in (*DAYS, SEASON) or name in self.inputs:
            place.refuse(found=f"the value {name!r}", expected="a lower-case word that is no input and not built in")
        if not place.is_mapping():
            formula = self.formula(place)
            return NamedValue(name, formula.sort, formula.unit, formula)
        keys = {key for key, _ in place.pairs()}
        if "formula" in keys:
            entries = place.entries(*shapes.names(FORMULA_VALUE))
            formula = self.formula(entries["formula"])
            return self._typed(name, entries, formula, [formula])
        if "bands" in keys:
            entries = place.entries(*shapes.names(BANDS_VALUE))
            of, steps = self.formula(entries["of"]), self._steps(entries["bands"])
            return self._typed(name, entries, Bands(of, steps), [formula for _, formula in steps])
        entries = place.entries(*shapes.names(TABLE_VALUE))
        by = tuple(self._key(field_) for field_ in entries["by"].items(most=6))
        cells = tuple(self._cells(entries["table"], by, ()))
        if SEASON in by and "otherwise" not in entries:
            told = {keys[by.index(SEASON)] for keys, _ in cells}
            missing = [season for season in self.seasons if season not in told]
            if cells and missing and told <= set(self.seasons):
                expected = "every season, or the key 'otherwise'"
                entries["table"].refuse(found=f"nothing for {', '.join(missing)}", expected=expected)
        otherwise = self.formula(entries["otherwise"]) if "otherwise" in entries else None
        all_cells = [cell for _, cell in cells] + ([] if otherwise is None else [otherwise])
        return self._typed(name, entries, Table(by, cells, otherwise), all_cells)

    def _key(self, place: Field) -> str:
        name = place.text()
        self.need(name, place)
        known = Scope(self.inputs, self.done, bool(self.seasons)).types()
        if name not in known or known[name].sort != "text":
            texts = [one for one, typed in known.items() if typed.sort == "text"]
            place.refuse(expected="a key: one of " + ", ".join(texts) if texts else "an input of kind key")
        return name

    def _cells(self, place: Field, by: tuple[str, ...],
               keys: tuple[str, ...]) -> Iterable[tuple[tuple[str, ...], Formula]]:  # fmt: skip
        at = len(keys)
        for key, cell in place.pairs(expected=f"a mapping from each {by[at]}" if by else "a mapping", least=1):
            if by and by[at] == SEASON and key not in self.seasons:
                cell.refuse(found=f"the season {key!r}", expected="one of " + ", ".join(self.seasons))
            if at + 1 < len(by):
                yield from self._cells(cell, by, (*keys, key))
            else:
                yield (*keys, key), self.formula(cell)

    def _steps(self, place: Field) -> tuple[tuple[Decimal | None, Formula], ...]:
        found: list[tuple[Decimal | None, Formula]] = []
        steps = place.items(most=99)
        for at, step in enumerate(steps):
            entries = step.entries(*shapes.names(BAND))
            bound = None
            if "up_to" in entries:
                bound = entries["up_to"].decimal(decimals=6, low=-VALUE_LIMIT, high=VALUE_LIMIT)
            if bound is not None and found and found[-1][0] is not None and bound <= found[-1][0]:
                entries["up_to"].refuse(expected=f"more than {found[-1][0]}, the band before")
            if bound is None and at < len(steps) - 1:
                step.refuse(found="a band without an end", expected="the key 'up_to' in every band but the last")
            found.append((bound, self.formula(entries["is"])))
        return tuple(found)

    def _typed(self, name: str, entries: Mapping[str, Field], rule: Formula | Table | Bands,
               cells: list[Formula]) -> NamedValue:  # fmt: skip
        unit, place = _unit(entries), next(iter(entries.values()))
        sort: Sort = cells[0].sort if cells else "number"
        told = False
        for cell in cells:
            if cell.sort != sort:
                place.refuse(found=f"a {cell.sort} beside a {sort}", expected="values of one kind")
            if unit is None:
                unit = cell.unit
            elif cell.unit not in (None, unit) and not told:
                told = True
                place.refuse(found=f"{shown_unit(cell.unit)} in {cell.text!r}",
                             expected=f"{shown_unit(unit)}, as in the other cells or in 'unit'")  # fmt: skip
        return NamedValue(name, sort, None if told else unit, rule)


def rests_on_days(formula: Formula, scope: Scope) -> bool:
    """Whether what the formula comes to is that of the days charged: it reads usage, ``days`` or other lines."""
    if formula.components:
        return True
    seen: set[str] = set()
    ahead = [*formula.reads]
    while ahead:
        name = ahead.pop()
        if name == "days" or (name in scope.inputs and scope.inputs[name].kind == "usage"):
            return True
        if name not in seen and name in scope.values:
            seen.add(name)
            ahead += [inner for one in scope.values[name].formulas() for inner in one.reads]
    return False


def formula_at(place: Field, text: str, types: Mapping[str, Typed], earlier: tuple[str, ...]) -> Formula:
    """The formula written at a place; problems are reported there and a harmless stand-in returned."""
    try:
        return parse_formula(text, scope=types, earlier=earlier)
    except FormulaError as error:
        if text is not UNREAD:
            place.refuse(found=f"{error.found} in {text!r}" if error.found not in text else error.found,
                         expected=error.expected)  # fmt: skip
    return parse_formula("1", scope={})


def read_scope(inputs: Mapping[str, Input], values: Field | None, *, seasons: Sequence[str]) -> Scope:
    """The scope of a version from its ``inputs`` and ``values``; ``seasons`` are the names of its seasons."""
    if values is None:
        return Scope(inputs, {}, bool(seasons))
    places = dict(values.pairs(expected="a mapping from each name to a number, a formula, a table or bands", least=1))
    reading = _Reading(places, inputs, seasons)
    for name, place in places.items():
        reading.need(name, place)
    return Scope(inputs, reading.done, bool(seasons))
