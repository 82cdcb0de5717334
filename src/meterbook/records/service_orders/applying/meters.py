"""Meters hung, taken down, exchanged; seals and locks on and off."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from meterbook.engine.trace import N_, Step
from meterbook.records.metering.models import Seal
from meterbook.records.metering.operations.exchange import exchange_meter
from meterbook.records.metering.shop.devices import FromStock, comparison_at, hanging_at
from meterbook.records.metering.shop.operations.hang import install_meter, remove_meter
from meterbook.records.metering.shop.operations.seal import place_lock, place_seal, remove_lock, remove_seal
from meterbook.records.places.models import ServicePoint
from meterbook.records.service_orders.applying.effects import Work
from meterbook.records.service_orders.refusals import OrderRefused


def hang_or_take_down(work: Work) -> None:
    """What the kind says is done to the meter. Raises `OrderRefused`, and what metering refuses."""
    point = work.order.service_point
    if point is None:
        raise OrderRefused(N_("A meter hangs at a service point; this order names none."))
    {"set": _set, "remove": _remove, "swap": _swap}[work.order.kind](work, point)


def _set(work: Work, point: ServicePoint) -> None:
    serial = _put_up(work)
    install_meter.within(
        work.deed, service_point=point, serial=serial, on=work.on, in_reads=_values(work, serial), note=_note(work)
    )
    work.changed(Step(N_("Meter {serial} hangs there since {day}."), {"serial": serial, "day": work.on}))


def _remove(work: Work, point: ServicePoint) -> None:
    serial = _hangs(point)
    remove_meter.within(
        work.deed, service_point=point, on=work.on, out_reads=_values(work, serial), note=_note(work)
    )  # fmt: skip
    work.changed(Step(N_("Meter {serial} came down on {day}."), {"serial": serial, "day": work.on}))


def _swap(work: Work, point: ServicePoint) -> None:
    serial, new = _hangs(point), _put_up(work)
    stock = FromStock(new, _values(work, new))
    exchange_meter.within(
        work.deed, service_point=point, on=work.on, out_reads=_values(work, serial), meter=stock,
        confirmed=comparison_at(point, stock), note=_note(work),
    )  # fmt: skip
    work.changed(
        Step(
            N_("Meter {old} came down and {new} hangs there since {day}."),
            {"old": serial, "new": new, "day": work.on},
        )
    )


def seal(work: Work) -> None:
    """Seals and locks on and off, by their numbers. Raises what metering refuses."""
    point, outcome = work.order.service_point, work.outcome
    if point is None:
        return
    for off, remove, kind in (
        (outcome.seals_off, remove_seal, Seal.SEAL), (outcome.locks_off, remove_lock, Seal.LOCK),
    ):  # fmt: skip
        for number in off:
            if not Seal.objects.filter(number=number, kind=kind, validity__endswith__isnull=False).exists():
                remove.within(work.deed, number=number, on=work.on, note=_note(work))
            work.changed(Step(N_("Seal or lock {number} is off."), {"number": number}))
    for put, place in ((outcome.seals_on, place_seal), (outcome.locks_on, place_lock)):
        for number in put:
            place.within(work.deed, number=number, service_point=point, on=work.on)
            work.changed(Step(N_("Seal or lock {number} is on."), {"number": number}))


def _put_up(work: Work) -> str:
    if work.outcome.put_up is None:
        raise OrderRefused(N_("Say which meter was hung."))
    return work.outcome.put_up.serial


def _hangs(point: ServicePoint) -> str:
    found = hanging_at(point)
    if found is None:
        raise OrderRefused(N_("No meter hangs at {point}."), point=point.code)
    return str(found.meter.serial)


def _values(work: Work, serial: str) -> Mapping[str, Decimal]:
    return {channel: read.value for channel, read in work.outcome.of(serial).items()}


def _note(work: Work) -> str:
    return work.outcome.note[:300]
