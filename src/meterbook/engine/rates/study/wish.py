"""What the finance director asks of the solver, and what it answers: plain values.

Paths are those of the tariff document as its problems name them: ``versions[1].components[0].price``,
``versions[1].components[1].tiers[2].price``, ``versions[0].components[0].prices.5/8``.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from meterbook.engine.rates.study.report import Impact
from meterbook.engine.trace import Step


@dataclass(frozen=True, slots=True)
class Movable:
    """One number of the document that may move, in whole ``step``s, between ``lowest`` and ``highest`` inclusive."""

    path: str
    step: Decimal
    lowest: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """What part of the counted revenue ``components`` raise together must be, in percent."""

    components: tuple[str, ...]
    lowest: Decimal | None = None
    highest: Decimal | None = None


@dataclass(frozen=True, slots=True)
class RiseLimit:
    """No bill of ``customer_class`` ('' is every class) may rise by more than ``cents`` or ``percent``.

    No percent of a bill of zero is more than zero: under ``percent``, a bill that is zero today may rise by
    ``zero_cents`` and no more, which is not at all unless said otherwise; ``None`` lets such bills rise freely.
    A credit (a bill below zero) may rise by the percent of its amount.
    """

    customer_class: str = ""
    cents: int | None = None
    percent: Decimal | None = None
    zero_cents: int | None = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """How much revenue, from what, within which limits.

    Exactly one of ``more_cents`` (cents above what today's rates raise), ``more_percent`` and ``total_cents`` is given.
    What counts is what ``components`` charge the ``classes``; each empty means all. Leave out taxes that are only
    passed on. The ``movables`` move together: ``by`` the same percent of what they are in the draft, or the same
    amount; one alone moves as it must. ``inclining`` names lists of tiers, as ``versions[1].components[1].tiers``,
    whose prices must not fall from one tier to the next.
    """

    movables: tuple[Movable, ...]
    by: Literal["percent", "amount"] = "percent"
    more_cents: int | None = None
    more_percent: Decimal | None = None
    total_cents: int | None = None
    components: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    inclining: tuple[str, ...] = ()
    shares: tuple[Share, ...] = ()
    rises: tuple[RiseLimit, ...] = ()


class CannotSolve(ValueError):
    """The wish contradicts itself or the document; ``steps`` say why in the reader's language."""

    def __init__(self, *steps: Step) -> None:
        self.steps = steps
        super().__init__(" ".join(step.words(str) for step in steps))


@dataclass(frozen=True, slots=True)
class Edit:
    """One changed number of the document."""

    path: str
    old: Decimal
    new: Decimal


@dataclass(frozen=True, slots=True)
class Solution:
    """The prices that come nearest, the document with them in place, and what every class pays.

    ``wanted`` and ``reached`` are the counted revenue in cents. ``below`` and ``above`` are what the nearest prices on
    either side of the wanted revenue raise, whatever limits they break (``None`` where bounds end before).
    ``limited_by`` says which limits keep the prices from the wanted revenue, first those that the next step towards it
    would break; it is empty where ``reached`` is as near as the steps allow.
    """

    edits: tuple[Edit, ...]
    text: str
    impact: Impact
    wanted: int
    reached: int
    below: int | None
    above: int | None
    limited_by: tuple[Step, ...]
    pricings: int
