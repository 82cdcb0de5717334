"""An outcome kept as it came: the visit, its answers, findings, parts, pictures and the signature."""

from __future__ import annotations

from meterbook.records.metering.field.photos import NoPicture, kind_of
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.service_orders.applying.effects import day_of
from meterbook.records.service_orders.models import ChecklistAnswer, Order, OrderFinding, OrderPart, OrderVisit
from meterbook.records.service_orders.outcome import Outcome, as_sent

_PHOTO, _SIGNATURE = "photo", "signature"


def subject_of(visit: OrderVisit) -> str:
    """What the visit's files name."""
    return f"ordervisit:{visit.pk}"


def keep_visit(deed: Deed, order: Order, outcome: Outcome) -> OrderVisit:
    """Write everything down; nothing is applied yet."""
    visit = OrderVisit.objects.create(
        order=order, key=outcome.key, state=OrderVisit.CONFLICT, able=outcome.able, code=outcome.code[:20],
        danger=outcome.danger[:20], version=outcome.version, done_at=outcome.done_at, done_on=day_of(outcome),
        by=deed.actor, serial=outcome.serial[:30], signer=outcome.signer[:120], note=outcome.note,
        sent=as_sent(outcome), deed=deed,
    )  # fmt: skip
    ChecklistAnswer.objects.bulk_create(
        ChecklistAnswer(visit=visit, item=item[:40], answer=answer[:200]) for item, answer in outcome.answers.items()
    )
    OrderFinding.objects.bulk_create(
        OrderFinding(visit=visit, code=one.code[:40], note=one.note[:300]) for one in outcome.findings
    )
    OrderPart.objects.bulk_create(
        OrderPart(visit=visit, code=one.code[:40], quantity=one.quantity, serial=one.serial[:60])
        for one in outcome.parts
    )
    for at, photo in enumerate(outcome.photos, start=1):
        _keep(deed, visit, f"{_PHOTO}-{at}", photo.content)
    if outcome.signature:
        _keep(deed, visit, _SIGNATURE, outcome.signature)
    return visit


def _keep(deed: Deed, visit: OrderVisit, name: str, content: bytes) -> None:
    """A picture told by its bytes; what is none is kept all the same, for a crew cannot come back for it."""
    try:
        content_type, suffix = kind_of(content)
    except NoPicture:
        content_type, suffix = "application/octet-stream", ".bin"
    keep_file(
        deed, subject=subject_of(visit), file_name=f"order-{visit.order_id}-{name}{suffix}",
        content_type=content_type, content=content,
    )  # fmt: skip
