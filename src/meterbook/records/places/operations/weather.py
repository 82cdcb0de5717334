"""Taking degree-days of a weather station: the same file again changes nothing, a corrected value takes its place."""

from __future__ import annotations

import re

import polars as pl
from django.db import connection

from meterbook.engine.columns import Shape
from meterbook.records.places.operations.rows import refuse_any, table_of, twice, wrong
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR

#: A day with its degree-days in tenths.
SHAPE: Shape = {"day": pl.Date, "heating_tenths": pl.Int32, "cooling_tenths": pl.Int32}
_STATION = re.compile(r"[A-Z0-9]{2,12}", re.ASCII)
#: More than this in a day is no weather on earth.
_MOST_TENTHS = 2_000

_TAKE = """
INSERT INTO places_degreeday (station, day, heating_tenths, cooling_tenths, deed_id)
SELECT %s, d.day, d.heating, d.cooling, %s
  FROM unnest(%s::date[], %s::int[], %s::int[]) AS d (day, heating, cooling)
ON CONFLICT (station, day) DO UPDATE
   SET heating_tenths = excluded.heating_tenths, cooling_tenths = excluded.cooling_tenths, deed_id = excluded.deed_id
 WHERE (places_degreeday.heating_tenths, places_degreeday.cooling_tenths)
       IS DISTINCT FROM (excluded.heating_tenths, excluded.cooling_tenths)
"""


class WrongStation(ValueError):
    """The station's code is none: capital letters and digits, like KALB."""


@operation("places.take_degree_days", roles={BILLING, SUPERVISOR})
def take_degree_days(deed: Deed, *, station: str, values: pl.DataFrame) -> int:
    """Keep a station's degree-days (`SHAPE`); returns how many days are new or changed.

    Raises `WrongStation`, and `RowsRefused` for a day twice or a value that is no weather; nothing is kept then.
    """
    if not _STATION.fullmatch(station):
        raise WrongStation(f"found station {station!r}, expected capital letters and digits, like KALB")
    rows = table_of(values, "degree-days", SHAPE)
    amounts = ("heating_tenths", "cooling_tenths")
    off = [wrong(rows, "degree-days", name, ~pl.col(name).is_between(0, _MOST_TENTHS),
                 expected="degree-days from 0 to 200") for name in amounts]  # fmt: skip
    refuse_any([*twice(rows, "degree-days", ["day"]), *off[0], *off[1]])
    with connection.cursor() as cursor:
        cursor.execute(_TAKE, [station, deed.pk, *(rows[name].to_list() for name in SHAPE)])
        changed = cursor.rowcount
    tell(deed, "places.degree_days_taken", station=station, days=changed)
    return int(changed)
