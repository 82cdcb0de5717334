"""What is compared: one service's part of a bill as we computed it, and as the other system printed it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import Change


@dataclass(frozen=True, slots=True)
class OurLine:
    """One printed line of ours: whole cents, with the component it comes from and its label in every language.

    ``quantity`` and ``price`` (dollars) as printed; they are shown, not compared.
    """

    component: str
    labels: tuple[str, ...]
    amount_cents: int
    quantity: Decimal | None = None
    price: Decimal | None = None


@dataclass(frozen=True, slots=True)
class OurPart:
    """A segment of ours: the tariff that priced it, its days (half-open), the sealed facts and its lines.

    ``changes`` are what differed inside the days, as sealed.
    """

    tariff: Tariff
    starts: date
    ends: date
    facts: Mapping[str, Decimal | str]
    lines: tuple[OurLine, ...]
    changes: tuple[Change, ...] = ()


@dataclass(frozen=True, slots=True)
class TheirLine:
    """One line of theirs.

    ``components`` are the components of ours it stands for, empty where nobody has said so; ``price`` in dollars per
    unit where the file has it.
    """

    components: frozenset[str]
    label: str
    price: Decimal | None
    amount_cents: int


@dataclass(frozen=True, slots=True)
class TheirPart:
    """One service of theirs: days (half-open) and usage where the file has them, and its lines."""

    starts: date | None
    ends: date | None
    usage: Decimal | None
    lines: tuple[TheirLine, ...]
