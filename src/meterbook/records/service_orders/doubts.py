"""What somebody should look at twice before an outcome goes on record: meters, multipliers, reads, things left out.

An outcome names the doubts it stands by (`Outcome.confirmed`); the others keep it from being applied. The phone and the
office's page ask here before they send; `completing.complete` asks again.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.trace import N_, Step, Value
from meterbook.records.metering.hub.keying import verdict
from meterbook.records.metering.hub.operations.key_reads import NotReadable
from meterbook.records.metering.models import Installation, Meter, Read, Register
from meterbook.records.metering.shop.devices import FromStock, comparison_at
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.service_orders.applying.effects import day_of
from meterbook.records.service_orders.models import Order
from meterbook.records.service_orders.outcome import MeterPutUp, Outcome
from meterbook.records.service_orders.settings import order_rules

#: Kinds that exist to find out what hangs there: another number is their answer, not a doubt.
_ASKS_WHICH = ("verify_number", "tamper", "check")
_METER_KINDS = ("set", "remove", "swap")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that stands out: its code, by which it is confirmed, and the sentence."""

    code: str
    step: Step


def doubts(order: Order, outcome: Outcome, today: date) -> list[Doubt]:
    """Everything that stands out in an outcome and is not confirmed yet."""
    if not outcome.able:
        return []
    found = [*_left_out(order, outcome, today), *_number(order, outcome), *_out_reads(order, outcome, today)]
    if outcome.put_up is not None:
        found += [*_compared(order, outcome.put_up), *_face(outcome.put_up), *_in_reads(outcome, outcome.put_up, today)]
    return [doubt for doubt in found if doubt.code not in outcome.confirmed]


def _left_out(order: Order, outcome: Outcome, today: date) -> Iterator[Doubt]:
    rules = order_rules(today)
    kind = rules.kind(order.kind)
    for code, item in rules.items(order.kind).items():
        if item.needed and not outcome.answers.get(code, "").strip():
            yield Doubt(f"missing:{code}", Step(N_("Not answered: {words}"), {"words": Step(item.words.en)}))
    if kind.reads == "needed" and not outcome.reads:
        yield Doubt("missing:reads", Step(N_("No read was taken.")))
    if kind.signature and not outcome.signature and not outcome.signer:
        yield Doubt("missing:signature", Step(N_("Nobody signed.")))
    if kind.photo and not outcome.photos:
        yield Doubt("missing:photo", Step(N_("No photo was taken.")))


def _number(order: Order, outcome: Outcome) -> Iterator[Doubt]:
    """The meter that hangs there is not the one on record."""
    hung = _hung(order, day_of(outcome))
    if not outcome.serial or hung is None or order.kind in _ASKS_WHICH or outcome.serial == hung.serial:
        return
    yield Doubt(
        "serial",
        Step(
            N_("Meter {found} was found; on record there is {known}."),
            {"found": outcome.serial, "known": hung.serial},
        ),
    )


def _out_reads(order: Order, outcome: Outcome, today: date) -> Iterator[Doubt]:
    """A last read that no rule would let pass: nobody can read the meter again once it is down."""
    on = day_of(outcome)
    hung = _hung(order, on)
    if hung is None or order.kind not in _METER_KINDS:
        return
    for register in Register.objects.filter(meter=hung).order_by("channel"):
        read = outcome.of(hung.serial).get(register.channel)
        if read is None:
            continue
        try:
            judged = verdict(register.pk, read.value, on, today)
        except NotReadable:
            continue  # metering refuses it in its own words
        if judged is not None and judged.holds:
            values: dict[str, Value] = {
                "serial": hung.serial, "value": f"{read.value:f}", "used": _millionths(judged.used),
                "expected": _millionths(judged.expected), "unit": judged.unit,
            }  # fmt: skip
            said = N_("Last read of {serial}, {value}: that is {used} {unit} used; expected were about {expected}.")
            yield Doubt(f"out:{register.channel}", Step(said, values))


def _compared(order: Order, up: MeterPutUp) -> Iterator[Doubt]:
    """Multiplier, dials, unit and size of both meters: the dearest mistakes of an exchange."""
    if order.kind != "swap" or order.service_point is None:
        return
    try:
        compared = comparison_at(order.service_point, FromStock(up.serial, {}))
    except MeterRefused:
        return  # the exchange itself says it
    for difference in compared.differences:
        yield Doubt(f"compare:{difference.channel}:{difference.field}:{difference.new}", difference.says)


def _face(up: MeterPutUp) -> Iterator[Doubt]:
    """What the meter's face says differs from what is on record of it."""
    known = {one.channel: one for one in Register.objects.filter(meter__serial=up.serial)}
    for face in up.faces:
        register = known.get(face.channel)
        if register is not None and (register.dials, register.multiplier) != (face.dials, face.multiplier):
            values: dict[str, Value] = {
                "serial": up.serial, "dials": str(face.dials), "multiplier": f"{face.multiplier:f}",
                "known_dials": str(register.dials), "known": f"{register.multiplier.normalize():f}",
            }  # fmt: skip
            said = N_(
                "Meter {serial} says {dials} digits, multiplier {multiplier}; on record are {known_dials} and {known}."
            )
            yield Doubt(f"face:{face.channel}", Step(said, values))


def _in_reads(outcome: Outcome, up: MeterPutUp, today: date) -> Iterator[Doubt]:
    """A first read that is far from what the meter showed last, or from nothing for a new one."""
    most = order_rules(today).plausible_units
    meter = Meter.objects.filter(serial=up.serial).first()
    if meter is None:
        return
    for register in Register.objects.filter(meter=meter):
        read = outcome.of(up.serial).get(register.channel)
        if read is None:
            continue
        rows = Read.objects.filter(register=register, status=Read.ACCEPTED, superseded=False).order_by("-read_on")
        last = rows.first()
        before = last.value if last is not None else Decimal(0)
        if not before <= read.value <= before + most:
            values: dict[str, Value] = {"serial": up.serial, "value": f"{read.value:f}", "before": f"{before:f}"}
            yield Doubt(
                f"in:{register.channel}",
                Step(N_("First read of {serial}, {value}: it showed {before} before."), values),
            )


def _hung(order: Order, on: date) -> Meter | None:
    rows = Installation.objects.filter(service_point=order.service_point_id, validity__contains=on)
    found = rows.select_related("meter").first()
    return None if found is None else found.meter


def _millionths(value: int | None) -> str:
    return "–" if value is None else f"{Decimal(value).scaleb(-6).normalize():f}"
