"""Telling the bank which checks it may pay: a positive-pay file of what was issued and ended since the last one."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.formats.positive_pay import IssuedCheck, LayoutError, shipped_layouts, write
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.refunds.models import Payout, PayoutExport, Told
from meterbook.records.refunds.operations.export_checks import keep
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import refund_rules_on

_ENDED = (Payout.VOIDED, Payout.STOPPED, Payout.RETURNED, Payout.STALE)


@operation("refunds.tell_bank", roles={BILLING, SUPERVISOR, FINANCE})
def tell_bank(deed: Deed) -> PayoutExport:
    """Write the positive-pay file in the policy's layout: each check issued once, each ended one void once.

    Raises `NotNow` where the bank knows everything already.
    """
    _, rules = refund_rules_on(deed.business_date)
    layouts = shipped_layouts()
    layout = layouts.get(rules.positive_pay["layout"])
    if layout is None:
        raise LayoutError(f"no positive-pay layout {rules.positive_pay['layout']}; known: {', '.join(sorted(layouts))}")
    rows = Payout.objects.select_for_update(of=("self",)).filter(how="check", issued_on__isnull=False)
    told = set(Told.objects.values_list("payout_id", "action"))
    checks, said = [], []
    for payout in rows.order_by("pk"):
        ended = payout.state in _ENDED
        action = "void" if ended else "issue"
        if (payout.pk, action) in told:
            continue
        checks.append(_check(payout, rules.positive_pay["bank_account"], void=ended))
        said += [(payout, each) for each in ("issue", action) if (payout.pk, each) not in told]
    if not checks:
        raise NotNow(Step(N_("The bank knows every check already.")))
    made = keep(
        deed, "positive_pay", f"positive-pay-{deed.business_date}-{deed.pk}.txt", write(layout, checks),
        [check.amount_cents for check in checks],
    )  # fmt: skip
    for payout, action in dict.fromkeys(said):
        Told.objects.create(export=made, payout=payout, action=action)
    tell(deed, "refunds.bank_told", export=made.pk, count=made.count, cents=made.total_cents)
    return made


def _check(payout: Payout, account: str, *, void: bool) -> IssuedCheck:
    assert payout.issued_on is not None
    return IssuedCheck(
        payout.reference, account, payout.amount_cents, payout.issued_on, payout.payee,
        kind="void" if void else "issued", voided_on=payout.ended_on if void else None,
    )  # fmt: skip
