"""One version of a tariff as the keys of an OWRS class: what OWRS can say of it, and what it cannot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from meterbook.engine.rates.components.by_size.settings import BySizeSettings
from meterbook.engine.rates.components.fixed.settings import FixedSettings
from meterbook.engine.rates.components.formula.settings import FormulaSettings
from meterbook.engine.rates.components.matrix.settings import MatrixSettings
from meterbook.engine.rates.components.per_unit.settings import PerUnitSettings
from meterbook.engine.rates.components.percent_tax.settings import PercentTaxSettings
from meterbook.engine.rates.components.tiered.settings import TieredSettings
from meterbook.engine.rates.language.amounts import Measure
from meterbook.engine.rates.language.expressions import Call, Formula, Name, Number
from meterbook.engine.rates.language.values import NamedValue, Table
from meterbook.engine.rates.tariff import Component, Version
from meterbook.formats.owrs.classes.rendering import plain
from meterbook.formats.owrs.classes.scope import RESULTS, is_whole
from meterbook.formats.owrs.document import Bare, Value
from meterbook.formats.owrs.r_formulas import Unsayable, in_r

_FLAT = (FixedSettings, BySizeSettings, MatrixSettings)
_DAYS = {"days": "days_in_period", "bill_days": "days_in_period", "full_days": "days_in_period"}
_WHOLE = (("indoor", "inside"), ("outdoor", "outside"), ("budget", "allotment"))


class Saying:
    """The keys of one class, written as components ask for them. ``inputs`` are OWRS names of renamed inputs."""

    def __init__(self, version: Version, inputs: Mapping[str, str]) -> None:
        self.version, self.inputs = version, {"usage": "usage_ccf", **inputs}
        self.keys: dict[str, Value] = {}
        self.remarks: list[str] = []
        self.read: list[tuple[str, str]] = []
        self._lines = dict(self._line_keys())
        self._values: dict[str, str] = {}
        self._at, self._same = "", ""

    def say(self) -> dict[str, Value]:
        """Every key of the class, the bill last."""
        said: list[str] = []
        for component in self.version.components:
            try:
                self._component(component)
            except Unsayable as error:
                self.remarks.append(
                    f"the line {component.id} ({component.keyword}) is left out: OWRS cannot say {error}"
                )
                continue
            said.append(self._lines[component.id])
        self.keys["bill"] = "+".join(said) if said else Bare("0")
        return self.keys

    def _line_keys(self) -> Iterator[tuple[str, str]]:
        """The key of each line: its id; the first charge on usage and the first flat one by their usual names."""
        components = self.version.components
        taken = {component.id for component in components}
        usual: dict[str, str] = {}
        for name, kinds in (("commodity_charge", (TieredSettings, PerUnitSettings)), ("service_charge", _FLAT)):
            plausible = (one.id for one in components if isinstance(one.settings, kinds) and one.id not in RESULTS)
            first = next(plausible, None)
            if first is not None and name not in taken:
                usual[first] = name
        for component in components:
            key = usual.get(component.id, component.id)
            yield component.id, "bill_line" if key == "bill" else _unlike_a_budget(key)

    def _component(self, component: Component) -> None:
        self._at, self._same = self._lines[component.id], _one_value(component)
        settings = component.settings
        if component.season is not None:
            raise Unsayable("charges by season")
        if component.id != self._at:
            self.remarks.append(f"the line {component.id} stands as {self._at}")
        match settings:
            case TieredSettings():
                self._tiered(settings, component.applies)
            case FixedSettings():
                self._put(self._fixed(settings), component.applies)
            case PerUnitSettings():
                if len(settings.prices) > 1:
                    since = settings.prices[-1].since
                    self.remarks.append(f"of the prices of {component.id} only the one from {since} is written")
                quantity = self._measure(settings.quantity)
                self._put(f"{self._factor(settings.prices[-1].price)}*{quantity}", component.applies)
            case FormulaSettings():
                self._put(self._formula(settings.amount), component.applies)
            case BySizeSettings():
                cells = {key: self._cell(price) for key, price in settings.prices.items()}
                self._table((settings.key,), cells, settings.times, component.applies)
            case MatrixSettings():
                rows = {f"{row}|{head}": Bare(plain(price)) for row, prices in settings.prices.items()
                        for head, price in zip(settings.heads, prices, strict=True)}  # fmt: skip
                self._table((settings.rows, settings.columns), dict(rows), settings.times, component.applies)
            case PercentTaxSettings():
                base = "+".join(self._named(one, True) for one in settings.base)
                self.remarks.append(f"the line {component.id} is of unrounded lines in OWRS, of rounded ones here")
                self._put(f"{plain(settings.percent / 100)}*({base})", component.applies)
            case _:
                raise Unsayable(f"charges of the kind {component.keyword}")

    def _put(self, text: str, applies: Formula | None, key: str | None = None) -> None:
        key = key or self._at
        if applies is not None:
            text = f"ifelse({self._formula(applies)}, {text}, 0)"
        if text != key:
            self.keys[key] = Bare(text) if text.replace(".", "").isdigit() else text

    def _fixed(self, settings: FixedSettings) -> str:
        text = (
            self._factor(settings.price)
            if settings.times or settings.per != "period"
            else self._formula(settings.price)
        )
        if settings.per == "year":
            text = f"{text}/{settings.periods_per_year}"
        elif settings.per == "day":
            text = f"{text}*days_in_period"
        return text if settings.times is None else f"{text}*{self._measure(settings.times)}"

    def _table(self, by: tuple[str, ...], cells: dict[str, Value], times: Measure | None,
               applies: Formula | None) -> None:  # fmt: skip
        depends: list[Value] = [self.inputs.get(name, name) for name in by]
        table: Value = {"depends_on": depends, "values": cells}
        if times is None and applies is None:
            self.keys[self._at] = table
            return
        price = self._free(f"{self._at}_price")
        self.keys[price] = table
        self._put(price if times is None else f"{price}*{self._measure(times)}", applies)

    def _tiered(self, settings: TieredSettings, applies: Formula | None) -> None:
        usage = self._measure(settings.quantity)
        ends = [tier.up_to.constant for tier in settings.tiers if tier.up_to is not None]
        prices = [tier.price.constant for tier in settings.tiers]
        known = [end for end in ends if end is not None]
        exact = [price for price in prices if price is not None]
        if (len(prices) > 1 and len(known) == len(ends) and len(exact) == len(prices) and settings.times is None
                and applies is None and usage == "usage_ccf" and self._at == "commodity_charge"):  # fmt: skip
            self.keys["tier_starts"] = [Bare("0"), *(Bare(plain(end + 1)) for end in known)]
            self.keys["tier_prices"] = [Bare(plain(price)) for price in exact]
            self.keys[self._at] = "Tiered"
            return
        times = "" if settings.times is None else f"*{self._measure(settings.times)}"
        pieces: list[str] = []
        below = ""
        for tier in settings.tiers:
            price = self._factor(tier.price)
            if tier.up_to is None:
                top = usage
            else:
                end = f"{self._factor(tier.up_to)}{times}"
                top = f"pmin({usage}, {end})" if not below else f"pmin({usage}, pmax({end}, {below}))"
            pieces.append(f"{price}*{top}" if not below else f"{price}*({top}-{below})")
            below = top
        self._put("+".join(pieces), applies)

    def _cell(self, formula: Formula) -> Value:
        return Bare(plain(formula.constant)) if formula.constant is not None else self._formula(formula)

    def _measure(self, measure: Measure) -> str:
        if measure.formula is None:
            return self._named(measure.name, False)
        return self._factor(measure.formula)

    def _factor(self, formula: Formula) -> str:
        text = self._formula(formula)
        return text if text.replace(".", "").replace("_", "").isalnum() else f"({text})"

    def _formula(self, formula: Formula) -> str:
        return in_r(formula.node, self._named)

    def _named(self, name: str, component: bool) -> str:
        if component:
            found = self._lines[name]
            if found not in self.keys:
                raise Unsayable(f"the line {name}, which is left out")
        elif name in _DAYS or name == "normal_days":
            found = _DAYS.get(name) or str(self.version.proration.normal_days)
        elif name in self.version.scope.values:
            found = self._value(name)
        else:
            found = self.inputs.get(name, name)
            if is_whole(found) and found not in self.inputs.values():
                self.remarks.append(f"the input {found} is rounded to whole units by OWRS because of its name")
        self.read.append((self._at, found))
        return found

    def _value(self, name: str) -> str:
        known = self._values.get(name)
        if known is None:
            value, before = self.version.scope.values[name], self._at
            key = name if _is_rounded(value) else _unlike_a_budget(name)
            merged = key == self._at and name == self._same
            known = self._values[name] = key if merged else self._free(key)
            self._at = known
            self.keys[known] = self._content(value)
            self._at = before
        return known

    def _content(self, value: NamedValue) -> Value:
        rule = value.rule
        if isinstance(rule, Formula):
            return self._cell(rule)
        if isinstance(rule, Table):
            if rule.otherwise is not None:
                raise Unsayable("a table with a value for all other keys")
            depends: list[Value] = [self.inputs.get(name, name) for name in rule.by]
            cells = {"|".join(keys): self._cell(cell) for keys, cell in rule.cells}
            return {"depends_on": depends, "values": dict(cells)}
        of, text = self._factor(rule.of), ""
        for bound, step in reversed(rule.steps):
            content = self._formula(step)
            if not text:
                text = content if bound is None else f"ifelse({of} <= {plain(bound)}, {content}, 0/0)"
            else:
                text = f"ifelse({of} <= {plain(bound or Decimal(0))}, {content}, {text})"
        return text

    def _free(self, wanted: str) -> str:
        taken = {*self.keys, *self._lines.values(), *self._values.values(), "tier_starts", "tier_prices", "bill"}
        name, count = wanted, 2
        while name in taken:
            name, count = f"{wanted}_{count}", count + 1
        return name


def _one_value(component: Component) -> str:
    """The named value that a line charges as it stands, or nothing."""
    settings = component.settings
    if isinstance(settings, FixedSettings) and settings.per == "period" and settings.times is None:
        amount = settings.price
    elif isinstance(settings, FormulaSettings):
        amount = settings.amount
    else:
        return ""
    return amount.node.name if isinstance(amount.node, Name) and component.applies is None else ""


def _unlike_a_budget(name: str) -> str:
    """A name that OWRS does not take for a quantity in whole units."""
    if is_whole(name):
        for word, other in _WHOLE:
            name = name.replace(word, other)
    return name


def _is_rounded(value: NamedValue) -> bool:
    rule = value.rule
    if not isinstance(rule, Formula):
        return False
    if isinstance(rule.node, Number):
        return rule.node.value == int(rule.node.value)
    return isinstance(rule.node, Call) and rule.node.function == "round" and rule.node.mode == "half_even" and (
        rule.node.places == 0
    )  # fmt: skip
