"""What pages show of discounts and the medical baseline."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import F, QuerySet

from meterbook.engine.billing.discounting.rules import Program
from meterbook.engine.trace import N_, Step
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.programs.discounts.standing import rules_on
from meterbook.records.programs.models import DiscountEnrolment


def programs_on(day: date, services: list[str]) -> list[Program]:
    """The programs for these services; none without a policy."""
    try:
        known = rules_on(day)[1].programs.values()
    except NoPolicy:
        return []
    return [one for one in known if set(one.services) & set(services)]


def words_on(day: date, language: str) -> dict[str, str]:
    """What each program is called in a language."""
    try:
        return {code: one.words[language] for code, one in rules_on(day)[1].programs.items()}
    except NoPolicy:
        return {}


def enrolments() -> QuerySet[DiscountEnrolment, Any]:
    """Every enrolment with its account."""
    return DiscountEnrolment.objects.values(
        "id", "program", "facts", "ended_id", since=F("validity__startswith"), until=F("validity__endswith"),
        number=F("account__number"), name=F("person__name"), by=F("deed__actor__username"),
    )  # fmt: skip


def to_renew(day: date) -> QuerySet[DiscountEnrolment, Any]:
    """Enrolments that end soon, or have run out and were not ended: the recertification list."""
    try:
        soon = day + timedelta(days=rules_on(day)[1].remind_days)
    except NoPolicy:
        return enrolments().none()
    return enrolments().filter(ended__isnull=True, validity__endswith__lte=soon)


def of_account(account_id: int) -> list[DiscountEnrolment]:
    """Every enrolment of an account, those that hold first."""
    rows = DiscountEnrolment.objects.filter(account_id=account_id)
    return list(
        rows.select_related("person", "deed__actor", "ended__actor").order_by(F("ended").asc(nulls_first=True), "-pk")
    )


def find(enrolment_id: int) -> DiscountEnrolment | None:
    """One enrolment with everything around it."""
    about = ("account__holder", "person", "deed__actor", "ended__actor", "document", "protection", "before__account")
    return DiscountEnrolment.objects.filter(pk=enrolment_id).select_related(*about).first()


def happened(account_id: int, since: date) -> list[Happening]:
    """Enrolments of an account, for its timeline."""
    told = []
    for one in of_account(account_id):
        at = ("discount", (one.pk,))
        if one.deed.business_date >= since:
            told.append(
                Happening(
                    one.deed.business_date, "program", _said(N_("Enrolled: {program}"), one),
                    one.deed.recorded_at, at, str(one.deed.actor),
                )
            )  # fmt: skip
        if one.ended is not None and one.ended.business_date >= since:
            told.append(
                Happening(
                    one.ended.business_date, "program", _said(N_("Enrolment ended: {program}"), one),
                    one.ended.recorded_at, at, str(one.ended.actor), one.ended.reason,
                )
            )  # fmt: skip
    return told


def _said(message: str, one: DiscountEnrolment) -> Step:
    return Step(message, {"program": one.program.replace("_", " ")})
