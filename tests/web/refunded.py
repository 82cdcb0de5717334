"""Refunds in the tests' office: Ana's credit, a refund that waits, unclaimed money, a claim, a rebate, a small balance.

The rows are written as they stand where nothing of them is booked: pages only read them.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl
from tests.web.office import BILL_2, Office, act

from meterbook.records.ledger.models import LedgerAccount, OpenItem
from meterbook.records.ledger.transfers import account_for
from meterbook.records.payments.receiving import receive
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.refunds.models import (
    Payout,
    PayoutExport,
    Publication,
    RebateApplication,
    Refund,
    SmallBatch,
    SmallRow,
    Unclaimed,
    UnclaimedClaim,
    UnclaimedStep,
)
from meterbook.records.refunds.operations.propose import propose_refund
from meterbook.records.refunds.settings import dormancy_on, programmes_on, refund_rules_on

PLAIN = ("credits", "refunds", "refund_checks", "check_statuses", "unclaimed", "publish_unclaimed", "small_balances",
         "rebates")  # fmt: skip
POSTED_ONLY = {"withdraw_refund", "keep_refund"}
FILES = {"refund_letter", "refund_file", "refund_proof", "unclaimed_letter", "print_publication"}


def _deed(office: Office) -> Deed:
    return Deed.objects.create(kind="test.refunded", actor=office.staff["billing"], business_date=BILL_2)


def refund(office: Office) -> Refund:
    """Ben pays a hundred dollars too much in cash and is to have ten of them back."""
    found = Refund.objects.order_by("pk").first()
    if found is not None:
        return found
    rows = pl.DataFrame(
        [(office.ben.pk, office.ben.number, 1_000_000, BILL_2, "cash")], orient="row",
        schema={"account_id": pl.Int64, "written_account": pl.String, "amount_cents": pl.Int64,
                "received_on": pl.Date, "tender": pl.String},
    )  # fmt: skip
    receive(_deed(office), rows, into=account_for("cash"), effective_on=BILL_2)
    return propose_refund(
        act(office.staff["billing"], BILL_2), account=office.ben, how="check", reason="overpaid", cents=1000
    )


def payout(office: Office) -> Payout:
    """A check that was issued."""
    found = Payout.objects.first()
    return found or Payout.objects.create(
        refund=refund(office), how="check", amount_cents=1000, payee="Ben", lines=["1 Elm St"], state="issued",
        reference="50021", issued_on=BILL_2, deed=_deed(office),
    )  # fmt: skip


def _file(office: Office) -> PayoutExport:
    found = PayoutExport.objects.first()
    return found or PayoutExport.objects.create(
        kind="ap", file_name="checks.csv", sha256="0" * 64, content=b"x", count=1, total_cents=1000, made_on=BILL_2,
        deed=_deed(office),
    )  # fmt: skip


def publication(office: Office) -> Publication:
    """A list with one property on it."""
    found = Publication.objects.first()
    if found is None:
        document, _ = dormancy_on(BILL_2)
        found = Publication.objects.create(
            rule="three_years", newspaper="Courier", first_on=BILL_2, second_on=BILL_2 + timedelta(days=7),
            claim_by=BILL_2 + timedelta(days=45), fund="Utility", document=document, deed=_deed(office),
        )  # fmt: skip
    return found


def unclaimed(office: Office) -> Unclaimed:
    """Money of Ben's that was published."""
    found = Unclaimed.objects.first()
    if found is None:
        refund(office)
        credit = OpenItem.objects.filter(account=office.ben, side="credit").latest("pk")
        deed, listed = _deed(office), publication(office)
        found = Unclaimed.objects.create(
            account=office.ben, credit=credit, amount_cents=4_317, owner="Ben", lines=["1 Elm St"], since=BILL_2,
            rule="three_years", document=listed.document, state="published", publication=listed, deed=deed,
        )  # fmt: skip
        UnclaimedStep.objects.create(unclaimed=found, kind="letter", done_on=BILL_2, deed=deed)
    return found


def claim(office: Office) -> UnclaimedClaim:
    """Ben's daughter asks for it."""
    found = UnclaimedClaim.objects.first()
    return found or UnclaimedClaim.objects.create(
        unclaimed=unclaimed(office), claimant="Ben's daughter", lines=["9 Oak St"], grounds="heir", deed=_deed(office)
    )


def take_over(office: Office) -> Approval:
    """A request that it ends."""
    found = Approval.objects.filter(kind="refunds.take_over").first()
    one = unclaimed(office)
    row = {
        "unclaimed": one.pk, "account": office.ben.number, "owner": "Ben", "cents": 4_317, "rule": "three_years",
        "ends": "city",
    }  # fmt: skip
    return found or Approval.objects.create(
        kind="refunds.take_over", subject="takeover:1", preview={"properties": [row], "takes_over": "4970"},
        amount_cents=4_317, requested_by=office.staff["billing"], reason="three years",
    )  # fmt: skip


def batch(office: Office) -> SmallBatch:
    """A batch of one small credit."""
    found = SmallBatch.objects.first()
    if found is None:
        document, rules = refund_rules_on(BILL_2)
        request = Approval.objects.create(
            kind="refunds.decide_small", subject="smallbatch:0", preview={"debts_cents": 0, "credits_cents": 63},
            amount_cents=63, requested_by=office.staff["billing"], reason="",
        )  # fmt: skip
        found = SmallBatch.objects.create(
            document=document, against=LedgerAccount.objects.get(code=rules.small.account), approval=request,
            proposed_by=_deed(office),
        )  # fmt: skip
        SmallRow.objects.create(batch=found, account=office.ben, item=unclaimed(office).credit, amount_cents=-63)
    return found


def rebate(office: Office) -> RebateApplication:
    """Ana's new toilets."""
    document, _ = programmes_on(BILL_2)
    found = RebateApplication.objects.first()
    return found or RebateApplication.objects.create(
        account=office.ana, document=document, programme="toilet", service="water", units=2, cost_cents=30_000,
        amount_cents=20_000, steps=["2 units at $100.00: $200.00"], done_on=BILL_2, fiscal_year="2026-2027",
        how="account", deed=_deed(office),
    )  # fmt: skip


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of refunds."""
    _file(office)
    one, ben = unclaimed(office).pk, [office.ben.number]
    return {
        "account_credit": ben, "ask_refund": ben, "credit_stays": ben, "apply_rebate": [office.ana.number],
        "refund": [refund(office).pk], "pay_refund_again": [refund(office).pk], "end_payout": [payout(office).pk],
        "unclaimed_one": [one], "unclaimed_contact": [one], "claim_unclaimed": [one],
        "unclaimed_claim": [claim(office).pk], "publication": [publication(office).pk],
        "take_over": [take_over(office).pk], "small_batch": [batch(office).pk], "rebate": [rebate(office).pk],
    }  # fmt: skip
