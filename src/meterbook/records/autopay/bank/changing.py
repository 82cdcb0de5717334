"""Notifications of change: what a receiving bank corrects is corrected on the enrolment, and written in its history."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from meterbook.engine.autopay.bank_account import WrongBankAccount, account_number, last_four, routing_number
from meterbook.engine.trace import N_, Step
from meterbook.formats.nacha import Correction, Entry
from meterbook.records.autopay.bank.answering import Answered
from meterbook.records.autopay.enrolling import happened
from meterbook.records.autopay.models import AchEntry, Enrolment
from meterbook.records.autopay.vault import seal, unseal
from meterbook.records.payments.marks import payer_mark
from meterbook.records.platform.models import Deed


def apply_changes(deed: Deed, entries: Sequence[Entry], known: dict[str, AchEntry]) -> list[Answered]:
    """Correct each enrolment as its bank says; what cannot be applied stays on the list with the reason."""
    found = []
    for entry in entries:
        change = entry.change
        assert change is not None
        ours = known.get(change.original_trace)
        one = Answered(change.line or entry.line, "change", change.code, change.original_trace, 0, Step(""))
        one.entry = ours
        found.append(one)
        if ours is None:
            one.says = Step(N_("No entry of ours has the trace number {trace}."), {"trace": one.trace})
        elif change.correction is None:
            one.says = Step(N_("The corrected data do not hold what {code} promises."), {"code": one.code})
        elif ours.enrolment_id is None:
            one.says = Step(N_("The entry was no draft; somebody corrects the payee's bank account."))
        else:
            payer = Enrolment.objects.select_for_update().get(pk=ours.enrolment_id)
            one.applied, one.says = _corrected(deed, payer, change.code, change.correction)
    return found


def _corrected(deed: Deed, payer: Enrolment, code: str, asked: Correction) -> tuple[bool, Step]:
    """Write the bank's correction; whether it was, and what was done."""
    if payer.state == Enrolment.ENDED:
        return True, Step(N_("The authorisation had ended; nothing is drawn from it."))
    number = unseal(payer.sealed_number)
    before = _shown(payer)
    try:
        routing = routing_number(asked.routing) if asked.routing else payer.routing
        number = account_number(asked.account) if asked.account else number
    except WrongBankAccount as error:
        return False, error.step
    payer.routing, payer.name = routing, asked.name or payer.name
    payer.account_type = asked.account_type or payer.account_type
    payer.sealed_number, payer.last_four = seal(number), last_four(number)
    payer.mark = payer_mark(routing, number)
    payer.save(update_fields=["routing", "name", "account_type", "sealed_number", "last_four", "mark"])
    after = _shown(payer)
    changed = {key: [before[key], after[key]] for key in after if before[key] != after[key]}
    happened(deed, [payer], "changed", code=code, detail=changed)
    if not changed:
        return True, Step(N_("The enrolment says so already."))
    return True, Step(N_("Corrected: {what}."), {"what": ", ".join(sorted(changed))})


def _shown(payer: Enrolment) -> dict[str, Any]:
    return {
        "routing": payer.routing, "account": f"…{payer.last_four} {payer.mark[:6]}", "type": payer.account_type,
        "name": payer.name,
    }  # fmt: skip
