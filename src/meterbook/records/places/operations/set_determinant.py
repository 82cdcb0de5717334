"""Setting a dated fact of a service point: the value before it ends where the new one begins."""

from __future__ import annotations

from datetime import date

import polars as pl
from django.db import connection

from meterbook.engine.columns import Shape
from meterbook.records.places.facts import WrongDeterminant, state_fact
from meterbook.records.places.models import Determinant, DeterminantKind, ServicePoint
from meterbook.records.places.operations.rows import refuse_any, table_of, twice, wrong
from meterbook.records.platform.copying import copy_in
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("places.set_determinant", roles={BILLING, SUPERVISOR})
def set_determinant(
    deed: Deed,
    *,
    service_point: ServicePoint,
    kind: str,
    starts: date,
    origin: str,
    number_e6: int | None = None,
    key: str = "",
) -> Determinant:
    """State that ``kind`` has this value from ``starts`` on; the value before ends there.

    A value that began on the same day is replaced in place (its history keeps the old one). Raises
    `WrongDeterminant` when a later value is already on record, or a number comes for a key or a key for a number.
    """
    fact = DeterminantKind.objects.get(name=kind)
    if fact.is_key != bool(key) or fact.is_key == (number_e6 is not None):
        found = f"key {key!r}" if key else f"number {number_e6}"
        raise WrongDeterminant(f"{kind}: found {found}, expected a {'key' if fact.is_key else 'number'}")
    row = state_fact(
        deed, service_point=service_point, kind=fact, starts=starts, origin=origin, number_e6=number_e6, key=key
    )
    tell(deed, "places.determinant_set", service_point=service_point.pk, determinant=row.pk, fact=kind)
    return row


#: Many values of one fact: the point, and a number in millionths or a key, with where it comes from.
VALUES: Shape = {"service_point_id": pl.Int64, "number_e6": pl.Int64, "key": pl.String, "origin": pl.String}

_CLOSE = """
UPDATE places_determinant SET validity = daterange(lower(validity), %(starts)s)
 WHERE kind_id = %(kind)s AND service_point_id = ANY(%(points)s) AND lower(validity) < %(starts)s
   AND upper_inf(validity)
"""


@operation("places.set_determinants", roles={BILLING, SUPERVISOR})
def set_determinants(deed: Deed, *, kind: str, starts: date, values: pl.DataFrame) -> int:
    """`set_determinant` for many service points at once, like a new winter average for a whole city.

    ``values`` has the shape `VALUES`. A point that already has a value beginning on or after ``starts`` is refused
    with `RowsRefused`, as is a number for a key or a key for a number. Returns how many were set.
    """
    fact = DeterminantKind.objects.get(name=kind)
    rows = table_of(values, "values", VALUES).with_columns(pl.col("key").fill_null(""))
    misfit = pl.col("number_e6").is_not_null() | (pl.col("key") == "")
    if not fact.is_key:
        misfit = pl.col("number_e6").is_null() | (pl.col("key") != "")
    sort = "key" if fact.is_key else "number"
    on_record = Determinant.objects.filter(kind=fact, service_point__in=rows["service_point_id"].to_list())
    later = on_record.exclude(validity__startswith__lt=starts).values_list("service_point_id", flat=True)
    refuse_any(
        [
            *twice(rows, "values", ["service_point_id"]),
            *wrong(rows, "values", "number_e6", misfit, expected=f"a {sort} for {kind}"),
            *wrong(rows, "values", "service_point_id", pl.col("service_point_id").is_in(list(later)),
                   expected=f"a point without a value of {kind} from {starts} on"),
        ]
    )  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_CLOSE, {"starts": starts, "kind": fact.pk, "points": rows["service_point_id"].to_list()})
    validity = pl.lit(f"[{starts},)").alias("validity")
    stored = rows.with_columns(validity, kind_id=pl.lit(fact.pk), deed_id=pl.lit(deed.pk))
    copy_in("places_determinant", stored)
    tell(deed, "places.determinants_set", fact=kind, starts=starts.isoformat(), count=stored.height)
    return stored.height
