"""Selecting the drafts of a day, and deciding those the breaker holds, one by one."""

from __future__ import annotations

from meterbook.engine.autopay.banking_days import add_banking_days
from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.drafting.ending import end_closed
from meterbook.records.autopay.drafting.selecting import select_into
from meterbook.records.autopay.enrolling import activate_waited
from meterbook.records.autopay.models import Draft, DraftRun
from meterbook.records.autopay.refusals import WrongRunStage
from meterbook.records.autopay.settings import rules_on
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR


@operation("autopay.select_drafts", roles={BILLING, SUPERVISOR})
def select_drafts(deed: Deed) -> DraftRun:
    """Select the drafts due at the bank within the policy's days ahead; enrolments that have waited become active.

    One run a day: selecting again adds what has become due since and changes nothing else; a run that is past
    selection is returned as it is. Raises `NoPolicy`.
    """
    _, rules = rules_on(deed.business_date)
    through = add_banking_days(deed.business_date, max(rules.ahead_days, rules.lead_days, 1))
    activate_waited(deed, rules, through)
    end_closed(deed, rules)
    run, _new = DraftRun.objects.select_for_update().get_or_create(
        selected_on=deed.business_date,
        defaults={"number": f"AP-{deed.business_date}", "through": through, "deed": deed},
    )
    if run.state != DraftRun.SELECTED:
        return run
    found = select_into(deed, run, rules)
    tell(deed, "autopay.drafts_selected", run=run.pk, free=found.free, held=found.held, missed=found.missed)
    return run


@operation("autopay.decide_draft", roles={BILLING, SUPERVISOR, FINANCE})
def decide_draft(deed: Deed, *, draft: Draft, let_go: bool) -> Draft:
    """Let a held draft go on its way, or refuse it: then the bill is never drawn. The deed's reason says why.

    Raises `WrongRunStage` once the run was asked about, or where nothing holds it; `OwnAccount`.
    """
    found = Draft.objects.select_for_update(of=("self",)).select_related("run", "account").get(pk=draft.pk)
    refuse_own(deed.actor, found.account, deed.business_date)
    if found.state != "held" or found.run is None or found.run.state != DraftRun.SELECTED:
        raise WrongRunStage(Step(N_("Only a held draft of a run that nobody was asked about yet is decided.")))
    found.state, found.decided_by = ("selected" if let_go else "refused"), deed
    found.save(update_fields=["state", "decided_by"])
    tell(deed, "autopay.draft_decided", draft=found.pk, let_go=let_go)
    return found
