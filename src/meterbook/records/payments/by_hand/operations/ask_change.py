"""Asking for money on the books to be changed: taken back, moved, carried to another account, applied."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.ledger.models import OpenItem
from meterbook.records.payments.by_hand.asking import ask
from meterbook.records.payments.by_hand.carrying import open_parts
from meterbook.records.payments.by_hand.models import HandChange
from meterbook.records.payments.by_hand.refusals import NotPossible
from meterbook.records.payments.models import Payment
from meterbook.records.payments.standing import parts_of
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR


@operation("payments.reverse_by_hand", roles={BILLING, SUPERVISOR, FINANCE})
def reverse_by_hand(deed: Deed, *, payment: Payment, reason: str, note: str) -> HandChange:
    """Take a payment back whole, wherever it is now: its charges are owed again from their own due dates.

    Raises `NotPossible`, `OwnAccount`, `UnknownReason`.
    """
    held = {part.account for part in parts_of([payment.pk]) if part.account is not None}
    accounts = list(Account.objects.filter(pk__in=held).order_by("pk"))
    made = ask(
        deed, "reverse", accounts=accounts, cents=payment.amount_cents, reason=reason, note=note, payment=payment,
        from_account=accounts[0] if accounts else None,
    )  # fmt: skip
    tell(deed, "payments.change_by_hand", change=made.pk, kind=made.kind, state=made.state)
    return made


@operation("payments.move_by_hand", roles={BILLING, SUPERVISOR, FINANCE})
def move_by_hand(
    deed: Deed, *, payment: Payment, source: Account | None, target: Account | None, amount_cents: int, reason: str,
    note: str,
) -> HandChange:  # fmt: skip
    """Move cents of a payment to the account they are for; None stands for suspense. Raises as `reverse_by_hand`."""
    if source == target:
        raise NotPossible(Step(N_("Choose another account than the one the payment is on.")))
    accounts = [one for one in (source, target) if one is not None]
    made = ask(
        deed, "move", accounts=accounts, cents=amount_cents, reason=reason, note=note, payment=payment,
        from_account=source, to_account=target,
    )  # fmt: skip
    tell(deed, "payments.change_by_hand", change=made.pk, kind=made.kind, state=made.state)
    return made


@operation("payments.transfer_credit", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def transfer_credit(
    deed: Deed, *, source: Account, target: Account, amount_cents: int, reason: str, note: str
) -> HandChange:
    """Carry an unspent credit to another account of the same customer. Raises as `reverse_by_hand`."""
    _same_customer(source, target)
    made = ask(
        deed, "transfer_credit", accounts=[source, target], cents=amount_cents, reason=reason, note=note,
        from_account=source, to_account=target,
    )  # fmt: skip
    tell(deed, "payments.change_by_hand", change=made.pk, kind=made.kind, state=made.state)
    return made


@operation("payments.transfer_balance", roles={BILLING, SUPERVISOR, FINANCE})
def transfer_balance(deed: Deed, *, source: Account, target: Account, reason: str, note: str) -> HandChange:
    """Carry everything open on an account to another of the same customer, each charge with its own due date.

    Raises as `reverse_by_hand`.
    """
    _same_customer(source, target)
    cents = sum(part.cents for part in open_parts(source, OpenItem.CHARGE))
    if not cents:
        raise NotPossible(Step(N_("Nothing is open on account {number}."), {"number": source.number}))
    made = ask(
        deed, "transfer_balance", accounts=[source, target], cents=cents, reason=reason, note=note,
        from_account=source, to_account=target,
    )  # fmt: skip
    tell(deed, "payments.change_by_hand", change=made.pk, kind=made.kind, state=made.state)
    return made


@operation("payments.apply_credit", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def apply_credit(
    deed: Deed, *, credit: OpenItem, charge: OpenItem, amount_cents: int, reason: str, note: str
) -> HandChange:
    """Let a credit settle the charge somebody chose instead of the next in the order of payment.

    Raises as `reverse_by_hand`.
    """
    fits = credit.side == OpenItem.CREDIT and charge.side == OpenItem.CHARGE and credit.account_id == charge.account_id
    if not fits:
        raise NotPossible(Step(N_("Choose a credit and a charge of one account.")))
    made = ask(
        deed, "apply_credit", accounts=[credit.account], cents=amount_cents, reason=reason, note=note, credit=credit,
        charge=charge, from_account=credit.account,
    )  # fmt: skip
    tell(deed, "payments.change_by_hand", change=made.pk, kind=made.kind, state=made.state)
    return made


def _same_customer(source: Account, target: Account) -> None:
    if source.pk == target.pk or source.holder_id != target.holder_id:
        raise NotPossible(Step(N_("Both accounts belong to one customer, and they are two.")))
    if target.closed_on is not None:
        raise NotPossible(Step(N_("Account {number} is closed."), {"number": target.number}))
