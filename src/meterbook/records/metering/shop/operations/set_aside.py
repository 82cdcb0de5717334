"""Setting aside reads that came in under a meter's serial after it had been taken down."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_
from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Read, ReadException
from meterbook.records.metering.shop.counted import registers_of
from meterbook.records.metering.shop.life import MeterRefused, locked
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("metering.set_reads_aside", roles={BILLING, SUPERVISOR})
def set_reads_aside(deed: Deed, *, serial: str, after: date) -> list[Read]:
    """Reject every read of a meter later than ``after``, and take back the usage made of it; the rows stay.

    This is what an exchange entered late asks for: reads that came in under the old serial in the meantime belong to
    the new meter, or to nobody. Returns the reads. Raises `MeterRefused` where there is none.
    """
    meter = locked(serial)
    registers = registers_of(meter.pk)
    rows = Read.objects.filter(register__in=registers.values(), read_on__gt=after, superseded=False)
    found = list(rows.exclude(status=Read.REJECTED).order_by("read_on", "pk"))
    if not found:
        raise MeterRefused(N_("Meter {serial} has no read after {day}."), serial=serial, day=after)
    ids = [read.pk for read in found]
    Read.objects.filter(pk__in=ids).update(status=Read.REJECTED)
    ReadException.objects.filter(read_id__in=ids).exclude(state=ReadException.RESOLVED).update(
        state=ReadException.RESOLVED, resolution=ReadException.REJECTED, resolved_on=deed.business_date,
        resolved_by=deed,
    )  # fmt: skip
    store_usage(deed, [register.pk for register in registers.values()], since=after)
    tell(deed, "metering.reads_set_aside", meter=meter.pk, after=after.isoformat(), reads=ids)
    return found
