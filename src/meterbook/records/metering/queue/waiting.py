"""What waits for a decision on a cycle's reads, and what its findings already tell about it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from meterbook.records.metering.models import Finding, Read, ReadException

#: Rules that propose the value the read would be without a slip of the hand.
_BY_DIGITS = ("dial_count", "transposed_digits")


def waiting_of(cycle: str, *, until: date) -> list[ReadException]:
    """Open items about reads of a cycle's registers up to a day, in the order of their days: later reads are judged by
    earlier ones.
    """
    rows = ReadException.objects.filter(
        state=ReadException.OPEN, service_point__route__cycle__code=cycle, register__isnull=False,
        channel__isnull=True, on__lte=until,
    )  # fmt: skip
    return list(rows.select_related("read", "service_point__premise").order_by("on", "pk"))


def stands_otherwise(item: ReadException) -> bool:
    """Whether another read of the register's day is accepted."""
    rows = Read.objects.filter(register=item.register_id, read_on=item.on, superseded=False, status=Read.ACCEPTED)
    return item.read is not None and rows.exists()


def proposed_value(item: ReadException) -> Decimal | None:
    """The value a rule about digits proposes for the read, if one does."""
    found = Finding.objects.filter(exception=item, rule__in=_BY_DIGITS).order_by("pk")
    figures = [one.figures.get("proposed") for one in found]
    return next((Decimal(value) for value in figures if value), None)
