"""What each register is likely to have used since it was read last: a warning on the phone, judged again by the rules.

The phone has no signal and only one register in front of it, so the measure is plain: as much a day as between the two
reads before, so many times more or less, and in any case a few units. The rules for reads judge with everything else.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from meterbook.records.metering.models import Read, Register

Range = tuple[Decimal, Decimal]
#: Fewer days than this say nothing about too little use.
_LEAST_DAYS = 15


def newest_reads(registers: Sequence[Register], on: date) -> dict[int, list[Read]]:
    """The accepted reads of each register up to a day, the newest first; at most three."""
    found: dict[int, list[Read]] = {}
    rows = Read.objects.filter(register__in=registers, status=Read.ACCEPTED, superseded=False, read_on__lte=on)
    for read in rows.order_by("register", "-read_on", "-pk"):
        several = found.setdefault(read.register_id, [])
        if len(several) < 3:
            several.append(read)
    return found


def plausible(register: Register, reads: Sequence[Read], on: date, *, times: int, units: int) -> Range | None:
    """From where to where its use since the newest read is plausible, in its unit; None where nothing is known."""
    if len(reads) < 2 or reads[0].starts_chain:
        return None
    last, before = reads[0], reads[1]
    shown = last.value - before.value
    used = (shown + 10**register.dials if shown < 0 else shown) * register.multiplier
    days, since = (last.read_on - before.read_on).days, (on - last.read_on).days
    if days < 1:
        return None
    usual = used * since / days
    low = usual / times if since >= _LEAST_DAYS else Decimal(0)
    return low.quantize(Decimal(1)), max(usual * times, usual + units).quantize(Decimal(1))
