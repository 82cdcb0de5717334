"""The end of unclaimed money: after every step of the law the city's fund takes it over, or the state is paid."""

from __future__ import annotations

from datetime import date
from typing import Any

from meterbook.engine.billing.refunding.dormancy import Dormancy
from meterbook.engine.trace import N_, Step
from meterbook.records.ledger.models import Entry, LedgerAccount
from meterbook.records.ledger.transfers import account_for
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Attachment, Deed
from meterbook.records.platform.queries import accounting_period
from meterbook.records.platform.roles import FINANCE, SUPERVISOR
from meterbook.records.refunds.operations.decide import agree
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import dormancy_on
from meterbook.records.refunds.unclaimed.models import Unclaimed, UnclaimedStep
from meterbook.records.refunds.unclaimed.operations.find_unclaimed import SOURCE

KIND = "refunds.take_over"


def ready(day: date) -> list[Unclaimed]:
    """What may be taken over on a day: dormant, its owner told and given time, published where the rule asks for it
    with the claim day over and the newspaper's proof kept, and nobody's claim waiting.
    """
    _, rules = dormancy_on(day)
    rows = Unclaimed.objects.filter(state__in=[Unclaimed.FOUND, Unclaimed.PUBLISHED]).select_related(
        "publication", "account"
    )
    proved = {
        int(subject.partition(":")[2])
        for subject in Attachment.objects.filter(subject__startswith="publication:").values_list("subject", flat=True)
    }
    waiting = set(rows.filter(claims__state="asked").values_list("pk", flat=True))
    return [one for one in rows.order_by("pk") if one.pk not in waiting and _over(one, rules, proved, day)]


def _over(one: Unclaimed, rules: Dormancy, proved: set[int], day: date) -> bool:
    rule = rules.rule(one.rule)
    if rule.publication is not None:
        published = one.publication
        return published is not None and published.claim_by < day and published.pk in proved
    letters = one.steps.filter(kind="letter", done_on__gte=one.since)
    told = any((day - letter.done_on).days >= rules.answer_days for letter in letters)
    return rule.dormant_on(one.since) <= day and told


@operation("refunds.ask_take_over", roles={SUPERVISOR, FINANCE})
def ask_take_over(deed: Deed) -> Approval:
    """Ask a second person to end everything that is ready: the city takes it over, or the state is paid. `NotNow`."""
    found = ready(deed.business_date)
    if not found:
        raise NotNow(Step(N_("Nothing has gone through every step yet.")))
    if Approval.objects.filter(kind=KIND, status=Approval.PENDING).exists():
        raise NotNow(Step(N_("A request about unclaimed money waits already.")))
    request = Approval.objects.create(
        kind=KIND, subject=f"takeover:{deed.pk}", preview=preview_of(found, deed.business_date),
        amount_cents=sum(one.amount_cents for one in found), requested_by=deed.actor, reason=deed.reason,
    )  # fmt: skip
    tell(deed, "refunds.take_over_asked", approval=request.pk, count=len(found), cents=request.amount_cents)
    return request


def preview_of(found: list[Unclaimed], day: date) -> dict[str, Any]:
    """Every property, its end and the account it goes to."""
    _, rules = dormancy_on(day)
    return {
        "properties": [
            {
                "unclaimed": one.pk, "account": one.account.number, "owner": one.owner, "cents": one.amount_cents,
                "rule": one.rule, "ends": rules.rule(one.rule).ends,
            }
            for one in found
        ],
        "takes_over": rules.takes_over,
    }  # fmt: skip


@operation(KIND, roles={SUPERVISOR, FINANCE})
def take_over(deed: Deed, *, request: Approval, approve: bool) -> list[Unclaimed]:
    """Book what was asked, exactly as shown, or refuse it. Raises `SamePerson`, `NotNow` where something changed."""
    shown = request.preview
    agree(deed, request, approve=approve)
    if not approve:
        tell(deed, "refunds.take_over_refused", approval=request.pk)
        return []
    ids = [row["unclaimed"] for row in shown["properties"]]
    list(Unclaimed.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk"))
    still = [one for one in ready(deed.business_date) if one.pk in set(ids)]
    if preview_of(still, deed.business_date) != shown:
        raise NotNow(Step(N_("Somebody claimed part of this, or the policy changed, since it was shown. Ask again.")))
    ends = {row["unclaimed"]: row["ends"] for row in shown["properties"]}
    for one in still:
        _end(deed, one, to_city=ends[one.pk] == "city", takes_over=shown["takes_over"])
    tell(deed, "refunds.taken_over", properties=ids, cents=request.amount_cents)
    return still


def _end(deed: Deed, one: Unclaimed, *, to_city: bool, takes_over: str) -> None:
    day, held = deed.business_date, account_for("unclaimed")
    into = LedgerAccount.objects.get(code=takes_over) if to_city else account_for("cash")
    one.state = Unclaimed.TAKEN_OVER if to_city else Unclaimed.REPORTED
    one.save(update_fields=["state"])
    step = UnclaimedStep.objects.create(
        unclaimed=one, kind=one.state, done_on=day, debit=held, credit=into, deed=deed, note=deed.reason
    )
    Entry.objects.create(
        run_id=0, debit=held, credit=into, amount_cents=one.amount_cents, account_id=one.account_id, service="",
        effective_on=day, period=accounting_period(day), source_kind=SOURCE, source_id=step.pk, deed=deed,
    )  # fmt: skip
