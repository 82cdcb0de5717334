"""Verifying a caller by what they answer, or opening an account's data for a stated reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from meterbook.engine.contacts.caller import PARTS, agrees, decide
from meterbook.engine.trace import N_, Step
from meterbook.records.contacts.models import CallerVerification
from meterbook.records.contacts.refusals import ContactRefused
from meterbook.records.contacts.verifying import rules_on, standing
from meterbook.records.customers.models import Account, Person
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, CSR, FINANCE, SUPERVISOR, roles_of


@operation("contacts.verify_caller", roles={CSR, BILLING, SUPERVISOR, CASHIER})
def verify_caller(
    deed: Deed, *, account: Account, person: Person | None, part: str, answers: Mapping[str, str],
    on_record: Mapping[str, Sequence[str]],
) -> CallerVerification:  # fmt: skip
    """Compare what a caller answered with what is on record, and write down the outcome; answers are not kept.

    A refusal is written down as well, so this returns it. Raises `ContactRefused` where nothing was decided.
    """
    rules = rules_on(deed.business_date)
    if rules is None:
        raise ContactRefused(Step(N_("No policy says how callers are verified.")))
    if part not in PARTS:
        raise ValueError(f"found part {part!r}, expected one of {PARTS}")
    if standing(account.pk, deed.actor.pk, deed.business_date, rules).locked:
        raise ContactRefused(
            Step(N_("Wrong answers locked this account for today. A supervisor opens it, with a reason."))
        )
    asked: dict[str, bool] = {}
    for question in rules.questions:
        found = agrees(question.code, answers.get(question.code, ""), on_record.get(question.code, ()))
        if found is not None:
            asked[question.code] = found
    outcome = decide(asked, rules)
    if outcome == "unanswered":
        raise ContactRefused(Step(N_("Ask on: {needed} right answers are needed."), {"needed": rules.right_needed}))
    made = CallerVerification.objects.create(
        account=account, person=person, part=part, asked=asked, outcome=outcome, by=deed.actor, deed=deed
    )
    tell(deed, "contacts.caller_verified", account=account.pk, verification=made.pk, outcome=outcome)
    return made


@operation("contacts.open_without", roles={CSR, BILLING, SUPERVISOR, CASHIER, FINANCE})
def open_without(deed: Deed, *, account: Account) -> CallerVerification:
    """Open an account's data without a caller's answers; the deed's reason says why. Raises `ContactRefused`."""
    rules = rules_on(deed.business_date)
    if rules is None:
        raise ContactRefused(Step(N_("No policy says how callers are verified.")))
    if not deed.reason.strip():
        raise ContactRefused(Step(N_("Say why the data are opened.")))
    locked = standing(account.pk, deed.actor.pk, deed.business_date, rules).locked
    if locked and not rules.unlocks & roles_of(deed.actor, deed.business_date):
        raise ContactRefused(
            Step(N_("Wrong answers locked this account for today. A supervisor opens it, with a reason."))
        )
    made = CallerVerification.objects.create(
        account=account, part="other", asked={}, outcome=CallerVerification.WITHOUT, reason=deed.reason.strip()[:300],
        by=deed.actor, deed=deed,
    )  # fmt: skip
    tell(deed, "contacts.opened_without", account=account.pk, verification=made.pk)
    return made
