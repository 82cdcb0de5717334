"""Autopay in Alder Bend: one account in ten is drawn since August 2026; now and then a draft comes back unpaid."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time

from meterbook.demo.stories import STORIES
from meterbook.formats.nacha import answer_batch, answer_file, parse, returned, write
from meterbook.records.autopay import screens
from meterbook.records.autopay.operations.approve import decide_run, request_run
from meterbook.records.autopay.operations.enrol import Authorisation, BankAccount, enrol
from meterbook.records.autopay.operations.file_run import file_run, hand_over
from meterbook.records.autopay.operations.prenote import send_prenotes
from meterbook.records.autopay.operations.select import select_drafts
from meterbook.records.autopay.operations.settle import settle
from meterbook.records.autopay.operations.take_bank_file import take_bank_file
from meterbook.records.autopay.settings import company_of, rules_on
from meterbook.records.customers.queries import account_numbered
from meterbook.records.platform.deeds import Act

#: The day the office offers autopay, and one in so many accounts that takes it.
AUTOPAY_ON, _PER_PAYER = date(2026, 8, 3), 10
#: The residents' bank (invented), and how large a batch is before the bank sends its first entry back.
_BANK, _RETURNS_FROM = "122999992", 5
ActOf = Callable[[str, str], Act]


def drawn(numbers: list[str], billed_on: date) -> set[str]:
    """Of these accounts those whose bill of this day is drawn, and not paid by check."""
    return screens.alive(numbers) if billed_on >= AUTOPAY_ON else set()


def autopay(act: ActOf, *, after: date, until: date) -> str:
    """What the office does about autopay in the days after ``after``, up to ``until``; returns what to tell of it."""
    if after < AUTOPAY_ON <= until:
        return _offer(act, until)
    if until < AUTOPAY_ON:
        return ""
    told = [_sent_back(act, batch.number, until) for batch in settle(act("billing", "settlement"))]
    run = select_drafts(act("billing", "drafts of the day"))
    if run.state == "selected" and screens.drafts().filter(run_id=run.pk, state="selected").exists():
        request_run(act("billing", "drafts of the day"), run=run)
        file_run(
            act("billing", "file for the bank"), run=decide_run(act("supervisor", "as shown"), run=run, approve=True)
        )
    return "; ".join(filter(None, told))


def _offer(act: ActOf, today: date) -> str:
    """Everybody whose number's turn it is signs at the counter; one prenote each."""
    told_of = {one.account for one in STORIES.values()}
    numbers = [number for number in screens.could_enrol() if number not in told_of][::_PER_PAYER]
    for number in numbers:
        account = account_numbered(number)
        enrol(
            act("csr", "autopay offered"), account=account,
            bank=BankAccount(account.holder.name, _BANK, f"77{number}", business=account.holder.is_organisation),
            authorisation=Authorisation(account.holder.name, today, "paper", account.holder.language),
        )  # fmt: skip
    if numbers:
        send_prenotes(act("billing", "prenotes"))
    return f"{today}: {len(numbers)} accounts are paid by bank draft from now on"


def _sent_back(act: ActOf, batch: str, today: date) -> str:
    """The bank sends the first entry of a large batch back for want of money."""
    file = screens.file_of_batch(batch)
    if file is None:
        return ""
    sent = parse(hand_over(act("billing", "for the bank"), file=file))
    first = next((one for one in sent.batches if len(one.entries) >= _RETURNS_FROM), None)
    if first is None:
        return ""
    back = [returned(first.entries[0], "R01", bank=_BANK, sequence=1)]
    answers = answer_batch(first, back, bank=_BANK, number=1, effective_on=today)
    company = company_of(rules_on(today)[1])
    content = write(answer_file(company, [answers], created_at=datetime.combine(today, time(9))))
    take_bank_file(act("billing", "returns"), file_name=f"returns-{batch}.ach", content=content)
    return f"{today}: a draft of {file.number} came back unpaid"
