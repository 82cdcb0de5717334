"""What both faces of a rate share: determinants, the base of component settings, and the refusals.

A *determinant* is a named fact a charge is computed from: a quantity (usage, winter average), a count (dwelling
units, lamps) or a key (meter size, wattage). Nothing here computes money.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from meterbook.engine.trace import Step

if TYPE_CHECKING:
    from meterbook.engine.rates.language.calendars import Calendar
    from meterbook.engine.rates.language.expressions import Typed
    from meterbook.engine.rates.language.values import Scope

#: Largest quantity of one bill, in its unit: a thousand million. Keeps 128-bit products from wrapping.
QUANTITY_LIMIT = Decimal(10**9)
#: Largest count (dwelling units, lamps) of one bill.
COUNT_LIMIT = Decimal(10**6)
#: Largest price of one unit, in dollars.
PRICE_LIMIT = Decimal(10**5)
#: Largest amount of one line, in cents (a million million dollars).
CENTS_LIMIT = 10**14
#: Longest period one bill may cover, in days.
DAYS_LIMIT = 3660
#: Most stretches of seasons one bill may run through at one version's rates.
SEASONS_LIMIT = 10

Kind = Literal["usage", "per_period", "count", "signed", "key"]
KINDS: tuple[Kind, ...] = ("usage", "per_period", "count", "signed", "key")


@dataclass(frozen=True, slots=True)
class Determinant:
    """A fact a component needs. ``usage`` is measured over the period and split by days at a rate change;
    ``per_period`` is a quantity per normal period; ``count`` and ``key`` hold as they are, and so does ``signed``,
    the only kind that may be negative.

    ``choices`` are the keys that have a price; ``optional`` means that a bill without it simply has no such line,
    ``conditional`` that only bills on which the charge stands need it.
    """

    name: str
    kind: Kind
    choices: tuple[str, ...] = ()
    optional: bool = False
    conditional: bool = False


@dataclass(frozen=True, slots=True)
class Rate:
    """One printed rate of a component: what it is charged for, and its price in dollars per ``per`` (or percent).

    A computed price has its ``formula``, and no price of its own.
    """

    words: Step
    price: Decimal
    per: str
    since: date | None = None
    note: str = ""
    formula: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What a component may need to know of its version while it is read.

    ``earlier`` are the ids of the components before it and ``tags`` their ``taxes``; ``scope`` holds inputs and named
    values, ``season`` the component's own, ``calendars`` the hours of use by name, ``undivided`` the
    earlier components that stand once for a whole bill. ``names`` gathers what its formulas
    read, ``exact`` the lines they read unrounded.
    """

    effective: date
    first_effective: date
    earlier: tuple[str, ...]
    scope: Scope
    types: Mapping[str, Typed]
    season: str | None = None
    tags: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    calendars: Mapping[str, Calendar] = field(default_factory=dict)
    undivided: frozenset[str] = frozenset()
    names: dict[str, None] = field(default_factory=dict)
    exact: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Change:
    """What was so before a day inside a bill: until ``before`` (out), the fact ``name`` was ``value``.

    `None` is missing. The facts a bill is told with are those of its last day. Of a ``usage``, ``value`` is what the
    bill had counted by that day: it changes nothing, but splits the usage there by a read instead of by days.
    ``SERVICE`` is not a fact of a tariff: days on which it was ``SUSPENDED`` are not charged.
    """

    before: date
    name: str
    value: Decimal | str | None


#: The name under which it is told whether there was service; no tariff can name an input so.
SERVICE = "@service"
SERVED, SUSPENDED = "served", "suspended"
#: Most stretches that changes cut one bill into.
STRETCHES_LIMIT = 100


class Settings:
    """Base of every component's settings: frozen values read from the tariff document."""

    def determinants(self) -> tuple[Determinant, ...]:
        """The facts this component needs of every bill."""
        return ()

    @property
    def undivided(self) -> bool:
        """Whether its line, or what it rests on, stands once for a whole bill that a rate change cuts."""
        return False

    @property
    def settles_whole(self) -> bool:
        """Whether it looks at the whole bill once, on the bill's last stretch, as its lines stand once."""
        return False

    def settled_whole(self) -> Settings:
        """These settings, looking at the whole bill once, where they look at other lines at all."""
        return self

    def rates(self, *, unit: str) -> tuple[Rate, ...]:
        """The rates as a printed sheet lists them, in order; ``unit`` is the schedule's unit of usage."""
        raise NotImplementedError

    def label_of(self, part: int) -> dict[str, str] | None:
        """The printed label of one part, where it differs from the component's own."""
        return None


class Refusal(Exception):
    """A bill cannot be priced; the message says which, why, and what was expected."""


def _listed(rows: Sequence[int]) -> str:
    shown = ", ".join(str(row) for row in rows[:5])
    return f"{shown} and {len(rows) - 5} more" if len(rows) > 5 else shown


class MissingDeterminant(Refusal):
    """A component needs a determinant that a bill does not have. ``rows`` are the bills of a priced frame."""

    def __init__(self, *, schedule: str, component: str, determinant: str, rows: Sequence[int] = ()) -> None:
        self.schedule, self.component, self.determinant, self.rows = schedule, component, determinant, list(rows)
        where = f" (rows {_listed(self.rows)})" if self.rows else ""
        super().__init__(f"{schedule}: component {component} needs determinant {determinant}, which is missing{where}")


class UnknownKey(Refusal):
    """A key determinant has a value the tariff has no price for."""

    def __init__(
        self, *, schedule: str, component: str, determinant: str, values: Sequence[str], rows: Sequence[int] = ()
    ) -> None:
        self.schedule, self.component, self.determinant = schedule, component, determinant
        self.values, self.rows = list(values), list(rows)
        where = f" (rows {_listed(self.rows)})" if self.rows else ""
        found = ", ".join(self.values[:5])
        super().__init__(f"{schedule}: component {component} has no price for {determinant} = {found}{where}")


class OutOfRange(Refusal):
    """A number is outside what exact arithmetic is guarded for, or negative where only usage can stand."""

    def __init__(self, *, schedule: str, what: str, rows: Sequence[int] = ()) -> None:
        self.schedule, self.what, self.rows = schedule, what, list(rows)
        where = f" (rows {_listed(self.rows)})" if self.rows else ""
        super().__init__(f"{schedule}: {what}{where}")


class NotInForce(Refusal):
    """A bill begins before the schedule's first version takes effect."""

    def __init__(self, *, schedule: str, day: date, first: date, rows: Sequence[int] = ()) -> None:
        self.schedule, self.day, self.first, self.rows = schedule, day, first, list(rows)
        where = f" (rows {_listed(self.rows)})" if self.rows else ""
        super().__init__(f"{schedule} has no version in force on {day}; its first takes effect {first}{where}")
