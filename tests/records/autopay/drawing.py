"""The office at its autopay desk: enrolling, waiting for the prenote, a run from selection to settlement."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from meterbook.engine.autopay.banking_days import add_banking_days
from meterbook.formats.nacha import AchFile as Parsed
from meterbook.formats.nacha import Correction, answer_batch, answer_file, change_asked, parse, returned, write
from meterbook.records.autopay.models import AchFile, Draft, DraftRun, Enrolment
from meterbook.records.autopay.operations.approve import decide_run, request_run
from meterbook.records.autopay.operations.enrol import Authorisation, BankAccount, enrol
from meterbook.records.autopay.operations.file_run import file_run
from meterbook.records.autopay.operations.prenote import send_prenotes
from meterbook.records.autopay.operations.select import select_drafts
from meterbook.records.autopay.operations.settle import settle
from meterbook.records.autopay.settings import company_of, rules_on
from meterbook.records.autopay.vault import unseal_bytes
from meterbook.records.billing.models import Bill
from meterbook.records.customers.models import Account
from meterbook.records.platform.models import Document
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy

ROUTING, NUMBER = "122999992", "5551234567"


def with_policy(office: Any, *changes: tuple[str, str]) -> None:
    """Release the policy once more with other numbers."""
    text = Document.objects.filter(kind="policy", code="autopay").latest("sequence").body
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    request = propose_policy(office.act("supervisor"), text=text, file="autopay.yaml")
    approval = decide_approval(office.act("finance"), request=request, approve=True)
    release_policy(office.act("finance"), text=text, file="autopay.yaml", approval=approval)


def enrolled(office: Any, account: Account, number: str = NUMBER, **more: Any) -> Enrolment:
    """An authorisation on paper, signed today."""
    how, business = more.pop("how", "paper"), more.pop("business", False)
    return enrol(
        office.act("csr"), account=account, bank=BankAccount(account.holder.name, ROUTING, number, business=business),
        authorisation=Authorisation(account.holder.name, office.today, how), **more,
    )  # fmt: skip


def prenoted(office: Any) -> AchFile:
    """The prenotes are sent, and nobody answers for their days."""
    return send_prenotes(office.act("billing"))


def bill_of(account: Account) -> Bill:
    """An account's newest bill."""
    return Bill.objects.filter(account=account, run__status="posted").latest("bill_date")


def go_to_draft_day(office: Any, account: Account) -> DraftRun:
    """Let the days pass until the account's newest bill is selected."""
    due = bill_of(account).due_date
    office.advance(max(office.today, add_banking_days(due, -2)))
    return select_drafts(office.act("billing"))


def approved(office: Any, run: DraftRun) -> DraftRun:
    """The technician asks, the supervisor approves."""
    request_run(office.act("billing"), run=run)
    return decide_run(office.act("supervisor"), run=run, approve=True)


def filed(office: Any, run: DraftRun) -> AchFile | None:
    """Approved and written."""
    return file_run(office.act("billing"), run=approved(office, run))


def settled(office: Any, run: DraftRun) -> None:
    """On the last settlement day of a filed run."""
    day = max(Draft.objects.filter(run=run).values_list("settle_on", flat=True))
    office.advance(max(office.today, day))
    settle(office.act("billing"))


def as_sent(file: AchFile) -> Parsed:
    """A file as the bank reads it."""
    return parse(unseal_bytes(bytes(file.sealed)))


def from_the_bank(
    file: AchFile, codes: dict[str, str], *, day: date, corrections: dict[str, tuple[str, Correction]] | None = None
) -> bytes:
    """What the bank answers to a file: returns by our reference (the account's number), and changes it wants."""
    sent = as_sent(file)
    _, rules = rules_on(file.made_on)
    batches, at = [], 0
    for batch in sent.batches:
        back, changes = [], []
        for entry in batch.entries:
            at += 1
            reference = entry.identification.strip()
            if code := codes.get(reference):
                back.append(returned(entry, code, bank=ROUTING, sequence=at))
            if asked := (corrections or {}).get(reference):
                changes.append(change_asked(entry, asked[0], asked[1], bank=ROUTING, sequence=5000 + at))
        for answers in (back, changes):
            if answers:
                batches.append(answer_batch(batch, answers, bank=ROUTING, number=len(batches) + 1, effective_on=day))
    noon = datetime.combine(day, time(12))
    return write(answer_file(company_of(rules), batches, created_at=noon))
