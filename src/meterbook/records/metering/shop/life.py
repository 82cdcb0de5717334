"""A meter's life as one state machine; every step is a row that says who took it, when and why."""

from __future__ import annotations

from datetime import date

from django.db.models import Max

from meterbook.engine.trace import N_, Step, Value
from meterbook.records.metering.models import Meter, MeterStep
from meterbook.records.platform.models import Deed

#: From each state, the states that may follow. Tested to tested: a meter may be tested again on the shelf.
MOVES: dict[str, frozenset[str]] = {
    Meter.RECEIVED: frozenset({Meter.TESTED, Meter.REFURBISHED, Meter.RETIRED}),
    Meter.TESTED: frozenset({Meter.TESTED, Meter.IN_STOCK, Meter.REFURBISHED, Meter.RETIRED}),
    Meter.IN_STOCK: frozenset({Meter.TESTED, Meter.INSTALLED, Meter.REFURBISHED, Meter.RETIRED}),
    Meter.INSTALLED: frozenset({Meter.REMOVED}),
    Meter.REMOVED: frozenset({Meter.TESTED, Meter.REFURBISHED, Meter.RETIRED}),
    Meter.REFURBISHED: frozenset({Meter.TESTED, Meter.RETIRED}),
    Meter.RETIRED: frozenset(),
}
#: States from which a meter may be hung, and what each state is called inside a sentence.
STATE_WORDS = {
    Meter.RECEIVED: N_("received"),
    Meter.TESTED: N_("tested"),
    Meter.IN_STOCK: N_("in stock"),
    Meter.INSTALLED: N_("installed"),
    Meter.REMOVED: N_("removed"),
    Meter.REFURBISHED: N_("refurbished"),
    Meter.RETIRED: N_("retired"),
}
#: What a meter measures, inside a sentence.
COMMODITY_WORDS = {"electricity": N_("electricity"), "water": N_("water")}


class MeterRefused(ValueError):
    """What the shop or the crew asked for cannot be; ``step`` says why and what to do, in either language."""

    def __init__(self, message: str, **values: Value) -> None:
        self.step = Step(message, values)
        super().__init__(self.step.words(str))


def state_word(state: str) -> Step:
    """A state inside a sentence."""
    return Step(STATE_WORDS[state])


def commodity_word(commodity: str) -> Step:
    """A commodity inside a sentence."""
    return Step(COMMODITY_WORDS.get(commodity, commodity))


def take_step(deed: Deed, meter: Meter, state: str, *, on: date, note: str = "", cleared: bool | None = None) -> None:
    """Move a meter on to ``state`` on ``on``, in the order of its life; ``cleared`` is set where it is given.

    Raises `MeterRefused` for a step its state does not allow, a day before its last step or after the business date,
    and a meter that hangs without a passing test.
    """
    check_step(deed, meter, state, on=on, cleared=cleared)
    meter.state = state
    if cleared is not None:
        meter.cleared = cleared
    meter.save()
    MeterStep.objects.create(meter=meter, state=state, on=on, note=note, deed=deed)


def check_step(deed: Deed, meter: Meter, state: str, *, on: date, cleared: bool | None = None) -> None:
    """Refuse a step that the meter's life does not allow; raises `MeterRefused`."""
    if state not in MOVES[meter.state]:
        raise MeterRefused(
            N_("Meter {serial} is {now}; it cannot be {then} next."),
            serial=meter.serial, now=state_word(meter.state), then=state_word(state),
        )  # fmt: skip
    check_day(deed, meter, on)
    if state in (Meter.IN_STOCK, Meter.INSTALLED) and not (meter.cleared if cleared is None else cleared):
        raise MeterRefused(
            N_("Meter {serial} has not passed a test since it was received or taken down. Test it first."),
            serial=meter.serial,
        )


def check_day(deed: Deed, meter: Meter, on: date) -> None:
    """Refuse a day after the business date, or before the last thing that happened to the meter."""
    if on > deed.business_date:
        raise MeterRefused(
            N_("{day} has not come yet; the business date is {today}."), day=on, today=deed.business_date
        )
    last = MeterStep.objects.filter(meter=meter).aggregate(last=Max("on"))["last"]
    if last is not None and on < last:
        raise MeterRefused(
            N_("Meter {serial}: the last step of its life is of {last}. Give a day from then on, found {day}."),
            serial=meter.serial, last=last, day=on,
        )  # fmt: skip


def locked(serial: str) -> Meter:
    """The meter with a serial, locked until the deed is done; raises `MeterRefused`."""
    found = Meter.objects.select_for_update().filter(serial=serial).first()
    if found is None:
        raise MeterRefused(N_("No meter {serial} is on record."), serial=serial)
    return found
