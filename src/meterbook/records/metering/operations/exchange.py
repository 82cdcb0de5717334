"""Exchanging a meter: the old one's last read, the new one's first, and no day without either."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from meterbook.engine.metering.comparison import Comparison
from meterbook.engine.trace import N_
from meterbook.records.metering.models import Installation, Seal
from meterbook.records.metering.shop.arrived import take_new
from meterbook.records.metering.shop.devices import FromStock, NewMeter, comparison_at, hanging_at
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.metering.shop.operations.hang import hang, take_down
from meterbook.records.metering.shop.seals import break_seals, put_seal
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, METER_SHOP, SUPERVISOR


class NotConfirmed(MeterRefused):
    """The comparison confirmed is not the one of these two meters as they stand."""


@operation("metering.exchange_meter", roles={METER_SHOP, BILLING, SUPERVISOR})
def exchange_meter(
    deed: Deed, *, service_point: ServicePoint, on: date, out_reads: Mapping[str, Decimal],
    meter: NewMeter | FromStock, confirmed: Comparison, seal: str = "", note: str = "",
) -> Installation:  # fmt: skip
    """Take the meter at ``service_point`` down on ``on`` and put ``meter`` up the same day.

    ``out_reads`` gives what each channel of the old meter showed. ``confirmed`` is the comparison of both meters that
    somebody looked at; it must be exactly what `comparison_at` finds now. Usage up to ``on`` is derived; the new
    registers start their own chains; the old meter's seals come off and ``seal`` goes on. A meter of another size is
    billed by its own size from then on, and needs the parcel's right to it. Returns the new installation.

    Raises `NotConfirmed`, and `MeterRefused` for everything else that cannot be, such as a read of the old meter
    later than ``on``.
    """
    hanging = hanging_at(service_point)
    if hanging is None or hanging.validity.lower >= on:
        raise MeterRefused(
            N_("{point}: no meter has been hanging there before {day}."), point=service_point.code, day=on
        )
    if comparison_at(service_point, meter) != confirmed:
        raise NotConfirmed(
            N_("What was confirmed is not the comparison of these two meters. Look at it again and confirm it.")
        )
    take_down(deed, hanging, on=on, out_reads=out_reads, note=note)
    break_seals(deed, service_point=service_point, on=on)
    serial, in_reads = meter.serial, meter.in_reads if isinstance(meter, FromStock) else take_new(
        deed, meter, commodity=service_point.commodity, on=on
    )  # fmt: skip
    installation = hang(
        deed, service_point=service_point, serial=serial, on=on, in_reads=in_reads, note=note, leaving=hanging
    )
    if seal:
        put_seal(deed, number=seal, kind=Seal.SEAL, service_point=service_point, on=on)
    tell(
        deed, "metering.meter_exchanged", service_point=service_point.pk, removed=hanging.meter_id,
        installed=installation.meter_id, on=on.isoformat(),
        differences=[each.says.words(str) for each in confirmed.differences],
    )  # fmt: skip
    return installation
