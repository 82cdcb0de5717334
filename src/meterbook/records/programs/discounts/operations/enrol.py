"""Enrolling somebody in a program, renewing it, ending it, and letting what has run out end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.engine.billing.discounting.rules import Program, expires
from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, Person
from meterbook.records.customers.protecting import end_protection, protect
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.programs.discounts.refusals import DiscountRefused
from meterbook.records.programs.discounts.standing import NONE, rules_on, state_facts
from meterbook.records.programs.models import DiscountEnrolment


@dataclass(frozen=True, slots=True)
class Shown:
    """What the customer showed: documents by code, household and income a year, or the aid in their place."""

    papers: tuple[str, ...]
    household_size: int | None = None
    income_cents: int | None = None
    aid: str = ""


@operation("programs.enrol_discount", roles={CSR, BILLING, SUPERVISOR})
def enrol_discount(
    deed: Deed, *, account: Account, program: str, shown: Shown, starts: date, person: Person | None = None
) -> DiscountEnrolment:
    """Enrol the holder (or ``person``) from a day on, for the months of the policy.

    Tariffs learn it at the account's service points, and what the program protects from is barred from the same day.
    Raises `DiscountRefused` with everything that is missing, `OwnAccount`, `NoPolicy`, `WrongDeterminant`.
    """
    refuse_own(deed.actor, account, deed.business_date)
    document, rules = rules_on(deed.business_date)
    found = _known(rules.programs.get(program), account)
    _check(found, shown)
    if DiscountEnrolment.objects.filter(account=account, program=program, ended__isnull=True).exists():
        raise DiscountRefused(Step(N_("This program holds for the account already. Renew it instead.")))
    if starts > deed.business_date + timedelta(days=31) or starts < account.opened_on:
        raise DiscountRefused(Step(N_("It begins while the account is open, and at most a month from now.")))
    ends = expires(starts, found.months)
    made = DiscountEnrolment(
        account=account, person=person or account.holder, program=program, validity=DateRange(starts, ends),
        household_size=shown.household_size, income_cents=shown.income_cents, aid=shown.aid,
        papers=sorted(shown.papers), document=document, deed=deed,
    )  # fmt: skip
    return begin(deed, made, found)


@operation("programs.renew_discount", roles={CSR, BILLING, SUPERVISOR})
def renew_discount(deed: Deed, *, enrolment: DiscountEnrolment, shown: Shown) -> DiscountEnrolment:
    """Recertify: it holds on for the policy's months after its end, or after today where that is over.

    Raises `DiscountRefused`, `OwnAccount`, `NoPolicy`.
    """
    found = _locked(deed, enrolment)
    program = _known(rules_on(deed.business_date)[1].programs.get(found.program), found.account)
    _check(program, shown)
    ends = expires(max(found.validity.upper, deed.business_date), program.months)
    found.validity = DateRange(found.validity.lower, ends)
    found.household_size, found.income_cents = shown.household_size, shown.income_cents
    found.aid, found.papers = shown.aid, sorted(shown.papers)
    if found.protection is not None:
        end_protection(deed, found.protection, ends=ends)
    found.save()
    tell(deed, "programs.discount_renewed", enrolment=found.pk, account=found.account_id, program=found.program)
    return found


@operation("programs.end_discount", roles={CSR, BILLING, SUPERVISOR})
def end_discount(deed: Deed, *, enrolment: DiscountEnrolment) -> DiscountEnrolment:
    """End an enrolment today; the deed's reason says why. Raises `DiscountRefused` and `OwnAccount`."""
    found = _locked(deed, enrolment)
    if not deed.reason.strip():
        raise DiscountRefused(Step(N_("Say why; it stays with the enrolment.")))
    return end(deed, found, on=deed.business_date)


@operation("programs.expire_discounts", roles={BILLING, SUPERVISOR})
def expire_discounts(deed: Deed) -> int:
    """End every enrolment whose last day is over; returns how many."""
    rows = DiscountEnrolment.objects.select_for_update(of=("self",)).select_related("account", "protection")
    over = list(rows.filter(ended__isnull=True, validity__endswith__lte=deed.business_date).order_by("pk"))
    for each in over:
        end(deed, each, on=each.validity.upper)
    return len(over)


def begin(deed: Deed, made: DiscountEnrolment, program: Program) -> DiscountEnrolment:
    """Keep an enrolment, tell the tariffs and protect."""
    starts, ends = made.validity.lower, made.validity.upper
    if program.protection:
        made.protection = protect(
            deed, account=made.account, kind=program.protection, evidence=f"{program.words['en']}, {made.person.name}",
            starts=starts, ends=ends,
        )  # fmt: skip
    made.facts = state_facts(deed, made.account, program, starts=starts, key=program.key)
    made.save()
    tell(deed, "programs.discount_enrolled", enrolment=made.pk, account=made.account_id, program=made.program)
    return made


def end(deed: Deed, found: DiscountEnrolment, *, on: date) -> DiscountEnrolment:
    """End an enrolment, what it told the tariffs and what it protected from; one that began today has held today."""
    program = rules_on(deed.business_date)[1].programs.get(found.program)
    last = max(on, found.validity.lower + timedelta(days=1))
    if found.validity.upper is None or found.validity.upper > last:
        found.validity = DateRange(found.validity.lower, last)
    found.ended = deed
    if found.protection is not None:
        end_protection(deed, found.protection, ends=last)
    if program is not None and found.facts:
        state_facts(deed, found.account, program, starts=last, key=NONE)
    found.save()
    tell(deed, "programs.discount_ended", enrolment=found.pk, account=found.account_id, program=found.program)
    return found


def _known(program: Program | None, account: Account) -> Program:
    if program is None:
        raise DiscountRefused(Step(N_("The policy has no such program.")))
    if not account.agreements.filter(service_point__commodity__in=program.services).exists():
        raise DiscountRefused(Step(N_("The account has none of the services of this program.")))
    return program


def _check(program: Program, shown: Shown) -> None:
    missing = program.missing(
        papers=shown.papers, size=shown.household_size, income_cents=shown.income_cents, aid=shown.aid
    )
    if missing:
        raise DiscountRefused(*missing)


def _locked(deed: Deed, enrolment: DiscountEnrolment) -> DiscountEnrolment:
    refuse_own(deed.actor, enrolment.account, deed.business_date)
    rows = DiscountEnrolment.objects.select_for_update(of=("self",)).select_related("account__holder", "protection")
    found = rows.get(pk=enrolment.pk)
    if found.ended_id is not None:
        raise DiscountRefused(Step(N_("It has ended already.")))
    return found
