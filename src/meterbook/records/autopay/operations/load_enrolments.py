"""Authorisations taken over from another system: given and prenoted there, drawn here from the first day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from meterbook.engine.autopay.bank_account import account_number, last_four, routing_number
from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.enrolling import happened
from meterbook.records.autopay.models import Enrolment
from meterbook.records.autopay.refusals import AutopayRefused
from meterbook.records.autopay.settings import rules_on
from meterbook.records.autopay.vault import seal
from meterbook.records.customers.models import Account
from meterbook.records.payments.marks import payer_marks
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import SUPERVISOR


@dataclass(frozen=True, slots=True)
class TakenOver:
    """An authorisation as the other system had it."""

    account: str
    name: str
    routing: str
    number: str
    account_type: str
    authorised_on: date
    day: int | None = None
    business: bool = False


@operation("autopay.load_enrolments", roles={SUPERVISOR})
def load_enrolments(deed: Deed, *, rows: Sequence[TakenOver], drafts_from: date) -> int:
    """Take over many authorisations at once, active from ``drafts_from``; all of them or none. Returns how many.

    Raises `WrongBankAccount`, and `AutopayRefused` naming accounts that are not on record.
    """
    document, rules = rules_on(deed.business_date)
    known = dict(Account.objects.filter(number__in=[row.account for row in rows]).values_list("number", "id"))
    if lost := [row.account for row in rows if row.account not in known]:
        raise AutopayRefused(Step(N_("No such accounts: {numbers}."), {"numbers": ", ".join(lost[:10])}))
    banks = [(routing_number(row.routing), account_number(row.number)) for row in rows]
    marks = payer_marks(banks)
    made = Enrolment.objects.bulk_create(
        [
            Enrolment(
                account_id=known[row.account], name=row.name, business=row.business, routing=routing,
                sealed_number=seal(number), last_four=last_four(number), mark=mark, account_type=row.account_type,
                day=row.day, how="paper", sec=rules.sec_of(business=row.business, how="paper"),
                authorised_by=row.name, authorised_on=row.authorised_on, language="en", text_shown=rules.words("en"),
                document=document, state=Enrolment.ACTIVE, drafts_from=drafts_from, deed=deed,
            )
            for row, (routing, number), mark in zip(rows, banks, marks, strict=True)
        ],
        batch_size=2000,
    )  # fmt: skip
    happened(deed, made, "enrolled", detail={"from": "another system"})
    tell(deed, "autopay.enrolments_loaded", count=len(made))
    return len(made)
