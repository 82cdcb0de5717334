"""Testing a meter: what the bench found, judged by the limits in force; a pass clears it to hang."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from meterbook.engine.trace import N_
from meterbook.records.metering.models import Meter, MeterTest
from meterbook.records.metering.shop.bench import AS_FOUND, AS_LEFT, FACTORY, Bench, judged_test
from meterbook.records.metering.shop.life import MeterRefused, check_day, locked, state_word, take_step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, METER_SHOP, SUPERVISOR


@operation("metering.record_test", roles={METER_SHOP, BILLING, SUPERVISOR})
def record_test(
    deed: Deed, *, serial: str, tested_on: date, found: Mapping[str, Decimal], tester: str, kind: str = AS_LEFT,
    certificate: str = "",
) -> MeterTest:  # fmt: skip
    """Store a test of a meter, with accuracy in percent by point, and judge it by the limits of its type.

    A meter in the shop that passes is tested and cleared; one that fails is not cleared, whatever it was before. The
    maker's test is of a meter that just came, and after a repair only a test as left clears it: see `test_kinds`. A
    meter that hangs, or was retired, is only written down: it stays where it is. Raises `MeterRefused` or
    `engine.metering.accuracy.WrongMeasurement`.
    """
    meter = locked(serial)
    if kind not in test_kinds(meter.state):
        raise MeterRefused(
            N_("Meter {serial} is {state}: a test of this kind cannot be of it now."),
            serial=serial, state=state_word(meter.state),
        )  # fmt: skip
    in_shop = meter.state not in (Meter.INSTALLED, Meter.RETIRED)
    if in_shop:
        check_day(deed, meter, tested_on)
    test = judged_test(deed, meter, Bench(tested_on, kind, found, tester, certificate))
    test.save()
    if in_shop and test.passed:
        take_step(deed, meter, Meter.TESTED, on=tested_on, note=certificate, cleared=True)
    elif in_shop:
        _not_cleared(deed, meter, tested_on)
    tell(deed, "metering.meter_tested", meter=meter.pk, test=test.pk, passed=test.passed)
    return test


def test_kinds(state: str) -> tuple[str, ...]:
    """The kinds of test a meter may have in a state: the maker's only before any other, as left after a repair."""
    if state == Meter.RECEIVED:
        return (FACTORY, AS_FOUND, AS_LEFT)
    return (AS_LEFT,) if state == Meter.REFURBISHED else (AS_FOUND, AS_LEFT)


def _not_cleared(deed: Deed, meter: Meter, on: date) -> None:
    """A failed test takes the clearance away; what stood on the shelf is no longer stock."""
    if meter.state == Meter.IN_STOCK:
        take_step(deed, meter, Meter.TESTED, on=on, note="", cleared=False)
        return
    meter.cleared = False
    meter.save()
