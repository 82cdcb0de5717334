"""Alder Bend's meter shop: a first shipment, meters on the shelf, seals, connections bought, routes and opt-outs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from meterbook.records.metering.shop.devices import hanging_at, point_coded
from meterbook.records.metering.shop.operations.opt_out import opt_out
from meterbook.records.metering.shop.operations.receive import receive_meters
from meterbook.records.metering.shop.operations.seal import place_seal
from meterbook.records.metering.shop.operations.shelve import put_in_stock
from meterbook.records.metering.shop.route_screens import route_coded, stops_between
from meterbook.records.places.operations.rights import buy_connections
from meterbook.records.places.operations.routes import add_route, set_location, set_route
from meterbook.records.platform.deeds import Act

if TYPE_CHECKING:
    from meterbook.records.platform.models import User

_BENCH = {
    "water": {"minimum": "98.4", "intermediate": "100.2", "maximum": "99.7"},
    "electricity": {"full_load": "100.02", "light_load": "99.9"},
}
_HEAD = (
    "serial,commodity,size,manufacturer,model,channel,dials,decimals,multiplier,unit,lot,endpoint,tested_on,certificate,"
    "accuracy_minimum,accuracy_intermediate,accuracy_maximum,accuracy_full_load,accuracy_light_load"
)
#: The shipment: how many of which; the last water meter of each size came slow at low flow.
_SHIPMENT = (("water", "5/8", 12), ("water", "1", 4), ("electricity", "2S", 8))
_MAKES = {"water": ("Badger", "T-10", 5, 2, "ccf"), "electricity": ("Landis+Gyr", "Focus AX", 5, 0, "kWh")}
_NOTES = (
    "Left of the garage",
    "In the pit at the curb; lift the lid",
    "Behind the gate; dog",
    "Meter room, key at office",
)
#: How the routes are read; what is not named is walked.
_READERS = {"R01": ("walk", "A. Reyes"), "R02": ("walk", "A. Reyes"), "R03": ("drive_by", "M. Oduya"),
            "R04": ("drive_by", "M. Oduya"), "R05": ("ami", "Head-end"), "R06": ("ami", "Head-end")}  # fmt: skip
_STOPS = 16


def factory_test(commodity: str) -> dict[str, Decimal]:
    """What a new meter shows at its maker's, in percent by point."""
    return {point: Decimal(percent) for point, percent in _BENCH[commodity].items()}


def shipment(on: date) -> str:
    """The list of a shipment as its maker sends it, tested on ``on``."""
    lines = [_HEAD]
    for commodity, size, count in _SHIPMENT:
        make, model, dials, decimals, unit = _MAKES[commodity]
        for number in range(1, count + 1):
            bench = dict(_BENCH[commodity])
            if commodity == "water" and number == count:
                bench["minimum"] = "93.1"
            serial = f"{commodity[0].upper()}-7{len(lines):05}"
            points = ("minimum", "intermediate", "maximum", "full_load", "light_load")
            cells = [serial, commodity, size, make, model, "delivered", dials, decimals, 1, unit, "PO-2024-31",
                     f"90{len(lines):06}", on, f"F-{serial}", *[bench.get(point, "") for point in points]]  # fmt: skip
            lines.append(",".join(map(str, cells)))
    return "\n".join(lines) + "\n"


def furnish(staff: Mapping[str, User], on: date) -> int:
    """Fill the shop and the routes on ``on``: returns how many meters stand on the shelf."""
    act = Act(actor=staff["supervisor"], business_date=on, reason="Founding of Alder Bend")
    text = shipment(on)
    receive_meters(act, file_name="PO-2024-31.csv", content=text.encode())
    cells = [line.split(",") for line in text.splitlines()[1:]]
    shelf = [row[0] for row in cells if row[14] != "93.1"][::2]
    for serial in shelf:
        put_in_stock(act, serial=serial, on=on)
    for code, (kind, reader) in _READERS.items():
        route = route_coded(code)
        if route is not None:
            set_route(act, route=code, title=route.title, kind=kind, reader=reader)
    _first_route(act, on)
    return len(shelf)


def _first_route(act: Act, on: date) -> None:
    """Seals, notes, connections and two opt-outs on the first route."""
    route = route_coded("R01")
    if route is None:
        return
    points = [point_coded(stop["code"]) for stop in stops_between(route, 0, _STOPS)]
    parcels = set()
    for number, point in enumerate(points):
        set_location(act, service_point=point, location=_NOTES[number % len(_NOTES)])
        place_seal(act, number=f"AB{41000 + number}", service_point=point, on=on)
        parcel = point.premise.parcel
        if point.commodity == "water" and parcel.pk not in parcels:
            parcels.add(parcel.pk)
            buy_connections(
                act, parcel=parcel, commodity="water", size=stop_size(point.code), quantity=1, starts=on,
                origin=f"Connection permit 2024-{number + 101}",
            )  # fmt: skip
    add_route(act, code="M1", cycle=route.cycle, title="Read by hand", kind="manual", reader="A. Reyes")
    for point in points[-2:]:
        opt_out(act, service_point=point, route="M1", on=on)


def stop_size(code: str) -> str:
    """The size of the meter that hangs at a point."""
    hanging = hanging_at(point_coded(code))
    return hanging.meter.size if hanging is not None else "5/8"
