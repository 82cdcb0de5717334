"""What a field request that ends does to the item of the exception queue it came from."""

from __future__ import annotations

from decimal import Decimal

from meterbook.records.metering.models import FieldRequest, FieldRequestStep, Read, ReadException
from meterbook.records.metering.queue.deciding import lock
from meterbook.records.metering.queue.evidence import FIELD_READ
from meterbook.records.metering.queue.operations.accept import accept_read
from meterbook.records.metering.queue.operations.change import correct_read, reject_read
from meterbook.records.metering.queue.refusals import CannotDecide
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.models import Deed, Event

CORRECTED = "metering.request_corrected"


def settle_items(deed: Deed, request: FieldRequest, verdict: str, outcome: str) -> list[str]:
    """Decide the item a confirmed or corrected request came from, and the reads taken on the visit.

    What the queue refuses to decide so (a second signature is needed, say) goes back to it as open work. Returns the
    refusals, in English.
    """
    act = Act(deed.actor, deed.business_date, outcome)
    refused = []
    item = request.exception
    if item is not None and item.state != ReadException.RESOLVED:
        try:
            _decide(act, request, item, verdict)
        except CannotDecide as refusal:
            reopen(item)
            refused.append(str(refusal))
    for waiting in _visited(request):
        try:
            accept_read(act, item=waiting)
        except CannotDecide as refusal:
            refused.append(str(refusal))
    return refused


def _decide(act: Act, request: FieldRequest, item: ReadException, verdict: str) -> None:
    if item.read_id is None:
        reopen(item)  # the read that was missed did not come with the visit
    elif verdict == FieldRequest.CONFIRMED:
        accept_read(act, item=item)
    elif (value := corrected_value(request)) is not None:
        correct_read(act, item=item, value=value)
    else:
        reject_read(act, item=item)


def reopen(item: ReadException | None) -> bool:
    """Give an item that waited for the field back to the queue, unless another request is still out for it."""
    if item is None:
        return False
    found = lock(item)
    if found.state != ReadException.WAITING:
        return False
    if FieldRequest.objects.filter(exception=found).exclude(state=FieldRequest.CLOSED).count() > 1:
        return False
    found.state = ReadException.OPEN
    found.save(update_fields=["state"])
    return True


def corrected_value(request: FieldRequest) -> Decimal | None:
    """What the questioned register should have shown on its day, as somebody stated when correcting it."""
    told = Event.objects.filter(kind=CORRECTED, payload__request=request.pk).order_by("-pk").first()
    return None if told is None or told.payload["value"] is None else Decimal(told.payload["value"])


def seen_on_the_day(request: FieldRequest) -> Decimal | None:
    """What the visit saw on the questioned register, if it was on the very day in question."""
    item = request.exception
    told = Event.objects.filter(kind=FIELD_READ, payload__request=request.pk).order_by("-pk").first()
    if item is None or item.read_id is None or told is None or told.payload["on"] != item.on.isoformat():
        return None
    values = [each["value"] for each in told.payload["reads"] if each["register"] == item.register_id]
    return Decimal(values[0]) if values else None


def _visited(request: FieldRequest) -> list[ReadException]:
    """Items of reads that this request's visits brought and a rule held."""
    deeds = FieldRequestStep.objects.filter(request=request, state=FieldRequest.READ).values("deed")
    reads = Read.objects.filter(deed__in=deeds, status=Read.QUEUED, superseded=False)
    items = ReadException.objects.filter(read__in=reads).exclude(state=ReadException.RESOLVED)
    others = items if request.exception_id is None else items.exclude(pk=request.exception_id)
    return list(others.order_by("on", "pk"))
