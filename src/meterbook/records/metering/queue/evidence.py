"""What shows that a value was seen on the register: a read that came, or a visit; never an estimate or its copy."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from meterbook.records.metering.models import Read
from meterbook.records.platform.models import Event

#: Told when somebody in the street wrote down what registers showed.
FIELD_READ = "metering.field_read"
#: Reads that somebody or something took off the register.
SEEN = (Read.FILE, Read.KEYED, Read.HEAD_END, Read.MDM)


def was_seen(register: int, on: date, value: Decimal | None = None) -> bool:
    """Whether a read or a visit of that very day shows the register (by id), and shows ``value`` if one is given."""
    reads = Read.objects.filter(register=register, read_on=on, origin__in=SEEN, estimated=False)
    shown = list(reads.values_list("value", flat=True))
    visits = Event.objects.filter(
        kind=FIELD_READ, payload__on=on.isoformat(), payload__reads__contains=[{"register": register}]
    )
    for payload in visits.values_list("payload", flat=True):
        shown += [Decimal(each["value"]) for each in payload["reads"] if each["register"] == register]
    return bool(shown) if value is None else value in shown
