"""What pages show of cases: the list, one case with everything around it, what waits, an account's cases."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Min, Q, QuerySet

from meterbook.engine.cases.rules import CaseRules
from meterbook.engine.trace import N_, Step, Value
from meterbook.records.adjustments.models import Adjustment
from meterbook.records.billing.models import Bill
from meterbook.records.cases.disputing import open_charges
from meterbook.records.cases.keeping import subject_of
from meterbook.records.cases.models import Case, CaseLink, Dispute, Evidence, LoadEstimate, RevenueClaim
from meterbook.records.cases.settings import case_rules_on
from meterbook.records.corrections.models import CorrectionCase
from meterbook.records.customers.models import Account
from meterbook.records.fees.models import ServiceCharge
from meterbook.records.ledger.disputes.standing import disputed
from meterbook.records.payments.models import Payment
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.happenings import Happening
from meterbook.records.platform.models import Attachment, User
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.service_orders.models import Order, OrderFinding

#: What crews may find that is looked at for loss.
_SUSPICIOUS = (
    "tamper", "tampering", "bypass", "seal", "seal_broken", "broken_seal", "theft", "diversion", "unauthorised",
    "connected", "other_meter",
)  # fmt: skip


def cases(today: date) -> QuerySet[Case, Any]:
    """Every case; ``overdue`` is whether it is open and was to be answered before today."""
    late = ExpressionWrapper(Q(state="open", answer_by__lt=today), output_field=BooleanField())
    return Case.objects.annotate(overdue=late).values(
        "id", "kind", "topic", "words_en", "words_es", "said", "told_by", "opened_on", "answer_by", "state", "outcome",
        "closed_on", "level", "role", "overdue", number=F("account__number"), name=F("account__holder__name"),
        street_number=F("premise__street_number"), street=F("premise__street"), owner_name=F("owner__username"),
        disputed_cents=F("dispute__amount_cents"), dispute_state=F("dispute__state"),
    )  # fmt: skip


def late_cases(today: date) -> QuerySet[Case, Any]:
    """Open cases that were to be answered before today."""
    return cases(today).filter(state="open", answer_by__lt=today)


def mine(query: QuerySet[Case, Any], user: User, roles: Collection[str]) -> QuerySet[Case, Any]:
    """Of some cases, those of a person, or of nobody yet in the person's roles."""
    return query.filter(Q(owner=user) | Q(owner__isnull=True, role__in=roles))


def find(case_id: int) -> Case | None:
    """One case with everything around it."""
    about = (
        "account__holder", "premise", "service_point__premise", "person", "owner", "deed__actor", "document", "contact",
        "parent",
    )  # fmt: skip
    return Case.objects.filter(pk=case_id).select_related(*about).first()


def steps(case: Case) -> list[Any]:
    """Every step, the newest first."""
    return list(case.steps.select_related("deed__actor", "to").order_by("-pk"))


def links(case: Case) -> list[CaseLink]:
    """What hangs together with a case."""
    return list(case.links.order_by("pk"))


def files(case: Case) -> list[Attachment]:
    """Files kept with a case, without their content."""
    rows = Attachment.objects.filter(subject=subject_of(case)).defer("content").select_related("deed__actor")
    return list(rows.order_by("pk"))


def file_of(case_id: int, file_id: int) -> Attachment | None:
    """One file of a case."""
    return Attachment.objects.filter(subject=f"case:{case_id}", pk=file_id).first()


def referrals(case: Case) -> list[Case]:
    """Questions other departments were asked for this case."""
    return list(case.referrals.order_by("pk"))


def dispute_of(case: Case) -> Dispute | None:
    """The dispute of a case."""
    about = ("account", "bill", "protection", "decided_by__actor", "appealed_by__actor", "heard_by__actor", "appeal")
    return Dispute.objects.filter(case=case).select_related(*about).first()


def named_items(dispute: Dispute) -> list[Any]:
    """The charges a dispute names: service, due date, cents, and whether they are released."""
    rows = dispute.protection.disputed_items.order_by("item__due_on", "pk")
    return list(
        rows.values(
            "amount_cents", "released_by", service=F("item__service"), due_on=F("item__due_on"),
            charged_cents=F("item__amount_cents"), source_kind=F("item__source_kind"), source=F("item__source_id"),
        )
    )  # fmt: skip


def evidence(case: Case) -> list[Evidence]:
    """Every piece of evidence in the order it came."""
    rows = case.evidence.select_related("deed__actor", "earlier", "attachment").defer("attachment__content")
    return list(rows.order_by("pk"))


def estimates(case: Case) -> list[LoadEstimate]:
    """Every estimate, the newest first."""
    return list(case.estimates.select_related("deed__actor").order_by("-pk"))


def claims(case: Case) -> list[RevenueClaim]:
    """Every claim, the newest first."""
    about = ("approval__requested_by", "decided_by__actor", "asked_by__actor", "estimate", "account")
    return list(case.claims.select_related(*about).order_by("-pk"))


def estimate(case: Case, estimate_id: int) -> LoadEstimate | None:
    """One estimate of a case."""
    return case.estimates.filter(pk=estimate_id).first()


def rules_on(day: date) -> CaseRules | None:
    """The policy in force, or nothing."""
    try:
        return case_rules_on(day)[1]
    except NoPolicy:
        return None


def waiting(today: date) -> dict[str, Any]:
    """How many cases are open, since when, and how many of them are late."""
    rows = Case.objects.filter(state=Case.OPEN)
    return rows.aggregate(count=Count("id"), oldest=Min("opened_on"), late=Count("id", filter=Q(answer_by__lt=today)))


def overdue(today: date) -> dict[str, Any]:
    """How many cases are late, and since when the first of them."""
    rows = Case.objects.filter(state=Case.OPEN, answer_by__lt=today)
    return rows.aggregate(count=Count("id"), oldest=Min("answer_by"))


def workers() -> list[User]:
    """People a case can be given to."""
    return list(User.objects.filter(is_active=True, role_grants__isnull=False).distinct().order_by("username"))


def user(user_id: int) -> User | None:
    """A person by id."""
    return User.objects.filter(pk=user_id, is_active=True).first()


def points_of(case: Case) -> list[ServicePoint]:
    """Metered service points a case can be about: of its point, its premise, or its account."""
    rows = ServicePoint.objects.filter(connection="metered").select_related("premise")
    if case.service_point_id:
        rows = rows.filter(pk=case.service_point_id)
    elif case.premise_id:
        rows = rows.filter(premise=case.premise_id)
    elif case.account_id:
        rows = rows.filter(agreements__account=case.account_id).distinct()
    else:
        rows = rows.none()
    return list(rows.order_by("commodity", "code"))


def of_account(account_id: int, today: date) -> list[dict[str, Any]]:
    """An account's cases, open ones first, the newest first."""
    return list(cases(today).filter(account_id=account_id).order_by("-state", "-id")[:8])


def contested(account: Account, today: date) -> list[Any]:
    """What of an account is in dispute on a day, charge by charge."""
    return disputed(account.pk, today)


def open_cents(account: Account, today: date) -> int:
    """What of an account's open charges is not in dispute yet."""
    return sum(cents for _, cents in open_charges(account, today))


def named(kind: str, text: str, case: Case) -> tuple[int, str] | None:
    """What a link may name, by what was typed: its id and its label; of the case's account where it has one."""
    number = int(text) if text.isdecimal() and len(text) < 18 else 0
    if kind == "bill":
        bills = Bill.objects.filter(number=text)
        found = (bills.filter(account=case.account_id) if case.account_id else bills).first()
        return (found.pk, found.number) if found else None
    query = {
        "adjustment": Adjustment.objects.filter(account=case.account_id),
        "correction": CorrectionCase.objects.all(),
        "payment": Payment.objects.all(),
        "fee": ServiceCharge.objects.filter(account=case.account_id),
        "order": Order.objects.all(),
        "case": Case.objects.exclude(pk=case.pk),
    }.get(kind)
    return (number, text) if query is not None and number and query.filter(pk=number).exists() else None


def premise(premise_id: int) -> Premise | None:
    """A premise by id."""
    return Premise.objects.filter(pk=premise_id).first()


def findings() -> list[Any]:
    """What crews found that may be loss and no case was opened from, the newest first."""
    taken = Case.objects.filter(source_kind="order").values("source_id")
    rows = OrderFinding.objects.filter(code__in=_SUSPICIOUS).exclude(visit__order_id__in=taken)
    return list(
        rows.order_by("-pk").values(
            "code", "note", order=F("visit__order_id"), found_on=F("visit__done_on"), by=F("visit__by__username"),
            street_number=F("visit__order__premise__street_number"), street=F("visit__order__premise__street"),
        )[:50]
    )  # fmt: skip


def order_about(order_id: int) -> tuple[Account | None, Premise | None, ServicePoint | None] | None:
    """The account, premise and point of a service order, or nothing."""
    found = Order.objects.filter(pk=order_id).select_related("account", "premise", "service_point").first()
    return None if found is None else (found.account, found.premise, found.service_point)


def happened(account_id: int, since: date) -> list[Happening]:
    """What the timeline of an account tells of its cases."""
    found = []
    rows = Case.objects.filter(account_id=account_id).select_related("deed__actor")
    for one in rows.filter(Q(opened_on__gte=since) | Q(closed_on__gte=since)):
        about: dict[str, Value] = {"id": one.pk, "what": one.words_en}
        if one.opened_on >= since:
            says = Step(N_("Case {id} opened: {what}"), about)
            found.append(Happening(one.opened_on, "case", says, one.deed.recorded_at, ("case", (one.pk,)),
                                   one.deed.actor.username, one.said[:120]))  # fmt: skip
        if one.closed_on is not None and one.closed_on >= since:
            says = Step(N_("Case {id} answered: {what}"), about)
            found.append(Happening(one.closed_on, "case", says, None, ("case", (one.pk,)), "", one.answer[:120]))
    return found
