"""Revenue protection: evidence, the estimate of what was used, the claim, and the second person before any charge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from meterbook.engine.cases.load import (
    METHODS,
    Appliance,
    from_class_average,
    from_connected_load,
    from_history,
    priced,
)
from meterbook.engine.cases.load import LoadEstimate as Loaded
from meterbook.engine.trace import N_, Step
from meterbook.records.cases.claiming import above_authority, charge, fee_amounts, preview_of
from meterbook.records.cases.keeping import locked, said, step, subject_of
from meterbook.records.cases.models import Case, Evidence, LoadEstimate, RevenueClaim
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.cases.settings import case_rules_on
from meterbook.records.cases.usage_before import alike, history, unit_of, used_between
from meterbook.records.customers.relations import refuse_own
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.places.models import ServicePoint
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.approvals import decide_approval, request_approval
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, CREW, CSR, FINANCE, METER_SHOP, SUPERVISOR, roles_of
from meterbook.records.tasks.opening import end_tasks, open_task
from meterbook.records.tasks.saying import kept

DECIDE = "cases.decide_claim"


@dataclass(frozen=True, slots=True)
class Photo:
    """A file as it was handed in."""

    file_name: str
    content_type: str
    content: bytes


@operation("cases.add_evidence", roles={CSR, BILLING, SUPERVISOR, FINANCE, METER_SHOP, CREW})
def add_evidence(
    deed: Deed,
    *,
    case: Case,
    kind: str,
    words: str,
    found_on: date,
    found_by: str,
    value: str = "",
    held_by: str = "",
    earlier: Evidence | None = None,
    photo: Photo | None = None,
) -> Evidence:
    """Put a piece of evidence on record; it is never changed, a hand-over names the piece ``earlier``.

    Raises `CaseRefused`, `OwnAccount`, `TooLarge`, `NoPolicy`.
    """
    found = _revenue(deed, case)
    _, rules = case_rules_on(deed.business_date)
    if kind not in rules.protection.evidence:
        raise CaseRefused(Step(N_("Choose what kind of evidence it is.")))
    if found_on > deed.business_date or not found_by.strip():
        raise CaseRefused(Step(N_("Say who found it, and on which day up to today.")))
    if kind == "photo" and photo is None and earlier is None:
        raise CaseRefused(Step(N_("Attach the photo.")))
    if earlier is not None and earlier.case_id != found.pk:
        raise CaseRefused(Step(N_("That piece of evidence belongs to another case.")))
    file = None
    if photo is not None:
        file = keep_file(deed, subject=subject_of(found), file_name=photo.file_name, content_type=photo.content_type,
                         content=photo.content)  # fmt: skip
    made = Evidence.objects.create(
        case=found, kind=kind, words=said(words), value=value.strip()[:60], found_on=found_on,
        found_by=found_by.strip()[:120], held_by=held_by.strip()[:120], earlier=earlier, attachment=file, deed=deed,
    )  # fmt: skip
    step(deed, found, "evidence", made.words)
    tell(deed, "cases.evidence_added", case=found.pk, evidence=made.pk, kind=kind, sha256=file.sha256 if file else "")
    return made


@operation("cases.estimate_load", roles={BILLING, SUPERVISOR, FINANCE, METER_SHOP})
def estimate_load(
    deed: Deed, *, case: Case, service_point: ServicePoint, method: str, starts: date, ends: date,
    connected: Sequence[Appliance] = (),
) -> LoadEstimate:  # fmt: skip
    """Estimate what was used at a point while no meter told it; kept with everything that went into it.

    Raises `CaseRefused`, `NothingToEstimateFrom`, `OwnAccount`.
    """
    found = _revenue(deed, case)
    if method not in METHODS:
        raise CaseRefused(Step(N_("Choose how it is estimated.")))
    if ends > deed.business_date or starts.year < deed.business_date.year - 10:
        raise CaseRefused(Step(N_("Only days that are over, of the last ten years, can be estimated.")))
    unit = unit_of(service_point)
    if not unit:
        raise CaseRefused(Step(N_("No meter ever hung at {point}: its unit is not known."),
                               {"point": service_point.code}))  # fmt: skip
    metered = used_between(service_point, starts, ends)
    metered_e6 = sum(one.quantity_e6 for one in metered)
    given: dict[str, Any] = {"point": service_point.code, "metered_e6": metered_e6}
    made = _estimated(method, service_point, starts, ends, metered_e6, unit, connected, given)
    kept_estimate = LoadEstimate.objects.create(
        case=found, method=method, unit=unit, starts=starts, ends=ends, given=given, quantity_e6=made.quantity_e6,
        steps=[kept(one) for one in made.steps], deed=deed,
    )  # fmt: skip
    step(deed, found, "estimated", f"{Decimal(made.quantity_e6).scaleb(-6).normalize():f} {unit}")
    tell(deed, "cases.load_estimated", case=found.pk, estimate=kept_estimate.pk, quantity_e6=made.quantity_e6)
    return kept_estimate


def _estimated(
    method: str, point: ServicePoint, starts: date, ends: date, metered_e6: int, unit: str,
    connected: Sequence[Appliance], given: dict[str, Any],
) -> Loaded:  # fmt: skip
    if method == "history":
        before = history(point, starts)
        given["before"] = [[str(one.starts), str(one.ends), one.quantity_e6] for one in before]
        return from_history(before, starts=starts, ends=ends, metered_e6=metered_e6, unit=unit)
    if method == "connected_load":
        given["connected"] = [{name: str(value) for name, value in asdict(one).items()} for one in connected]
        return from_connected_load(connected, starts=starts, ends=ends, metered_e6=metered_e6, unit=unit)
    others, premises = alike(point, starts, ends, unit)
    given |= {"premises": premises, "usages": len(others), "sum_e6": sum(one.quantity_e6 for one in others)}
    return from_class_average(others, premises, starts=starts, ends=ends, metered_e6=metered_e6, unit=unit)


@operation("cases.ask_claim", roles={BILLING, SUPERVISOR, FINANCE})
def ask_claim(
    deed: Deed,
    *,
    case: Case,
    service: str,
    words: str,
    estimate: LoadEstimate | None = None,
    price: Decimal | None = None,
    let_go_cents: int = 0,
    fees: Sequence[str] = (),
) -> RevenueClaim:
    """Ask a second person to charge: the usage of an estimate at a price a unit less what is let go, and fees.

    Nothing is charged before that. Raises `CaseRefused` while evidence is missing or a claim waits already,
    `OwnAccount`, `UnknownFee`, `NoPolicy`.
    """
    found = _revenue(deed, case)
    _, rules = case_rules_on(deed.business_date)
    mine = rules.protection
    if found.account is None:
        raise CaseRefused(
            Step(N_("Nobody is a customer here: name the account first, or end the case without a charge."))
        )
    missing = [kind for kind in mine.needed if not found.evidence.filter(kind=kind).exists()]
    if missing:
        words_of = ", ".join(f"{mine.evidence[kind]['en']} / {mine.evidence[kind]['es']}" for kind in missing)
        raise CaseRefused(Step(N_("Evidence is missing: {what}."), {"what": words_of}))
    if RevenueClaim.objects.filter(case=found, state=RevenueClaim.ASKED).exists():
        raise CaseRefused(Step(N_("A charge of this case waits for a second person already.")))
    if estimate is not None and (estimate.case_id != found.pk or price is None or price <= 0):
        raise CaseRefused(Step(N_("Type the price a unit of this case's estimate.")))
    worth = priced(estimate.quantity_e6, price, estimate.unit)[0] if estimate is not None and price is not None else 0
    if not 0 <= let_go_cents <= worth:
        raise CaseRefused(Step(N_("No more can be let go than the usage is worth.")))
    chosen = fee_amounts(found.account, fees, service, mine.fees, deed.business_date)
    if worth - let_go_cents + sum(one["cents"] for one in chosen) <= 0:
        raise CaseRefused(Step(N_("Say what is to be charged: the usage, or a fee.")))
    figures = {"back_bill_cents": worth - let_go_cents, "let_go_cents": let_go_cents, "fees": chosen}
    reason = said(words)
    preview = preview_of(found, service, estimate, price, figures, reason)
    asked = request_approval(
        Act(deed.actor, deed.business_date, reason), kind=DECIDE, subject=f"revenueclaim:{found.pk}", preview=preview,
        amount_cents=worth - let_go_cents + sum(one["cents"] for one in chosen),
    )  # fmt: skip
    made = RevenueClaim.objects.create(
        case=found, account=found.account, estimate=estimate, service=service, price=str(price or ""), note=reason,
        approval=asked, asked_by=deed, **figures,
    )  # fmt: skip
    step(deed, found, "claim_asked", reason)
    open_task(
        deed, kind=DECIDE, subject=subject_of(found), role=SUPERVISOR, due_on=found.answer_by,
        link=("case", [found.pk]),
        title=Step(N_("Decide the charge of case {id}, {account}"), {"id": found.pk, "account": found.account.number}),
    )  # fmt: skip
    tell(deed, "cases.claim_asked", case=found.pk, claim=made.pk, cents=asked.amount_cents)
    return made


@operation(DECIDE, roles={SUPERVISOR, FINANCE})
def decide_claim(deed: Deed, *, claim: RevenueClaim, approve: bool, words: str = "") -> RevenueClaim:
    """Decide a charge: approved, each amount is booked as an adjustment and linked to the case; refused, none is.

    Raises `SamePerson`, `AlreadyDecided`, `AboveYourLimit`, `CaseRefused`, `OwnAccount`.
    """
    found = _revenue(deed, claim.case)
    lock_accounts([claim.account_id])
    mine = RevenueClaim.objects.select_for_update(of=("self",)).select_related(
        "account", "approval", "estimate", "asked_by__actor"
    ).get(pk=claim.pk)  # fmt: skip
    mine.case = found
    refuse_own(deed.actor, mine.account, deed.business_date)
    _, rules = case_rules_on(deed.business_date)
    if approve:
        above_authority(rules.protection, roles_of(deed.actor, deed.business_date), mine)
    decide_approval(
        Act(deed.actor, deed.business_date, deed.reason, mine.approval), request=mine.approval, approve=approve
    )
    mine.state, mine.decided_by = (RevenueClaim.CHARGED if approve else RevenueClaim.REFUSED), deed
    mine.save(update_fields=["state", "decided_by"])
    if approve:
        charge(deed, mine, rules.protection)
    step(deed, found, "claim_approved" if approve else "claim_refused", words.strip())
    end_tasks(deed, subject_of(found), DECIDE)
    tell(deed, "cases.claim_decided", case=found.pk, claim=mine.pk, approved=approve)
    return mine


@operation("cases.name_account", roles={BILLING, SUPERVISOR, FINANCE})
def name_account(deed: Deed, *, case: Case, number: str, words: str) -> Case:
    """Say who is answerable, once that is known. Raises `CaseRefused`, `OwnAccount`."""
    from meterbook.records.customers.queries import account_numbered

    found = _revenue(deed, case)
    if found.claims.exists():
        raise CaseRefused(Step(N_("A charge was asked for already; the account stays.")))
    try:
        account = account_numbered(number)
    except LookupError:
        raise CaseRefused(Step(N_("No account has the number {number}."), {"number": number})) from None
    refuse_own(deed.actor, account, deed.business_date)
    found.account = account
    found.save(update_fields=["account"])
    step(deed, found, "account_named", f"{account.number}: {said(words)}")
    tell(deed, "cases.account_named", case=found.pk, account=account.pk)
    return found


def _revenue(deed: Deed, case: Case) -> Case:
    found = locked(deed, case)
    if found.kind != Case.REVENUE:
        raise CaseRefused(Step(N_("Only a revenue-protection case has evidence and charges.")))
    return found
