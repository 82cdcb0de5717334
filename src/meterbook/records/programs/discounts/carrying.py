"""Discounts go along with a person who moves: they end at the old account and hold on at the new one."""

from __future__ import annotations

from datetime import date

from django.db.backends.postgresql.psycopg_any import DateRange

from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.programs.discounts.operations.enrol import begin, end
from meterbook.records.programs.discounts.standing import rules_on
from meterbook.records.programs.models import DiscountEnrolment


def carry_discounts(deed: Deed, *, source: Account, target: Account, on: date) -> list[DiscountEnrolment]:
    """Move every enrolment of the old account's people to the new one from ``on`` on, with the days it has left.

    What the new account's services do not take, and what would be twice, ends. Called inside a move's own deed, once
    the new agreements stand. Returns the enrolments that hold on.
    """
    rows = DiscountEnrolment.objects.select_for_update(of=("self",)).filter(account=source, ended__isnull=True)
    standing = list(rows.select_related("account", "person", "protection", "document").order_by("pk"))
    if not standing:
        return []
    try:
        programs = rules_on(deed.business_date)[1].programs
    except NoPolicy:
        return []
    made = []
    for old in standing:
        until = old.validity.upper
        end(deed, old, on=on)
        program = programs.get(old.program)
        if program is None or until <= on or not _takes(target, old, program.services):
            continue
        new = DiscountEnrolment(
            account=target, person=old.person, program=old.program, validity=DateRange(on, until),
            household_size=old.household_size, income_cents=old.income_cents, aid=old.aid, papers=old.papers,
            before=old, document=old.document, deed=deed,
        )  # fmt: skip
        made.append(begin(deed, new, program))
    return made


def _takes(target: Account, old: DiscountEnrolment, services: tuple[str, ...]) -> bool:
    twice = DiscountEnrolment.objects.filter(account=target, program=old.program, ended__isnull=True).exists()
    return not twice and target.agreements.filter(service_point__commodity__in=services).exists()
