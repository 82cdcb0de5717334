"""What every decision does alike: lock, put a read in force, bring usage up to date, write the outcome."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Max

from meterbook.records.metering.derive import store_usage
from meterbook.records.metering.models import Finding, Read, ReadException, Register
from meterbook.records.metering.queue.refusals import (
    CannotShow,
    DecidedMeanwhile,
    NoBelievableUsage,
    NoRead,
    NoReason,
    OpeningRead,
    problem_words,
)
from meterbook.records.metering.queue.true_up import settle
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Approval, Deed

#: The request for a second signature on a read.
APPROVAL = "metering.accept_read"


def lock(item: ReadException) -> ReadException:
    """The item as it stands now, with its register, held until the deed is done.

    The register comes first, so that two decisions on reads of one register wait for each other.
    """
    if item.register_id is not None:
        Register.objects.select_for_update().get(pk=item.register_id)
    rows = ReadException.objects.select_for_update(of=("self",)).select_related("read", "register__meter", "owner")
    return rows.get(pk=item.pk)


def decided_so(item: ReadException, resolution: str) -> bool:
    """Whether it was decided just so before; raises `DecidedMeanwhile` where it was decided otherwise."""
    if item.state != ReadException.RESOLVED:
        return False
    if item.resolution != resolution:
        raise DecidedMeanwhile(item.resolution)
    return True


def undecided(item: ReadException) -> ReadException:
    """The item, unless somebody decided it."""
    if item.state == ReadException.RESOLVED:
        raise DecidedMeanwhile(item.resolution)
    return item


def reason_of(deed: Deed) -> str:
    """Why; raises `NoReason`."""
    if not deed.reason.strip():
        raise NoReason
    return deed.reason.strip()


def questioned_read(item: ReadException) -> Read:
    """The read the item is about; raises `NoRead`."""
    if item.read is None:
        raise NoRead
    return item.read


def check_shows(register: Register, value: Decimal) -> None:
    """Refuse a value the register's digits cannot show."""
    if not 0 <= value < 10**register.dials or value != round(value, register.decimals):
        raise CannotShow(dials=register.dials, decimals=register.decimals, value=plain(value))


def put_in_force(read: Read) -> None:
    """Accept a read; another one accepted for the same day steps back."""
    others = Read.objects.filter(
        register=read.register_id, read_on=read.read_on, superseded=False, status=Read.ACCEPTED
    ).exclude(pk=read.pk)
    if others.filter(starts_chain=True).exists():
        raise OpeningRead(on=read.read_on)
    others.update(superseded=True)
    Read.objects.filter(pk=read.pk).update(status=Read.ACCEPTED)


def replace_read(deed: Deed, item: ReadException, *, value: Decimal, origin: str, **facts: Any) -> Read:
    """Put a read in force in the place of the one questioned, or of the one that did not come.

    The read as it came stays, refused and superseded; the new one is the next version of its day.
    """
    assert item.register_id is not None
    old = item.read
    day = old.read_on if old is not None else item.on
    same_day = Read.objects.filter(register=item.register_id, read_on=day)
    newest = same_day.aggregate(newest=Max("version"))["newest"] or 0
    if old is not None:
        Read.objects.filter(pk=old.pk).update(status=Read.REJECTED, superseded=True)
    at = {"read_at": old.read_at, "reader": old.reader} if old is not None else {}
    read = Read(
        register_id=item.register_id, read_on=day, value=value, version=newest + 1, origin=origin, status=Read.QUEUED,
        deed=deed, **(at | facts),
    )  # fmt: skip
    read.save()
    put_in_force(read)
    return read


def bring_up_to_date(deed: Deed, register: int, *, since: date) -> None:
    """Settle estimates and derive usage from ``since`` on; the order in which reads were decided does not matter.

    Raises `NoBelievableUsage` where a pair of accepted reads would make none: a decision never throws out a read that
    somebody accepted before.
    """
    settled = settle(deed, [register])
    _, questioned = store_usage(deed, [register], since=min(since, settled or since))
    if questioned:
        doubt = Finding.objects.filter(deed=deed, read__register=register, holds=True).select_related("read")
        found = doubt.order_by("on").first()
        assert found is not None and found.read is not None
        raise NoBelievableUsage(value=plain(found.read.value), on=found.read.read_on,
                                problem=problem_words(found.rule))  # fmt: skip


def plain(value: Decimal) -> Decimal:
    """The same number without idle zeros or an exponent.

    >>> plain(Decimal("7200.000000")), plain(Decimal("7200.500000"))
    (Decimal('7200'), Decimal('7200.5'))
    """
    return Decimal(int(value)) if value == int(value) else value.normalize()


def subject_of(item: ReadException) -> str:
    """What deeds and approvals call an item."""
    return f"readexception:{item.pk}"


def finish(deed: Deed, item: ReadException, resolution: str, read: Read | None = None) -> ReadException:
    """Write the outcome and tell it; a second signature that was asked for and not given is not needed any more."""
    item.state, item.resolution = ReadException.RESOLVED, resolution
    item.resolved_on, item.resolved_by = deed.business_date, deed
    item.save(update_fields=["state", "resolution", "resolved_on", "resolved_by"])
    waiting = Approval.objects.filter(kind=APPROVAL, subject=subject_of(item), status=Approval.PENDING)
    waiting.update(status=Approval.WITHDRAWN)
    tell(
        deed, "metering.exception_decided", exception=item.pk, resolution=resolution, source=item.source,
        reference=item.reference, read=read.pk if read else None, value=f"{read.value:f}" if read else None,
    )  # fmt: skip
    return item
