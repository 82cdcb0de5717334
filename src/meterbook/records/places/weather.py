"""Degree-days over stretches of days: what usage is compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import connection


@dataclass(frozen=True, slots=True)
class Weather:
    """Degree-days of one stretch at a station, in tenths."""

    station: str
    heating_tenths: int
    cooling_tenths: int


_OVER = """
SELECT p.key, d.station, sum(d.heating_tenths), sum(d.cooling_tenths)
  FROM unnest(%s::date[], %s::date[], %s::date[]) AS p (key, starts, ends)
  JOIN places_degreeday d ON d.day >= p.starts AND d.day < p.ends
   AND d.station = (SELECT station FROM places_degreeday ORDER BY id DESC LIMIT 1)
 GROUP BY p.key, p.starts, p.ends, d.station HAVING count(*) = p.ends - p.starts
"""


def weather_over(stretches: Mapping[date, tuple[date, date]]) -> dict[date, Weather]:
    """Degree-days of half-open stretches by key, at the station taken last; where a day is missing, nothing."""
    if not stretches:
        return {}
    keys = list(stretches)
    with connection.cursor() as cursor:
        cursor.execute(_OVER, [keys, [stretches[key][0] for key in keys], [stretches[key][1] for key in keys]])
        return {key: Weather(station, int(heat), int(cool)) for key, station, heat, cool in cursor.fetchall()}
