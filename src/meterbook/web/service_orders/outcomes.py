"""The office's own way of saying what came of an order: the sheet a crew brought back, typed."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest

from meterbook.records.platform.queries import business_date, utility
from meterbook.records.service_orders import screens
from meterbook.records.service_orders.operations.working import ToConfirm, complete_order
from meterbook.records.service_orders.outcome import Finding, MeterPutUp, MeterRead, Outcome, Part, Photo
from meterbook.web.kit.access import act
from meterbook.web.kit.forms import sent
from meterbook.web.service_orders.forms import Complete


def form_of(request: HttpRequest, order: Any) -> Complete:
    """The form of an order; a key of its own, so that sending twice does nothing twice."""
    day = business_date()
    initial = {"key": f"office:{order.pk}:{secrets.token_hex(12)}", "put_up": order.details.get("serial", "")}
    return Complete(
        sent(request), request.FILES or None, initial=initial, order=order, hung=screens.hanging(order, day), day=day
    )


def take(request: HttpRequest, order: Any, form: Complete, given: dict[str, Any]) -> Any:
    """Put it on record; what stands out is asked about on the form, and confirmed there."""
    confirmed = frozenset(request.POST.getlist("confirm"))
    try:
        return complete_order(
            act(request, given["note"]), order=order, outcome=_outcome(form, given, confirmed), ask=True
        )
    except ToConfirm as asked:
        form.doubts = asked.doubts
        raise


def _outcome(form: Complete, given: dict[str, Any], confirmed: frozenset[str]) -> Outcome:
    on = given["done_on"] or business_date()
    at = datetime.combine(on, time(12), ZoneInfo(utility().timezone)).astimezone(UTC)
    able, photo = given["able"] == "yes", given["photo"]
    return Outcome(
        key=given["key"], version=0, done_at=at, done_on=on, code="" if able else given["code"],
        danger=given["danger"], serial=given["serial"].strip(), reads=_reads(form, given, at),
        put_up=MeterPutUp(given["put_up"].strip()) if given.get("put_up") and able else None,
        answers={name[5:]: given[name] for name in form.fields if name.startswith("item-") and given[name]},
        findings=(Finding(given["finding"]),) if given["finding"] else (),
        parts=(Part(given["part"], given["quantity"] or 1),) if given["part"] else (),
        seals_on=_numbers(given["seals_on"]), seals_off=_numbers(given["seals_off"]),
        locks_on=_numbers(given["locks_on"]), locks_off=_numbers(given["locks_off"]),
        photos=(Photo(photo.read()),) if photo else (), signer=given["signer"], note=given["note"],
        confirmed=confirmed,
    )  # fmt: skip


def _reads(form: Complete, given: dict[str, Any], at: datetime) -> tuple[MeterRead, ...]:
    found = [
        MeterRead(one.meter.serial, register.channel, given[f"read-{one.meter.serial}-{register.channel}"], at)
        for one in form.hung for register in one.meter.registers.all()
        if given[f"read-{one.meter.serial}-{register.channel}"] is not None
    ]  # fmt: skip
    serial = (given.get("put_up") or "").strip()
    if serial and given.get("first"):
        channels = screens.channels_of(serial)
        found += [
            MeterRead(serial, channel, value, at) for channel, value in zip(channels, given["first"], strict=False)
        ]
    return tuple(found)


def _numbers(said: str) -> tuple[str, ...]:
    return tuple(said.replace(",", " ").split())
