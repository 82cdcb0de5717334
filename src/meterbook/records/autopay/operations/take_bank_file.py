"""The bank's file of returns and notifications of change: taken in once, every line accounted for."""

from __future__ import annotations

import hashlib

from meterbook.engine.trace import N_, Step
from meterbook.formats.nacha import parse
from meterbook.records.autopay.bank.answering import Answered, follow_up, judge_returns, take_back_money
from meterbook.records.autopay.bank.changing import apply_changes
from meterbook.records.autopay.bank.paying_out import payout_returned
from meterbook.records.autopay.drafting.settling import settle_due
from meterbook.records.autopay.models import AchEntry, BankAnswer, BankFile
from meterbook.records.autopay.refusals import AutopayRefused
from meterbook.records.autopay.settings import rules_on
from meterbook.records.autopay.vault import seal_bytes
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CASHIER, FINANCE, SUPERVISOR
from meterbook.records.platform.turns import one_at_a_time


@operation("autopay.take_bank_file", roles={BILLING, CASHIER, SUPERVISOR})
def take_bank_file(deed: Deed, *, file_name: str, content: bytes) -> BankFile:
    """Take in what the bank answers; the same bytes again return the file of the first time and change nothing.

    Returned drafts are taken back from where they were applied, with fee, letter and ban; the enrolment is stopped,
    suspended or drawn again as the policy says. What matches nothing stays on a list with the reason. Raises
    `formats.contract.WrongFormat` when the file cannot be trusted as a whole.
    """
    digest = hashlib.sha256(content).hexdigest()
    one_at_a_time(f"autopay {digest}")
    before = BankFile.objects.filter(sha256=digest).first()
    if before is not None:
        return before
    file = parse(content)
    _, rules = rules_on(deed.business_date)
    settle_due(deed, deed.business_date)
    returns, changes = [entry for _, entry in file.returns], [entry for _, entry in file.changes]
    asked = [one.returned.original_trace for one in returns if one.returned]
    known = _entries(asked + [one.change.original_trace for one in changes if one.change])
    judged = judge_returns(returns, known)
    take_back_money(deed, judged)
    for one in judged.all:
        if one.applied and one.entry is not None and one.entry.payout_id is not None:
            one.says = payout_returned(deed, one.entry, one.code)
        elif one.applied:
            follow_up(deed, one, rules)
    answers = judged.all + apply_changes(deed, changes, known)
    kept = BankFile.objects.create(
        file_name=file_name, sha256=digest, sealed=seal_bytes(content), returns=len(returns), changes=len(changes),
        unmatched=sum(not one.applied for one in answers), taken_on=deed.business_date, deed=deed,
        cents=sum(one.cents for one in judged.all if one.applied),
    )  # fmt: skip
    _keep(kept, answers)
    tell(
        deed, "autopay.bank_file_taken", file=kept.pk, returns=kept.returns, changes=kept.changes,
        unmatched=kept.unmatched, cents=kept.cents,
    )  # fmt: skip
    return kept


@operation("autopay.settle_answer", roles={BILLING, SUPERVISOR, FINANCE})
def settle_answer(deed: Deed, *, answer: BankAnswer) -> BankAnswer:
    """Say that an answer nobody could match was dealt with, and how (the deed's reason). Raises `AutopayRefused`."""
    found = BankAnswer.objects.select_for_update().get(pk=answer.pk)
    if found.outcome != BankAnswer.UNMATCHED or found.settled_by_id is not None:
        raise AutopayRefused(Step(N_("Nothing about this answer waits.")))
    found.settled_by = deed
    found.save(update_fields=["settled_by"])
    tell(deed, "autopay.answer_settled", answer=found.pk)
    return found


def _entries(traces: list[str]) -> dict[str, AchEntry]:
    """Our entries by trace, locked."""
    rows = AchEntry.objects.filter(trace__in=traces).select_for_update(of=("self",)).prefetch_related("answers")
    return {one.trace: one for one in rows.select_related("draft__payment__into", "draft__first")}


def _keep(file: BankFile, answers: list[Answered]) -> None:
    """Every answer, numbered in the order of the file where lines are not told apart."""
    lines: set[int] = set()
    rows = []
    for at, one in enumerate(answers, 1):
        line = one.line if one.line and one.line not in lines else 1_000_000 + at
        lines.add(line)
        rows.append(
            BankAnswer(
                file=file, line=line, kind=one.kind, code=one.code, original_trace=one.trace, amount_cents=one.cents,
                entry=one.entry, outcome=BankAnswer.APPLIED if one.applied else BankAnswer.UNMATCHED, again=one.again,
                says={"message": one.says.message, "values": {k: str(v) for k, v in one.says.values.items()}},
            )
        )  # fmt: skip
    BankAnswer.objects.bulk_create(rows)
