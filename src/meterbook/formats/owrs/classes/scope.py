"""What a name in a class means: one of its keys, or an input of the bill.

The conventions are those of the specification's own calculator (RateParser, with the name standardizing of its
OWRS-Analysis): a key may carry the charge it belongs to (``tier_starts_commodity``, ``sewer_tier_starts``), an input
that is given wins over a key of the same name, and water budgets are whole units, rounded half-even.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from meterbook.formats.contract import shortened
from meterbook.formats.owrs.classes.formulas import FormulaError, Tree, read
from meterbook.formats.owrs.document import Bare, Entry, OwrsClass, Value, is_nothing

#: Words of a charge's key that tell nothing about which charge it is.
_IDLE = {"charge", "charges", "surcharge", "fixed", "variable", "rate", "rates", "price", "fee", "cost", "service"}
#: The calculator rounds quantities of these names, wherever they come from, to whole units.
_BUDGET = re.compile(r"indoor|outdoor|budget")
_NO_QUANTITY = ("price", "prices", "rate", "rates", "factor", "charge", "surcharge", "fee")
_USAGE = re.compile(r"usage(?:_(?:ccf|hcf|kgals?|tgal|gal|gallons?|cf|cuft|m3|kl|units?))?")
#: Charges whose price is a list of tiers.
TIERED, BUDGET = "Tiered", "Budget"
#: What a bill is asked for; never an input.
RESULTS = ("service_charge", "commodity_charge", "bill")


class Unusable(ValueError):
    """A class cannot be expressed; the message is one sentence without the class's name, ``line`` where it arises."""

    def __init__(self, reason: str, line: int) -> None:
        self.reason, self.line = reason, line
        super().__init__(f"line {line}: {reason}" if line else reason)


def is_usage(name: str) -> bool:
    """Whether a name stands for the usage of the period, in the tariff's own unit.

    >>> is_usage("usage_ccf"), is_usage("usage"), is_usage("usage_month")
    (True, True, False)
    """
    return _USAGE.fullmatch(name.lower()) is not None


def is_whole(name: str) -> bool:
    """Whether a number of this name is a water budget, in whole units."""
    return _BUDGET.search(name.lower()) is not None and name.lower().rsplit("_", 1)[-1] not in _NO_QUANTITY


class Scope:
    """The names of one class. ``given`` are inputs that stand in place of keys of the same name."""

    def __init__(self, owrs: OwrsClass, given: frozenset[str] = frozenset()) -> None:
        self.owrs, self.given = owrs, given
        self.used: dict[str, None] = {}
        self._odd = tuple(name for name in owrs.entries if not re.fullmatch(r"[A-Za-z.][A-Za-z0-9_.]*", name))

    def contexts(self, key: str) -> list[str]:
        """The words by which a key says which charge it belongs to."""
        return [word for word in key.split("_") if word not in _IDLE]

    def key(self, name: str, near: str, *, own: bool = False) -> str | None:
        """The key of the class that ``name`` means inside the key ``near``; None for an input.

        A formula means the key of that very name before the one of its charge; with ``own`` (the lists a charge rests
        on without naming them) it is the other way round.
        """
        if name in self.given:
            return None
        forms = [form for word in self.contexts(near) for form in (f"{name}_{word}", f"{word}_{name}")]
        candidates = [*forms, name] if own else [name, *forms]
        for candidate in (*candidates, f"{name}_commodity"):
            if candidate in self.owrs.entries and candidate != near:
                return candidate if candidate not in self.given else None
        return name if name in self.owrs.entries else None

    def entry(self, key: str) -> Entry:
        """What a key holds; the key counts as used."""
        self.used[key] = None
        return self.owrs.entries[key]

    def scalar(self, key: str) -> str | None:
        """The text of a key that holds one value (also as a list of one); None for lists and mappings."""
        entry = self.owrs.entries[key]
        value = single(entry.value)
        if not isinstance(value, str):
            return None
        if is_nothing(value) or not value.strip():
            raise Unusable(f"{key} is empty", entry.line)
        return value.strip()

    def kind(self, key: str) -> str | None:
        """`TIERED` or `BUDGET` where the key says so instead of holding a price."""
        value = single(self.owrs.entries[key].value)
        word = value.strip() if isinstance(value, str) else ""
        return TIERED if word.lower() == "tiered" else BUDGET if word == BUDGET else None

    def tree(self, text: str, line: int) -> Tree:
        """A formula of this class as a tree."""
        try:
            return read(text, known=self._odd)
        except FormulaError as error:
            raise Unusable(f"{shortened(text, 60)!r} is neither a number nor a formula: {error}", line) from None

    def unused(self) -> Iterator[str]:
        """Keys that no bill of the class rests on."""
        return (name for name in self.owrs.entries if name not in self.used)


def single(value: Value) -> Value:
    """A list of one item as that item."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


__all__ = ["BUDGET", "RESULTS", "TIERED", "Bare", "Scope", "Unusable", "is_usage", "is_whole", "single"]
