"""Setting aside reads that came in under a meter's serial after it had been taken down, and taking that back."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet

from meterbook.engine.trace import N_
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Installation, Meter, Read, ReadException
from meterbook.records.metering.shop.counted import registers_of
from meterbook.records.metering.shop.life import MeterRefused, locked
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Event
from meterbook.records.platform.roles import BILLING, SUPERVISOR

_TOLD = "metering.reads_set_aside"


@operation("metering.set_reads_aside", roles={BILLING, SUPERVISOR})
def set_reads_aside(deed: Deed, *, serial: str, after: date) -> list[Read]:
    """Reject the reads of a meter later than ``after``, and take back the usage made of them; the rows stay.

    This is what an exchange entered late asks for: reads that came in under the old serial in the meantime belong to
    the new meter, or to nobody. Of a meter that hangs, ``after`` is the day it was taken down or exchanged, later than
    the day it went up; of one that hangs no more, the day it came down or a later one. A read that starts a count is
    never set aside. Returns the reads. Raises `MeterRefused`; `take_back_aside` is the way back.
    """
    meter = locked(serial)
    _check_day(meter, after)
    found = list(_candidates(meter).filter(read_on__gt=after).order_by("read_on", "pk"))
    if not found:
        raise MeterRefused(N_("Meter {serial} has no read after {day}."), serial=serial, day=after)
    ids = [read.pk for read in found]
    Read.objects.filter(pk__in=ids).update(status=Read.REJECTED)
    ReadException.objects.filter(read_id__in=ids).exclude(state=ReadException.RESOLVED).update(
        state=ReadException.RESOLVED, resolution=ReadException.REJECTED, resolved_on=deed.business_date,
        resolved_by=deed,
    )  # fmt: skip
    store_usage(deed, [register.pk for register in registers_of(meter.pk).values()], since=after)
    tell(deed, _TOLD, meter=meter.pk, after=after.isoformat(), reads=ids)
    return found


@operation("metering.take_back_aside", roles={BILLING, SUPERVISOR})
def take_back_aside(deed: Deed, *, serial: str) -> list[Read]:
    """Put the reads that were set aside last back in force, with their usage; those that waited wait again.

    Raises `MeterRefused` where none is set aside, where the meter came down before one of them, and where another
    read of one of their days is in force.
    """
    meter = locked(serial)
    told = _last_aside(meter)
    if told is None:
        raise MeterRefused(N_("No read of meter {serial} is set aside."), serial=serial)
    found = list(_set_aside(told).order_by("read_on", "pk"))
    last = _last_installation(meter)
    end = last.validity.upper if last is not None else None
    for read in found:
        if end is not None and read.read_on > end:
            raise MeterRefused(
                N_("Meter {serial} came down on {end}; its read of {day} cannot come back."),
                serial=serial, end=end, day=read.read_on,
            )  # fmt: skip
        others = Read.objects.filter(register_id=read.register_id, read_on=read.read_on, superseded=False)
        if others.exclude(status=Read.REJECTED).exists():
            raise MeterRefused(N_("Another read of {day} is on record."), day=read.read_on)
    waited = ReadException.objects.filter(read__in=found, resolved_by=told.deed)
    queued = set(waited.values_list("read_id", flat=True))
    ids = [read.pk for read in found]
    Read.objects.filter(pk__in=queued).update(status=Read.QUEUED)
    Read.objects.filter(pk__in=set(ids) - queued).update(status=Read.ACCEPTED)
    waited.update(state=ReadException.OPEN, resolution="", resolved_on=None, resolved_by=None)
    store_usage(deed, [register.pk for register in registers_of(meter.pk).values()], since=found[0].read_on)
    tell(deed, "metering.aside_taken_back", meter=meter.pk, reads=ids)
    return found


def may_be_set_aside(meter: Meter) -> list[date]:
    """The days of the reads that could be set aside as the meter stands, oldest first."""
    first = _not_before(meter)
    rows = _candidates(meter) if first is None else _candidates(meter).filter(read_on__gt=first)
    return sorted(set(rows.values_list("read_on", flat=True)))


def is_set_aside(meter: Meter) -> bool:
    """Whether there is something for `take_back_aside`."""
    return _last_aside(meter) is not None


def _candidates(meter: Meter) -> QuerySet[Read, Read]:
    rows = Read.objects.filter(register__meter=meter, superseded=False, starts_chain=False)
    return rows.exclude(status=Read.REJECTED)


def _last_installation(meter: Meter) -> Installation | None:
    return Installation.objects.filter(meter=meter).order_by("validity").last()


def _not_before(meter: Meter) -> date | None:
    """The earliest day after which reads may be set aside; None for a meter that never hung."""
    last = _last_installation(meter)
    if last is None:
        return None
    day: date = last.validity.lower if last.validity.upper is None else last.validity.upper
    return day


def _check_day(meter: Meter, after: date) -> None:
    """Refuse a day within the time the meter hung, or, while it hangs, the day it went up and any before."""
    first = _not_before(meter)
    if first is None:
        return
    if meter.state == Meter.INSTALLED and after <= first:
        raise MeterRefused(
            N_("Meter {serial} hangs since {first}. Give the day it was taken down or exchanged, later than that."),
            serial=meter.serial, first=first,
        )  # fmt: skip
    if meter.state != Meter.INSTALLED and after < first:
        raise MeterRefused(
            N_("Meter {serial} hung until {first}: its reads up to then stay. Found {day}."),
            serial=meter.serial, first=first, day=after,
        )  # fmt: skip


def _last_aside(meter: Meter) -> Event | None:
    """The newest setting aside of which a read is still set aside."""
    told = Event.objects.filter(kind=_TOLD, payload__meter=meter.pk).order_by("-pk").select_related("deed")
    return next((each for each in told if _set_aside(each).exists()), None)


def _set_aside(told: Event) -> QuerySet[Read, Read]:
    return Read.objects.filter(pk__in=told.payload["reads"], status=Read.REJECTED, superseded=False)
