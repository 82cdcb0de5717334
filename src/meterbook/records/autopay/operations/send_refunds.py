"""Refunds that go back through the banks, in a file of their own."""

from __future__ import annotations

from meterbook.engine.trace import N_, Step
from meterbook.records.autopay.bank.files import write_file
from meterbook.records.autopay.bank.paying_out import lines_of
from meterbook.records.autopay.drafting.selecting import earliest
from meterbook.records.autopay.models import AchEntry, AchFile
from meterbook.records.autopay.refusals import NothingToSend
from meterbook.records.autopay.settings import rules_on
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import FINANCE, SUPERVISOR
from meterbook.records.refunds.ach import mark_sent, mark_unsendable, waiting_credits


@operation("autopay.send_refunds", roles={SUPERVISOR, FINANCE})
def send_refunds(deed: Deed) -> AchFile | None:
    """Write every refund two people decided to pay through the bank; none goes out twice.

    Those without a bank account that took a prenote wait for a check instead. None where only such waited; raises
    `NothingToSend` where no refund waits.
    """
    _, rules = rules_on(deed.business_date)
    waiting = waiting_credits()
    if not waiting:
        raise NothingToSend(Step(N_("No refund waits to be sent through the bank.")))
    settle_on = earliest(deed.business_date, rules)
    lines, left = lines_of(waiting, settle_on=settle_on)
    for one in left:
        mark_unsendable(deed, one.payout, why="no bank account", on=deed.business_date)
    if not lines:
        return None
    file = write_file(deed, lines, kind="refunds")
    traces = dict(AchEntry.objects.filter(file=file).values_list("payout_id", "trace"))
    mark_sent(deed, traces, file_name=file.file_name, sha256=file.sha256, sent_on=deed.business_date)
    tell(deed, "autopay.refunds_sent", file=file.pk, count=len(lines), without_bank=len(left))
    return file
