"""What a new case is about, by the names people use: bill numbers, a run, an account, an agreement, the worklist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import polars as pl

from meterbook.records.billing.queries import find_bill, find_run
from meterbook.records.corrections.calculating.standing import (
    of_account,
    of_agreement,
    of_bills,
    of_point,
    of_run,
    of_segments,
)
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.customers.queries import account_numbered
from meterbook.records.places.models import ServicePoint

#: Days that are before and after every bill.
FIRST, LAST = date(1900, 1, 1), date(9999, 12, 31)


def chosen(
    *, bills: Sequence[str] = (), run: str = "", accounts: Sequence[str] = (), point: str = "",
    since: date | None = None, until: date | None = None, segments: Sequence[tuple[int, int]] = (),
    crossed: Sequence[tuple[ServicePoint, ServicePoint]] = (),
) -> tuple[str, pl.DataFrame]:  # fmt: skip
    """The scope and what stands of it; raises `LookupError` for a name nobody has, ``ValueError`` for no name at all.

    ``until`` is the first day no longer wanted. ``point`` narrows an account to one service. ``crossed`` are pairs of
    service points: everything billed at both, whoever paid.
    """
    first, last = since or FIRST, until or LAST
    if segments:
        return "usage", of_segments(segments)
    if crossed:
        points = {point.pk for pair in crossed for point in pair}
        return "usage", _together([of_point(point_id, first, last) for point_id in sorted(points)])
    if bills:
        return "bills", of_bills([find_bill(bill).pk for bill in bills])
    if run:
        return "run", of_run(find_run(run).pk)
    if accounts and point:
        agreed = ServiceAgreement.objects.filter(account__number__in=accounts, service_point__code=point)
        if not agreed.exists():
            raise LookupError(f"{', '.join(accounts)} has no service at {point}")
        return "agreement", _together([of_agreement(each.pk, first, last) for each in agreed])
    if accounts:
        return "account", _together([of_account(account_numbered(each).pk, first, last) for each in accounts])
    raise ValueError("name bills, a run, or accounts")


def _together(frames: list[pl.DataFrame]) -> pl.DataFrame:
    """Frames of standing segments as one, numbered anew."""
    return (
        pl.concat([each.drop("key") for each in frames])
        .with_row_index("key")
        .with_columns(pl.col("key").cast(pl.Int64))
    )


def crossed_points(pairs: Sequence[tuple[str, str]]) -> list[tuple[ServicePoint, ServicePoint]]:
    """Pairs of service points by their codes; raises `LookupError`."""
    return [(point_coded(one), point_coded(other)) for one, other in pairs]


def point_coded(code: str) -> ServicePoint:
    """A service point by its code; raises `LookupError`."""
    found = ServicePoint.objects.filter(code=code).first()
    if found is None:
        raise LookupError(f"no service point {code}")
    return found
