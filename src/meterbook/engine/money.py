"""Money: whole cents in an ``int``, or exact ``Decimal`` dollars on the way there.

A stored amount is an integer number of cents, signed: positive is owed to the utility, negative is a credit.
Rounding is named wherever it happens; the only mode published bills use is half-up, away from zero on a tie.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")

#: Price per unit in the column engine: integer hundred-millionths of a dollar (10**-8 USD).
PRICE_SCALE = 10**8


class NotCents(ValueError):
    """An amount has digits below the cent where whole cents were required."""


def cents_half_up(dollars: Decimal) -> int:
    """Round exact dollars to whole cents, ties away from zero.

    >>> cents_half_up(Decimal("26.125")), cents_half_up(Decimal("-26.125"))
    (2613, -2613)
    """
    return int(dollars.quantize(CENT, rounding=ROUND_HALF_UP).scaleb(2))


def exact_cents(dollars: Decimal) -> int:
    """Convert dollars that are already whole cents; raise `NotCents` otherwise.

    >>> exact_cents(Decimal("12.30"))
    1230
    """
    cents = dollars.scaleb(2)
    if cents != cents.to_integral_value():
        raise NotCents(f"{dollars} has digits below the cent")
    return int(cents)


def dollars(cents: int) -> Decimal:
    """Whole cents as exact dollars with two decimals.

    >>> dollars(-5)
    Decimal('-0.05')
    """
    return Decimal(cents).scaleb(-2)
