"""What the pages of one meter are made of."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from meterbook.engine.metering.comparison import Counts
from meterbook.records.metering.shop import screens
from meterbook.records.metering.shop.bench import rules_on
from meterbook.records.metering.shop.devices import device_of
from meterbook.records.metering.shop.due import tests_due
from meterbook.records.metering.shop.life import MOVES, MeterRefused
from meterbook.records.metering.shop.operations.set_aside import is_set_aside, may_be_set_aside
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import may
from meterbook.web.kit.cells import Row

#: The acts on a meter: the state it would lead to, its operation, and its address.
ACTS = {
    "test": ("tested", "metering.record_test"),
    "stock": ("in_stock", "metering.put_in_stock"),
    "install": ("installed", "metering.install_meter"),
    "remove": ("removed", "metering.remove_meter"),
    "refurbish": ("refurbished", "metering.refurbish_meter"),
    "retire": ("retired", "metering.retire_meter"),
}


def found(meter_id: int) -> Any:
    """The meter, or the page that says there is none."""
    meter = screens.meter_with_id(meter_id)
    if meter is None:
        raise Http404(str(meter_id))
    return meter


def counts_of(meter: Any) -> tuple[Counts, ...]:
    """The registers of a meter as they count, in the order of their channels."""
    return device_of(meter).registers


def open_acts(request: HttpRequest, meter: Any) -> set[str]:
    """The acts this person may do to the meter as it stands."""
    allowed = {name for name, (state, kind) in ACTS.items() if state in MOVES[meter.state] and may(request, kind)}
    if meter.state == "installed":
        allowed |= {name for name, kind in (
            ("test", "metering.record_test"), ("exchange", "metering.exchange_meter"), ("seal", "metering.place_seal"),
        ) if may(request, kind)}  # fmt: skip
    if may(request, "metering.set_reads_aside") and may_be_set_aside(meter):
        allowed.add("aside")
    if may(request, "metering.take_back_aside") and is_set_aside(meter):
        allowed.add("aside-back")
    return allowed if meter.cleared else allowed - {"stock", "install"}


def with_places(rows: list[Row]) -> None:
    """Add where each meter of a page hangs and when its next test is due."""
    ids = [row["id"] for row in rows]
    places = screens.places_of(ids)
    try:
        due = {row["meter"]: row["due_on"] for row in tests_due(business_date(), ids).iter_rows(named=True)}
    except MeterRefused:
        due = {}
    for row in rows:
        row["address"] = places[row["id"]]["address"] if row["id"] in places else ""
        row["due_on"] = due.get(row["id"]) if row.get("cleared", True) else None
        row["make"] = " ".join(filter(None, (row.get("manufacturer"), row.get("model"))))


def meter_context(request: HttpRequest, meter: Any) -> dict[str, Any]:
    """Everything on record about one meter."""
    installations = screens.installations(meter)
    hanging = next((row for row in installations if row.validity.upper is None), None)
    rows: list[Row] = [{"id": meter.pk, "cleared": meter.cleared}]
    with_places(rows)
    return {
        "title": gettext("Meter %(serial)s") % {"serial": meter.serial},
        "meter": meter,
        "registers": screens.registers(meter),
        "installations": installations,
        "hanging": hanging,
        "reads": screens.reads(meter),
        "tests": screens.tests(meter),
        "steps": screens.steps(meter),
        "seals": screens.seals_of(meter),
        "pings": screens.pings(meter),
        "due_on": rows[0]["due_on"],
        "overdue": rows[0]["due_on"] is not None and rows[0]["due_on"] < business_date(),
        "acts": open_acts(request, meter),
    }


def bench_points(meter: Any) -> tuple[Any, ...]:
    """The points a meter of this type is tested at today; none where the limits do not name it."""
    try:
        kind = rules_on(business_date()).type_of(meter.commodity, meter.size)
    except MeterRefused:
        return ()
    return () if kind is None else kind.points


def to_meter(meter_id: int) -> HttpResponseBase:
    """Back to a meter's page."""
    return redirect("meter", meter_id)


def to_meters() -> HttpResponseBase:
    """Back to every meter."""
    return redirect("meters")


def shipment_page(request: HttpRequest, context: dict[str, Any], status: int = 200) -> HttpResponseBase:
    """The page that takes a shipment in, with the problems of the last try."""
    return render(request, "metering/shop/receive.html", context, status=status)
