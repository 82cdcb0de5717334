"""The reads of a move: typed and judged like any other, on record already, estimated for the day, or sent for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import polars as pl

from meterbook.engine.moves.rules import ORDER
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.metering.hub.operations.key_reads import NotReadable, keyed_frame
from meterbook.records.metering.models import Estimate, Installation, Read, ReadException, Register
from meterbook.records.metering.queue.estimating import chosen_for
from meterbook.records.metering.validation.take import take
from meterbook.records.moves.doing.telling import Told
from meterbook.records.moves.looking.standing import Dial, dials_at
from meterbook.records.moves.models import Move
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.service_orders.opening import open_order


@dataclass(frozen=True, slots=True)
class Place:
    """A premise and the day its meters are wanted to be read for, and what the order is called if somebody is sent."""

    premise: int
    on: date
    kind: str


def take_reads(
    deed: Deed, move: Move, places: list[Place], reads: Mapping[int, Decimal], no_read: str, told: Told
) -> None:
    """See to the reads of every place: those typed are taken, for the others an estimate is made or somebody sent."""
    done: set[tuple[int, date]] = set()
    for place in places:
        for dial in dials_at([place.premise], place.on):
            if (dial.register, place.on) not in done:
                done.add((dial.register, place.on))
                _one(deed, move, place, dial, reads.get(dial.register), no_read, told)


def _one(
    deed: Deed, move: Move, place: Place, dial: Dial, typed: Decimal | None, no_read: str, told: Told
) -> None:  # fmt: skip
    about: dict[str, Value] = {"serial": dial.serial, "day": place.on}
    if typed is not None and place.on > deed.business_date:
        raise MoveRefused(Step(N_("The read of {serial} is of a day to come; leave it empty."), about))
    if typed is not None:
        _typed(deed, dial, typed, place.on, told)
    elif dial.today is not None:
        told.say(
            "reads",
            N_("{serial}: {value} {unit} on {day}, on record"),
            unit=dial.unit,
            value=plain(dial.today),
            **about,
        )
    elif place.on > deed.business_date:
        _to_come(deed, move, place, dial, no_read, told)
    elif no_read == ORDER or not _estimated(deed, dial, place.on, told):
        _sent(deed, move, place, dial, told)


def _typed(deed: Deed, dial: Dial, value: Decimal, on: date, told: Told) -> None:
    about: dict[str, Value] = {"serial": dial.serial, "value": plain(value), "unit": dial.unit, "day": on}
    if dial.today == value:
        told.say("reads", N_("{serial}: {value} {unit} on {day}, on record"), **about)
        return
    try:
        frame = keyed_frame(
            Register.objects.select_related("meter").get(pk=dial.register), value, on, deed.actor.username
        )
    except NotReadable as wrong:
        raise MoveRefused(
            Step(N_("{value} is no read of {serial}: at most {dials} digits."), {**about, "dials": dial.dials})
        ) from wrong
    if take(deed, frame, batch=None, origin=Read.KEYED).queued:
        told.say(
            "reads", N_("{serial}: {value} {unit} on {day} is held by the rules; somebody decides in the queue"),
            href=("exceptions", []), **about,
        )  # fmt: skip
    else:
        told.say("reads", N_("{serial}: {value} {unit} on {day}, as read"), **about)


def _estimated(deed: Deed, dial: Dial, on: date, told: Told) -> bool:
    """Make an estimate for the day; whether one could be made."""
    hung = Installation.objects.filter(meter__registers=dial.register, validity__contains=on).first()
    if hung is None:
        return False
    register = Register.objects.select_related("meter").get(pk=dial.register)
    if _between(deed, dial, register, on, told):
        return True
    # Not stored: what estimates go by is asked with an item of the queue, and nothing is in doubt here.
    asked = ReadException(pk=0, register_id=dial.register, service_point_id=hung.service_point_id, on=on)
    try:
        offer = chosen_for([asked], deed.business_date).get(0)
    except NoPolicy:
        return False
    if offer is None or offer.problem or offer.value is None or offer.confidence is None:
        return False
    value = Decimal(offer.value).scaleb(-6)
    read = _stored(deed, register, value, on)
    Estimate.objects.create(
        read=read, method=offer.method, confidence=offer.confidence, inputs=offer.inputs,
        in_a_row=offer.in_a_row or 1, deed=deed,
    )  # fmt: skip
    told.say(
        "reads", N_("{serial}: {value} {unit} on {day}, estimated (confidence {confidence} %)"), serial=dial.serial,
        value=plain(value), unit=dial.unit, day=on,
        confidence=offer.confidence,
    )  # fmt: skip
    return True


def _stored(deed: Deed, register: Register, value: Decimal, on: date) -> Read:
    frame = keyed_frame(register, value, on).with_columns(estimated=pl.lit(value=True))
    take(deed, frame, batch=None, origin=Read.ESTIMATED)
    return Read.objects.filter(register=register, read_on=on, origin=Read.ESTIMATED, deed=deed).latest("pk")


def _between(deed: Deed, dial: Dial, register: Register, on: date, told: Told) -> bool:
    """Share what passed between the reads before and after a day by days: usage of a mover without a read is split so.

    Half up to what the register can show; whether there are reads on both sides.
    """
    reads = Read.objects.filter(register=register, superseded=False, status=Read.ACCEPTED)
    before = reads.filter(read_on__lt=on).order_by("-read_on").first()
    after = reads.filter(read_on__gt=on).order_by("read_on").first()
    if before is None or after is None:
        return False
    passed = after.value - before.value
    if passed < 0:
        passed += 10**register.dials
    days, of = (on - before.read_on).days, (after.read_on - before.read_on).days
    step = Decimal(1).scaleb(-register.decimals)
    share = (passed * days / of).quantize(step, rounding=ROUND_HALF_UP)
    value = (before.value + share) % 10**register.dials
    read = _stored(deed, register, value, on)
    inputs = {"before": plain(before.value), "after": plain(after.value), "days": str(days), "of_days": str(of)}
    Estimate.objects.create(read=read, method="by_days", confidence=80, inputs=inputs, in_a_row=1, deed=deed)
    told.say(
        "reads", N_("{serial}: {value} {unit} on {day}, shared by days between {first} and {last}"), day=on,
        serial=dial.serial, value=plain(value), unit=dial.unit, first=before.read_on, last=after.read_on,
    )  # fmt: skip
    return True


def _to_come(deed: Deed, move: Move, place: Place, dial: Dial, no_read: str, told: Told) -> None:
    about: dict[str, Value] = {"serial": dial.serial, "day": place.on}
    if dial.route_kind == "ami":
        told.say("reads", N_("{serial} is read by AMI on {day}"), **about)
    elif no_read == ORDER:
        _sent(deed, move, place, dial, told)
    else:
        told.say("reads", N_("{serial}: the read of {day} if one comes in, or else an estimate"), **about)


def _sent(deed: Deed, move: Move, place: Place, dial: Dial, told: Told) -> None:
    hung = Installation.objects.filter(meter__registers=dial.register, validity__contains=place.on)
    point = hung.select_related("service_point__premise").get().service_point
    order = open_order(
        deed, kind=place.kind, service_point=point, wanted_on=max(place.on, deed.business_date),
        account=move.account, reason=f"{dial.serial}: read for the move of {place.on}", source=("move", move.pk),
    )  # fmt: skip
    told.say(
        "orders", N_("Order {number}: somebody reads {serial} for {day}; bills of both wait for it"),
        href=("service_order", [order.pk]), number=order.pk, serial=dial.serial, day=place.on,
    )  # fmt: skip


def plain(value: Decimal) -> str:
    """What a register shows, without zeros that say nothing.

    >>> plain(Decimal("1550.000000")), plain(Decimal("12.500"))
    ('1550', '12.5')
    """
    return f"{value.normalize():f}"
