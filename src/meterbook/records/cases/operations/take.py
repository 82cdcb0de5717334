"""Taking a case: a complaint, a question to another department, a suspicion of loss."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from meterbook.engine.cases.rules import CaseRules
from meterbook.engine.trace import N_, Step
from meterbook.records.cases.keeping import ask, clock, said, step
from meterbook.records.cases.models import Case
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.cases.settings import case_rules_on
from meterbook.records.contacts.logging import log_contact
from meterbook.records.customers.models import Account, Person
from meterbook.records.customers.relations import refuse_own
from meterbook.records.places.models import Premise, ServicePoint
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Document
from meterbook.records.platform.roles import BILLING, CASHIER, CREW, CSR, FINANCE, METER_SHOP, SUPERVISOR


@dataclass(frozen=True, slots=True)
class About:
    """What a case is about: any of an account, a premise, a service point, a person; or who told us."""

    account: Account | None = None
    premise: Premise | None = None
    service_point: ServicePoint | None = None
    person: Person | None = None
    told_by: str = ""
    reach: str = ""


@operation("cases.take_complaint", roles={CSR, BILLING, CASHIER, SUPERVISOR, FINANCE})
def take_complaint(deed: Deed, *, topic: str, words: str, about: About, channel: str = "call") -> Case:
    """Take a complaint: the policy says who answers by when; it is logged as a contact as well.

    Raises `CaseRefused`, `OwnAccount`, `NoPolicy`.
    """
    return complaint(deed, topic=topic, words=words, about=about, channel=channel)


def complaint(deed: Deed, *, topic: str, words: str, about: About, channel: str) -> Case:
    """The complaint as part of a deed."""
    document, rules = case_rules_on(deed.business_date)
    contact = None
    if about.account or about.person or about.premise:
        contact = log_contact(
            deed, account=about.account, person=about.person, premise=about.premise, channel=channel, direction="in",
            reason="complaint", words=said(words),
        )  # fmt: skip
    made = _new(deed, document, rules, kind=Case.COMPLAINT, topic=topic, words=words, about=about, contact=contact)
    tell(deed, "cases.complaint_taken", case=made.pk, topic=topic, account=made.account_id)
    return made


@operation("cases.refer", roles={CSR, BILLING, CASHIER, SUPERVISOR, FINANCE, METER_SHOP})
def refer(deed: Deed, *, topic: str, words: str, about: About, parent: Case | None = None) -> Case:
    """Ask another department; its answer comes back to who asked. Raises `CaseRefused`, `NoPolicy`."""
    document, rules = case_rules_on(deed.business_date)
    made = _new(deed, document, rules, kind=Case.REFERRAL, topic=topic, words=words, about=about, parent=parent)
    if parent is not None:
        step(deed, parent, "referred", said(words))
    tell(deed, "cases.referred", case=made.pk, topic=topic, parent=parent.pk if parent else None)
    return made


@operation("cases.suspect", roles={CSR, BILLING, SUPERVISOR, FINANCE, METER_SHOP, CREW})
def suspect(
    deed: Deed, *, topic: str, words: str, about: About, source: tuple[str, int] | None = None
) -> Case:  # fmt: skip
    """Open a revenue-protection case; it is the supervisor's from the start. One source opens one case.

    Raises `CaseRefused`, `OwnAccount`, `NoPolicy`.
    """
    document, rules = case_rules_on(deed.business_date)
    if source is not None:
        known = Case.objects.filter(source_kind=source[0], source_id=source[1], kind=Case.REVENUE).first()
        if known is not None:
            raise CaseRefused(Step(N_("Case {id} was opened from this already."), {"id": known.pk}))
    made = _new(deed, document, rules, kind=Case.REVENUE, topic=topic, words=words, about=about,
                source_kind=source[0] if source else "", source_id=source[1] if source else None)  # fmt: skip
    tell(deed, "cases.loss_suspected", case=made.pk, topic=topic, account=made.account_id)
    return made


def _new(
    deed: Deed, document: Document, rules: CaseRules, *, kind: str, topic: str, words: str, about: About, **more: Any
) -> Case:
    found = rules.topics(kind).get(topic)
    if found is None:
        raise CaseRefused(Step(N_("Choose what it is about.")))
    point, account = about.service_point, about.account
    if account is not None and kind != Case.REFERRAL:
        refuse_own(deed.actor, account, deed.business_date)
    if not (account or about.premise or point or about.person or about.told_by.strip()) and kind != Case.REFERRAL:
        raise CaseRefused(Step(N_("Say who told us, or name an account or a premise.")))
    made = Case.objects.create(
        kind=kind, topic=topic, words_en=found.words["en"], words_es=found.words["es"], account=account,
        premise=about.premise or (point.premise if point else None), service_point=point, person=about.person,
        told_by=about.told_by.strip()[:160], reach=about.reach.strip()[:160], said=said(words), team=found.team,
        role=rules.teams[found.team].role, opened_on=deed.business_date,
        answer_by=clock(deed.business_date, found.answer_days), document=document, deed=deed, **more,
    )  # fmt: skip
    step(deed, made, "taken", made.said)
    ask(deed, made)
    return made
