"""What a move brings with it: deposit, protections and autopay that go along, bills made too far, stays of courts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

import polars as pl

from meterbook.engine.money import dollars
from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.moving import alive, carried
from meterbook.records.billing.models import BillRun
from meterbook.records.corrections.calculating.standing import of_agreement
from meterbook.records.corrections.models import CaseItem, CorrectionCase
from meterbook.records.corrections.operations.open_case import put_down
from meterbook.records.customers.models import Account, Protection, ServiceAgreement
from meterbook.records.ledger.arrangements.models import PaymentArrangement
from meterbook.records.moves.doing.telling import Told
from meterbook.records.moves.looking.standing import points_at, proposals
from meterbook.records.moves.models import Move
from meterbook.records.moves.plans import Entering, Leaving
from meterbook.records.moves.refusals import MoveRefused
from meterbook.records.moves.settings import rules_on
from meterbook.records.places.models import Premise
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.roles import BILLING, SUPERVISOR
from meterbook.records.programs.discounts.carrying import carry_discounts
from meterbook.records.security.assessing import Terms, held_for, steps_from
from meterbook.records.security.estimating import NothingToGoBy
from meterbook.records.security.operations.assess import assessed
from meterbook.records.security.operations.move import move_asked
from meterbook.records.security.seconds import NeedsSecond
from meterbook.records.tasks.opening import open_task

_FAR = date(9999, 12, 31)


def deposit(deed: Deed, move: Move, entering: Entering, left: Sequence[Leaving], told: Told) -> None:
    """Ask for a deposit, or let the one held go along."""
    account = move.account
    for one in left:
        before = Account.objects.get(pk=one.account)
        if before.pk != account.pk and before.holder_id == account.holder_id and held_for(before) > 0:
            if move.kind == Move.BANKRUPTCY:
                continue
            request = move_asked(deed, before, account)
            told.say("deposit", N_("The deposit held for {number} goes along; a second person has been asked"),
                     number=before.number, href=("approval", [request.pk]))  # fmt: skip
            return
    if not entering.deposit.ask:
        told.say("deposit", N_("No deposit is asked"))
        return
    premise = Premise.objects.get(pk=entering.premise)
    schedules = tuple({**{one.code: one.schedule for one in proposals(premise, entering.on)},
                       **entering.schedules}.values())  # fmt: skip
    terms = Terms(
        standing=entering.deposit.standing, parts=entering.deposit.parts, waiver=entering.deposit.waiver,
        schedules=schedules, points=tuple(point.pk for point in points_at(premise, entering.on)),
    )  # fmt: skip
    try:
        made = assessed(deed, account, terms)
    except (NothingToGoBy, NoPolicy):
        told.say("deposit", N_("There are no bills to work a deposit out from; ask for it by hand"),
                 href=("account_security", [account.number]))  # fmt: skip
        return
    except NeedsSecond as wrong:
        raise MoveRefused(
            Step(N_("Waiving so much needs a second person: save without, then ask on the page of deposits."))
        ) from wrong
    for step in steps_from(made.working):
        told.say("deposit", step.message, **step.values)
    parts = list(made.instalments.order_by("number"))
    if not parts:
        told.say("deposit", N_("No deposit is asked"))
        return
    told.say("deposit", N_("Asked: {cents} in {count} parts, the first due {day}"),
             cents=f"${dollars(made.asked_cents):,}", count=len(parts), day=parts[0].due_on,
             href=("account_security", [account.number]))  # fmt: skip


def along(deed: Deed, move: Move, entering: Entering, left: Sequence[Leaving], told: Told) -> None:
    """Protections and, with consent, autopay go along to the customer's new account."""
    for one in left:
        before = Account.objects.get(pk=one.account)
        if before.pk == move.account_id or before.holder_id != move.account.holder_id:
            continue
        _protections(deed, before, move, entering, told)
        found = alive(before)
        if found is not None and entering.autopay_goes_along:
            carried(deed, found, move.account, by=move.account.holder.name)
            told.say("autopay", N_("Autopay from {bank} goes along to {number}, as agreed by phone"),
                     bank=f"…{found.last_four}", number=move.account.number)  # fmt: skip
            return
    if alive(move.account) is None:
        told.say("autopay", N_("No autopay yet: offer it, with bills by e-mail"),
                 href=("enrol_autopay", [move.account.number]))  # fmt: skip


def discounts(deed: Deed, move: Move, entering: Entering, left: Sequence[Leaving], told: Told) -> None:
    """Discounts go along once the new services stand; an arrangement stays with what it is about, and is told of."""
    for one in left:
        before = Account.objects.get(pk=one.account)
        if before.pk == move.account_id or before.holder_id != move.account.holder_id:
            continue
        kept = carry_discounts(deed, source=before, target=move.account, on=entering.on)
        if kept:
            told.say("people", N_("Discounts that go along: {count}"), count=len(kept))
        if PaymentArrangement.objects.filter(account=before, state="stands").exists():
            told.say("people", N_("A payment arrangement stands on {number}: it goes on there until it is paid"),
                     number=before.number, href=("receivable", [before.number]))  # fmt: skip


def _protections(deed: Deed, before: Account, move: Move, entering: Entering, told: Told) -> None:
    kinds = rules_on(deed.business_date).follows
    for one in Protection.objects.filter(account=before, kind__in=kinds, validity__contains=entering.on):
        if not Protection.objects.filter(account=move.account, kind=one.kind, validity__contains=entering.on).exists():
            Protection.objects.create(
                account=move.account, kind=one.kind, validity=(entering.on, one.validity.upper), deed=deed,
                evidence=f"{one.evidence} ({before.number})"[:300],
            )  # fmt: skip
            told.say("people", N_("A protection of {number} goes along"), number=before.number)


def stay(deed: Deed, move: Move, left: Leaving, told: Told) -> None:
    """What was owed before the petition stays with the old account, and nobody collects it."""
    account = Account.objects.get(pk=left.account)
    if not Protection.objects.filter(account=account, kind="bankruptcy_stay", validity__contains=left.on).exists():
        Protection.objects.create(
            account=account, kind="bankruptcy_stay", validity=(left.on, None), deed=deed, evidence=deed.reason[:300]
        )
    due = left.on + timedelta(days=rules_on(deed.business_date).bankruptcy_assurance_days)
    open_task(
        deed, kind="moves.assurance", subject=f"account:{move.account_id}", role=SUPERVISOR,
        due_on=max(due, deed.business_date), link=("account_security", [move.account.number]),
        title=Step(N_("Ask {name} for assurance of payment by {day}"), {"name": move.account.holder.name, "day": due}),
    )  # fmt: skip
    told.say("people", N_("What {number} owed up to {day} is stayed: no notice, cutoff, lien or agency"),
             number=account.number, day=left.on, href=("account", [account.number]))  # fmt: skip
    told.say("tasks", N_("Assurance of payment may be asked for until {day}"), day=due)


def billed_too_far(
    deed: Deed, move: Move, changed: Sequence[tuple[ServiceAgreement, date]], told: Told, *, rebill: bool = True
) -> CorrectionCase | None:
    """Propose a correction case for what was billed, of agreements that changed, from a day on; nothing if none was."""
    frames = [of_agreement(agreement.pk, since, _FAR).drop("key") for agreement, since in changed]
    standing = pl.concat(frames).unique(["run", "segment"]) if frames else pl.DataFrame()
    if standing.is_empty():
        return None
    free = standing.filter(~pl.struct("run", "segment").is_in(_in_cases(standing)))
    if free.height < standing.height:
        told.say("bills", N_("A part of what was billed is in another correction case already"))
    if free.is_empty():
        return None
    numbered = (
        free.sort("account", "starts", "segment").with_row_index("key").with_columns(pl.col("key").cast(pl.Int64))
    )
    case = put_down(
        deed, standing=numbered, cause=rules_on(deed.business_date).cause, scope="agreement",
        discovered_on=deed.business_date, rebill=rebill,
    )  # fmt: skip
    told.say("bills", N_("{count} services were billed too far: correction {number} is proposed"),
             count=numbered.height, number=case.number, href=("correction", [case.pk]))  # fmt: skip
    open_task(
        deed, kind="moves.correction", subject=f"correctioncase:{case.pk}", role=BILLING, due_on=deed.business_date,
        title=Step(N_("Calculate correction {number} of a move entered late"), {"number": case.number}),
        link=("correction", [case.pk]),
    )  # fmt: skip
    return case


def _in_cases(standing: pl.DataFrame) -> list[dict[str, int | None]]:
    rows = CaseItem.objects.filter(
        segment_run_id__in=standing["run"].unique().to_list(), segment_id__in=standing["segment"].to_list(),
        case__withdrawn__isnull=True,
    ).exclude(case__run__status=BillRun.POSTED)  # fmt: skip
    return [{"run": run, "segment": segment} for run, segment in rows.values_list("segment_run_id", "segment_id")]
