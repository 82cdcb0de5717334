"""The bill of a class as lines of a tariff: each charge its bill names, and what the bill's formula makes of them."""

from __future__ import annotations

from decimal import Decimal

from meterbook.formats.owrs.classes.formulas import Name, Num, Op, Tree, addends, names, number
from meterbook.formats.owrs.classes.rendering import plain, simplified
from meterbook.formats.owrs.classes.scope import Scope, Unusable, is_usage
from meterbook.formats.owrs.classes.tiers import as_formula, tiers_of
from meterbook.formats.owrs.classes.values import Values
from meterbook.formats.owrs.document import Bare, Value

#: A price of more decimals, or a larger one, is an amount in dollars instead.
_DECIMALS, _PRICE = 8, Decimal(10**5)
#: The input by which a budget follows the days of the bill.
_DAYS = "days_in_period"
_CHARGES = ("charge", "surcharge", "fee", "credit", "discount", "tax")


class Charges:
    """Lines of one bill in print order; ``printed`` names for each line the key or the words it stands for."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.values = Values(scope, as_formula)
        self.lines: list[dict[str, Value]] = []
        self.printed: list[str] = []

    def bill(self) -> None:
        """Every line of the class's bill; raises `Unusable`."""
        if "bill" not in self.scope.owrs.entries:
            raise Unusable("the class has no bill", self.scope.owrs.line)
        text = self.scope.scalar("bill")
        if text is None or self.scope.kind("bill") or number(text) is not None:
            self.line("bill")
            return
        self.scope.entry("bill")
        others: list[Tree] = []
        for sign, term in addends(self.scope.tree(text, self.values.line("bill"))):
            key = self.scope.key(term.name, "bill") if isinstance(term, Name) and sign > 0 else None
            if key is not None and key not in self.values.lines:
                self.line(key)
            else:
                others.append(term if sign > 0 else Op("neg", (term,)))
        for term in others:
            self._rest(term)

    def line(self, key: str) -> None:
        """The line of one charge; raises `Unusable`."""
        content = self._content(key, key)
        self.values.lines[key] = self._append(key, content)

    def _append(self, wanted: str, content: dict[str, Value]) -> str:
        taken = {str(line["id"]) for line in self.lines}
        name = base = Values(self.scope, as_formula).free(wanted)
        count = 2
        while name in taken:
            name, count = f"{base}_{count}", count + 1
        self.lines.append({"id": name, **content})
        self.printed.append(wanted)
        return name

    def _rest(self, term: Tree) -> None:
        """A term of the bill that is no charge by itself: the charges inside it, and what it adds to them."""
        inside: list[str] = []
        for name in names(term):
            key = self.scope.key(name, "bill")
            if key is None or key in self.values.lines:
                continue
            if self.scope.kind(key) is not None or key.lower().rsplit("_", 1)[-1] in _CHARGES:
                self.line(key)
                inside.append(self.values.lines[key])
        formula = self.values.formula(term, "bill")
        for one in inside:
            formula = f"{formula} - exact({one})"
        self._append("bill_adjustment" if inside else "bill_part", {"component": "formula", "amount": formula})

    def _content(self, key: str, of: str) -> dict[str, Value]:
        """The component of the line ``key`` from what the key ``of`` holds (another one where it only names it)."""
        values, scope = self.values, self.scope
        if scope.kind(of) is not None:
            scope.entry(of)
            return self._tiered(of)
        text = scope.scalar(of)
        if text is None:
            name = values.of_key(of)[0]
            return self._flat(name, values.places_of(name))
        scope.entry(of)
        exact = number(text)
        if exact is not None:
            return self._flat(plain(exact), values.places(Num(exact), of), small=abs(exact) <= _PRICE)
        tree = values.tree(of)
        if isinstance(tree, Name):
            other = scope.key(tree.name, of)
            if other is not None and other not in (key, of) and other not in values.lines:
                return self._content(key, other)
        return self._by_usage(tree, of) or self._formula(tree, of)

    def _tiered(self, key: str) -> dict[str, Value]:
        tiers = tiers_of(self.values, key)
        if not all(tier.fine for tier in tiers):
            return {"component": "formula", "amount": as_formula(self.values, key)[0]}
        rows: list[Value] = [
            {"price": Bare(tier.price)} if tier.end is None else {"up_to": Bare(tier.end), "price": Bare(tier.price)}
            for tier in tiers
        ]
        line: dict[str, Value] = {"component": "tiered", "quantity": self.values.input("usage"), "tiers": rows}
        days = next((one.native for one in self.values.asked.values() if one.owrs == _DAYS), None)
        if any(days in self.values.reached(tier.end) for tier in tiers if tier.end is not None):
            line["widths"] = "as_written"  # the ends are of the bill's own days already
        return line

    def _flat(self, price: str, places: int, *, small: bool = True) -> dict[str, Value]:
        if places <= _DECIMALS and small and not self.values.on_numbers(price):
            return {"component": "fixed", "price": Bare(price), "per": "period"}
        return {"component": "formula", "amount": f"1 * {price}" if number(price) is not None else Bare(price)}

    def _by_usage(self, tree: Tree, key: str) -> dict[str, Value] | None:
        """Usage times a price that does not depend on usage itself; None for any other formula."""
        factors = _factors(simplified(tree))
        usage = [one for one in factors if isinstance(one, Name) and is_usage(one.name)
                 and self.scope.key(one.name, key) is None]  # fmt: skip
        if len(usage) != 1:
            return None
        price: Tree = Num(Decimal(1))
        for factor in factors:
            price = price if factor is usage[0] else Op("*", (price, factor))
        price = simplified(price)
        shown = self.values.formula(price, key)
        fine = self.values.places(price, key) <= _DECIMALS and "exact(" not in shown
        if not fine or self.values.on_numbers(shown) or (isinstance(price, Num) and abs(price.value) > _PRICE):
            return None
        return {"component": "tiered", "quantity": self.values.input("usage"), "tiers": [{"price": Bare(shown)}]}

    def _formula(self, tree: Tree, key: str) -> dict[str, Value]:
        tree = simplified(tree)
        shown = self.values.formula(tree, key)
        if self.values.on_usage(shown) or "exact(" in shown:
            return {"component": "formula", "amount": shown}
        if isinstance(tree, Op) and tree.op == "*" and isinstance(tree.args[0], Num):
            price, count = tree.args[0].value, self.values.formula(tree.args[1], key)
            if any(one.native == count for one in self.values.asked.values()) and abs(price) <= _PRICE:
                return {"component": "fixed", "price": Bare(plain(price)), "per": "period", "times": count}
        return self._flat(shown, self.values.places(tree, key))


def _factors(tree: Tree) -> list[Tree]:
    if isinstance(tree, Op) and tree.op == "*":
        return [*_factors(tree.args[0]), *_factors(tree.args[1])]
    return [tree]
