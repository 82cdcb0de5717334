"""Another value in the place of the one that came: corrected by a person, or estimated; or none at all."""

from __future__ import annotations

from decimal import Decimal

from meterbook.records.metering.models import Estimate, Read, ReadException, Register
from meterbook.records.metering.queue.deciding import (
    bring_up_to_date,
    check_shows,
    decided_so,
    finish,
    lock,
    questioned_read,
    reason_of,
    replace_read,
    undecided,
)
from meterbook.records.metering.queue.estimating import Offer, believable, chosen, read_at
from meterbook.records.metering.queue.evidence import was_seen
from meterbook.records.metering.queue.field_requests import ask_field
from meterbook.records.metering.queue.operations.accept import check_approval
from meterbook.records.metering.queue.refusals import DecidedMeanwhile, NoRead
from meterbook.records.metering.queue.settings import queue_settings
from meterbook.records.platform.deeds import operation
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("metering.correct_read", roles={BILLING, SUPERVISOR})
def correct_read(deed: Deed, *, item: ReadException, value: Decimal) -> ReadException:
    """Put the right value in force as a new version; the read as it came stays. Says why.

    ``value`` is what the register shows. In the place of an estimate it is an estimate too, unless a read or a visit
    shows it. What is as dear as a read that two people accept needs the second person as well. The same value twice
    is once; raises the refusals of `queue.refusals`.
    """
    found = lock(item)
    reason_of(deed)
    if found.state == ReadException.RESOLVED:
        if not decided_so(found, ReadException.CORRECTED) or _in_force(found).value != value:
            raise DecidedMeanwhile(found.resolution)
        return found
    read = questioned_read(found)
    check_shows(read.register, value)
    check_approval(deed, found, value)
    estimated = read.estimated and not was_seen(read.register_id, read.read_on, value)
    edited = replace_read(deed, found, value=value, origin=Read.EDITED, estimated=estimated)
    bring_up_to_date(deed, edited.register_id, since=edited.read_on)
    return finish(deed, found, ReadException.CORRECTED, edited)


def _in_force(item: ReadException) -> Read:
    """The read accepted for the item's day."""
    return Read.objects.get(register=item.register_id, read_on=item.on, superseded=False, status=Read.ACCEPTED)


@operation("metering.estimate_read", roles={BILLING, SUPERVISOR})
def estimate_read(deed: Deed, *, item: ReadException, method: str = "", offer: Offer | None = None) -> ReadException:
    """Estimate the read by the city's order of methods, or by ``method``; method, inputs and confidence are kept.

    Where many are estimated at once, ``offer`` is the item's estimate, made with the others in the same transaction.

    The estimate that reaches the limit of estimates in a row, and every one after it, asks the field to go there in
    the same deed: it cannot be had without. Twice is once; raises the refusals of `queue.refusals`.
    """
    found = lock(item)
    if decided_so(found, ReadException.ESTIMATED):
        return found
    if found.register_id is None or found.channel_id is not None:
        raise NoRead
    offer = believable(offer) if offer is not None else chosen(found, deed.business_date, method)
    assert offer.value is not None and offer.confidence is not None and offer.in_a_row is not None
    value = Decimal(offer.value).scaleb(-6)
    check_shows(Register.objects.get(pk=found.register_id), value)
    facts = {} if found.read_id is not None else {"read_at": read_at(found.on)}
    read = replace_read(deed, found, value=value, origin=Read.ESTIMATED, estimated=True, **facts)
    Estimate.objects.create(
        read=read, method=offer.method, confidence=offer.confidence, inputs=offer.inputs, in_a_row=offer.in_a_row,
        deed=deed,
    )  # fmt: skip
    if offer.limit_reached:
        due_on = queue_settings(deed.business_date).due_on("estimate_limit", deed.business_date)
        ask_field(deed, found, kind="estimate_limit", due_on=due_on, reason=f"{offer.in_a_row} estimates in a row")
    bring_up_to_date(deed, read.register_id, since=read.read_on)
    return finish(deed, found, ReadException.ESTIMATED, read)


@operation("metering.reject_read", roles={BILLING, SUPERVISOR})
def reject_read(deed: Deed, *, item: ReadException) -> ReadException:
    """Refuse a read for good, with nothing in its place: billing goes on waiting for one. Says why. Twice is once."""
    found = lock(item)
    reason_of(deed)
    if decided_so(found, ReadException.REJECTED):
        return found
    read = questioned_read(undecided(found))
    Read.objects.filter(pk=read.pk).update(status=Read.REJECTED)
    bring_up_to_date(deed, read.register_id, since=read.read_on)
    return finish(deed, found, ReadException.REJECTED, None)
