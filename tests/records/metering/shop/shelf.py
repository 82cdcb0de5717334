"""What the shop's tests speak of: a shipment, and a meter brought onto the shelf."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from meterbook.records.metering.models import Meter
from meterbook.records.metering.shop.operations.receive import receive_meters
from meterbook.records.metering.shop.operations.shelve import put_in_stock

HEAD = (
    "serial,commodity,size,manufacturer,model,channel,dials,decimals,multiplier,unit,lot,tested_on,certificate,"
    "accuracy_minimum,accuracy_intermediate,accuracy_maximum,accuracy_full_load,accuracy_light_load\n"
)
WATER = "{serial},water,{size},Badger,T-10,delivered,5,2,1,ccf,PO-9,2024-10-01,F-{serial},{minimum},100.1,99.8,,\n"
WATTS = "{serial},electricity,{size},Itron,C1S,delivered,{dials},0,{multiplier},kWh,PO-9,2024-10-01,F,,,,100,99.5\n"
TRUE_WATER = {"minimum": Decimal("96"), "intermediate": Decimal("100"), "maximum": Decimal("99.5")}
TRUE_WATTS = {"full_load": Decimal("100.1"), "light_load": Decimal("99")}


def water(serial: str, size: str = "5/8", minimum: str = "97") -> str:
    """A row of a water meter."""
    return WATER.format(serial=serial, size=size, minimum=minimum)


def watts(serial: str, size: str = "2S", dials: int = 5, multiplier: str = "1") -> str:
    """A row of a watthour meter."""
    return WATTS.format(serial=serial, size=size, dials=dials, multiplier=multiplier)


def receive(office: Any, *rows: str, name: str = "shipment.csv") -> Any:
    """Receive a shipment of these rows."""
    return receive_meters(office.act("billing"), file_name=name, content=(HEAD + "".join(rows)).encode())


def stocked(office: Any, row: str) -> Meter:
    """A meter received and put on the shelf."""
    receive(office, row)
    serial = row.split(",")[0]
    return put_in_stock(office.act("supervisor"), serial=serial, on=office.today)
