"""Contacts in the tests' office: the policies, a call about Ana's account, a co-holder, an alert, a paper."""

from __future__ import annotations

from pathlib import Path

from tests.web.office import BILL_2, Office, act

from meterbook.demo.sources import POLICY_DIR
from meterbook.records.contacts.models import Contact
from meterbook.records.contacts.operations.log import log
from meterbook.records.customers.models import AccountPerson, Alert
from meterbook.records.customers.people.operations.alerts import raise_alert
from meterbook.records.customers.people.operations.parts import add_part
from meterbook.records.platform.models import Attachment
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.attach_file import attach_file
from meterbook.records.platform.operations.release_policy import propose_policy, release_policy
from meterbook.records.platform.policies import released

PLAIN = ("contacts", "access_log")
POSTED_ONLY = ("contact_draft",)
FILES = ("account_paper",)


def in_force(office: Office, *codes: str) -> None:
    """See to it that these policies are released, as the city's own are."""
    for code in codes:
        if released(code, BILL_2) is None:
            text = (Path(POLICY_DIR) / f"{code}.yaml").read_text(encoding="utf-8")
            asked = propose_policy(act(office.staff["supervisor"], BILL_2), text=text, file=code)
            agreed = decide_approval(act(office.staff["finance"], BILL_2), request=asked, approve=True)
            release_policy(act(office.staff["finance"], BILL_2), text=text, file=code, approval=agreed)


def call(office: Office) -> Contact:
    """A call about a high bill, once."""
    found = Contact.objects.filter(account=office.ana, reason="high_bill").first()
    return found or log(
        act(office.staff["csr"], BILL_2), account=office.ana, channel="call", direction="in", reason="high_bill",
        words="Asked why the bill is so high.",
    )  # fmt: skip


def co_holder(office: Office) -> AccountPerson:
    """Luis has a part in Ana's account, once."""
    found = AccountPerson.objects.filter(account=office.ana, part="co_holder").first()
    return found or add_part(
        act(office.staff["csr"], BILL_2), account=office.ana, name="Luis Belmonte", phone="(555) 555-0177",
        part="co_holder", starts=BILL_2,
    )  # fmt: skip


def dog(office: Office) -> Alert:
    """A dog at Ana's, once."""
    found = Alert.objects.filter(account=office.ana, kind="dog").first()
    return found or raise_alert(
        act(office.staff["csr"], BILL_2), account=office.ana, kind="dog", words="Ring first", starts=BILL_2
    )


def paper(office: Office) -> Attachment:
    """A form kept with Ana's account, once."""
    subject = f"account:{office.ana.pk}"
    found = Attachment.objects.filter(subject=subject).first()
    return found or attach_file(
        act(office.staff["csr"], BILL_2, "Form 12"), subject=subject, file_name="form.pdf",
        content_type="application/pdf", content=b"%PDF-1.4",
    )  # fmt: skip


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of the pages of contacts and of the people behind an account."""
    in_force(office, "caller-verification", "contact-log")
    number = office.ana.number
    alone = ("log_contact", "verify_caller", "open_data", "timeline", "account_papers", "add_part", "change_mailing",
             "raise_alert")  # fmt: skip
    return {
        **{name: [number] for name in alone},
        "contact": [call(office).pk],
        "end_part": [number, co_holder(office).pk],
        "change_person": [number, office.ana.holder_id],
        "end_alert": [number, dog(office).pk],
        "account_paper": [number, paper(office).pk],
    }
