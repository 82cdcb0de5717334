"""Putting premises on the map: many at once, from a county file, a survey or a geocoder."""

from __future__ import annotations

import polars as pl
from django.db import connection

from meterbook.engine.columns import Shape
from meterbook.records.places.models import Premise
from meterbook.records.places.operations.rows import refuse_any, table_of, twice, unknown, wrong
from meterbook.records.platform.copying import copy_in, copy_out
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: A premise by its key, degrees north and east in millionths.
SHAPE: Shape = {"premise_id": pl.Int64, "north_e6": pl.Int32, "east_e6": pl.Int32}


@operation("places.set_positions", roles={BILLING, SUPERVISOR})
def set_positions(deed: Deed, *, positions: pl.DataFrame, origin: str) -> int:
    """Put premises where ``positions`` (`SHAPE`) says; one that was elsewhere moves. Returns how many there are.

    Raises `RowsRefused` for a premise twice or unknown, or a place that is not on earth; nothing is placed then.
    """
    rows = table_of(positions, "positions", SHAPE)
    away = (pl.col("north_e6").abs() > 90_000_000) | (pl.col("east_e6").abs() > 180_000_000)
    asked = rows["premise_id"].to_list()
    known = pl.Series(list(Premise.objects.filter(pk__in=asked).values_list("pk", flat=True)), dtype=pl.Int64)
    refuse_any(
        [
            *twice(rows, "positions", ["premise_id"]),
            *unknown(rows, "positions", "premise_id", known, expected="a premise on record"),
            *wrong(rows, "positions", "north_e6", away, expected="millionths of degrees north and east"),
        ]
    )
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM places_premiseposition WHERE premise_id = ANY(%s)", [asked])
    copy_in("places_premiseposition", rows.with_columns(origin=pl.lit(origin[:200]), deed_id=pl.lit(deed.pk)))
    tell(deed, "places.premises_positioned", count=rows.height, origin=origin)
    return rows.height


def premises_on_record() -> pl.DataFrame:
    """Every premise by its address: premise_id, street_number, street, unit, postal_code."""
    shape = {"premise_id": pl.Int64, **dict.fromkeys(("street_number", "street", "unit", "postal_code"), pl.String)}
    return copy_out("SELECT id, street_number, street, unit, postal_code FROM places_premise", [], shape)
