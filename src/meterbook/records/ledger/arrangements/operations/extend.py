"""More time for named open items, and taking it back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.collections.arrangements.eligible import against_extension
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.arrangements.models import ExtendedItem, PaymentExtension
from meterbook.records.ledger.arrangements.proposing import chosen
from meterbook.records.ledger.arrangements.refusals import ArrangementRefused
from meterbook.records.ledger.arrangements.settings import rules_on
from meterbook.records.ledger.arrangements.standing import record_of
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR, roles_of


@operation("ledger.extend_payment", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def extend_payment(
    deed: Deed, *, account: Account, until: date, items: Sequence[int] = (), promised_by: str = ""
) -> PaymentExtension:
    """Give the named open items (all past due, or all open ones, if none is named) more time.

    Raises `ArrangementRefused` with every reason of the policy against it, `OwnAccount`, `NoPolicy`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    document, rules = rules_on(deed.business_date)
    waits = chosen(account.pk, items, before=deed.business_date)
    cents = sum(one.cents for one in waits)
    against = against_extension(
        rules.extension, record_of(account.pk, deed.business_date), open_cents=cents, until=until,
        day=deed.business_date, roles=roles_of(deed.actor, deed.business_date),
    )  # fmt: skip
    if against:
        raise ArrangementRefused(*against)
    made = PaymentExtension.objects.create(
        account=account, until=until, amount_cents=cents, promised_by=promised_by.strip()[:120], document=document,
        deed=deed,
    )  # fmt: skip
    ExtendedItem.objects.bulk_create(
        ExtendedItem(extension=made, item_id=one.item, amount_cents=one.cents) for one in waits
    )
    tell(deed, "ledger.payment_extended", extension=made.pk, account=account.pk, until=str(until), cents=cents)
    return made


@operation("ledger.cancel_extension", roles={CSR, BILLING, SUPERVISOR, FINANCE})
def cancel_extension(deed: Deed, *, extension: PaymentExtension) -> PaymentExtension:
    """Take more time back; the deed's reason says why. Raises `ArrangementRefused` and `OwnAccount`."""
    found = PaymentExtension.objects.select_for_update(of=("self",)).select_related("account").get(pk=extension.pk)
    refuse_own(deed.actor, found.account, deed.business_date)
    if found.cancelled_id is not None:
        raise ArrangementRefused(Step(N_("It was taken back already.")))
    if not deed.reason.strip():
        raise ArrangementRefused(Step(N_("Say why; it stays with the promise.")))
    found.cancelled = deed
    found.save(update_fields=["cancelled"])
    tell(deed, "ledger.extension_cancelled", extension=found.pk, account=found.account_id)
    return found
