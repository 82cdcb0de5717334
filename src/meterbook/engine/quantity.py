"""Quantities: exact ``Decimal`` with a unit, or integer millionths of the unit in columns.

Units are the field's own. Conversions are exact ratios; 748 gallons bill as one hundred cubic feet (ccf), the
convention printed on water bills, not 748.0519... (shared convention of the utilities quoted in ``tariffs/``).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

#: A quantity in the column engine: integer millionths of its unit.
QUANTITY_SCALE = 10**6

#: Every unit Meterbook measures or counts in, with its kind.
UNITS: dict[str, str] = {
    "kWh": "energy", "kW": "power", "ccf": "volume", "kgal": "volume", "gal": "volume", "cf": "volume",
    "m3": "volume", "sqft": "area", "each": "count", "lamp": "count", "cart": "count", "month": "time",
    "USD": "money",
}  # fmt: skip

_GALLONS: dict[str, Fraction] = {
    "gal": Fraction(1),
    "kgal": Fraction(1000),
    "ccf": Fraction(748),
    "cf": Fraction(748, 100),
    "m3": Fraction(264172052, 1000000),
}


class WrongUnit(ValueError):
    """Two units that cannot be converted into each other met."""


def convert(value: Decimal, *, found: str, wanted: str) -> Fraction:
    """Convert a volume exactly between units; equal units pass through.

    Raises `WrongUnit` when the units measure different things.

    >>> convert(Decimal("1496"), found="gal", wanted="ccf")
    Fraction(2, 1)
    """
    if found == wanted:
        return Fraction(value)
    if found in _GALLONS and wanted in _GALLONS:
        return Fraction(value) * _GALLONS[found] / _GALLONS[wanted]
    raise WrongUnit(f"cannot turn {found} into {wanted}")


def scaled(value: Decimal) -> int:
    """A quantity as integer millionths; raise `WrongUnit` if finer than that.

    >>> scaled(Decimal("227.6"))
    227600000
    """
    micro = value.scaleb(6)
    if micro != micro.to_integral_value():
        raise WrongUnit(f"{value} is finer than a millionth")
    return int(micro)


def unscaled(micro: int) -> Decimal:
    """Integer millionths as a plain ``Decimal`` without trailing zeros.

    >>> unscaled(227600000)
    Decimal('227.6')
    """
    value = Decimal(micro).scaleb(-6)
    whole = value.to_integral_value()
    return Decimal(int(whole)) if value == whole else value.normalize()
