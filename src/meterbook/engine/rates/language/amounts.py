"""What a component's settings may hold in place of a plain number or name: an amount, a measure, a base of lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.document import UNREAD, Field
from meterbook.engine.rates.language.expressions import Formula, constant
from meterbook.engine.rates.language.units import PURE, Unit, shown_unit, times_unit
from meterbook.engine.rates.language.values import SEASON, formula_at, rests_on_days
from meterbook.engine.rates.terms import PRICE_LIMIT, QUANTITY_LIMIT, Context, Determinant, Kind, Rate
from meterbook.engine.trace import Step

_NAME = re.compile(r"[a-z][a-z0-9_]*")
#: What to write in place of an amount that a flat charge would share by days a second time.
AS_IT_COMES = "an amount of the whole bill, or the component 'formula', which charges it as it comes"


@dataclass(frozen=True, slots=True)
class Measure:
    """A quantity, a count or a key-like fact a charge rests on: a determinant by name, or a formula.

    ``name`` is what explanations call it. A ``usage`` determinant is split by days; a formula is evaluated for the
    days charged.
    """

    name: str
    determinant: Determinant | None
    formula: Formula | None

    def determinants(self) -> tuple[Determinant, ...]:
        """The determinant it names itself; those of a formula are known to the component."""
        return () if self.determinant is None else (self.determinant,)


def _note(context: Context, formula: Formula, place: Field) -> None:
    """Remember what the component reads, and refuse what cannot be known for a part of a bill."""
    context.names.update(dict.fromkeys(formula.names))
    if formula.exact:
        context.exact.update(formula.components)
    if context.season is None and SEASON in context.scope.reached(formula.names):
        place.refuse(found="a formula that rests on the season", expected="the component's key 'season', such as each")
    if formula.components and context.season is not None:
        place.refuse(found="other lines read within one season", expected="no line() in a component with 'season'")


def _usd(unit: Unit | None) -> int | None:
    return None if unit is None else dict(unit).get("USD", 0)


def read_formula(place: Field, context: Context, *, sort: str = "number", what: str = "") -> Formula:
    """A number or a formula of the wanted sort."""
    before = len(place.problems.found)
    formula = formula_at(place, place.text(expected=what or "a number or a formula"), context.types, context.earlier)
    if formula.sort != sort and len(place.problems.found) == before:
        place.refuse(found=f"a {formula.sort}", expected=what or f"a {sort}")
    _note(context, formula, place)
    return formula


def _is_number(text: str) -> bool:
    """Whether the text is meant as a plain number (right or wrong), not as a formula."""
    plain = re.fullmatch(r"[-+$]*[\d.,]*([eE]-?\d+)?\s*%?", text)
    return not text or plain is not None or not re.search(r"[\w(]", text)


def fixed_within(place: Field, formula: Formula, *, decimals: int, low: Decimal, high: Decimal) -> None:
    """Refuse a formula that is but a number (``0.05 [USD/kWh]``, ``- 3``) where the plain number is refused."""
    number = formula.constant
    if number is None:
        return
    exponent = number.as_tuple().exponent
    if not low <= number <= high or (isinstance(exponent, int) and -exponent > decimals):
        place.refuse(expected=f"a number from {low} to {high} with at most {decimals} decimals")


def read_amount(place: Field, context: Context, *, low: Decimal = -PRICE_LIMIT, high: Decimal = PRICE_LIMIT,
                decimals: int = 8) -> Formula:  # fmt: skip
    """A price: a plain number of dollars from ``low`` to ``high``, or a formula in dollars (per unit)."""
    text = place.text(expected="a number or a formula") if place.is_scalar() else ""
    if _is_number(text):
        return constant(place.decimal(decimals=decimals, low=low, high=high))
    formula = read_formula(place, context)
    fixed_within(place, formula, decimals=decimals, low=low, high=high)
    if formula.unit is not None and _usd(formula.unit) != 1:
        place.refuse(found=f"{shown_unit(formula.unit)} in {text!r}", expected="dollars, or dollars per unit")
    return formula


def read_bound(place: Field, context: Context, *, high: Decimal = QUANTITY_LIMIT) -> Formula:
    """An upper end or another quantity: a plain number of at most six decimals, or a formula that is not dollars."""
    text = place.text(expected="a number or a formula") if place.is_scalar() else ""
    if _is_number(text):
        return constant(place.decimal(decimals=6, low=Decimal(0), high=high))
    formula = read_formula(place, context)
    fixed_within(place, formula, decimals=6, low=Decimal(0), high=high)
    if _usd(formula.unit):
        place.refuse(found="dollars", expected="a quantity")
    return formula


def read_measure(place: Field, context: Context, *, kind: Kind) -> Measure:
    """The name of a determinant (of ``kind`` unless ``inputs`` says otherwise), of a value, or a formula."""
    text = place.text(expected="a determinant or a formula")
    declared = context.scope.inputs.get(text)
    named = _NAME.fullmatch(text) is not None and text not in context.scope.values
    if named and (declared is None or (declared.default is None and declared.billed is None)):
        if declared is None and context.scope.inputs:
            place.refuse(found=f"the determinant {text}", expected="one that 'inputs' declares: "
                         + ", ".join(context.scope.inputs))  # fmt: skip
        if declared is not None and declared.kind == "key":
            place.refuse(found=f"the key {text}", expected="a number")
        return Measure(text, Determinant(text, kind if declared is None else declared.kind), None)
    return Measure(text, None, read_bound(place, context))


def split_by_days(place: Field, measure: Measure, context: Context) -> None:
    """Refuse a quantity that stands for the whole bill where every stretch of days is charged for its own."""
    known = measure.determinant
    if measure.formula is not None:
        fine = rests_on_days(measure.formula, context.scope)
    else:
        fine = known is None or known.kind == "usage"
    if not fine:
        expected = "usage, or a formula of usage or days: every stretch of days is charged for its own"
        place.refuse(found=f"{measure.name}, which is not split by days", expected=expected)


def follows_days(amount: Formula | Measure | None, context: Context) -> bool:
    """Whether an amount is by itself that of the days charged: it reads usage, ``days`` or other lines."""
    if isinstance(amount, Measure):
        if amount.determinant is not None:
            return amount.determinant.kind == "usage"
        amount = amount.formula
    return amount is not None and rests_on_days(amount, context.scope)


def shared_by_days(place: Field, amount: Formula | Measure | None, context: Context, *, instead: str) -> None:
    """Refuse an amount that its charge would share by days a second time; ``instead`` is what to write."""
    if follows_days(amount, context):
        found = f"{place.text()}, which rests on usage, days or other lines and so is that of the days charged already"
        place.refuse(found=found, expected=instead)


def read_fact(place: Field, context: Context, *, kind: Kind) -> str:
    """The name of a determinant that a charge reads by itself, not in a formula: a word, declared if any is."""
    name = place.text(expected="the name of a determinant")
    if name is UNREAD:
        return name
    if _NAME.fullmatch(name) is None:
        place.refuse(expected="the name of a determinant: a lower-case word (letters, digits, underscore)")
        return name
    inputs = context.scope.inputs
    declared = inputs.get(name)
    if declared is None:
        if inputs:
            place.refuse(found=f"the determinant {name}", expected="one that 'inputs' declares: " + ", ".join(inputs))
    elif (declared.kind == "key") != (kind == "key"):
        place.refuse(found=f"{name}, a {declared.kind}", expected="a key" if kind == "key" else "a number")
    elif declared.default is not None:
        place.refuse(found=f"{name}, which has a default", expected="no 'default': this charge asks every bill for it")
    return name


def unit_of(measure: Measure, context: Context) -> Unit | None:
    """The unit of what is counted, where the document tells it."""
    if measure.formula is not None:
        return measure.formula.unit
    declared = context.scope.inputs.get(measure.name)
    return None if declared is None else declared.unit


def unit_words(measure: Measure, context: Context) -> str:
    """The unit of what is counted as people read it; "" where the document does not tell it."""
    unit = unit_of(measure, context)
    return "" if unit in (None, PURE) else shown_unit(unit)


def same_unit(place: Field, bound: Formula, counted: Unit | None) -> None:
    """Refuse a bound that measures something else than what is counted."""
    if bound.unit is not None and counted is not None and bound.unit != counted:
        place.refuse(found=f"{shown_unit(bound.unit)} in {bound.text!r}", expected=f"{shown_unit(counted)}, as counted")


def priced_in(place: Field, price: Formula, counted: Unit | None) -> None:
    """Refuse a price of another unit than what is counted; for every charge of a price times a quantity.

    ``counted`` is `unit_of` what the price is multiplied by. A charge of a sum of dollars asks `in_dollars`.
    """
    dollars = (("USD", 1),)
    if price.unit in (None, PURE, dollars) or counted is None:
        return
    if times_unit(price.unit, counted) != dollars:
        place.refuse(found=f"{shown_unit(price.unit)} in {price.text!r}", expected=f"USD/{shown_unit(counted)}")


def in_dollars(place: Field, amount: Formula) -> None:
    """Refuse dollars per something where a sum stands; for every charge that takes its amount as it comes."""
    if amount.unit not in (None, (("USD", 1),)):
        place.refuse(found=f"{shown_unit(amount.unit)} in {amount.text!r}", expected="USD")


def read_base(place: Field, context: Context) -> tuple[str, ...]:
    """Lines a percentage or a limit looks at: ids of earlier components, ``all``, or a tag of ``taxes``; in order."""
    if context.season is not None:
        place.refuse(found="other lines read within one season", expected="no base in a component with 'season'")
    if place.is_scalar():
        word = place.word(expected="'all', a list of ids, or a tag of earlier components")
        if word is UNREAD:
            return ()
        if word == "all" and context.earlier:
            return context.earlier
        tagged = tuple(name for name in context.earlier if word in context.tags.get(name, ()))
        if not tagged:
            tags = sorted({tag for each in context.tags.values() for tag in each})
            place.refuse(expected="'all', a list of ids, or a tag of earlier components"
                         + (f": {', '.join(tags)}" if tags else "; none of them has any"))  # fmt: skip
        return tagged
    return tuple(_base(place.items(most=99), context.earlier))


def _base(fields: Sequence[Field], earlier: tuple[str, ...]) -> list[str]:
    found: list[str] = []
    for field in fields:
        name = field.text()
        if name is UNREAD:
            continue
        if name not in earlier or name in found:
            known = f": one of {', '.join(dict.fromkeys(earlier))}" if earlier else "; none does"
            field.refuse(expected=f"a component that stands earlier, once{known}")
        found.append(name)
    return found


def any_undivided(names: Iterable[str], context: Context) -> bool:
    """Whether any of these lines stands once for a whole bill."""
    return any(name in context.undivided for name in names)


def computed(words: Step, price: Formula, per: str) -> Rate:
    """A printed rate; a computed price is shown as its formula beside a price of zero."""
    if price.constant is not None:
        return Rate(words, price.constant, per)
    return Rate(words, Decimal(0), per, formula=price.text)


def shown_number(formula: Formula) -> Decimal | str:
    """A number, or the formula it is computed by."""
    return formula.text if formula.constant is None else formula.constant
