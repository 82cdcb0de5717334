"""Cases in the tests' office: a complaint with a dispute, and one that was answered."""

from __future__ import annotations

from tests.web.office import BILL_2, Office, act

from meterbook.records.cases.disputing import open_charges
from meterbook.records.cases.models import Case
from meterbook.records.cases.operations import dispute, take, work
from meterbook.records.cases.operations.take import About
from meterbook.records.platform.models import Attachment

PLAIN = ("cases", "take_complaint", "ask_department", "suspect_loss", "loss_findings", "referral_directory")
FILES = {"case_file", "case_letter"}


def contested(office: Office) -> Case:
    """Somebody contests a dollar of what is open."""
    found = Case.objects.filter(said="Nobody was home").first()
    if found is None:
        account = next(one for one in (office.ana, office.ben) if open_charges(one, BILL_2))
        made = dispute.contest(act(office.staff["csr"], BILL_2), account=account, ground="usage",
                               words="Nobody was home", amount_cents=100)  # fmt: skip
        found = made.case
        work.attach(act(office.staff["csr"], BILL_2), case=found, file_name="note.txt", content_type="text/plain",
                    content=b"a note")  # fmt: skip
    return found


def answered(office: Office) -> Case:
    """A complaint that was answered."""
    found = Case.objects.filter(said="Not collected").first()
    if found is None:
        found = take.take_complaint(act(office.staff["csr"], BILL_2), topic="refuse", words="Not collected",
                                    about=About(account=office.ana))  # fmt: skip
        work.close(act(office.staff["csr"], BILL_2), case=found, outcome="solved", words="Collected today")
    return found


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of cases."""
    one = contested(office)
    return {
        "case": [one.pk], "case_step": [one.pk, "close"], "complain": [office.ben.number],
        "contest": [office.ben.number], "case_letter": [answered(office).pk],
        "case_file": [one.pk, Attachment.objects.get(subject=f"case:{one.pk}").pk],
    }  # fmt: skip
