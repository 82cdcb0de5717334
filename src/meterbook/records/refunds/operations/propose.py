"""Asking for a refund of an account's credit, by one person; another decides exactly those figures."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.billing.refunding.rules import RefundRules, TooSmall
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.refunds.booking import between
from meterbook.records.refunds.models import Refund
from meterbook.records.refunds.opening import FromCredit, put_down
from meterbook.records.refunds.refusals import NotRefundable
from meterbook.records.refunds.settings import refund_rules_on
from meterbook.records.refunds.worklist import open_credits

KIND = "refunds.decide"


@operation("refunds.propose", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def propose_refund(
    deed: Deed, *, account: Account, how: str, reason: str, note: str = "", cents: int | None = None,
    to_account: Account | None = None, payee: str = "", lines: Sequence[str] = (), bank: str = "",
) -> Refund:  # fmt: skip
    """Ask for ``cents`` of an account's credit, all that is certain where nothing is said, to go back.

    The oldest credits go first. Nothing is booked before `decide_refund`. Raises `OwnAccount`, `NotRefundable`,
    `NoPolicy`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    _, rules = refund_rules_on(deed.business_date)
    if reason not in rules.reasons:
        raise NotRefundable(Step(N_("Choose a reason of the policy: {known}."), {"known": ", ".join(rules.reasons)}))
    if to_account is not None and to_account.holder_id != account.holder_id and not note.strip():
        raise NotRefundable(Step(N_("That account has another holder: say why their money goes there.")))
    parts = _parts(deed, account, rules, cents)
    total = sum(part.cents for part in parts)
    _large_enough(rules, total, how)
    made = put_down(
        deed, account=account, cents=total, how=how, source="credit", credits=parts, out_of=None, to_account=to_account,
        payee=payee, lines=lines, bank=bank, reason=reason, note=note,
    )  # fmt: skip
    ask(deed, made)
    tell(deed, "refunds.proposed", refund=made.pk, account=account.pk, cents=total)
    return made


def ask(deed: Deed, refund: Refund) -> Approval:
    """Let a refund wait for its second person."""
    request = Approval.objects.create(
        kind=KIND, subject=f"refund:{refund.pk}", preview=preview_of(refund), amount_cents=refund.amount_cents,
        requested_by=deed.actor, reason=deed.reason or refund.note,
    )  # fmt: skip
    refund.approval = request
    refund.save(update_fields=["approval"])
    return request


def preview_of(refund: Refund) -> dict[str, Any]:
    """What will post, and where the money goes: exactly what the second person approves."""
    into = between(refund)
    parts = list(refund.parts.select_related("credit").order_by("pk"))
    return {
        "account": refund.account.number, "cents": refund.amount_cents, "how": refund.how, "reason": refund.reason,
        "to": refund.to_account.number if refund.to_account else "", "payee": refund.payee, "lines": refund.lines,
        "bank": refund.bank, "into": into.code, "out_of": refund.out_of.code if refund.out_of else "",
        "credits": [
            {
                "credit": part.credit_id, "service": part.credit.service, "since": str(part.credit.effective_on),
                "source": part.credit.source_kind, "cents": part.amount_cents,
            }
            for part in parts
        ],
    }  # fmt: skip


def _parts(deed: Deed, account: Account, rules: RefundRules, cents: int | None) -> list[FromCredit]:
    """The oldest certain credits up to the amount; raises `NotRefundable` where they do not reach."""
    day = deed.business_date
    found = [credit for credit in open_credits(day, account.pk) if credit.cents > 0]
    certain = [credit for credit in found if credit.certain_on <= day]
    total, wanted = sum(credit.cents for credit in certain), cents
    if wanted is None:
        wanted = total
    if not 0 < wanted <= total:
        if found and not 0 < wanted <= total and wanted <= sum(credit.cents for credit in found):
            until = max(credit.certain_on for credit in found)
            raise NotRefundable(
                Step(N_("The payment has not cleared yet: it may go back from {day} on."), {"day": until})
            )
        raise NotRefundable(
            Step(N_("{number} has a credit of {credit} that can go back."),
                 {"number": account.number, "credit": dollars(total)})
        )  # fmt: skip
    parts = []
    for credit in certain:
        take = min(credit.cents, wanted)
        if take:
            parts.append(FromCredit(credit.item, take))
        wanted -= take
    return parts


def _large_enough(rules: RefundRules, cents: int, how: str) -> None:
    try:
        rules.way_for(cents, how)
    except TooSmall as error:
        raise NotRefundable(
            Step(N_("Too little to pay this way: at least {least}."), {"least": dollars(rules.least[how])})
        ) from error
