"""A percentage tax on columns."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from meterbook.engine.rates.components.percent_tax.settings import PercentTaxSettings
from meterbook.engine.rates.fixed_point import Exact, narrow, product
from meterbook.engine.rates.terms import CENTS_LIMIT
from meterbook.engine.rates.versions import Part, Slices

#: Millionths of a dollar in a cent.
CENT_QUANTITY = 10**4
#: One whole, as hundred-millionths.
WHOLE = 10**8


def charge(
    settings: PercentTaxSettings, slices: Slices, *, component: str, charged: Mapping[str, pl.Series]
) -> list[Part]:
    """One line per slice with a taxable amount: the sum of the base lines' cents × percent."""
    base = sum((charged[name] for name in settings.base[1:]), start=charged[settings.base[0]])
    what = f"component {component} taxes more than {CENTS_LIMIT // 100} dollars"
    base = narrow(base, rows=slices.rows, schedule=slices.schedule, what=what, limit=CENTS_LIMIT)
    rate = int(settings.percent.scaleb(6))
    return [
        Part(
            quantity=product(base, CENT_QUANTITY).cast(pl.Int64),
            price=rate,
            amount=Exact(product(base, rate), WHOLE),
            keep=base != 0,
        )
    ]
