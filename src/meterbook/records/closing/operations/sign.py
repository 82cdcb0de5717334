"""Signing the checklist: done by its owner, an exception accepted by the finance director, a signature taken back."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.closing.checklist import OPEN, STRICT, Standing, checklist
from meterbook.records.closing.checks.contract import fingerprint
from meterbook.records.closing.models import MonthSignature
from meterbook.records.closing.refusals import MonthClosed, NothingToSign, NotTheOwner
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import AccountingPeriod, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CASHIER, FINANCE, SUPERVISOR, roles_of


@operation("closing.sign_item", roles={BILLING, CASHIER, SUPERVISOR, FINANCE})
def sign_item(
    deed: Deed, *, period: AccountingPeriod, item: str, note: str, file_name: str = "", content: bytes = b""
) -> MonthSignature:
    """Sign an item of a month, with a file as evidence if there is one.

    An item that checks itself is signed only as an exception, by the finance director, for exactly what is found now.
    Raises `MonthClosed`, `NothingToSign`, `NotTheOwner`.
    """
    standing = _standing(period, item)
    roles = roles_of(deed.actor, deed.business_date)
    if standing.item.computed and standing.state != OPEN:
        raise NothingToSign(Step(N_("Nothing stands in the way of this item.")))
    if standing.item.code in STRICT:
        raise NothingToSign(Step(N_("Nobody can accept this; it is put right.")))
    if standing.item.computed and FINANCE not in roles:
        raise NotTheOwner(Step(N_("Only the finance director accepts an exception.")))
    if not {standing.item.owner, FINANCE} & roles:
        raise NotTheOwner(Step(N_("This item is signed by its owner or the finance director.")))
    state = MonthSignature.EXCEPTION if standing.item.computed else MonthSignature.DONE
    made = _signed(deed, period, standing, state, note, file_name, content)
    tell(deed, "closing.item_signed", period=period.code, item=item, state=state)
    return made


@operation("closing.take_signature_back", roles={BILLING, CASHIER, SUPERVISOR, FINANCE})
def take_signature_back(deed: Deed, *, period: AccountingPeriod, item: str, note: str) -> MonthSignature:
    """Take the last signature of an item back. Raises `MonthClosed`, `NothingToSign`, `NotTheOwner`."""
    standing = _standing(period, item)
    if standing.signature is None:
        raise NothingToSign(Step(N_("Nobody signed this item.")))
    if standing.signature.deed.actor_id != deed.actor.pk and FINANCE not in roles_of(deed.actor, deed.business_date):
        raise NotTheOwner(Step(N_("Whoever signed takes it back, or the finance director.")))
    made = _signed(deed, period, standing, MonthSignature.TAKEN_BACK, note, "", b"")
    tell(deed, "closing.signature_taken_back", period=period.code, item=item)
    return made


def _standing(period: AccountingPeriod, item: str) -> Standing:
    """The item of an open month."""
    locked = AccountingPeriod.objects.select_for_update(no_key=True).get(pk=period.pk)
    if locked.closed_at is not None:
        raise MonthClosed(Step(N_("{month} is locked; nothing is signed any more."), {"month": locked.code}))
    found = next((one for one in checklist(locked, only=item)), None)
    if found is None:
        raise NothingToSign(Step(N_("The checklist has no item {item}."), {"item": item}))
    return found


def _signed(
    deed: Deed, period: AccountingPeriod, standing: Standing, state: str, note: str, file_name: str, content: bytes
) -> MonthSignature:
    evidence = None
    if content:
        subject = f"month:{period.code}/{standing.item.code}"
        evidence = keep_file(
            deed, subject=subject, file_name=file_name, content_type="application/octet-stream", content=content
        )
    return MonthSignature.objects.create(
        period=period, item=standing.item.code, state=state, note=note, evidence=evidence, deed=deed,
        found=[one.kept() for one in standing.found],
        found_sha256=fingerprint(standing.found) if standing.item.computed else "",
    )  # fmt: skip
