"""Prenotes: an entry of no money to every new bank account; what the bank says against it stops the enrolment."""

from __future__ import annotations

from meterbook.engine.autopay.banking_days import add_banking_days
from meterbook.engine.trace import N_, Step
from meterbook.formats.nacha import Draft as AchDraft
from meterbook.records.autopay.bank.files import Line, write_file
from meterbook.records.autopay.enrolling import happened
from meterbook.records.autopay.models import AchFile, Enrolment
from meterbook.records.autopay.refusals import NothingToSend
from meterbook.records.autopay.settings import rules_on
from meterbook.records.autopay.vault import unseal
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, SUPERVISOR


@operation("autopay.send_prenotes", roles={BILLING, SUPERVISOR})
def send_prenotes(deed: Deed) -> AchFile:
    """Write one prenote for every new enrolment; drafts may settle after the policy's waiting days.

    Raises `NothingToSend`: what was sent is not new any more, so doing it again sends nothing twice.
    """
    _, rules = rules_on(deed.business_date)
    rows = Enrolment.objects.select_for_update(of=("self",)).filter(state=Enrolment.NEW).select_related("account")
    found = list(rows.order_by("pk"))
    if not found:
        raise NothingToSend(Step(N_("No enrolment waits for its prenote.")))
    settle_on = add_banking_days(deed.business_date, max(1, rules.lead_days))
    lines = [
        Line(
            AchDraft(
                reference=one.account.number, name=one.name, routing=one.routing, account=unseal(one.sealed_number),
                account_type=one.account_type, direction="debit", amount_cents=0, prenote=True,  # type: ignore[arg-type]
                payment_type="R" if one.sec in ("WEB", "TEL") else "",
            ),
            kind="prenote", sec=one.sec, purpose="prenote", settle_on=settle_on, last_four=one.last_four,
            enrolment=one.pk,
        )
        for one in found
    ]  # fmt: skip
    file = write_file(deed, lines, kind="prenotes")
    drafts_from = add_banking_days(settle_on, rules.prenote_days)
    ids = [one.pk for one in found]
    Enrolment.objects.filter(pk__in=ids).update(state=Enrolment.WAITING, drafts_from=drafts_from)
    happened(deed, found, "prenoted", detail={"file": file.number, "until": str(drafts_from)})
    tell(deed, "autopay.prenotes_sent", file=file.pk, count=len(found))
    return file
