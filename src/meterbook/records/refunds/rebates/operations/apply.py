"""Rebates: a customer applies, a second person grants within the year's budget, a credit or a check follows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

from meterbook.engine.billing.adjusting.reasons import dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.proofs import Proof, keep
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.refunds.opening import open_refund
from meterbook.records.refunds.operations.decide import agree, refuse_beyond, take_back_request
from meterbook.records.refunds.rebates.budget import budgets, units_before
from meterbook.records.refunds.rebates.models import RebateApplication
from meterbook.records.refunds.refusals import NotNow, NotRefundable
from meterbook.records.refunds.settings import programmes_on

KIND = "refunds.decide_rebate"


@operation("refunds.apply_rebate", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def apply_rebate(
    deed: Deed, *, account: Account, programme: str, units: int, cost_cents: int, done_on: date, how: str = "account",
    note: str = "", proofs: Sequence[Proof] = (),
) -> RebateApplication:  # fmt: skip
    """Take in an application with its receipt and ask a second person for what the programme gives.

    Raises `NoRebate` (engine), `NotRefundable`, `OwnAccount`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    document, found = programmes_on(deed.business_date)
    one = found.programme(programme)
    if not proofs:
        raise NotRefundable(Step(N_("Attach the receipt; it stays with the application.")))
    if not ServiceAgreement.objects.filter(account=account, service_point__commodity=one.service).exists():
        raise NotRefundable(
            Step(N_("Account {number} never had this service: {service}."),
                 {"number": account.number, "service": one.service})
        )  # fmt: skip
    year = found.fiscal_year(deed.business_date)
    cents, steps = one.worth(
        units=units, cost_cents=cost_cents, done_on=done_on, asked_on=deed.business_date,
        before=units_before(account, programme, year),
    )  # fmt: skip
    made = RebateApplication.objects.create(
        account=account, document=document, programme=programme, service=one.service, units=units,
        cost_cents=cost_cents, amount_cents=cents, steps=[step.words(str) for step in steps], done_on=done_on,
        fiscal_year=year, how=how, note=note.strip(), deed=deed,
    )  # fmt: skip
    keep(deed, f"rebateapplication:{made.pk}", proofs)
    made.approval = Approval.objects.create(
        kind=KIND, subject=f"rebateapplication:{made.pk}", amount_cents=cents, requested_by=deed.actor,
        reason=deed.reason or made.note, preview={
            "account": account.number, "programme": programme, "units": units, "cents": cents, "how": how,
            "out_of": one.account, "steps": made.steps,
        },
    )  # fmt: skip
    made.save(update_fields=["approval"])
    tell(deed, "refunds.rebate_asked", rebate=made.pk, account=account.pk, cents=cents)
    return made


@operation(KIND, roles={SUPERVISOR, FINANCE})
def decide_rebate(deed: Deed, *, application: RebateApplication, grant: bool) -> RebateApplication:
    """Grant a rebate within what is left of the budget, or refuse it.

    Raises `SamePerson`, `OwnAccount`, `BeyondLimit`, and `NotRefundable` where the budget is used up.
    """
    _lock_programme(application.programme)
    locked = RebateApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.state != RebateApplication.ASKED or locked.approval is None:
        raise NotNow(Step(N_("This application was decided in the meantime.")))
    refuse_own(deed.actor, locked.account, deed.business_date)
    _, found = programmes_on(deed.business_date)
    refuse_beyond(deed, locked.amount_cents, found.decides)
    agree(deed, locked.approval, approve=grant)
    locked.state, locked.decided_by = RebateApplication.GRANTED if grant else RebateApplication.REFUSED, deed
    if grant:
        _within_budget(deed, locked)
        expense = LedgerAccount.objects.get(code=locked.approval.preview["out_of"])
        locked.refund = open_refund(
            deed, account=locked.account, cents=locked.amount_cents, how=locked.how, source="rebate", out_of=expense,
            reason="rebate", note=locked.note,
        )  # fmt: skip
    locked.save(update_fields=["state", "decided_by", "refund"])
    tell(deed, f"refunds.rebate_{locked.state}", rebate=locked.pk, cents=locked.amount_cents)
    return locked


@operation("refunds.withdraw_rebate", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def withdraw_rebate(deed: Deed, *, application: RebateApplication) -> RebateApplication:
    """Take back an application one took in oneself. Raises `NotNow`."""
    locked = RebateApplication.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if locked.state != RebateApplication.ASKED or locked.approval is None:
        raise NotNow(Step(N_("This application was decided in the meantime.")))
    take_back_request(deed, locked.approval)
    locked.state, locked.decided_by = RebateApplication.WITHDRAWN, deed
    locked.save(update_fields=["state", "decided_by"])
    tell(deed, "refunds.rebate_withdrawn", rebate=locked.pk)
    return locked


def _within_budget(deed: Deed, application: RebateApplication) -> None:
    """Raise `NotRefundable` where less is left in the application's year than it asks for."""
    rows = {one.programme: one for one in budgets(application.deed.business_date)}
    left = rows[application.programme].left_cents if application.programme in rows else 0
    if application.amount_cents > left:
        raise NotRefundable(
            Step(N_("{left} is left in this year's budget; this asks for {cents}."),
                 {"left": dollars(left), "cents": dollars(application.amount_cents)})
        )  # fmt: skip


def _lock_programme(code: str) -> None:
    """Let grants of a programme wait for each other, so that no two take the last of its budget."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 7))", [f"rebate:{code}"])
