"""The approved drafts as a file for the bank; and a file handed over, by whom and when."""

from __future__ import annotations

from datetime import date

from meterbook.engine.autopay.rules import AutopayRules
from meterbook.formats.nacha import Draft as AchDraft
from meterbook.records.autopay.bank.files import Line, write_file
from meterbook.records.autopay.drafting.candidates import standings
from meterbook.records.autopay.drafting.selecting import earliest
from meterbook.records.autopay.models import AchFile, Draft, DraftRun, Enrolment
from meterbook.records.autopay.operations.approve import locked_run
from meterbook.records.autopay.settings import rules_on
from meterbook.records.autopay.vault import unseal, unseal_bytes
from meterbook.records.ledger.settle import lock_accounts
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR


@operation("autopay.file_run", roles={BILLING, SUPERVISOR})
def file_run(deed: Deed, *, run: DraftRun) -> AchFile | None:
    """Write an approved run's file; a run that has one returns it. None where nothing was left to draw.

    What changed since the approval does not go: accounts closed, authorisations ended or set aside, amounts that are
    no longer owed. What nobody decided stays behind as well; both may be selected again. Raises `WrongRunStage`.
    """
    found = locked_run(run, DraftRun.APPROVED, DraftRun.FILED)
    if found.state == DraftRun.FILED:
        return AchFile.objects.filter(run=found).first()
    _, rules = rules_on(deed.business_date)
    rows = Draft.objects.select_for_update(of=("self",)).select_related("enrolment", "account")
    drafts = list(rows.filter(run=found, state="selected").order_by("settle_on", "account__number"))
    dropped = _changed(drafts, rules)
    for code in set(dropped.values()):
        gone = [draft for draft, why in dropped.items() if why == code]
        Draft.objects.filter(pk__in=gone).update(state="dropped", dropped_for=code)
    Draft.objects.filter(run=found, state="held").update(state="dropped", dropped_for="undecided")
    going = [one for one in drafts if one.pk not in dropped]
    soonest = earliest(deed.business_date, rules)
    Draft.objects.filter(pk__in=[one.pk for one in going], settle_on__lt=soonest).update(settle_on=soonest)
    Draft.objects.filter(pk__in=[one.pk for one in going]).update(state="filed")
    file = write_file(deed, [_line(one, soonest) for one in going], kind="drafts", run=found) if going else None
    found.state = DraftRun.FILED
    found.totals = {
        "drafts": len(going), "cents": sum(one.amount_cents for one in going), "dropped": len(dropped),
        "dropped_cents": sum(one.amount_cents for one in drafts if one.pk in dropped),
    }  # fmt: skip
    found.save(update_fields=["state", "totals"])
    tell(deed, "autopay.run_filed", run=found.pk, file=file.pk if file else None, **found.totals)
    return file


def _changed(drafts: list[Draft], rules: AutopayRules) -> dict[int, str]:
    """Drafts that may not go after all, by id: why."""
    accounts = sorted({one.account_id for one in drafts})
    lock_accounts(accounts)
    now = standings(accounts)
    found = {}
    for one in drafts:
        stands = now[one.account_id]
        left = stands.asked.owed_cents if one.first_id or stands.bill != one.bill_id else stands.cents
        if one.enrolment.state != Enrolment.ACTIVE:
            found[one.pk] = "stopped"
        elif stands.closed_on is not None and rules.final != "draft" and one.decided_by_id is None:
            found[one.pk] = "closed"
        elif left < one.amount_cents:
            found[one.pk] = "disputed" if left + stands.disputed_cents >= one.amount_cents else "paid"
    return found


def _line(one: Draft, soonest: date) -> Line:
    payer = one.enrolment
    return Line(
        AchDraft(
            reference=one.account.number, name=payer.name, routing=payer.routing,
            account=unseal(payer.sealed_number), account_type=payer.account_type,  # type: ignore[arg-type]
            direction="debit", amount_cents=one.amount_cents, payment_type="R" if payer.sec in ("WEB", "TEL") else "",
        ),
        kind="draft", sec=payer.sec, purpose="again" if one.first_id else "draft",
        settle_on=max(one.settle_on, soonest), last_four=payer.last_four, enrolment=payer.pk, draft=one.pk,
    )  # fmt: skip


@operation("autopay.hand_over", roles={BILLING, SUPERVISOR, FINANCE})
def hand_over(deed: Deed, *, file: AchFile) -> bytes:
    """The file as the bank gets it; every time it leaves the house there is a deed."""
    tell(deed, "autopay.file_handed_over", file=file.pk, sha256=file.sha256)
    return unseal_bytes(bytes(file.sealed))
