"""Numbered seals and locks at service points: on, and off again with how they were found."""

from __future__ import annotations

from datetime import date, timedelta

from meterbook.engine.trace import N_, Step
from meterbook.records.metering.models import Seal
from meterbook.records.metering.shop.devices import hanging_at
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.models import Deed

_KINDS = {Seal.SEAL: N_("Seal"), Seal.LOCK: N_("Lock")}


def kind_word(kind: str) -> Step:
    """Seal or lock, at the beginning of a sentence."""
    return Step(_KINDS[kind])


def put_seal(deed: Deed, *, number: str, kind: str, service_point: ServicePoint, on: date) -> Seal:
    """Put a numbered seal or lock on; a number is used once, and a point has one lock at a time.

    Raises `MeterRefused`.
    """
    if on > deed.business_date:
        raise MeterRefused(
            N_("{day} has not come yet; the business date is {today}."), day=on, today=deed.business_date
        )
    known = Seal.objects.select_related("service_point").filter(number=number).first()
    if known is not None:
        raise MeterRefused(
            N_("{kind} {number} is on record at {point} since {since}; every number is used once."),
            kind=kind_word(known.kind), number=number, point=known.service_point.code, since=known.validity.lower,
        )  # fmt: skip
    locks = Seal.objects.filter(service_point=service_point, kind=Seal.LOCK, validity__endswith__isnull=True)
    other = locks.first() if kind == Seal.LOCK else None
    if other is not None:
        raise MeterRefused(
            N_("{point} is locked already with {number} since {since}."),
            point=service_point.code, number=other.number, since=other.validity.lower,
        )  # fmt: skip
    hanging = hanging_at(service_point)
    meter = hanging.meter if hanging is not None and hanging.validity.lower <= on else None
    return Seal.objects.create(
        number=number, kind=kind, service_point=service_point, meter=meter, validity=(on, None), deed=deed
    )


def take_seal(deed: Deed, *, number: str, kind: str, on: date, note: str = "") -> Seal:
    """Take a seal or lock off; ``note`` says how it was found. Raises `MeterRefused`."""
    seal = Seal.objects.select_for_update().filter(number=number, kind=kind).first()
    if seal is None:
        raise MeterRefused(N_("{kind} {number} is not on record."), kind=kind_word(kind), number=number)
    if seal.validity.upper is not None:
        raise MeterRefused(
            N_("{kind} {number} came off on {day}."), kind=kind_word(kind), number=number, day=seal.validity.upper
        )
    if not seal.validity.lower <= on <= deed.business_date:
        raise MeterRefused(
            N_("{kind} {number}: give a day from {since} to {today}."),
            kind=kind_word(kind), number=number, since=seal.validity.lower, today=deed.business_date,
        )  # fmt: skip
    seal.validity = (seal.validity.lower, max(on, seal.validity.lower + timedelta(days=1)))
    seal.note = note
    seal.save()
    return seal


def break_seals(deed: Deed, *, service_point: ServicePoint, on: date) -> None:
    """End the seals, not the lock, of a meter that comes down."""
    rows = Seal.objects.filter(service_point=service_point, kind=Seal.SEAL, validity__endswith__isnull=True)
    for seal in rows.select_for_update():
        if seal.validity.lower <= on:
            take_seal(deed, number=seal.number, kind=Seal.SEAL, on=on)
