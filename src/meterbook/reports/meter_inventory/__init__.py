"""Meters by state, size and age, and the list behind each number."""

from __future__ import annotations

from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.reports import asking
from meterbook.reports.contract import Asked, Column, Parameter, Report, Row, Words
from meterbook.reports.rows import fetch

#: Age in whole years since the meter was first hung, or received if it never was.
_METERS = """
SELECT m.id AS meter_id, m.serial AS meter, m.commodity, m.size, m.state, m.manufacturer, m.model, m.lot, m.cleared,
       b.began_on, h.code AS point, h.premise_id, h.address,
       extract(year FROM age(%(as_of)s::date, b.began_on))::int AS age
  FROM metering_meter m
  CROSS JOIN LATERAL (
        SELECT coalesce((SELECT min(lower(i.validity)) FROM metering_installation i WHERE i.meter_id = m.id),
                        m.received_on) AS began_on) b
  LEFT JOIN LATERAL (
        SELECT s.code, s.premise_id, concat_ws(' ', p.street_number, p.street, nullif(p.unit, '')) AS address
          FROM metering_installation i JOIN places_servicepoint s ON s.id = i.service_point_id
          JOIN places_premise p ON p.id = s.premise_id
         WHERE i.meter_id = m.id AND i.validity @> %(as_of)s::date) h ON true
 WHERE (%(commodity)s = '' OR m.commodity = %(commodity)s) AND (%(state)s = '' OR m.state = %(state)s)
   AND (%(size)s = '' OR m.size = %(size)s)
"""
_BAND = """CASE WHEN age IS NULL THEN 'unknown' WHEN age < 5 THEN '0-4' WHEN age < 10 THEN '5-9'
     WHEN age < 15 THEN '10-14' WHEN age < 20 THEN '15-19' ELSE '20+' END"""
_COUNTED = f"""
SELECT commodity, size, state, band, count(*) AS meters, min(began_on) AS oldest, floor(avg(age) + 0.5)::int AS mean_age
  FROM (SELECT *, {_BAND} AS band FROM ({_METERS}) m) g WHERE %(band)s = '' OR band = %(band)s
 GROUP BY commodity, size, state, band ORDER BY commodity, size, state, min(age) NULLS LAST
"""
_LISTED = f"""
SELECT * FROM (SELECT *, {_BAND} AS band FROM ({_METERS}) m) g WHERE %(band)s = '' OR band = %(band)s
 ORDER BY commodity, size, began_on NULLS LAST, meter
"""
_STATES = ("received", "tested", "in_stock", "installed", "removed", "refurbished", "retired")
_STATE_WORDS: dict[str, Words] = {
    "": _("All"),
    "received": pgettext_lazy("meter", "Received"),
    "tested": pgettext_lazy("meter", "Tested"),
    "in_stock": pgettext_lazy("meter", "In stock"),
    "installed": pgettext_lazy("meter", "Installed"),
    "removed": pgettext_lazy("meter", "Taken down"),
    "refurbished": pgettext_lazy("meter", "Refurbished"),
    "retired": pgettext_lazy("meter", "Retired"),
}
_BANDS: dict[str, Words] = {
    "": _("All"), "0-4": "0-4", "5-9": "5-9", "10-14": "10-14", "15-19": "15-19", "20+": "20+",
    "unknown": _("Not known"),
}  # fmt: skip
_HEAD = (
    Column("commodity", _("Service"), "words", "commodity", filter="choice", choices=("electricity", "water")),
    Column("size", _("Size"), filter="text"),
    Column("state", _("State"), "status", "meter_state", filter="choice", choices=_STATES),
)
_AGE = Column("years", _("Age, years"))


def columns(asked: Asked) -> tuple[Column, ...]:
    """Counts, or every meter."""
    if asked.text("detail") == "counts":
        return (
            *_HEAD, _AGE,
            Column("meters", _("Meters"), "count", total=True, origin="detail", origin_key="detail"),
            Column("oldest", _("Oldest since"), "date", origin="detail", origin_key="detail"),
            Column("mean_age", _("Mean age, years"), "number", spare=True),
        )  # fmt: skip
    return (
        Column("meter", _("Meter"), "code", filter="text", origin="meter", origin_key="meter_id"), *_HEAD, _AGE,
        Column("began_on", _("In use since"), "date", origin="meter", origin_key="meter_id"),
        Column("address", _("Hangs at"), filter="text", origin="premise", origin_key="premise_id"),
        Column("manufacturer", _("Make"), filter="text", spare=True),
        Column("model", _("Model"), filter="text", spare=True),
        Column("cleared", _("Passed a test"), "flag", spare=True),
        Column("lot", _("Shipment"), "code", filter="text", spare=True),
    )  # fmt: skip


def rows(asked: Asked) -> list[Row]:
    """One row for each service, size, state and age; or one a meter. States are today's, ages those of the day."""
    listed = asked.text("detail") == "meters"
    found = fetch(_LISTED if listed else _COUNTED, asked)
    for row in found:
        row["years"] = str(_BANDS[row["band"]])
        if listed:
            continue
        which = {name: row[name] for name in ("commodity", "size", "state", "band")}
        row["detail"] = urlencode({"detail": "meters", "as_of": asked.day("as_of").isoformat(), **which})
    return found


REPORT = Report(
    name="meter_inventory",
    title=_("Meter inventory and age"),
    says=_("Meters by service, size, state and age, and the list of meters behind each number."),
    area="meters",
    parameters=(
        asking.AS_OF,
        Parameter("detail", _("Show"), "choice", default=lambda _today: "counts",
                  choices={"counts": _("Counts"), "meters": _("Every meter")}),
        Parameter("commodity", _("Service"), "choice",
                  choices={"": _("All"), "electricity": _("Electricity"), "water": _("Water")}),
        Parameter("size", _("Size"), "text"),
        Parameter("state", _("State"), "choice", choices=_STATE_WORDS),
        Parameter("band", _("Age, years"), "choice", choices=_BANDS),
    ),
    columns=columns,
    rows=rows,
    empty=_("No such meter is on record."),
)  # fmt: skip
