"""Enrolling an account: the authorisation as it was given, the bank account behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from meterbook.engine.autopay.bank_account import ACCOUNT_TYPES, account_number, last_four, routing_number
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments.proofs import Proof, keep
from meterbook.records.autopay.enrolling import end, happened
from meterbook.records.autopay.models import Enrolment
from meterbook.records.autopay.refusals import AlreadyEnrolled, AutopayRefused
from meterbook.records.autopay.settings import rules_on
from meterbook.records.autopay.vault import seal
from meterbook.records.customers.models import Account
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.payments.marks import payer_mark
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, SUPERVISOR

HOWS = ("paper", "web", "phone")


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account as it was written: whose it is, routing number, account number, checking or savings."""

    name: str
    routing: str
    number: str
    account_type: str = "checking"
    business: bool = False


@dataclass(frozen=True, slots=True)
class Authorisation:
    """Who agreed, when, how (paper, web or phone) and in which language; the signed form where there is one."""

    by: str
    on: date
    how: str = "paper"
    language: str = "en"
    evidence: tuple[Proof, ...] = ()


@operation("autopay.enrol", roles={CSR, CASHIER, BILLING, SUPERVISOR})
def enrol(
    deed: Deed,
    *,
    account: Account,
    bank: BankAccount,
    authorisation: Authorisation,
    day: int | None = None,
    limit_cents: int | None = None,
    replace: bool = False,
) -> Enrolment:
    """Take an authorisation; with ``replace`` it ends the one before, for another bank account or another day.

    Nothing is drawn before the prenote has waited. Raises `OwnAccount`, `WrongBankAccount`, `AlreadyEnrolled`,
    `AutopayRefused`, `NoVaultKey`, `NoPolicy`.
    """
    lock_accounts([account.pk])
    refuse_own(deed.actor, account, deed.business_date)
    document, rules = rules_on(deed.business_date)
    routing, number = routing_number(bank.routing), account_number(bank.number)
    _check(deed, account, bank, authorisation, day, limit_cents)
    before = Enrolment.objects.select_for_update().filter(account=account).exclude(state=Enrolment.ENDED).first()
    if before is not None:
        if not replace:
            raise AlreadyEnrolled(
                Step(N_("Account {number} is enrolled since {day}."),
                     {"number": account.number, "day": before.authorised_on})
            )  # fmt: skip
        end(deed, before, why="replaced by a new authorisation")
    sec = rules.sec_of(business=bank.business, how=authorisation.how)
    made = Enrolment.objects.create(
        account=account, name=bank.name.strip(), business=bank.business, routing=routing, sealed_number=seal(number),
        last_four=last_four(number), mark=payer_mark(routing, number), account_type=bank.account_type, day=day,
        limit_cents=limit_cents, how=authorisation.how, sec=sec, authorised_by=authorisation.by.strip(),
        authorised_on=authorisation.on, language=authorisation.language,
        text_shown=rules.words(authorisation.language), document=document,
        validation="needed" if sec in rules.validated_classes else "not_needed", deed=deed,
    )  # fmt: skip
    keep(deed, f"enrolment:{made.pk}", list(authorisation.evidence))
    happened(deed, [made], "enrolled", detail={"bank": f"…{made.last_four}", "how": made.how})
    tell(deed, "autopay.enrolled", enrolment=made.pk, account=account.pk)
    return made


def _check(
    deed: Deed, account: Account, bank: BankAccount, authorisation: Authorisation, day: int | None, limit: int | None
) -> None:
    """Raise `AutopayRefused` where something about the authorisation cannot be."""
    said: list[tuple[bool, str]] = [
        (account.closed_on is not None, N_("The account is closed.")),
        (not bank.name.strip() or not authorisation.by.strip(), N_("Say whose bank account it is, and who agreed.")),
        (bank.account_type not in ACCOUNT_TYPES, N_("A bank account is a checking or a savings account.")),
        (authorisation.how not in HOWS, N_("An authorisation is given on paper, on the web or by phone.")),
        (authorisation.language not in ("en", "es"), N_("The words are English or Spanish.")),
        (authorisation.on > deed.business_date, N_("An authorisation was given today or before.")),
        (day is not None and not 1 <= day <= 31, N_("A draft day is a day of the month, 1 to 31.")),
        (limit is not None and limit <= 0, N_("A limit is more than nothing.")),
    ]
    for wrong, words in said:
        if wrong:
            raise AutopayRefused(Step(words))
