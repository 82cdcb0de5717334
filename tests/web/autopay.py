"""Autopay in the tests' office: Ana's August bill drawn and sent back, a file that waits to be reversed."""

from __future__ import annotations

from datetime import date, datetime, time

from tests.web.office import Office, act

from meterbook.formats.nacha import answer_batch, answer_file, parse, returned, write
from meterbook.records.autopay.models import AchFile, AchReversal, BankAnswer, Draft, DraftRun, Enrolment
from meterbook.records.autopay.operations.approve import decide_run, request_run
from meterbook.records.autopay.operations.enrol import Authorisation, BankAccount, enrol
from meterbook.records.autopay.operations.file_run import file_run
from meterbook.records.autopay.operations.prenote import send_prenotes
from meterbook.records.autopay.operations.reverse_entries import request_reversal
from meterbook.records.autopay.operations.select import decide_draft, select_drafts
from meterbook.records.autopay.operations.take_bank_file import take_bank_file
from meterbook.records.autopay.settings import company_of, rules_on
from meterbook.records.autopay.vault import unseal_bytes

ROUTING = "122999992"
AGREED, SELECTED, SETTLES, BACK = date(2026, 8, 10), date(2026, 8, 27), date(2026, 8, 31), date(2026, 9, 2)


def enrolment(office: Office) -> Enrolment:
    """Ana agreed on paper and her prenote waited."""
    found = Enrolment.objects.filter(account=office.ana).first()
    if found is not None:
        return found
    made = enrol(
        act(office.staff["csr"], AGREED), account=office.ana, bank=BankAccount("Ana Belmonte", ROUTING, "4455667788"),
        authorisation=Authorisation("Ana Belmonte", AGREED, "paper", "es"),
    )  # fmt: skip
    send_prenotes(act(office.staff["billing"], AGREED))
    return made


def run(office: Office) -> DraftRun:
    """The run of her August bill: approved and written."""
    enrolment(office)
    made = select_drafts(act(office.staff["billing"], SELECTED))
    if made.state == DraftRun.SELECTED:
        for held in Draft.objects.filter(run=made, state="held"):
            decide_draft(act(office.staff["supervisor"], SELECTED, "looked at her bill"), draft=held, let_go=True)
        request_run(act(office.staff["billing"], SELECTED), run=made)
        made = decide_run(act(office.staff["supervisor"], SELECTED), run=made, approve=True)
        file_run(act(office.staff["billing"], SELECTED), run=made)
    return made


def draft(office: Office) -> Draft:
    """Her draft."""
    return Draft.objects.filter(run=run(office)).latest("pk")


def file(office: Office) -> AchFile:
    """The file it went in."""
    return AchFile.objects.get(run=run(office))


def reversal(office: Office) -> AchReversal:
    """Somebody asked to take it back."""
    entries = [draft(office).entry]
    found = AchReversal.objects.first()
    return found or request_reversal(act(office.staff["billing"], SETTLES, "drawn twice, says Ana"), entries=entries)


def from_the_bank(office: Office) -> bytes:
    """The bank's answers: her draft without funds, and an entry we never sent."""
    sent = parse(unseal_bytes(bytes(file(office).sealed)))
    [batch] = sent.batches
    back = returned(batch.entries[0], "R01", bank=ROUTING, sequence=1)
    stranger = returned(batch.entries[0], "R03", bank=ROUTING, sequence=2)
    assert stranger.returned is not None
    object.__setattr__(stranger.returned, "original_trace", "099900010099999")
    company = company_of(rules_on(BACK)[1])
    answers = answer_batch(batch, [back, stranger], bank=ROUTING, number=1, effective_on=BACK)
    return write(answer_file(company, [answers], created_at=datetime.combine(BACK, time(9))))


def answer(office: Office) -> BankAnswer:
    """An answer nobody could match."""
    reversal(office)
    take_bank_file(act(office.staff["billing"], BACK), file_name="returns-0902.ach", content=from_the_bank(office))
    return BankAnswer.objects.get(outcome="unmatched")


#: Pages without arguments; pages that only take what is sent; files to download.
PLAIN = ("autopay", "draft_runs", "ach_files", "bank_answers", "take_bank_file")
POSTED_ONLY = ("draft_run_act", "autopay_day", "ach_file_download")
FILES = ("autopay_evidence", "enrolment_letter")


def arguments(office: Office) -> dict[str, list[object]]:
    """What the pages of autopay are about."""
    asked = answer(office)
    return {
        "enrolment": [enrolment(office).pk], "enrolment_act": [enrolment(office).pk, "revoke"],
        "enrol_autopay": [office.ben.number], "draft_run": [run(office).pk], "decide_draft": [draft(office).pk],
        "ach_file": [file(office).pk], "reverse_ach_file": [file(office).pk], "ach_reversal": [reversal(office).pk],
        "settle_answer": [asked.pk],
    }  # fmt: skip
